/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hours of the week in which people work, as the operator writes them:
 *
 *	Mon-Thu 07:00-15:30, Fri 07:00-11:00 13:00-14:30
 *
 * Days are English or Indonesian (Sen, Sel, Rab, Kam, Jum, Sab, Min). Commas separate days,
 * blanks the hours of a day. "" is every hour of every day.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { OFFICE_HOURS_SPANS_MAX = 4 /* of a day */ };

struct office_hours {
	bool always;
	struct office_day {
		struct {
			unsigned int from_min, to_min; /* of the day, 0..1440; to is not in it */
		} spans[OFFICE_HOURS_SPANS_MAX];
		size_t n;
	} days[7]; /* from Sunday, as tm_wday */
};

/* Returns NULL, or what is wrong with it: "\"Mnt\" is no day; write ...", good until the next call of the thread. */
const char *office_hours_parse(const char *text, struct office_hours *ret);
/* minute: of the day. */
bool office_hours_cover(const struct office_hours *hours, unsigned int weekday,
			unsigned int minute);
