/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wall clock against its own past. Reads no clock. */
#include "collector/core/judge/keep_clock.h"

#include <assert.h>

#define HOUR_MS	      (3600 * INT64_C(1000))
#define DAY_MS	      (24 * HOUR_MS)
#define AWAY_MAX_MS   (30 * DAY_MS)
#define STEADY_FOR_US (DAY_MS * 1000)

/* Within an hour of where it was and the steady clock has brought it since. */
static bool goes_on(int64_t from_ms, int64_t from_us, int64_t wall_ms, int64_t now_us)
{
	const int64_t off_ms = wall_ms - (from_ms + (now_us - from_us) / 1000);

	return off_ms >= -HOUR_MS && off_ms <= HOUR_MS;
}

static bool agrees(const struct keep_clock *clock, int64_t wall_ms, int64_t now_us)
{
	if (clock->right_ms == 0)
		return true; /* nothing was ever stored that could be lost */
	if (clock->right_us)
		return goes_on(clock->right_ms, clock->right_us, wall_ms, now_us);
	return wall_ms >= clock->right_ms - HOUR_MS && wall_ms <= clock->right_ms + AWAY_MAX_MS;
}

bool keep_clock_is_right(struct keep_clock *clock, int64_t wall_ms, int64_t now_us,
			 bool synchronised)
{
	bool right;

	assert(now_us > 0);
	right = agrees(clock, wall_ms, now_us);
	if (!right && (!synchronised || !clock->doubt_us ||
		       !goes_on(clock->doubt_ms, clock->doubt_us, wall_ms, now_us))) {
		clock->doubt_ms = wall_ms;
		clock->doubt_us = synchronised ? now_us : 0;
		return false;
	}
	if (!right && now_us - clock->doubt_us < STEADY_FOR_US)
		return false;
	*clock = (struct keep_clock){.right_ms = wall_ms, .right_us = now_us};
	return true;
}
