/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store asks SQLite: one prepared statement each. The file and its tables are
 * store_schema.c's.
 */
#include "collector/io/store/store_db.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "collector/codec/page/event_json.h"
#include "collector/io/store/store_alerts.h"
#include "collector/io/store/store_deliveries.h"
#include "collector/io/store/store_people.h"
#include "collector/io/store/store_rows.h"
#include "collector/io/store/store_schema.h"
#include "common/base/cleanup.h"
#include "common/system/log.h"

enum statement {
	PUT_NOTIFICATION,
	PUT_EVENT,
	BEGIN_OUTAGE,
	END_OUTAGE,
	PUT_STATE,
	PUT_ENGINE,
	PUT_TRAP_CLOCK,
	FORGET_TRAP_CLOCKS,
	FORGET_STATE,
	FORGET_ENGINE,
	FORGET_OUTAGES,
	EVENTS_OF_ALL,
	EVENTS_OF_DEVICE,
	OLD_EVENTS,
	MANY_EVENTS,
	OLD_OUTAGES,
	OLD_NOTIFICATIONS,
	MANY_UNKNOWN,
	MANY_NOTIFICATIONS,
	LAST_EVENT,
	INSTANCE,
	CLOCK,
	PUT_CLOCK,
	STATES,
	ENGINES,
	TRAP_CLOCKS,
	PROBLEMS,
	KEYS,
	NOTIFICATIONS_ALL,
	NOTIFICATIONS_DEVICE,
	NOTIFICATIONS_SOURCE,
	SENDERS,
	STATEMENT_N
};

#define ROWS                                                                                       \
	"SELECT id, received_ms, event_ms, inform, epoch, number, device, source, version, "       \
	"security, oid, kind, "                                                                    \
	"site, text FROM notifications "

/* How many more than ?1 there are, at most ?2. */
#define TOO_MANY "max(0, min(?2, (SELECT count(*) FROM notifications) - ?1))"

static const char *const SQL[STATEMENT_N] = {
	[PUT_NOTIFICATION] = "INSERT OR IGNORE INTO notifications (received_ms, event_ms, device, "
			     "source, version, inform, "
			     "oid, kind, site, epoch, number, key, text, security, sending) VALUES "
			     "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[PUT_EVENT] =
		"INSERT OR IGNORE INTO events (id, kind, device, link, time_ms, seen_ms, source, "
		"begins, params) VALUES (?,?,?,?,?,?,?,?,?)",
	[BEGIN_OUTAGE] = "INSERT OR IGNORE INTO outages (begin_id, kind, device, link, begin_ms) "
			 "VALUES (?,?,?,?,?)",
	[END_OUTAGE] = "UPDATE outages SET end_id = ?2, end_ms = ?3 WHERE begin_id = ?1",
	[PUT_STATE] =
		"INSERT OR REPLACE INTO states (device, status, cause, since_ms) VALUES (?,?,?,?)",
	[PUT_ENGINE] = "INSERT OR REPLACE INTO engines (device, engine, boots, time_s, at_ms) "
		       "VALUES (?,?,?,?,?)",
	[PUT_TRAP_CLOCK] =
		"INSERT INTO trap_clocks (engine, boots, time_s, at_ms) VALUES (?,?,?,?) ON "
		"CONFLICT (engine) DO UPDATE SET boots = excluded.boots, time_s = "
		"excluded.time_s, at_ms = excluded.at_ms WHERE (excluded.boots, "
		"excluded.time_s) > (boots, time_s)",
	[FORGET_TRAP_CLOCKS] = "DELETE FROM trap_clocks WHERE engine NOT IN (SELECT engine FROM "
			       "trap_clocks ORDER BY at_ms DESC LIMIT ?)",
	[FORGET_ENGINE] = "DELETE FROM engines WHERE device = ?",
	[FORGET_STATE] = "DELETE FROM states WHERE device = ?",
	[FORGET_OUTAGES] = "UPDATE outages SET end_ms = ?2 WHERE device = ?1 AND end_ms IS NULL",
	[EVENTS_OF_ALL] = "SELECT id, kind, device, link, time_ms, seen_ms, source, begins, params "
			  "FROM events "
			  "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
	[EVENTS_OF_DEVICE] =
		"SELECT id, kind, device, link, time_ms, seen_ms, source, begins, params FROM "
		"events WHERE device = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2",
	[OLD_EVENTS] = "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE time_ms < ?1 "
		       "AND id NOT "
		       "IN (SELECT begin_id FROM outages WHERE end_ms IS NULL) LIMIT ?2)",
	[MANY_EVENTS] =
		"DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= (SELECT max(id) "
		"FROM events) - ?1 ORDER BY id LIMIT ?2)",
	[OLD_OUTAGES] = "DELETE FROM outages WHERE begin_id IN (SELECT begin_id FROM outages WHERE "
			"end_ms < "
			"?1 LIMIT ?2)",
	[OLD_NOTIFICATIONS] =
		"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE "
		"received_ms < ?1 LIMIT ?2)",
	/* senders that no device is make room first: whoever floods pushes out himself alone */
	[MANY_UNKNOWN] =
		"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE "
		"device = '' ORDER BY id LIMIT " TOO_MANY ")",
	[MANY_NOTIFICATIONS] =
		"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE NOT "
		"EXISTS (SELECT 1 FROM notifications WHERE device = '') ORDER BY id LIMIT " TOO_MANY
		")",
	[INSTANCE] = "SELECT name FROM instance",
	[LAST_EVENT] = "SELECT coalesce(max(id), 0) FROM events",
	[CLOCK] = "SELECT right_ms FROM clock",
	[PUT_CLOCK] = "UPDATE clock SET right_ms = ?",
	[STATES] = "SELECT device, status, cause, since_ms FROM states",
	[ENGINES] = "SELECT device, engine, boots, time_s, at_ms FROM engines",
	[TRAP_CLOCKS] = "SELECT '', engine, boots, time_s, at_ms FROM trap_clocks ORDER BY at_ms",
	[PROBLEMS] = "SELECT device, kind, link, begin_id, begin_ms, end_ms FROM outages WHERE "
		     "end_ms IS NULL "
		     "OR end_ms > ?1 ORDER BY begin_id",
	[KEYS] = "SELECT key, sending, received_ms FROM (SELECT id, key, sending, received_ms FROM "
		 "notifications WHERE key IS NOT NULL OR sending IS NOT NULL ORDER BY id DESC "
		 "LIMIT ?1) ORDER BY id",
	[NOTIFICATIONS_ALL] = ROWS "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
	[NOTIFICATIONS_DEVICE] = ROWS "WHERE device = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2",
	[NOTIFICATIONS_SOURCE] = ROWS "WHERE source = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2",
	/* bounded both ways: somebody may have sent a million, or under a million addresses */
	[SENDERS] = "SELECT source, n, first_ms, last_ms FROM (SELECT source, count(*) AS n, "
		    "min(received_ms) AS "
		    "first_ms, max(received_ms) AS last_ms, max(id) AS last_id FROM (SELECT id, "
		    "source, received_ms "
		    "FROM notifications WHERE device = '' ORDER BY id DESC LIMIT 20000) GROUP BY "
		    "source ORDER BY "
		    "last_id DESC LIMIT ?1) ORDER BY last_id",
};

struct store_db {
	sqlite3 *sqlite;
	sqlite3_stmt *statements[STATEMENT_N];
	struct store_alerts *alerts;
	struct store_deliveries *deliveries;
	struct store_people *people;
	bool memory; /* no file */
};

static int open_once(const char *path, bool full, struct store_db **ret)
{
	struct store_db *db = calloc(1, sizeof(*db));
	int r;

	if (!db)
		return -ENOMEM;
	r = full ? store_schema_open_full(path, &db->sqlite, &db->memory)
		 : store_schema_open(path, &db->sqlite);
	if (r == 0)
		r = store_rows_prepare(db->sqlite, SQL, STATEMENT_N, db->statements);
	if (r == 0)
		r = store_alerts_new(db->sqlite, &db->alerts);
	if (r == 0)
		r = store_deliveries_new(db->sqlite, &db->deliveries);
	if (r == 0)
		r = store_people_new(db->sqlite, &db->people);
	if (r < 0) {
		store_db_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

int store_db_open(const char *path, struct store_db **ret)
{
	int r = open_once(path, false, ret);

	if (r != -EUCLEAN)
		return r;
	store_schema_set_aside(path);
	return open_once(path, false, ret);
}

int store_db_open_full(const char *path, struct store_db **ret)
{
	return open_once(path, true, ret);
}

bool store_db_is_memory(const struct store_db *db)
{
	return db->memory;
}

struct store_db *store_db_close(struct store_db *db)
{
	if (!db)
		return NULL;
	store_alerts_free(db->alerts);
	store_deliveries_free(db->deliveries);
	store_people_free(db->people);
	store_rows_finalize(db->statements, STATEMENT_N);
	sqlite3_close(db->sqlite);
	free(db);
	return NULL;
}

int store_db_begin(struct store_db *db)
{
	assert(sqlite3_get_autocommit(db->sqlite));
	return store_schema_run(db->sqlite, "BEGIN IMMEDIATE");
}

int store_db_commit(struct store_db *db)
{
	return store_schema_run(db->sqlite, "COMMIT");
}

void store_db_rollback(struct store_db *db)
{
	if (!sqlite3_get_autocommit(db->sqlite))
		store_schema_run(db->sqlite, "ROLLBACK");
}

static int finish(struct store_db *db, sqlite3_stmt *stmt)
{
	return store_rows_run(db->sqlite, stmt);
}

struct store_alerts *store_db_alerts(struct store_db *db)
{
	return db->alerts;
}

struct store_deliveries *store_db_deliveries(struct store_db *db)
{
	return db->deliveries;
}

struct store_people *store_db_people(struct store_db *db)
{
	return db->people;
}

int store_db_put_notification(struct store_db *db, const struct notification_row *n,
			      bool *ret_repeat)
{
	sqlite3_stmt *stmt = db->statements[PUT_NOTIFICATION];
	int r;

	sqlite3_bind_int64(stmt, 1, n->received_ms);
	sqlite3_bind_int64(stmt, 2, n->event_ms);
	store_rows_bind(stmt, 3, n->device_id);
	store_rows_bind(stmt, 4, n->source);
	store_rows_bind(stmt, 5, n->version);
	sqlite3_bind_int(stmt, 6, n->inform);
	store_rows_bind(stmt, 7, n->oid);
	store_rows_bind(stmt, 8, n->kind);
	store_rows_bind(stmt, 9, n->site_id);
	sqlite3_bind_int64(stmt, 10, n->epoch_id);
	sqlite3_bind_int64(stmt, 11, n->number);
	if (n->key.hash != 0) /* what is not bound is NULL */
		sqlite3_bind_int64(stmt, n->key.lasting ? 12 : 15, (int64_t)n->key.hash);
	store_rows_bind(stmt, 13, n->text);
	store_rows_bind(stmt, 14, n->security_name);
	r = finish(db, stmt);
	if (r == 0)
		*ret_repeat = sqlite3_changes(db->sqlite) == 0;
	return r;
}

static bool begins_outage(enum event_kind kind)
{
	return kind == EVENT_DEVICE_DOWN || kind == EVENT_LINK_DOWN ||
	       kind == EVENT_LINK_FLAPPING || kind == EVENT_AUTH_FAILED ||
	       kind == EVENT_PATH_DOWN || kind == EVENT_SNMP_SILENT;
}

static int put_outage(struct store_db *db, const struct event *event)
{
	sqlite3_stmt *stmt;

	if (begins_outage(event->kind)) {
		stmt = db->statements[BEGIN_OUTAGE];
		sqlite3_bind_int64(stmt, 1, event->id);
		store_rows_bind(stmt, 2, event_kind_name(event->kind));
		store_rows_bind(stmt, 3, event->device_id);
		store_rows_bind(stmt, 4, event->link);
		sqlite3_bind_int64(stmt, 5, event->time_ms);
		return finish(db, stmt);
	}
	if (event->begins == 0)
		return 0;
	stmt = db->statements[END_OUTAGE];
	sqlite3_bind_int64(stmt, 1, event->begins);
	sqlite3_bind_int64(stmt, 2, event->id);
	sqlite3_bind_int64(stmt, 3, event->time_ms);
	return finish(db, stmt);
}

int store_db_put_event(struct store_db *db, const struct event *event)
{
	cleanup_free char *params = event_json_print_params(&event->params);
	sqlite3_stmt *stmt = db->statements[PUT_EVENT];
	int r;

	assert(event->id > 0 && event->kind < EVENT_KIND_N);
	if (!params)
		return -ENOMEM;
	sqlite3_bind_int64(stmt, 1, event->id);
	store_rows_bind(stmt, 2, event_kind_name(event->kind));
	store_rows_bind(stmt, 3, event->device_id);
	store_rows_bind(stmt, 4, event->link);
	sqlite3_bind_int64(stmt, 5, event->time_ms);
	sqlite3_bind_int64(stmt, 6, event->seen_ms);
	store_rows_bind(stmt, 7, event_source_name(event->source));
	sqlite3_bind_int64(stmt, 8, event->begins);
	store_rows_bind(stmt, 9, params);
	r = finish(db, stmt);
	return r < 0 ? r : put_outage(db, event);
}

int store_db_put_state(struct store_db *db, const char *id, enum device_status status,
		       enum device_cause cause, int64_t since_ms)
{
	sqlite3_stmt *stmt = db->statements[PUT_STATE];

	store_rows_bind(stmt, 1, id);
	store_rows_bind(stmt, 2, device_status_name(status));
	store_rows_bind(stmt, 3, device_cause_name(cause));
	sqlite3_bind_int64(stmt, 4, since_ms);
	return finish(db, stmt);
}

int store_db_put_engine(struct store_db *db, const char *id, const struct store_engine *engine)
{
	sqlite3_stmt *stmt = db->statements[PUT_ENGINE];

	store_rows_bind(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, engine->id, (int)engine->id_len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, engine->boots);
	sqlite3_bind_int64(stmt, 4, engine->time_s);
	sqlite3_bind_int64(stmt, 5, engine->at_ms);
	return finish(db, stmt);
}

int store_db_put_trap_clock(struct store_db *db, const struct store_engine *engine)
{
	sqlite3_stmt *stmt = db->statements[PUT_TRAP_CLOCK];

	sqlite3_bind_blob(stmt, 1, engine->id, (int)engine->id_len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, engine->boots);
	sqlite3_bind_int64(stmt, 3, engine->time_s);
	sqlite3_bind_int64(stmt, 4, engine->at_ms);
	return finish(db, stmt);
}

static int forget_row(struct store_db *db, enum statement which, const char *id)
{
	sqlite3_stmt *stmt = db->statements[which];

	store_rows_bind(stmt, 1, id);
	return finish(db, stmt);
}

int store_db_forget_device(struct store_db *db, const char *id, int64_t now_ms)
{
	sqlite3_stmt *stmt;
	int r = forget_row(db, FORGET_STATE, id);

	if (r == 0)
		r = forget_row(db, FORGET_ENGINE, id);
	if (r < 0)
		return r;
	stmt = db->statements[FORGET_OUTAGES];
	store_rows_bind(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, now_ms);
	return finish(db, stmt);
}

static void read_event(sqlite3_stmt *stmt, struct event *ret)
{
	char word[32];

	*ret = (struct event){.id = sqlite3_column_int64(stmt, 0), .kind = EVENT_KIND_N};
	store_rows_copy(stmt, 1, word, sizeof(word));
	event_kind_parse(word, &ret->kind);
	store_rows_copy(stmt, 2, ret->device_id, sizeof(ret->device_id));
	store_rows_copy(stmt, 3, ret->link, sizeof(ret->link));
	ret->time_ms = sqlite3_column_int64(stmt, 4);
	ret->seen_ms = sqlite3_column_int64(stmt, 5);
	store_rows_copy(stmt, 6, word, sizeof(word));
	ret->source = EVENT_SOURCE_INTERNAL;
	event_source_parse(word, &ret->source);
	ret->begins = sqlite3_column_int64(stmt, 7);
	event_json_parse_params(store_rows_text(stmt, 8), &ret->params);
}

int store_db_events(struct store_db *db, const struct store_event_query *query, struct event *ret)
{
	bool all = query->device_id[0] == '\0';
	sqlite3_stmt *stmt = db->statements[all ? EVENTS_OF_ALL : EVENTS_OF_DEVICE];
	unsigned int n = 0;
	int code;

	assert(query->limit > 0);
	sqlite3_bind_int64(stmt, 1, query->before_id > 0 ? query->before_id : INT64_MAX);
	sqlite3_bind_int64(stmt, 2, query->limit);
	if (!all)
		store_rows_bind(stmt, 3, query->device_id);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW && n < query->limit)
		read_event(stmt, &ret[n++]);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return code == SQLITE_DONE || code == SQLITE_ROW ? (int)n
							 : store_schema_errno(db->sqlite, code);
}

/* Its texts live until the next step. */
static struct notification_row read_row(sqlite3_stmt *stmt)
{
	return (struct notification_row){
		.id = sqlite3_column_int64(stmt, 0),
		.received_ms = sqlite3_column_int64(stmt, 1),
		.event_ms = sqlite3_column_int64(stmt, 2),
		.inform = sqlite3_column_int(stmt, 3) != 0,
		.epoch_id = (uint32_t)sqlite3_column_int64(stmt, 4),
		.number = (uint32_t)sqlite3_column_int64(stmt, 5),
		.device_id = store_rows_text(stmt, 6),
		.source = store_rows_text(stmt, 7),
		.version = store_rows_text(stmt, 8),
		.security_name = store_rows_text(stmt, 9),
		.oid = store_rows_text(stmt, 10),
		.kind = store_rows_text(stmt, 11),
		.site_id = store_rows_text(stmt, 12),
		.text = store_rows_text(stmt, 13),
	};
}

int store_db_notifications(struct store_db *db, const struct notification_query *query,
			   store_row_fn *fn, void *data)
{
	static const enum statement STATEMENTS[] = {
		[NOTIFICATIONS_OF_ALL] = NOTIFICATIONS_ALL,
		[NOTIFICATIONS_OF_DEVICE] = NOTIFICATIONS_DEVICE,
		[NOTIFICATIONS_OF_SOURCE] = NOTIFICATIONS_SOURCE};
	sqlite3_stmt *stmt = db->statements[STATEMENTS[query->which]];
	bool more = true;
	int code = SQLITE_DONE;

	sqlite3_bind_int64(stmt, 1, query->before_id > 0 ? query->before_id : INT64_MAX);
	sqlite3_bind_int64(stmt, 2, query->limit);
	if (query->which != NOTIFICATIONS_OF_ALL)
		store_rows_bind(stmt, 3,
				query->which == NOTIFICATIONS_OF_DEVICE ? query->device_id
									: query->source);
	while (more && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const struct notification_row row = read_row(stmt);

		assert(query->limit > 0 && (unsigned int)query->which < ARRAY_LEN(STATEMENTS));
		more = fn(data, &row);
	}
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return store_schema_errno(db->sqlite, code);
}

int store_db_senders(struct store_db *db, store_sender_fn *fn, void *data)
{
	sqlite3_stmt *stmt = db->statements[SENDERS];
	int code;

	sqlite3_bind_int64(stmt, 1, STORE_SENDERS_MAX);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		fn(data, store_rows_text(stmt, 0), (uint64_t)sqlite3_column_int64(stmt, 1),
		   sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3));
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}

int store_db_expire(struct store_db *db, const struct store_conf *conf, int64_t now_ms, int limit)
{
	const struct {
		enum statement which;
		int64_t bound;
	} steps[] = {
		{OLD_NOTIFICATIONS, now_ms - conf->keep_notifications_ms},
		{MANY_UNKNOWN, conf->max_notifications},
		{MANY_NOTIFICATIONS, conf->max_notifications},
		{OLD_EVENTS, now_ms - conf->keep_events_ms},
		{MANY_EVENTS, conf->max_events},
		{OLD_OUTAGES, now_ms - conf->keep_events_ms},
	};
	int total = 0, r = store_db_begin(db);

	assert(limit > 0);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(steps); i++) {
		sqlite3_stmt *stmt = db->statements[steps[i].which];

		sqlite3_bind_int64(stmt, 1, steps[i].bound);
		sqlite3_bind_int(stmt, 2, limit);
		r = finish(db, stmt);
		if (r == 0)
			total += sqlite3_changes(db->sqlite);
	}
	if (r == 0) {
		r = store_deliveries_expire(db->deliveries, now_ms - conf->keep_events_ms, limit);
		total += r > 0 ? r : 0;
	}
	if (r >= 0) {
		r = store_alerts_expire(db->alerts, now_ms - conf->keep_events_ms, limit);
		total += r > 0 ? r : 0;
	}
	if (r >= 0)
		r = store_db_commit(db);
	if (r < 0) {
		store_db_rollback(db);
		return r;
	}
	return total;
}

static int read_one(struct store_db *db, enum statement which, int64_t *ret)
{
	sqlite3_stmt *stmt = db->statements[which];
	int code = sqlite3_step(stmt);

	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}

int store_db_instance(struct store_db *db, char ret[static STORE_INSTANCE_SIZE])
{
	sqlite3_stmt *stmt = db->statements[INSTANCE];
	const int code = sqlite3_step(stmt);

	ret[0] = '\0';
	if (code == SQLITE_ROW)
		store_rows_copy(stmt, 0, ret, STORE_INSTANCE_SIZE);
	return store_rows_end(db->sqlite, stmt, code);
}

int store_db_last_event_id(struct store_db *db, int64_t *ret)
{
	return read_one(db, LAST_EVENT, ret);
}

int store_db_clock(struct store_db *db, int64_t *ret_right_ms)
{
	return read_one(db, CLOCK, ret_right_ms);
}

int store_db_put_clock(struct store_db *db, int64_t right_ms)
{
	sqlite3_bind_int64(db->statements[PUT_CLOCK], 1, right_ms);
	return finish(db, db->statements[PUT_CLOCK]);
}

int store_db_states(struct store_db *db, store_state_fn *fn, void *data)
{
	sqlite3_stmt *stmt = db->statements[STATES];
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		enum device_status status = DEVICE_PENDING;
		enum device_cause cause = DEVICE_CAUSE_NONE;
		char id[33], word[32];

		store_rows_copy(stmt, 0, id, sizeof(id));
		store_rows_copy(stmt, 1, word, sizeof(word));
		device_status_parse(word, &status);
		store_rows_copy(stmt, 2, word, sizeof(word));
		device_cause_parse(word, &cause);
		fn(data, id, status, cause, sqlite3_column_int64(stmt, 3));
	}
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}

static int read_engines(struct store_db *db, enum statement which, store_engine_fn *fn, void *data)
{
	sqlite3_stmt *stmt = db->statements[which];
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct store_engine engine = {.boots = (uint32_t)sqlite3_column_int64(stmt, 2),
					      .time_s = (uint32_t)sqlite3_column_int64(stmt, 3),
					      .at_ms = sqlite3_column_int64(stmt, 4)};
		const void *octets = sqlite3_column_blob(stmt, 1);
		int len = sqlite3_column_bytes(stmt, 1);
		char id[33];

		store_rows_copy(stmt, 0, id, sizeof(id));
		if (!octets || len < 1 || (size_t)len > sizeof(engine.id))
			continue;
		memcpy(engine.id, octets, (size_t)len);
		engine.id_len = (size_t)len;
		fn(data, id, &engine);
	}
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}

int store_db_engines(struct store_db *db, store_engine_fn *fn, void *data)
{
	return read_engines(db, ENGINES, fn, data);
}

int store_db_trap_clocks(struct store_db *db, store_engine_fn *fn, void *data)
{
	int r;

	sqlite3_bind_int64(db->statements[FORGET_TRAP_CLOCKS], 1, STORE_TRAP_CLOCKS_MAX);
	r = finish(db, db->statements[FORGET_TRAP_CLOCKS]);
	return r < 0 ? r : read_engines(db, TRAP_CLOCKS, fn, data);
}

int store_db_problems(struct store_db *db, int64_t since_ms, store_problem_fn *fn, void *data)
{
	sqlite3_stmt *stmt = db->statements[PROBLEMS];
	int code;

	sqlite3_bind_int64(stmt, 1, since_ms);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct problem problem = {.kind = EVENT_KIND_N,
					  .event_id = sqlite3_column_int64(stmt, 3),
					  .begin_ms = sqlite3_column_int64(stmt, 4),
					  .end_ms = sqlite3_column_int64(stmt, 5)};
		char id[33], word[32];

		store_rows_copy(stmt, 0, id, sizeof(id));
		store_rows_copy(stmt, 1, word, sizeof(word));
		store_rows_copy(stmt, 2, problem.link, sizeof(problem.link));
		if (event_kind_parse(word, &problem.kind))
			fn(data, id, &problem);
	}
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}

int store_db_keys(struct store_db *db, size_t limit, store_key_fn *fn, void *data)
{
	sqlite3_stmt *stmt = db->statements[KEYS];
	int code;

	sqlite3_bind_int64(stmt, 1, (int64_t)limit);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const bool lasting = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
		const struct trap_key key = {(uint64_t)sqlite3_column_int64(stmt, lasting ? 0 : 1),
					     lasting};

		fn(data, &key, sqlite3_column_int64(stmt, 2));
	}
	sqlite3_reset(stmt);
	return store_schema_errno(db->sqlite, code);
}
