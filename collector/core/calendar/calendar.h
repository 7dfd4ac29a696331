/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Office hours and holidays together. */
#pragma once

#include "collector/core/calendar/holidays.h"
#include "collector/core/calendar/office_hours.h"

struct calendar {
	struct office_hours hours;
	struct holidays holidays;
};

/* A moment as the clock on the wall shows it; collector/io/setup/local_time.h makes it. */
struct local_time {
	unsigned int year, month, day; /* month from 1 */
	unsigned int weekday;	       /* from Sunday, 0 */
	unsigned int minute;	       /* of the day */
};

/* Hours that are always have no holidays. */
bool calendar_is_office_time(const struct calendar *calendar, const struct local_time *at);
