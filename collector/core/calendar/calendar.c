/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/calendar/calendar.h"

#include <assert.h>

bool calendar_is_office_time(const struct calendar *calendar, const struct local_time *at)
{
	assert(at->weekday < 7 && at->minute < 24 * 60);
	if (calendar->hours.always)
		return true;
	return !holidays_have(&calendar->holidays, at->year, at->month, at->day) &&
	       office_hours_cover(&calendar->hours, at->weekday, at->minute);
}
