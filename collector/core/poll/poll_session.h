/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The polling of one device, without a socket or a clock: what to ask next, and what the
 * answers mean. A cycle goes
 *
 *	[probe] -> [identify -> probes -> discover] -> values -> tables
 *
 * where what is in brackets happens only when due: a probe of one binding after a silent
 * cycle, identity and interfaces once an hour or when the device says that they changed.
 * One request is under way at a time. Times are monotonic microseconds of the caller.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/reading/poll_counts.h"
#include "collector/core/reading/poll_walk.h"
#include "collector/core/value/wall_map.h"
#include "common/snmp/snmp_outcome.h"
#include "common/snmp/snmp_value.h"

struct device;
struct device_link;
struct poll_cycle;
struct poll_session;
struct profile_set;
struct sample;

/* What happens to a device while it is polled. Any may be NULL. None may add or remove devices. */
struct poll_hooks {
	void *data;
	/* One sample; copy what is needed. Its series lives until the device is removed. */
	void (*sample)(void *data, const struct sample *sample);
	/* A cycle of this device ended: ANSWER if it answered at all, else why not. Told by the
	 * poller, which knows why; the others are told by the session. */
	void (*result)(void *data, struct device *device, enum snmp_outcome outcome,
		       int64_t now_ms);
	/* link->oper differs from what it was. */
	void (*link_change)(void *data, struct device *device, struct device_link *link,
			    uint8_t old_oper);
	/* device->links was brought up to date by a walk (it may have moved in memory). */
	void (*links_discovered)(void *data, struct device *device);
	/* The device restarted, or its agent alone; boot_ms: wall time of that start. */
	void (*restarted)(void *data, struct device *device, bool agent_only, int64_t boot_ms);
};

/* What all sessions share; the caller's, must outlive them, and then be given back by
 * poll_env_deinit(). */
struct poll_env {
	const struct profile_set *profiles;
	struct wall_map wall; /* kept current by the caller */
	struct poll_counts counts;
	int64_t interval_ms; /* of polls: the step of series */
	int64_t discovery_interval_us;
	unsigned int max_links, max_varbinds, max_octets;
	bool recorded; /* what is polled are recordings: their counters do not move */
	struct poll_hooks hooks;

	struct poll_cycle *spare; /* the sessions' own: memory of cycles that ended */
	unsigned int n_spare;
};
void poll_env_deinit(struct poll_env *env);

struct poll_ask {
	enum snmp_pdu_kind pdu; /* GET, GETNEXT or GETBULK */
	size_t n;		/* bindings, in the room that was given */
	int repetitions;
	/* Not 0: this request will be made again as it is, worth keeping under this number. Where
	 * it is the room's kept one, the room has not been filled. */
	uint32_t number;
};

struct poll_answer {
	int error_status, error_index;
	const struct snmp_varbind *varbinds;
	size_t n;
	int64_t earliest_us; /* the request cannot have been served before */
	int64_t received_us;
	uint32_t boots; /* snmpEngineBoots; 0 unknown */
};

enum poll_failure {
	POLL_FAILED_SILENCE, /* nothing came: the device is dead, or chokes on this request */
	POLL_FAILED_LATE,    /* the cycle's time ran out before it had any to answer */
	POLL_FAILED_OTHER,   /* told that it will not work (key, route): the cycle ends */
};

enum poll_result {
	POLL_SILENT, /* it did not answer */
	POLL_ANSWERED,
	POLL_REFUSED, /* answers, but its access control lets our credential see nothing */
};

/* device->entry->profile names a profile of env or "auto". v1: no GETBULK, no Counter64.
 * Returns 0, -EINVAL (no such profile), -ENOMEM. */
int poll_session_new(struct poll_env *env, struct device *device, bool v1,
		     struct poll_session **ret);
struct poll_session *poll_session_free(struct poll_session *session);
/* env->profiles was replaced: identify anew. -EINVAL if the named profile is gone: then nothing is asked but uptime. */
int poll_session_reprofile(struct poll_session *session);

/* Starts a cycle. probe: after silence, with one binding first. Returns 0 or -ENOMEM. */
int poll_session_begin(struct poll_session *session, bool probe, int64_t now_us);
/* The next request of the cycle. False: the cycle is over; poll_session_end() must follow. */
bool poll_session_next(struct poll_session *session, const struct poll_walk_room *room,
		       struct poll_ask *ret);
void poll_session_answer(struct poll_session *session, const struct poll_answer *answer);
void poll_session_fail(struct poll_session *session, enum poll_failure failure, int64_t now_us);
/* Ends the cycle, whether complete or not; sets device->problem. */
enum poll_result poll_session_end(struct poll_session *session, int64_t now_us);
/* What is asked now serves to learn identity and interfaces: it takes many requests. */
bool poll_session_discovering(const struct poll_session *session);
/* The next cycle shall identify and discover. */
void poll_session_rediscover(struct poll_session *session);
/* The longest pause between polls that the device's 32-bit counters bear; INT64_MAX: any. Never less than
 * POLL_INTERVAL_LEAST_US: counters that wrap faster cannot be followed at all. */
#define POLL_INTERVAL_LEAST_US (5 * INT64_C(1000000))
int64_t poll_session_max_interval_us(const struct poll_session *session);
