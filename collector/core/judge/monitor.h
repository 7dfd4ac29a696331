/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The judgement over all devices: takes what polling and notifications bring, asks
 * device_state.c what state that makes, carries changes to the devices behind, has
 * correlate.c make the events, and says when it wants to poll or to be called again.
 * Pure: time comes in, hooks go out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/device_set.h"
#include "collector/core/judge/correlate.h"
#include "collector/core/judge/device_state.h"
#include "common/snmp/snmp_outcome.h"

struct monitor;

/* Any may be NULL. None may add or remove devices. */
struct monitor_hooks {
	void *data;
	void (*event)(void *data, struct device *device, const struct event *event);
	/* status, cause or since_ms changed */
	void (*changed)(void *data, struct device *device);
	/* ask it at once, by polls and pings, whichever there are */
	void (*poll_now)(void *data, struct device *device);
};

/* last_event_id: the highest that was ever stored. Returns 0 or -ENOMEM. */
int monitor_new(const struct device_state_conf *conf, const struct monitor_hooks *hooks,
		int64_t last_event_id, struct monitor **ret);
struct monitor *monitor_free(struct monitor *monitor); /* before the devices */
void monitor_freep(struct monitor **monitor);
void monitor_set_conf(struct monitor *monitor, const struct device_state_conf *conf);

/* Makes room for this set and a state for each of its devices, so that monitor_set_devices() with it cannot fail. Returns
 * 0 or -ENOMEM. */
int monitor_reserve(struct monitor *monitor, const struct device_set *set);
/*
 * Begins to watch these devices (again after a reload, with the new set; devices in both
 * keep their state). The set must outlive the monitor or the next call. Devices not yet
 * known get their device->state. Returns 0 or -ENOMEM: then the old set is still in use.
 */
int monitor_set_devices(struct monitor *monitor, const struct device_set *set);
/* A device that was in the set is about to be freed. */
void monitor_forget(struct monitor *monitor, struct device *device);

void monitor_polled(struct monitor *monitor, struct device *device, enum snmp_outcome outcome,
		    struct moment now);
/* An echo to the device, sent at sent_ms (wall), was answered or lost. */
void monitor_pinged(struct monitor *monitor, struct device *device, bool answered, int64_t sent_ms,
		    struct moment now);
void monitor_restarted(struct monitor *monitor, struct device *device, enum event_kind kind,
		       int64_t boot_ms, struct moment now);
/* device: whose notification it is. */
void monitor_notified(struct monitor *monitor, struct device *device,
		      const struct notification *notification, struct moment now);
void monitor_internal(struct monitor *monitor, enum event_kind kind, struct moment now);

/* Does what is due. Returns the monotonic ms at which it wants to be called again, or -1. */
int64_t monitor_tick(struct monitor *monitor, struct moment now);
/* The same without doing anything. */
int64_t monitor_next_ms(const struct monitor *monitor);

const struct correlate_stats *monitor_stats(const struct monitor *monitor);
