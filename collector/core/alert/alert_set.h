/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All alerts that are open, and those that ended last. One cause has one alert: what is out
 * of reach behind a port or a device that has one is attached to it; who answered since the
 * cause began is not, and gets his own. Each alert ends exactly once.
 *
 * Beside it, one outage per device that is out, whatever the cause. Pure: time comes in,
 * hooks go out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/alert/alert.h"
#include "collector/core/device/device_set.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/judge/event.h"
#include "common/base/stats.h"

enum {
	ALERT_SET_OPEN_MAX = 4096,  /* further ones are counted and dropped */
	ALERT_SET_RECENT_MAX = 512, /* ended ones that alert_set_find() knows */
};

struct alert_set;
struct inventory_entry;

/* A device out of reach, from when to when, for whose cause and how it is known. device_id
 * and begin_ms tell it from others. */
struct alert_outage {
	char device_id[33];
	int64_t begin_ms, end_ms; /* wall; end_ms 0: it lasts */
	int64_t alert_id;	  /* 0: of no alert */
	bool behind;		  /* the alert is another device's */
	enum alert_cause cause;
	bool planned;
	enum event_source known;
};

/* None may call back into the set. */
struct alert_hooks {
	void *data;
	void (*changed)(void *data, const struct alert *alert, enum alert_change change);
	void (*outage)(void *data, const struct alert_outage *outage);
	/* Whether work is planned at the device now. */
	bool (*planned)(void *data, const struct inventory_entry *entry, int64_t now_ms);
	/* One that is over was noted or set right: to be kept, and nobody's news. */
	void (*corrected)(void *data, const struct alert *alert);
};

/* last_id: the highest that was ever stored. settle_ms: how long those behind a cause that is
 * over may take until they answer. 0 or -ENOMEM. */
int alert_set_new(const struct alert_hooks *hooks, int64_t last_id, int64_t settle_ms,
		  struct alert_set **ret);
struct alert_set *alert_set_free(struct alert_set *set);
void alert_set_freep(struct alert_set **set);

/* Those watched now, which must outlive the set or the next call. What is of a device that is
 * not among them ends. */
void alert_set_devices(struct alert_set *set, const struct device_set *devices, struct moment now);

/* ---- at the start ---- */

void alert_set_restore(struct alert_set *set, const struct alert *alert);
void alert_set_restore_outage(struct alert_set *set, const struct alert_outage *outage);
/* Once all is restored, the devices with their problems too: what was stored of an event but
 * not of its alert is made up for. */
void alert_set_reconcile(struct alert_set *set, struct moment now);

/* ---- what happens ---- */

/* An event of the monitor, as it comes. */
void alert_set_event(struct alert_set *set, const struct event *event, struct moment now);
/* Status or cause of the device changed; after the event of that change. */
void alert_set_changed(struct alert_set *set, const struct device *device, struct moment now);

/* What others than the monitor find: a threshold, a channel that fails. */
struct alert_news {
	enum alert_kind kind;
	enum severity severity;
	enum alert_cause cause;
	const char *device_id, *link; /* "" as in alert.h */
	int64_t begin_ms;	      /* wall */
	int64_t begin_event;	      /* 0 none */
	uint32_t n_behind;
	const char *detail;
	double value, limit; /* NAN unless it is a threshold */
};
/* Returns its id; that of the open one where this is known already (its value and detail follow);
 * 0: there are too many. */
int64_t alert_set_raise(struct alert_set *set, const struct alert_news *news, struct moment now);
/* Returns whether there was one. */
bool alert_set_end(struct alert_set *set, enum alert_kind kind, const char *device_id,
		   const char *link, int64_t end_ms, struct moment now);

/* Does what is due. Returns the monotonic ms at which it wants to be called again, or -1. */
int64_t alert_set_tick(struct alert_set *set, struct moment now);

/* ---- what there is ---- */

/* Open, or ended lately. NULL: neither. Valid until the next change. */
const struct alert *alert_set_find(const struct alert_set *set, int64_t id);
size_t alert_set_n_open(const struct alert_set *set);
/* In the order of their ids. i < alert_set_n_open(). */
const struct alert *alert_set_open(const struct alert_set *set, size_t i);
/* Ids of devices that are out and attached to it, max at most; returns how many there are. */
size_t alert_set_behind(const struct alert_set *set, int64_t id, const char **ret, size_t max);

/* The lowest id that alert_set_find() knows; the next one where there is none. */
int64_t alert_set_first_id(const struct alert_set *set);
struct alert_set_count {
	size_t begun, ended; /* since then, as far as they are known */
	size_t open, acked;  /* now */
};
struct alert_set_count alert_set_count(const struct alert_set *set, int64_t since_ms);

struct alert_set_stats {
	uint64_t raised, ended, attached, dropped;
	unsigned int open, out; /* alerts, devices */
};
void alert_set_get_stats(const struct alert_set *set, struct alert_set_stats *ret);
/* A stats_provider_fn; data is the struct alert_set *. */
void alert_set_emit_stats(void *set, stats_emit_fn *emit, void *emit_data);
