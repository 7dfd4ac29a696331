/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Polls all devices: when (core/poll/poll_sched), what (core/poll/poll_session), over the SNMP engine.
 * It fills a device's live values and hands out samples; it judges no state. Lives in the
 * loop's thread; its hooks are called from there.
 */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "collector/core/poll/poll_session.h"
#include "common/base/stats.h"
#include "common/engine/snmp_engine.h"

struct device;
struct loop;
struct poller;
struct profile_set;

struct poller_conf {
	int64_t interval_ms;	       /* between polls of a device: 60000 */
	int64_t discovery_interval_ms; /* interfaces and identity are read again: 3600000 */
	int64_t backoff_max_ms;	       /* longest pause between probes of a silent device: 300000 */
	int64_t timeout_ms;	       /* per transmission; 0: from the measured round trip */
	int tries;		       /* transmissions per request: 5 */
	int64_t cycle_deadline_ms; /* most that a cycle of a device may last; 0: 0.8 interval, at most 20 s; a discovery: 120 s */
	unsigned int max_links;	   /* per device: 1024 */
	unsigned int max_varbinds; /* per request: 64 */
	unsigned int max_octets;   /* of an answer aimed at: 1400 */
};
void poller_conf_defaults(struct poller_conf *ret);

/* Lateness is counted from a device's slot to the sending of its first request. */
enum { POLLER_LATE_N = 12, POLLER_LATE_LEAST_US = 100 };

struct poller_stats {
	unsigned int devices, active, backed_off;
	uint64_t cycles, cycles_answered, cycles_failed;
	uint64_t
		slots_missed; /* a cycle took longer than the interval, or the process was stopped */
	uint64_t probes, wakeups, requests, requests_failed, deadlines;
	uint64_t wall_steps; /* of the wall clock, by more than a second */
	int64_t late_max_us; /* greatest so far */
	uint64_t late_over_5ms;
	uint64_t late[POLLER_LATE_N]; /* up to POLLER_LATE_LEAST_US << index, the last: beyond */
	struct poll_counts counts;
};

/* engine, profiles and what hooks point to must outlive the poller. Returns 0 or -errno. */
int poller_new(struct loop *loop, struct snmp_engine *engine, const struct profile_set *profiles,
	       const struct poller_conf *conf, const struct poll_hooks *hooks, struct poller **ret);
struct poller *poller_free(struct poller *poller); /* removes all its devices first; returns NULL */
void poller_freep(struct poller **poller);

/*
 * Begins to poll device at its slot. entry->profile names a profile or is "auto". The credential is copied.
 * device->poll is the poller's until poller_remove(). Returns 0, -EINVAL (credential, unknown profile), -EEXIST,
 * -ENOMEM.
 */
int poller_add(struct poller *poller, struct device *device, const struct snmp_credential *cred,
	       const struct sockaddr *addr, socklen_t addr_len);
/* Stops at once; frees device->links, ->metrics and ->poll. */
void poller_remove(struct poller *poller, struct device *device);
/* Polls at once and ends any back-off: the device was heard of by other means. Harmless if one is under way:
 * then another follows it. */
void poller_poll_now(struct poller *poller, struct device *device);
/* The same, and reads identity and interfaces anew. */
void poller_rescan(struct poller *poller, struct device *device);
/* Continues with another set of profiles; all devices are identified anew. The old set may be freed after it. */
void poller_set_profiles(struct poller *poller, const struct profile_set *profiles);
void poller_get_stats(const struct poller *poller, struct poller_stats *ret);
/* A stats_provider_fn; data is the struct poller *. */
void poller_emit_stats(void *poller, stats_emit_fn *emit, void *emit_data);
/* The engine's target of a device, so that its engine id can be kept over a restart; NULL if unknown. */
struct snmp_target *poller_target(const struct poller *poller, const struct device *device);
