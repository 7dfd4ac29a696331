/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/setup/local_time.h"

#include <time.h>

struct local_time local_time_of(int64_t wall_ms)
{
	const time_t at = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (!localtime_r(&at, &tm)) /* a year beyond int */
		return (struct local_time){.month = 1, .day = 1};
	return (struct local_time){
		.year = (unsigned int)tm.tm_year + 1900,
		.month = (unsigned int)tm.tm_mon + 1,
		.day = (unsigned int)tm.tm_mday,
		.weekday = (unsigned int)tm.tm_wday,
		.minute = (unsigned int)(tm.tm_hour * 60 + tm.tm_min),
	};
}
