/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must survive: events, outages, received notifications, device states. An SQLite
 * database (WAL, synchronous=FULL) that one thread writes; the loop hands it jobs and never
 * waits. Jobs that came together are committed together, so a burst costs few fsyncs.
 *
 * What was reported as done is on the disk. When the disk is full or fails, jobs that
 * somebody waits for fail (an inform is then not acknowledged and comes again); events and
 * states are kept in memory, bounded, and written when the disk takes them again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/alert/alert_filter.h"
#include "collector/core/alert/alert_set.h"
#include "collector/core/alert/maintenance.h"
#include "collector/core/alert/outage_row.h"
#include "collector/core/judge/correlate.h"
#include "collector/core/judge/event.h"
#include "collector/core/notify/delivery.h"
#include "collector/core/person/audit.h"
#include "collector/core/person/people.h"
#include "collector/core/trap/notification_row.h"
#include "common/base/stats.h"

struct device_set;
struct loop;
struct store;

struct store_conf {
	const char *path; /* of the database; its directory must be writable */
	int64_t keep_events_ms, keep_notifications_ms;
	int64_t max_events, max_notifications;
	/* jobs that are not done; half of them at most wait for a better disk. 0: 20000 */
	unsigned int queue_max;
};

/*
 * Opens (or makes) the database, checks its integrity, brings an older schema up to date,
 * and starts the thread. A damaged database is set aside as PATH.damaged-TIME with an error
 * in the log, and a new one begun: the collector must watch, even without its memory. So it must
 * on a full disk: what is stored is known then, and what comes waits as it would later.
 * From now on somebody watches, and since the last that did nobody has.
 * conf is copied. Returns 0, -EPROTO (made by a newer version), or negative errno.
 */
int store_new(struct loop *loop, const struct store_conf *conf, struct store **ret);
/* Writes what is queued, for ten seconds at most, then closes. Callbacks that are still owed come before it returns, with
 * an error for what could not be written; but for what hangs in the disk, whose callbacks never come. */
struct store *store_free(struct store *store);
void store_freep(struct store **store);

/* err 0: committed; else negative errno: nothing of it was stored, or it cannot be known. On the loop's thread. */
typedef void store_done_fn(void *data, int err);

/* fn may be NULL. -EAGAIN: the queue is full (counted); fn will not be called. A notification whose key is stored
 * already is done without being stored again. */
int store_put_notification(struct store *store, const struct notification_row *n, store_done_fn *fn,
			   void *data);
/* Never lost while the process lives, except beyond the queue's bound (counted, logged). */
int store_put_event(struct store *store, const struct event *event);
int store_put_state(struct store *store, const struct device *device);
/* A device that is no longer watched: ends its outages without an event. */
int store_forget_device(struct store *store, const char *id, int64_t now_ms);

/* A new row, or the row as it is now. As store_put_event(). */
int store_put_alert(struct store *store, const struct alert *alert);
int store_put_outage(struct store *store, const struct alert_outage *outage);
int store_put_maintenance(struct store *store, const struct maintenance *maintenance);

/* What is known of a device's SNMPv3 engine, so that a restart needs no discovery of all. */
struct store_engine {
	uint8_t id[32];
	size_t id_len;
	uint32_t boots, time_s;
	int64_t at_ms; /* wall time at which time_s was so */
};
int store_put_engine(struct store *store, const char *device_id, const struct store_engine *engine);
/* What the sender of an SNMPv3 trap proved; never goes back. */
int store_put_trap_clock(struct store *store, const struct store_engine *engine);

struct store_event_query {
	char device_id[33]; /* "" for all */
	int64_t before_id;  /* only ids below; 0: from the newest */
	unsigned int limit; /* 1..1000 */
};
/* events: newest first, valid only during the call. Called once, on the loop's thread. */
typedef void store_events_fn(void *data, int err, const struct event *events, size_t n);
int store_query_events(struct store *store, const struct store_event_query *query,
		       store_events_fn *fn, void *data);

/* row and its texts are valid during the call, which is made on the store's own thread: nothing is written meanwhile.
 * Returns whether it wants another. */
typedef bool store_row_fn(void *data, const struct notification_row *row);
/* Calls row_fn for each, newest first, then fn once, on the loop's thread. Only fn may look at what the loop changes.
 * -EAGAIN, -ENOMEM: nothing will be called. */
int store_query_notifications(struct store *store, const struct notification_query *query,
			      store_row_fn *row_fn, store_done_fn *fn, void *data);

/* A message as it is now. With fn, which may be NULL, as store_put_notification(): whoever waits to send it learns at
 * once that the disk takes nothing. Without, as store_put_event(). */
int store_put_delivery(struct store *store, const struct delivery *delivery, store_done_fn *fn,
		       void *data);
/* On the store's own thread, as store_row_fn. */
typedef bool store_delivery_fn(void *data, const struct delivery *delivery);
/* As store_query_notifications(). */
int store_query_deliveries(struct store *store, const struct delivery_query *query,
			   store_delivery_fn *row_fn, store_done_fn *fn, void *data);

/* Newest first, valid only during the call. Called once, on the loop's thread. */
typedef void store_alerts_fn(void *data, int err, const struct alert *alerts, size_t n);
int store_query_alerts(struct store *store, const struct alert_filter *filter, store_alerts_fn *fn,
		       void *data);
typedef void store_outages_fn(void *data, int err, const struct outage_row *outages, size_t n);
/* Of the filter: which, device_id, before, limit. */
int store_query_outages(struct store *store, const struct alert_filter *filter,
			store_outages_fn *fn, void *data);

/* At the start, before anything is put: blocks. */
int store_last_event_id(struct store *store, int64_t *ret);
/* Calls fn for each stored state. */
typedef void store_state_fn(void *data, const char *id, enum device_status status,
			    enum device_cause cause, int64_t since_ms);
int store_load_states(struct store *store, store_state_fn *fn, void *data);
typedef void store_engine_fn(void *data, const char *device_id, const struct store_engine *engine);
int store_load_engines(struct store *store, store_engine_fn *fn, void *data);
/* The STORE_TRAP_CLOCKS_MAX that were put last, the last one last; others are forgotten. device_id is "". */
enum { STORE_TRAP_CLOCKS_MAX = 4096 };
int store_load_trap_clocks(struct store *store, store_engine_fn *fn, void *data);
/* Calls fn for each open outage and for those that ended after since_ms, oldest first. */
typedef void store_problem_fn(void *data, const char *id, const struct problem *problem);
int store_load_problems(struct store *store, int64_t since_ms, store_problem_fn *fn, void *data);
/* Calls fn for the keys of the newest notifications, oldest of them first. */
typedef void store_key_fn(void *data, const struct trap_key *key, int64_t received_ms);
int store_load_keys(struct store *store, size_t limit, store_key_fn *fn, void *data);

/* Calls fn for the last STORE_SENDERS_MAX sources of notifications without a device, among the newest 20,000 of them; who was
 * heard last comes last. */
enum { STORE_SENDERS_MAX = 512 };
typedef void store_sender_fn(void *data, const char *source, uint64_t n, int64_t first_ms,
			     int64_t last_ms);
int store_load_senders(struct store *store, store_sender_fn *fn, void *data);

/* The highest that there ever was. */
int store_last_alert_id(struct store *store, int64_t *ret);
/* Calls fn for each open alert and for those that ended after since_ms, oldest first. */
typedef void store_alert_fn(void *data, const struct alert *alert);
int store_load_alerts(struct store *store, int64_t since_ms, store_alert_fn *fn, void *data);
/* Those that last. */
typedef void store_outage_fn(void *data, const struct alert_outage *outage);
int store_load_outages(struct store *store, store_outage_fn *fn, void *data);
/* All there ever was, by id. */
typedef void store_maintenance_fn(void *data, const struct maintenance *maintenance);
int store_load_maintenance(struct store *store, store_maintenance_fn *fn, void *data);

/* What somebody changed about people, or, with STORE_AUDIT_ONLY, elsewhere: it and its row in the log are stored both, or
 * neither. As store_put_notification(). */
struct store_person_change {
	enum {
		STORE_AUDIT_ONLY,
		STORE_USER_PUT,
		STORE_USER_REMOVE,
		STORE_TOKEN_PUT,
		STORE_TOKEN_REMOVE
	} kind;
	struct people_user user;   /* of STORE_USER_REMOVE the name */
	struct people_token token; /* of STORE_TOKEN_REMOVE the id */
	struct audit_row audit;
};
int store_put_person_change(struct store *store, const struct store_person_change *change,
			    store_done_fn *fn, void *data);
/* On the store's own thread, as store_row_fn. */
typedef bool store_audit_fn(void *data, const struct audit_row *row);
/* As store_query_notifications(). */
int store_query_audit(struct store *store, const struct audit_query *query, store_audit_fn *row_fn,
		      store_done_fn *fn, void *data);
/* At the start; ret is empty before. */
int store_load_people(struct store *store, struct people *ret);

/* What tells this database from all others, for as long as it exists: 16 hexadecimal digits. */
enum { STORE_INSTANCE_SIZE = 17 };
int store_instance(struct store *store, char ret[static STORE_INSTANCE_SIZE]);
int store_last_delivery_id(struct store *store, int64_t *ret);
/* Calls fn for what waits or was under way, and for all deliveries of alerts from that one on; oldest first. */
int store_load_deliveries(struct store *store, int64_t first_alert, store_delivery_fn *fn,
			  void *data);

struct store_stats {
	uint64_t commits, failed_commits, notifications, repeats, events, states, queries;
	uint64_t queue_full, dropped; /* dropped: events or states lost to the bound */
	uint64_t expired;	      /* rows deleted by retention */
	unsigned int queued, kept;    /* kept: waiting for the disk */
	int64_t commit_max_us, commit_last_us;
	bool failing;	  /* the last commit failed */
	bool clock_right; /* it may decide what is old enough to be deleted */
};
void store_get_stats(struct store *store, struct store_stats *ret);
/* A stats_provider_fn; data is the struct store *. */
void store_emit_stats(void *store, stats_emit_fn *emit, void *emit_data);
