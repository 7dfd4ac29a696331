/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody is told of: one cause, from its begin to its end. Devices that are out of
 * reach for the same cause lie behind it and have no alert of their own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/device/severity.h"

enum alert_kind {
	ALERT_DEVICE_DOWN,
	ALERT_SNMP_SILENT, /* answers ping, but not SNMP */
	ALERT_LINK_DOWN,   /* an uplink, a port that others lie behind, or one with a name */
	ALERT_LINK_FLAPPING,
	ALERT_AUTH_FAILED,
	ALERT_PATH_DOWN,
	ALERT_PATH_DEGRADED,
	ALERT_THRESHOLD,
	ALERT_DEVICE_RESTARTED,
	ALERT_CLOCK_WRONG,
	ALERT_NOTIFICATIONS_LOST,
	ALERT_CHANNEL_FAILED, /* of the collector itself, as the next */
	ALERT_STORAGE_FAILED,
	ALERT_KIND_N
};
const char *alert_kind_name(enum alert_kind kind); /* "device-down", ... as in the API */
bool alert_kind_parse(const char *name,
		      enum alert_kind *ret); /* false: no such kind, ret untouched */

/* What is probably behind it; an operator can set it right. */
enum alert_cause {
	ALERT_CAUSE_UNKNOWN,
	ALERT_CAUSE_POWER,
	ALERT_CAUSE_LINE,
	ALERT_CAUSE_PORT,
	ALERT_CAUSE_DEVICE,
	ALERT_CAUSE_PROVIDER,
	ALERT_CAUSE_SNMP, /* its agent or our credential */
	ALERT_CAUSE_PLANNED,
	ALERT_CAUSE_N
};
const char *alert_cause_name(enum alert_cause cause); /* "unknown", "power", ... */
bool alert_cause_parse(const char *name, enum alert_cause *ret);

enum { ALERT_PERSON_MAX = 32, ALERT_NOTE_MAX = 255, ALERT_DETAIL_MAX = 127 /* octets */ };

struct alert {
	int64_t id; /* ever-rising, never used again */
	enum alert_kind kind;
	enum severity severity;
	char device_id[33]; /* "" for the collector itself */
	char link[64];	    /* or the path, the value, the channel; or "" */
	int64_t begin_ms;   /* wall, when it happened */
	int64_t seen_ms;    /* wall, when the collector learned of it */
	int64_t end_ms;	    /* wall; 0: it lasts */
	enum alert_cause cause;
	bool cause_by_person;
	uint32_t n_behind; /* other devices out of reach with it, the most at a time */
	char detail[ALERT_DETAIL_MAX + 1];
	double value, limit; /* of a threshold; else NAN */
	bool planned;	     /* in maintenance now */
	bool silenced;
	int64_t silenced_ms;		     /* wall, until then, by a person; 0 not */
	char acked_by[ALERT_PERSON_MAX + 1]; /* "" nobody */
	int64_t acked_ms;
	char note[ALERT_NOTE_MAX + 1];	/* the last one */
	int64_t begin_event, end_event; /* ids in the event log; 0 none */
};

/* What became of it. */
enum alert_change {
	ALERT_RAISED,
	ALERT_AMENDED,	/* cause, detail, who lies behind */
	ALERT_ANSWERED, /* acknowledged or not any more, note, silence, maintenance */
	ALERT_ENDED,
	ALERT_CHANGE_N
};
const char *alert_change_name(enum alert_change change); /* "raised", ... as in the API */

/* Begun and not over. */
bool alert_is_open(const struct alert *alert);
