/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moment for machines: the proleptic Gregorian calendar, in UTC or so many minutes off it. */
#pragma once

#include <stdint.h>

struct utc_date {
	int year, month, day; /* month and day from 1 */
	int weekday;	      /* from Sunday, 0 */
	int hour, minute, second, ms;
};

/* wall_ms: since 1970; what is before it, which only a clock that is wrong can say, is 1970. */
struct utc_date utc_date(int64_t wall_ms);

enum { UTC_TEXT_SIZE = 96 };

/* As RFC 3339 and RFC 5424 want it: "2026-11-21T07:05:00.123Z". Returns buf. */
const char *utc_text(int64_t wall_ms, char buf[static UTC_TEXT_SIZE]);
