/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a poll session, shared by its parts: poll_session.c (the course of a cycle),
 * poll_due.c (what is read in this one), poll_item.c (what is asked for by GET),
 * poll_request.c (how it is laid out), poll_plan.c (requests that come again), poll_get.c (the
 * answers), poll_restart.c (whose restart it is), poll_held.c (samples that wait), poll_discover.c
 * (identity and interfaces), poll_remarks.c (what people are told).
 * Nothing else includes this.
 */
#pragma once

#include "collector/core/device/device_remark.h"
#include "collector/core/device/iface_map.h"
#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_session.h"
#include "collector/core/reading/group_poll.h"
#include "collector/core/reading/group_value.h"
#include "collector/core/reading/link_poll.h"
#include "collector/core/reading/poll_limits.h"
#include "collector/core/value/device_clock.h"
#include "collector/core/value/uptime.h"
#include "common/base/text_clean.h"

enum poll_step {
	POLL_STEP_PROBE,
	POLL_STEP_HOST, /* its uptime went back: is that the device's, or its agent's? */
	POLL_STEP_IDENTIFY,
	POLL_STEP_PROBES,
	POLL_STEP_DISCOVER,
	POLL_STEP_VALUES,
	POLL_STEP_TABLES,
	POLL_STEP_HARDWARE,
	POLL_STEP_DONE,
};

/* What a binding asks for. The first four come before everything else in a cycle's first request. */
enum poll_what {
	POLL_WHAT_UPTIME,
	POLL_WHAT_CLOCK,
	POLL_WHAT_EPOCH,
	POLL_WHAT_CHANGED,
	POLL_WHAT_IDENT,
	POLL_WHAT_PROBE,
	POLL_WHAT_ROW,
	POLL_WHAT_SCALAR,
};
enum { POLL_PREFIX_N = POLL_WHAT_CHANGED + PROFILE_CHANGED_MAX };
enum poll_ident {
	POLL_IDENT_DESCR,
	POLL_IDENT_OBJECT_ID,
	POLL_IDENT_NAME,
	POLL_IDENT_IF_NUMBER,
	POLL_IDENT_HOST_UPTIME,
	POLL_IDENT_ENGINE_TIME,
	POLL_IDENT_N
};

/* Where a step of GETs stands; what a and b count is the step's own (poll_item.c). */
struct poll_cursor {
	uint16_t a, b;
};

/* A binding of the request under way. */
struct poll_item {
	uint8_t what, b;
	uint16_t a;
	struct poll_cursor after; /* where the cursor stands behind it */
};
enum { POLL_ITEMS_MAX = 128 };

/* The first request of a cycle's values, kept for the next cycle. */
struct poll_plan {
	uint64_t key;	 /* a digest of what it was made from */
	uint32_t number; /* by which the caller knows it */
	uint32_t n;
	struct poll_item items[];
};

/* What exists only while a cycle runs. */
struct poll_cycle {
	enum poll_step step;
	struct poll_cursor cursor;
	const struct poll_item *items; /* of the request under way: room, or the plan's */
	size_t n_items;
	uint64_t done[POLL_ITEMS_MAX / 64]; /* bit by item: answered */
	bool answered, over, rediscover, discovered, identified, no_access, read, walking;
	bool moved;	 /* a number may stand for another interface than before */
	bool missed;	 /* the walk had not all that was there */
	bool silent;	 /* a request that may have been too large ended it */
	bool in_doubt;	 /* its uptime went back: whether the device restarted is not told yet */
	bool goes_on;	 /* if it did not, its counters go on */
	int64_t boot_us; /* of what restarted */
	enum uptime_host host;
	struct link_round round;
	uint8_t silent_retries, ident_missing;
	uint16_t requests;
	int64_t begin_us;
	struct device_moment when; /* the device took its last answer */
	int row;		   /* whose reading is being gathered; -1 none */
	int value_group;	   /* whose values are; -1 none */
	size_t table,
		table_end; /* groups [table, table_end) are walked together, those that are due */
	uint8_t *probes;   /* per profile: low half asked, high half answered */
	int64_t walk_begun_us, walked_us; /* asked first, answered last */
	struct poll_cycle *next_spare;

	/* Valid only as what stands above says; the rest begins with zeros. */
	struct link_reading reading;
	struct poll_walk walk;
	struct group_value values[PROFILE_TERMS_MAX];
	struct poll_item room[POLL_ITEMS_MAX];
};

struct poll_held;
struct poll_session {
	struct poll_env *env;
	struct device *device;
	const struct profile *profile; /* NULL: unknown yet */
	struct poll_cycle *cycle;
	struct poll_plan *plan; /* NULL: none */
	struct device_clock clock;
	struct counter_step step;
	struct uptime uptime;
	struct poll_limits limits;
	struct link_poll **links; /* same index as device->links */
	size_t n_links;
	struct group_poll *groups; /* same index as profile->groups */
	uint32_t *scalar_missing;  /* same; bit by term */
	size_t n_groups;
	snmp_oid_t *object_id;
	size_t object_id_len;
	uint32_t life;	 /* counts restarts: values of another life are not compared */
	uint32_t cycles; /* begun so far */
	uint32_t ticks;	 /* intervals of polling that have passed: not all cycles are in turn */
	int64_t tick_us; /* when the last of them began */
	uint32_t phase;	 /* spreads what happens every n-th of them */
	uint32_t plans;	 /* made so far */
	uint64_t changed[PROFILE_CHANGED_MAX];
	uint16_t missing; /* bits of prefix items that the device lacks */
	uint16_t changed_known;
	int64_t next_discovery_us, last_forced_us;
	uint32_t if_number;  /* as the device said last; 0 unknown */
	uint8_t short_walks; /* in a row: fewer rows than that */
	bool v1, refused;
	bool host_uptime,
		host_uptime_tried; /* hrSystemUptime instead of a sysUpTime that is missing */
	struct poll_held *held;	   /* samples that wait for the cycle's verdict */
	size_t n_held, held_room;
	uint32_t noted, noted_before, found; /* bits of enum device_remark (poll_remarks.c) */
};

/* ---- poll_due.c ---- */

/* A cycle begins: counts the intervals of polling that have passed. */
void poll_due_tick(struct poll_session *s, int64_t now_us);
/* How many intervals of polling lie between two readings of a group, and whether it is due. */
uint32_t poll_due_every(const struct poll_session *s, const struct profile_group *group);
bool poll_due(const struct poll_session *s, size_t group);
/* Does the group, which stands for another, give way to that or to one that comes before it? It may
 * have been asked for in the very request that says so. */
bool poll_due_stands_back(const struct poll_session *s, size_t group);

/* ---- poll_item.c: what the steps ask by GET ---- */

/* Finds the step's first item at or after the cursor and leaves the cursor behind it. False:
 * there is none. */
bool poll_item_next(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret);
/* One of the first four (enum poll_what); false if it is not wanted, or not there. */
bool poll_item_prefix(const struct poll_session *s, unsigned int i, struct poll_item *ret);
/* oid has room for PROFILE_OID_LEN_MAX + 1 arcs. Returns their number. */
size_t poll_item_oid(const struct poll_session *s, const struct poll_item *item, snmp_oid_t *oid);
/* Whether the binding has the item's name; of a probe any, as GETNEXT answers it. */
bool poll_item_is(const struct poll_session *s, const struct poll_item *item,
		  const struct snmp_varbind *vb);
/* The device lacks it. */
void poll_item_missing(struct poll_session *s, const struct poll_item *item);

/* ---- poll_request.c ---- */

/* Builds the next request of the step. ret_number: as in struct poll_ask. 0: the step has
 * nothing more to ask. */
size_t poll_request_build(struct poll_session *s, const struct poll_walk_room *room,
			  uint32_t *ret_number);

/* ---- poll_get.c ---- */

void poll_get_answer(struct poll_session *s, const struct poll_answer *answer);
/* The request under way met trouble: ask less, or do without. */
void poll_get_trouble(struct poll_session *s, enum poll_trouble trouble);
/* All of the step is answered: completes what was being gathered. */
void poll_get_finish(struct poll_session *s);

/* ---- poll_restart.c ---- */

/* The uptime went back, from that. True: the device is asked first whose restart it is; the answer
 * that said so is to be dropped. */
bool poll_restart_seen(struct poll_session *s, const struct device_clock_reading *r,
		       int64_t before_us);
/* It answered, or will not: tells of it. */
void poll_restart_settle(struct poll_session *s);
/* hrSystemUptime, snmpEngineTime */
void poll_restart_host(struct poll_session *s, uint32_t ticks);
void poll_restart_engine(struct poll_session *s, uint32_t seconds);
/* Sets device->uptime_s as of the last answer. */
void poll_restart_uptime(struct poll_session *s);

/* ---- poll_held.c ---- */

/* A sample of the cycle's row; session: as void for struct link_poll_context. */
void poll_held_add(void *session, size_t group, const struct sample *sample, uint32_t steps);
/* Hands them out; complete: all rows were read. */
void poll_held_release(struct poll_session *s, bool complete);
/* After how long without any growth nothing passes through the device. */
int64_t poll_held_patience_us(const struct poll_session *s);

/* ---- poll_remarks.c ---- */

/* Around each piece of work: what it met is the device's. */
enum { POLL_WATCHED_N = 9 };
void poll_remarks_watch(const struct poll_session *s, uint64_t ret[static POLL_WATCHED_N]);
void poll_remarks_note(struct poll_session *s, const uint64_t before[static POLL_WATCHED_N]);
/* The walk over the interfaces is complete, its rows have their keys. */
void poll_remarks_discovered(struct poll_session *s, const struct iface_row *rows, size_t n);
/* Sets device->remarks and ->problem. */
void poll_remarks_tell(struct poll_session *s);

/* ---- poll_plan.c ---- */

/* A digest of all that the first request of the values is made from; room: bindings. */
uint64_t poll_plan_key(const struct poll_session *s, size_t room);
/* Takes the plan as the request under way, if it is of that key and the number that the caller
 * kept. Returns whether it is. */
bool poll_plan_use(struct poll_session *s, uint64_t key, uint32_t kept);
/* Makes the request under way the plan, unless it is that already. Returns its number, 0 if
 * memory is short. */
uint32_t poll_plan_keep(struct poll_session *s, uint64_t key);
void poll_plan_forget(struct poll_session *s);

/* ---- poll_discover.c ---- */

void poll_discover_ident(struct poll_session *s, enum poll_ident what,
			 const struct snmp_varbind *vb);
bool poll_discover_needs_probes(const struct poll_session *s);
/* Identity is known as far as it will be: settles the profile. */
void poll_discover_choose(struct poll_session *s);
/* Takes a profile into use (NULL: none), forgetting what belongs to another. 0 or -ENOMEM. */
int poll_discover_use(struct poll_session *s, const struct profile *profile);
bool poll_discover_begin_walk(struct poll_session *s);
void poll_discover_finish_walk(struct poll_session *s, int64_t now_us);
void poll_discover_forget(struct poll_session *s);
/* The link at that place is not there any more. */
void poll_discover_lose(struct poll_session *s, size_t i);
