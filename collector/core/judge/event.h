/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, as the NOC reads it: one row of the event log. One cause gives one event
 * when it begins and one when it ends; notifications that merely confirm a known fact are
 * stored as notifications, not as events.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/device/device.h"

enum event_kind {
	EVENT_DEVICE_DOWN,
	EVENT_DEVICE_UP,
	EVENT_LINK_DOWN,
	EVENT_LINK_UP,
	EVENT_LINK_FLAPPING,
	EVENT_LINK_SETTLED,
	EVENT_AUTH_FAILED,
	EVENT_AUTH_OK,
	EVENT_DEVICE_RESTARTED,
	EVENT_PATH_DOWN,
	EVENT_PATH_UP,
	EVENT_COLLECTOR_START,
	EVENT_COLLECTOR_STOP,
	EVENT_NOTIFICATIONS_LOST,
	EVENT_LINK_TOLD_DOWN, /* of a link that no poll knows: nothing could end it */
	EVENT_LINK_GONE,      /* ends a link that was down and is not there any more */
	EVENT_SNMP_SILENT,    /* the device answers pings, but no polls */
	EVENT_SNMP_OK,
	EVENT_AGENT_RESTARTED, /* its SNMP agent alone: the device has been up all the while */
	EVENT_KIND_N
};
const char *event_kind_name(enum event_kind kind); /* "device-down", ... as in the API */
bool event_kind_parse(const char *name,
		      enum event_kind *ret);  /* false: no such kind, ret untouched */
bool event_kind_is_end(enum event_kind kind); /* a recovery: begins names the event that it ends */

enum event_source {
	EVENT_SOURCE_POLL,
	EVENT_SOURCE_TRAP,
	EVENT_SOURCE_INTERNAL,
	EVENT_SOURCE_PING
};
const char *event_source_name(enum event_source source); /* "poll", "trap", "internal", "ping" */
bool event_source_parse(const char *name, enum event_source *ret); /* as above */

/* What belongs to the kind; what is 0 or "" is not told. Readers have it in their language: event_text.h. */
struct event_params {
	enum device_cause cause; /* why */
	uint32_t behind;	 /* other devices out of reach with it */
	uint32_t count;		 /* of what happened: notifications lost */
	int64_t duration_ms;	 /* of what ended */
	char detail[128];	 /* in the device's own words, UTF-8 */
};

struct event {
	int64_t id; /* ever-rising; 0 until stored */
	enum event_kind kind;
	char device_id[33]; /* "" for the collector itself */
	char link[64];	    /* ifName or "" */
	int64_t time_ms;    /* when it happened, wall */
	int64_t seen_ms;    /* when the collector learned of it */
	enum event_source source;
	int64_t begins; /* id of the event that this one ends (recovery), or 0 */
	struct event_params params;
};
