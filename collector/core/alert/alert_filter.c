/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same as the WHERE of collector/io/store/store_alerts.c, for what is in memory. */
#include "collector/core/alert/alert_filter.h"

#include <string.h>

static bool fits(int wanted, int is)
{
	return wanted < 0 || wanted == is;
}

bool alert_filter_fits(const struct alert_filter *filter, const struct alert *alert)
{
	if (filter->which != ALERTS_ALL && (filter->which == ALERTS_OPEN) != (alert->end_ms == 0))
		return false;
	if (filter->device_id[0] && strcmp(filter->device_id, alert->device_id) != 0)
		return false;
	return (filter->before == 0 || alert->id < filter->before) &&
	       fits(filter->kind, (int)alert->kind) &&
	       fits(filter->severity, (int)alert->severity) &&
	       fits(filter->acked, alert->acked_by[0] != '\0');
}
