/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the API. */
#include "collector/core/alert/alert.h"

#include <assert.h>
#include <string.h>

static const char *const KINDS[ALERT_KIND_N] = {
	[ALERT_DEVICE_DOWN] = "device-down",
	[ALERT_SNMP_SILENT] = "snmp-silent",
	[ALERT_LINK_DOWN] = "link-down",
	[ALERT_LINK_FLAPPING] = "link-flapping",
	[ALERT_AUTH_FAILED] = "auth-failed",
	[ALERT_PATH_DOWN] = "path-down",
	[ALERT_PATH_DEGRADED] = "path-degraded",
	[ALERT_THRESHOLD] = "threshold",
	[ALERT_DEVICE_RESTARTED] = "device-restarted",
	[ALERT_CLOCK_WRONG] = "clock-wrong",
	[ALERT_NOTIFICATIONS_LOST] = "notifications-lost",
	[ALERT_CHANNEL_FAILED] = "channel-failed",
	[ALERT_STORAGE_FAILED] = "storage-failed",
};

static const char *const CAUSES[ALERT_CAUSE_N] = {
	[ALERT_CAUSE_UNKNOWN] = "unknown", [ALERT_CAUSE_POWER] = "power",
	[ALERT_CAUSE_LINE] = "line",	   [ALERT_CAUSE_PORT] = "port",
	[ALERT_CAUSE_DEVICE] = "device",   [ALERT_CAUSE_PROVIDER] = "provider",
	[ALERT_CAUSE_SNMP] = "snmp",	   [ALERT_CAUSE_PLANNED] = "planned",
};

static const char *const CHANGES[ALERT_CHANGE_N] = {
	[ALERT_RAISED] = "raised",
	[ALERT_AMENDED] = "amended",
	[ALERT_ANSWERED] = "answered",
	[ALERT_ENDED] = "ended",
};

/* n: none of them. */
static unsigned int find(const char *const *names, unsigned int n, const char *name)
{
	unsigned int i = 0;

	while (i < n && strcmp(names[i], name) != 0)
		i++;
	return i;
}

const char *alert_kind_name(enum alert_kind kind)
{
	assert((unsigned int)kind < ALERT_KIND_N);
	return KINDS[kind];
}

bool alert_kind_parse(const char *name, enum alert_kind *ret)
{
	const unsigned int i = find(KINDS, ALERT_KIND_N, name);

	if (i < ALERT_KIND_N)
		*ret = (enum alert_kind)i;
	return i < ALERT_KIND_N;
}

const char *alert_cause_name(enum alert_cause cause)
{
	assert((unsigned int)cause < ALERT_CAUSE_N);
	return CAUSES[cause];
}

bool alert_cause_parse(const char *name, enum alert_cause *ret)
{
	const unsigned int i = find(CAUSES, ALERT_CAUSE_N, name);

	if (i < ALERT_CAUSE_N)
		*ret = (enum alert_cause)i;
	return i < ALERT_CAUSE_N;
}

const char *alert_change_name(enum alert_change change)
{
	assert((unsigned int)change < ALERT_CHANGE_N);
	return CHANGES[change];
}

bool alert_is_open(const struct alert *alert)
{
	return alert->id > 0 && alert->end_ms == 0;
}
