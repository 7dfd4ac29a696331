/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Minutes by the wall clock on a monotonic time line: when the next sample is due, when a
 * minute ends, and what a step of the clock does. A step neither makes a minute twice nor
 * loses one: what was measured keeps its place on the monotonic time line and is moved on
 * the wall clock by whole minutes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct wall_clock {
	int64_t interval_us;
	int64_t offset_us;    /* wall minus monotonic at the last tick */
	int64_t day_offset_s; /* local midnight: seconds east of UTC */
	uint32_t minute;      /* the last one that was closed (or begun within), since 1970 */
	uint32_t day;
	int64_t ticked_us; /* the last tick, monotonic */
	bool ran;
};

struct wall_tick {
	int64_t step_ms;       /* the clock was set by this much since the last tick; 0: it was
			    not */
	int32_t shift_minutes; /* rows kept so far move by this much */
	uint32_t minute;       /* a minute ended; its number, 0: none */
	bool five, day;	       /* five minutes ended, a local day began */
	/* Nothing was seen since the last tick: the machine slept, or something held the
	 * agent up for long. Minutes that ended meanwhile are none. */
	bool gap;
};

void wall_clock_init(struct wall_clock *clock, int64_t interval_us, int64_t day_offset_s);
/* The zone's offset is another one: summer time, or a clock that was far off at the start. */
void wall_clock_set_zone(struct wall_clock *clock, int64_t day_offset_s);
void wall_clock_tick(struct wall_clock *clock, int64_t now_us, int64_t wall_us,
		     struct wall_tick *ret);

/* A step's size as PANTAU-MIB tells it (pantauClockStep): milliseconds without their
 * sign, 2^32 - 1 when greater. */
uint32_t wall_clock_step_size(int64_t step_ms);

/* The minute in which the local day of this moment began. */
uint32_t wall_clock_day_start(const struct wall_clock *clock, int64_t wall_us);

/* Microseconds until the next tick: at whole intervals of the wall clock, and at least
 * half an interval away, so that a step makes no burst. */
int64_t wall_clock_delay(const struct wall_clock *clock, int64_t wall_us);
