/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words for kinds and sources of events, as the API, the store and pantauctl use them.
 * They are part of the interface: never change one, add new ones at the end.
 */
#include "collector/core/judge/event.h"

#include <string.h>

#include "common/base/cleanup.h"

static const char *const KIND_NAMES[EVENT_KIND_N] = {
	[EVENT_DEVICE_DOWN] = "device-down",
	[EVENT_DEVICE_UP] = "device-up",
	[EVENT_LINK_DOWN] = "link-down",
	[EVENT_LINK_UP] = "link-up",
	[EVENT_LINK_FLAPPING] = "link-flapping",
	[EVENT_LINK_SETTLED] = "link-settled",
	[EVENT_AUTH_FAILED] = "auth-failed",
	[EVENT_AUTH_OK] = "auth-ok",
	[EVENT_DEVICE_RESTARTED] = "device-restarted",
	[EVENT_PATH_DOWN] = "path-down",
	[EVENT_PATH_UP] = "path-up",
	[EVENT_COLLECTOR_START] = "collector-start",
	[EVENT_COLLECTOR_STOP] = "collector-stop",
	[EVENT_NOTIFICATIONS_LOST] = "notifications-lost",
	[EVENT_LINK_TOLD_DOWN] = "link-told-down",
	[EVENT_LINK_GONE] = "link-gone",
	[EVENT_SNMP_SILENT] = "snmp-silent",
	[EVENT_SNMP_OK] = "snmp-ok",
	[EVENT_AGENT_RESTARTED] = "agent-restarted",
};

static const char *const SOURCE_NAMES[] = {
	[EVENT_SOURCE_POLL] = "poll",
	[EVENT_SOURCE_TRAP] = "trap",
	[EVENT_SOURCE_INTERNAL] = "internal",
	[EVENT_SOURCE_PING] = "ping",
};

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned int)kind < EVENT_KIND_N ? KIND_NAMES[kind] : "unknown";
}

bool event_kind_parse(const char *name, enum event_kind *ret)
{
	for (int i = 0; i < EVENT_KIND_N; i++) {
		if (strcmp(KIND_NAMES[i], name) == 0) {
			*ret = (enum event_kind)i;
			return true;
		}
	}
	return false;
}

const char *event_source_name(enum event_source source)
{
	return (unsigned int)source < ARRAY_LEN(SOURCE_NAMES) ? SOURCE_NAMES[source] : "unknown";
}

bool event_source_parse(const char *name, enum event_source *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(SOURCE_NAMES); i++) {
		if (strcmp(SOURCE_NAMES[i], name) == 0) {
			*ret = (enum event_source)i;
			return true;
		}
	}
	return false;
}

bool event_kind_is_end(enum event_kind kind)
{
	switch (kind) {
	case EVENT_DEVICE_UP:
	case EVENT_LINK_UP:
	case EVENT_LINK_SETTLED:
	case EVENT_LINK_GONE:
	case EVENT_AUTH_OK:
	case EVENT_SNMP_OK:
	case EVENT_PATH_UP:
		return true;
	default:
		return false;
	}
}
