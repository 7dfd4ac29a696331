/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clock as history sees it. A step is a jump of wall time against monotonic time that
 * slewing cannot make: ntpd and the kernel slew by 500 ppm at most (adjtimex(2)), half a
 * millisecond a second; chrony by up to 8 % only when told so.
 */
#include "agent/core/history/wall_clock.h"

#include <assert.h>

enum {
	STEP_LEAST_MS = 500,
	MINUTE_MS = 60000,
	DAY_S = 86400,
};

/* Ticks later than this are no mere delay of a busy machine. */
#define GAP_US	  INT64_C(10000000)
#define MINUTE_US INT64_C(60000000)

void wall_clock_init(struct wall_clock *clock, int64_t interval_us, int64_t day_offset_s)
{
	assert(interval_us > 0);
	*clock = (struct wall_clock){
		.interval_us = interval_us,
		.day_offset_s = day_offset_s,
	};
}

void wall_clock_set_zone(struct wall_clock *clock, int64_t day_offset_s)
{
	clock->day_offset_s = day_offset_s;
}

static uint32_t minute_of(int64_t wall_us)
{
	return wall_us > 0 ? (uint32_t)(wall_us / MINUTE_US) : 0;
}

static uint32_t day_of(const struct wall_clock *clock, int64_t wall_us)
{
	int64_t s = wall_us / 1000000 + clock->day_offset_s;

	return s > 0 ? (uint32_t)(s / DAY_S) : 0;
}

static int32_t whole_minutes(int64_t step_ms)
{
	int64_t half = step_ms < 0 ? -MINUTE_MS / 2 : MINUTE_MS / 2;

	return (int32_t)((step_ms + half) / MINUTE_MS);
}

static uint32_t shifted(uint32_t minute, int32_t shift)
{
	int64_t moved = (int64_t)minute + shift;

	return moved > 0 ? (uint32_t)moved : 0;
}

static void note_step(struct wall_clock *clock, int64_t offset_us, struct wall_tick *ret)
{
	int64_t step_ms = (offset_us - clock->offset_us) / 1000;

	clock->offset_us = offset_us;
	if (step_ms > -STEP_LEAST_MS && step_ms < STEP_LEAST_MS)
		return;
	ret->step_ms = step_ms;
	ret->shift_minutes = whole_minutes(step_ms);
	clock->minute = shifted(clock->minute, ret->shift_minutes);
}

void wall_clock_tick(struct wall_clock *clock, int64_t now_us, int64_t wall_us,
		     struct wall_tick *ret)
{
	uint32_t minute = minute_of(wall_us), day = day_of(clock, wall_us);

	*ret = (struct wall_tick){0};
	if (!clock->ran) {
		clock->ran = true;
		clock->ticked_us = now_us;
		clock->offset_us = wall_us - now_us;
		clock->day = day_of(clock, wall_us);
		/* The minute that the start falls into is closed at its end, not now. */
		clock->minute = minute_of(wall_us);
		return;
	}
	note_step(clock, wall_us - now_us, ret);
	ret->gap = now_us - clock->ticked_us > clock->interval_us + GAP_US;
	clock->ticked_us = now_us;
	/* After a step back by less than half a minute the same minute ends once more:
	 * skip it. */
	if (minute > clock->minute) {
		clock->minute = minute;
		ret->minute = ret->gap ? 0 : minute;
		ret->five = !ret->gap && minute % 5 == 0;
	}
	if (day != clock->day) {
		/* A step back over midnight is the same day again. */
		ret->day = day > clock->day || ret->step_ms <= -DAY_S * INT64_C(1000);
		if (ret->day)
			clock->day = day;
	}
}

uint32_t wall_clock_step_size(int64_t step_ms)
{
	uint64_t size = step_ms < 0 ? 0 - (uint64_t)step_ms : (uint64_t)step_ms;

	return size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
}

uint32_t wall_clock_day_start(const struct wall_clock *clock, int64_t wall_us)
{
	int64_t s = (int64_t)day_of(clock, wall_us) * DAY_S - clock->day_offset_s;

	return s > 0 ? (uint32_t)(s / 60) : 0;
}

int64_t wall_clock_delay(const struct wall_clock *clock, int64_t wall_us)
{
	int64_t delay = clock->interval_us - wall_us % clock->interval_us;

	assert(clock->interval_us > 0);
	return delay < clock->interval_us / 2 ? delay + clock->interval_us : delay;
}
