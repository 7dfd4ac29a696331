/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the wall clock may decide what is old enough to be deleted. It may as long as it goes
 * on from when it was right last: in this run by a steady clock, over a restart within 30 days.
 * One that jumped is doubted until it was synchronised, without another jump, for a day.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct keep_clock {
	int64_t right_ms; /* wall time when it was right last; kept over restarts; 0: never yet */
	int64_t right_us; /* the steady clock at that moment; 0: in an earlier run */
	int64_t doubt_ms,
		doubt_us; /* the same since when it could be right again; doubt_us 0: not yet */
};

/* now_us: a steady clock, > 0. Returns whether wall_ms is right, and notes it then. */
bool keep_clock_is_right(struct keep_clock *clock, int64_t wall_ms, int64_t now_us,
			 bool synchronised);
