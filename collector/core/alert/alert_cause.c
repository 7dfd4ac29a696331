/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likely cause: what those that fail together have in common, and what a device's uptime
 * says once it is back. A guess, which a person may set right.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/core/alert/alert_set_impl.h"
#include "collector/core/device/inventory.h"

enum {
	TOGETHER_MS = 120000, /* apart: polls find one later than the other */
	TOGETHER_N = 3,
	UPTIME_SLACK_MS = 30000,
};

static const struct inventory_entry *entry_of(const struct alert_set *set,
					      const struct alert *alert)
{
	const struct device *device =
		alert->device_id[0] ? device_set_find(set->devices, alert->device_id) : NULL;

	return device ? device->entry : NULL;
}

static const char *feeder_of(const struct inventory_entry *entry)
{
	return entry->feeder ? entry->feeder : "";
}

static const char *provider_of(const struct inventory_entry *entry)
{
	return entry->provider ? entry->provider : "";
}

static bool is_with(const struct alert_set *set, const struct alert *alert,
		    const struct alert *other, const char *(*what)(const struct inventory_entry *))
{
	const struct inventory_entry *entry = entry_of(set, alert), *its = entry_of(set, other);

	return other->kind == ALERT_DEVICE_DOWN && entry && its && what(entry)[0] &&
	       strcmp(what(entry), what(its)) == 0 &&
	       llabs(alert->begin_ms - other->begin_ms) <= TOGETHER_MS;
}

static bool blame(struct alert_set *set, const struct alert *alert,
		  const char *(*what)(const struct inventory_entry *), enum alert_cause cause)
{
	unsigned int n = 0;

	for (size_t i = 0; i < set->n_open; i++)
		n += is_with(set, alert, set->open[i], what);
	if (n < TOGETHER_N)
		return false;
	for (size_t i = 0; i < set->n_open; i++) {
		struct alert *other = set->open[i];

		if (is_with(set, alert, other, what) && other->cause == ALERT_CAUSE_UNKNOWN)
			alert_set_set_cause(set, other, cause);
	}
	return true;
}

/* The grid first: it takes down the lines of every provider. */
void alert_cause_look_around(struct alert_set *set, const struct alert *alert)
{
	if (alert->kind != ALERT_DEVICE_DOWN || !set->devices)
		return;
	if (!blame(set, alert, feeder_of, ALERT_CAUSE_POWER))
		blame(set, alert, provider_of, ALERT_CAUSE_PROVIDER);
}

/* Nobody is told of it now: the end follows. */
void alert_cause_by_uptime(struct alert_set *set, struct alert *alert, int64_t end_ms)
{
	const struct device *device =
		set->devices ? device_set_find(set->devices, alert->device_id) : NULL;

	if (!device || device->uptime_s < 0 || alert->cause != ALERT_CAUSE_UNKNOWN ||
	    alert->cause_by_person)
		return;
	alert->cause = device->uptime_s * 1000 > end_ms - alert->begin_ms + UPTIME_SLACK_MS
			       ? ALERT_CAUSE_LINE
			       : ALERT_CAUSE_POWER;
}
