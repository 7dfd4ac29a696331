/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Years begin in March here, so that a leap day is the last of its year; 400 of them are 146097 days. */
#include "collector/codec/notify/utc_text.h"

#include <stdio.h>

enum { DAY_S = 86400, DAYS_BEFORE_1970 = 719468 /* from 1 March of the year 0 */ };

struct utc_date utc_date(int64_t wall_ms)
{
	const int64_t ms = wall_ms > 0 ? wall_ms : 0;
	const int64_t days = ms / 1000 / DAY_S, n = days + DAYS_BEFORE_1970;
	const int second = (int)(ms / 1000 % DAY_S);
	const int day = (int)(n % 146097); /* of the 400 years */
	const int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	const int of_year = day - (365 * year + year / 4 - year / 100);
	const int month = (5 * of_year + 2) / 153; /* from March, 0 */

	return (struct utc_date){
		.year = (int)(n / 146097 * 400) + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
		.weekday = (int)((days + 4) % 7),
		.hour = second / 3600,
		.minute = second / 60 % 60,
		.second = second % 60,
		.ms = (int)(ms % 1000),
	};
}

const char *utc_text(int64_t wall_ms, char buf[static UTC_TEXT_SIZE])
{
	const struct utc_date at = utc_date(wall_ms);

	snprintf(buf, UTC_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", at.year, at.month,
		 at.day, at.hour, at.minute, at.second, at.ms);
	return buf;
}
