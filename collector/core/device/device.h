/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One watched device as the collector sees it now: its inventory entry, its state, and
 * the live values of its links. Belongs to the loop's thread; the poller writes it, the
 * state machine (device_state.c) decides its state, the HTTP side reads it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/device_remark.h"
#include "common/snmp/link_mib.h"
#include "common/snmp/snmp_outcome.h"

struct inventory_entry;
struct inventory_link;
struct device_state;

/* What the NOC sees; device_status_name() gives the API's word */
enum device_status {
	DEVICE_PENDING, /* not heard of yet */
	DEVICE_UP,
	DEVICE_DEGRADED, /* answers, but a watched link of it is down */
	DEVICE_SUSPECT,	 /* missed a poll; not alerted yet */
	DEVICE_DOWN,
	DEVICE_UNREACHABLE, /* its parent is down: not its own fault */
	DEVICE_AUTH_FAILED, /* answers, but refuses our credential, or shows it nothing */
	DEVICE_SNMP_SILENT, /* answers pings, but no polls */
	DEVICE_STATUS_N
};
const char *device_status_name(enum device_status status);
bool device_status_parse(const char *name, enum device_status *ret);

/* Why it is not up */
enum device_cause {
	DEVICE_CAUSE_NONE,
	DEVICE_CAUSE_NO_ANSWER,
	DEVICE_CAUSE_LINK_DOWN,
	DEVICE_CAUSE_PARENT,
	DEVICE_CAUSE_REFUSED,
	DEVICE_CAUSE_UNREACHABLE,
	DEVICE_CAUSE_UNKNOWN_USER,
	DEVICE_CAUSE_WRONG_KEY,
	DEVICE_CAUSE_WRONG_PRIVACY,
	DEVICE_CAUSE_AUTH_OTHER,
	DEVICE_CAUSE_NO_ACCESS,
	DEVICE_CAUSE_OTHER_SOURCE,
	DEVICE_CAUSE_N
};
const char *device_cause_name(enum device_cause cause); /* "" for none */
bool device_cause_parse(const char *name, enum device_cause *ret);

/* A link (interface) of a device, followed by name. */
struct device_link {
	char *name; /* ifName, sanitised UTF-8; unique within the device */
	char *alias;
	uint32_t if_index;	/* of now */
	bool present;		/* in the last discovery */
	uint8_t role, medium;	/* enum link_role, link_medium; OTHER where nothing is said */
	uint8_t admin, oper;	/* enum link_admin, link_oper; 0 unknown */
	int64_t oper_since_ms;	/* wall; 0 unknown */
	uint64_t capacity_bps;	/* as it says: contracted or ifHighSpeed; 0 unknown */
	double in_bps, out_bps; /* last interval; NAN unknown */
	double in_errors_per_s, out_errors_per_s, in_discards_per_s, out_discards_per_s;
	int64_t sample_ms; /* wall time of those values */
};

/* A further live value (Wi-Fi clients, CPU, RTT): name as in its sample_ds. */
struct device_metric {
	char group[20], object[64], name[20];
	const char *unit;
	double value; /* NAN unknown */
	int64_t sample_ms;
};

/* What pings say: value as core/ping/ping_group.h names them, of the last interval. */
struct device_echo {
	double value[3];
	int64_t sample_ms;  /* 0: none yet */
	double last_rtt_ms; /* NAN unknown */
};
enum { DEVICE_SOURCE_SIZE = 80 };

struct device {
	const struct inventory_entry *entry;
	enum device_status status;
	enum device_cause cause;
	int64_t since_ms;	/* wall time of the last change of status, as it happened */
	int64_t last_answer_ms; /* wall; 0 never */
	int64_t uptime_s;	/* of the device; -1 unknown */
	double rtt_ms;		/* last; NAN */
	char *sys_name, *sys_descr, *sys_object_id;
	char *model, *firmware, *serial; /* as it says; NULL unknown */
	const char *profile;		 /* in use; NULL while unknown */
	uint32_t
		remarks; /* bits by enum device_remark: how it answers, as of the last cycle that it answered */
	uint16_t values_at_once; /* it can be asked for, as was learned; 0: any number */
	char *problem; /* the remarks in a line of English, or why the last cycle failed; NULL: all is well */
	char answers_from[DEVICE_SOURCE_SIZE]; /* the address, if it is not its own; "": it is */
	enum snmp_outcome last_poll;	       /* why it failed; ANSWER also before the first */
	struct device_link *links;
	size_t n_links;
	struct device_metric *metrics;
	size_t n_metrics;
	struct {
		uint64_t polls, answers, timeouts, auth_failures, other_failures, unknown_samples,
			traps;
	} count;
	bool links_checked;    /* the operator was told of names in the inventory that it has not */
	uint64_t engine_saved; /* which state of its SNMPv3 engine the store has; 0 none */
	void *poll;	       /* the poller's own state */
	void *ping;	       /* the pinger's */
	struct device_echo echo;
	struct device_state *state; /* the state machine's own (device_state.c) */
};

/* A device that nothing is known of yet. entry stays the caller's and must outlive it.
 * NULL: out of memory. */
struct device *device_new(const struct inventory_entry *entry);
struct device *device_free(struct device *device); /* returns NULL; takes NULL */
void device_freep(struct device **device);
/* text is copied; "" for none. */
void device_set_problem(struct device *device, const char *text);
struct device_link *device_find_link(const struct device *device, const char *name);

/* The link whose rates stand for the device: its uplink, or a backup while that is down; else, of
 * the links that are up, the first with at least half the load of the busiest. One that is down
 * only where all are. NULL: no link. */
const struct device_link *device_main_link(const struct device *device);

/* What a link can carry, each way as the interface counts; 0 unknown. The inventory's word
 * on that link counts first, then, of the device's main link, its word on the device, then
 * the device's own. */
struct device_capacity {
	uint64_t in_bps, out_bps;
};
struct device_capacity device_link_capacity(const struct device *device,
					    const struct device_link *link, bool main);
/* The share of it that is in use, of the fuller direction; NAN unknown. */
double device_link_load(const struct device_link *link, const struct device_capacity *capacity);

/* The first of the links that the inventory sets the capacity of, after that one (NULL: of
 * all), which the device never had. NULL: there is none, or its links are not known yet. */
const struct inventory_link *device_next_unknown_link(const struct device *device,
						      const struct inventory_link *after);
/* "eth0, eth1", as many as fit; returns buf. size >= 4. */
const char *device_link_names(const struct device *device, char *buf, size_t size);
