/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/store/store_alerts.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/store/store_rows.h"
#include "common/base/cleanup.h"

enum statement {
	PUT,
	PUT_OUTAGE,
	QUERY,
	QUERY_OUTAGES,
	LOAD,
	LOAD_OUTAGES,
	LAST,
	BLIND,
	WATCHED,
	PUT_BLIND,
	PUT_WATCHED,
	EXPIRE,
	EXPIRE_OUTAGES,
	EXPIRE_BLIND,
	CORRECT_OUTAGES,
	PUT_MAINTENANCE,
	LOAD_MAINTENANCE,
	STATEMENT_N
};

#define COLUMNS                                                                                    \
	"SELECT id, kind, severity, device, link, begin_ms, seen_ms, end_ms, cause, by_person, "   \
	"behind, detail, value, bound, planned, silenced, silenced_ms, acked_by, acked_ms, note, " \
	"begin_event, end_event FROM alerts "
#define OUTAGE_COLUMNS                                                                             \
	"SELECT device, begin_ms, end_ms, alert, behind, cause, planned, known, id FROM "          \
	"device_outages "

static const char *const SQL[STATEMENT_N] = {
	[PUT] = "INSERT OR REPLACE INTO alerts (id, kind, severity, device, link, begin_ms, "
		"seen_ms, end_ms, cause, by_person, behind, detail, value, bound, planned, "
		"silenced, silenced_ms, acked_by, acked_ms, note, begin_event, end_event) VALUES "
		"(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[PUT_OUTAGE] =
		"INSERT INTO device_outages (device, begin_ms, end_ms, alert, behind, cause, "
		"planned, known) VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT (device, "
		"begin_ms) DO UPDATE SET end_ms = ?3, alert = ?4, behind = ?5, cause = ?6, "
		"planned = ?7, known = ?8",
	[QUERY] = COLUMNS
	"WHERE id < ?1 AND (?2 = 2 OR (end_ms IS NULL) = (?2 = 0)) AND (?3 = '' OR device = ?3) "
	"AND (?4 = '' OR kind = ?4) AND (?5 = '' OR severity = ?5) AND (?6 < 0 OR (acked_by != "
	"'') = ?6) ORDER BY id DESC LIMIT ?7",
	[QUERY_OUTAGES] = OUTAGE_COLUMNS
	"WHERE id < ?1 AND (?2 = 2 OR (end_ms IS NULL) = (?2 = 0)) AND (?3 = '' OR device "
	"= ?3) ORDER BY id DESC LIMIT ?4",
	[LOAD] = COLUMNS "WHERE end_ms IS NULL OR end_ms > ?1 ORDER BY id",
	[LOAD_OUTAGES] = OUTAGE_COLUMNS "WHERE end_ms IS NULL ORDER BY device",
	/* also of a table whose rows are all expired */
	[LAST] = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0)",
	[BLIND] = "SELECT max(begin_ms, ?1), min(end_ms, ?2) FROM blind WHERE end_ms > ?1 AND "
		  "begin_ms < ?2 ORDER BY begin_ms",
	[WATCHED] = "SELECT at_ms FROM watched",
	[PUT_BLIND] = "INSERT OR REPLACE INTO blind (begin_ms, end_ms) VALUES (?,?)",
	[PUT_WATCHED] = "INSERT OR REPLACE INTO watched (id, at_ms) VALUES (1, ?)",
	[EXPIRE] = "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE end_ms < ?1 LIMIT "
		   "?2)",
	[EXPIRE_OUTAGES] = "DELETE FROM device_outages WHERE id IN (SELECT id FROM device_outages "
			   "WHERE end_ms < ?1 LIMIT ?2)",
	[EXPIRE_BLIND] = "DELETE FROM blind WHERE begin_ms IN (SELECT begin_ms FROM blind WHERE "
			 "end_ms < ?1 LIMIT ?2)",
	[CORRECT_OUTAGES] = "UPDATE device_outages SET cause = ?2 WHERE alert = ?1",
	[PUT_MAINTENANCE] = "INSERT OR REPLACE INTO maintenance (id, scope, target, begin_ms, "
			    "end_ms, weekly, reason, who) VALUES (?,?,?,?,?,?,?,?)",
	[LOAD_MAINTENANCE] = "SELECT id, scope, target, begin_ms, end_ms, weekly, reason, who FROM "
			     "maintenance ORDER BY id",
};

struct store_alerts {
	sqlite3 *sqlite;
	sqlite3_stmt *statements[STATEMENT_N];
};

int store_alerts_new(sqlite3 *sqlite, struct store_alerts **ret)
{
	struct store_alerts *alerts = calloc(1, sizeof(*alerts));
	int r;

	if (!alerts)
		return -ENOMEM;
	alerts->sqlite = sqlite;
	r = store_rows_prepare(sqlite, SQL, STATEMENT_N, alerts->statements);
	if (r < 0)
		store_alerts_free(alerts);
	else
		*ret = alerts;
	return r;
}

struct store_alerts *store_alerts_free(struct store_alerts *alerts)
{
	if (alerts)
		store_rows_finalize(alerts->statements, STATEMENT_N);
	free(alerts);
	return NULL;
}

/* ---- putting ---- */

static void bind_end(sqlite3_stmt *stmt, int n, int64_t end_ms)
{
	if (end_ms)
		sqlite3_bind_int64(stmt, n, end_ms);
	else
		sqlite3_bind_null(stmt, n);
}

static int correct_outages(struct store_alerts *alerts, const struct alert *alert)
{
	sqlite3_stmt *stmt = alerts->statements[CORRECT_OUTAGES];

	sqlite3_bind_int64(stmt, 1, alert->id);
	store_rows_bind(stmt, 2, alert_cause_name(alert->cause));
	return store_rows_run(alerts->sqlite, stmt);
}

/* SQLite keeps NAN as NULL. What a person set right is so for outages that are over, too. */
int store_alerts_put(struct store_alerts *alerts, const struct alert *alert)
{
	sqlite3_stmt *stmt = alerts->statements[PUT];
	int r;

	assert(alert->id > 0);
	sqlite3_bind_int64(stmt, 1, alert->id);
	store_rows_bind(stmt, 2, alert_kind_name(alert->kind));
	store_rows_bind(stmt, 3, severity_name(alert->severity));
	store_rows_bind(stmt, 4, alert->device_id);
	store_rows_bind(stmt, 5, alert->link);
	sqlite3_bind_int64(stmt, 6, alert->begin_ms);
	sqlite3_bind_int64(stmt, 7, alert->seen_ms);
	bind_end(stmt, 8, alert->end_ms);
	store_rows_bind(stmt, 9, alert_cause_name(alert->cause));
	sqlite3_bind_int(stmt, 10, alert->cause_by_person);
	sqlite3_bind_int64(stmt, 11, alert->n_behind);
	store_rows_bind(stmt, 12, alert->detail);
	sqlite3_bind_double(stmt, 13, alert->value);
	sqlite3_bind_double(stmt, 14, alert->limit);
	sqlite3_bind_int(stmt, 15, alert->planned);
	sqlite3_bind_int(stmt, 16, alert->silenced);
	sqlite3_bind_int64(stmt, 17, alert->silenced_ms);
	store_rows_bind(stmt, 18, alert->acked_by);
	sqlite3_bind_int64(stmt, 19, alert->acked_ms);
	store_rows_bind(stmt, 20, alert->note);
	sqlite3_bind_int64(stmt, 21, alert->begin_event);
	sqlite3_bind_int64(stmt, 22, alert->end_event);
	r = store_rows_run(alerts->sqlite, stmt);
	return r == 0 && alert->cause_by_person ? correct_outages(alerts, alert) : r;
}

int store_alerts_put_outage(struct store_alerts *alerts, const struct alert_outage *outage)
{
	sqlite3_stmt *stmt = alerts->statements[PUT_OUTAGE];

	store_rows_bind(stmt, 1, outage->device_id);
	sqlite3_bind_int64(stmt, 2, outage->begin_ms);
	bind_end(stmt, 3, outage->end_ms);
	sqlite3_bind_int64(stmt, 4, outage->alert_id);
	sqlite3_bind_int(stmt, 5, outage->behind);
	store_rows_bind(stmt, 6, alert_cause_name(outage->cause));
	sqlite3_bind_int(stmt, 7, outage->planned);
	store_rows_bind(stmt, 8, event_source_name(outage->known));
	return store_rows_run(alerts->sqlite, stmt);
}

/* ---- reading ---- */

static double read_number(sqlite3_stmt *stmt, int n)
{
	return sqlite3_column_type(stmt, n) == SQLITE_NULL ? NAN : sqlite3_column_double(stmt, n);
}

/* False: of a newer version. */
static bool read_alert(sqlite3_stmt *stmt, struct alert *ret)
{
	*ret = (struct alert){
		.id = sqlite3_column_int64(stmt, 0),
		.begin_ms = sqlite3_column_int64(stmt, 5),
		.seen_ms = sqlite3_column_int64(stmt, 6),
		.end_ms = sqlite3_column_int64(stmt, 7),
		.cause_by_person = sqlite3_column_int(stmt, 9) != 0,
		.n_behind = (uint32_t)sqlite3_column_int64(stmt, 10),
		.value = read_number(stmt, 12),
		.limit = read_number(stmt, 13),
		.planned = sqlite3_column_int(stmt, 14) != 0,
		.silenced = sqlite3_column_int(stmt, 15) != 0,
		.silenced_ms = sqlite3_column_int64(stmt, 16),
		.acked_ms = sqlite3_column_int64(stmt, 18),
		.begin_event = sqlite3_column_int64(stmt, 20),
		.end_event = sqlite3_column_int64(stmt, 21),
	};
	store_rows_copy(stmt, 3, ret->device_id, sizeof(ret->device_id));
	store_rows_copy(stmt, 4, ret->link, sizeof(ret->link));
	store_rows_copy(stmt, 11, ret->detail, sizeof(ret->detail));
	store_rows_copy(stmt, 17, ret->acked_by, sizeof(ret->acked_by));
	store_rows_copy(stmt, 19, ret->note, sizeof(ret->note));
	alert_cause_parse(store_rows_text(stmt, 8), &ret->cause);
	return alert_kind_parse(store_rows_text(stmt, 1), &ret->kind) &&
	       severity_parse(store_rows_text(stmt, 2), &ret->severity);
}

static void read_outage(sqlite3_stmt *stmt, struct alert_outage *ret)
{
	*ret = (struct alert_outage){
		.begin_ms = sqlite3_column_int64(stmt, 1),
		.end_ms = sqlite3_column_int64(stmt, 2),
		.alert_id = sqlite3_column_int64(stmt, 3),
		.behind = sqlite3_column_int(stmt, 4) != 0,
		.planned = sqlite3_column_int(stmt, 6) != 0,
		.known = EVENT_SOURCE_INTERNAL,
	};
	store_rows_copy(stmt, 0, ret->device_id, sizeof(ret->device_id));
	alert_cause_parse(store_rows_text(stmt, 5), &ret->cause);
	event_source_parse(store_rows_text(stmt, 7), &ret->known);
}

int store_alerts_query(struct store_alerts *alerts, const struct alert_filter *filter,
		       struct alert *ret)
{
	sqlite3_stmt *stmt = alerts->statements[QUERY];
	unsigned int n = 0;
	int code, r;

	assert(filter->limit > 0);
	sqlite3_bind_int64(stmt, 1, filter->before > 0 ? filter->before : INT64_MAX);
	sqlite3_bind_int(stmt, 2, (int)filter->which);
	store_rows_bind(stmt, 3, filter->device_id);
	store_rows_bind(stmt, 4,
			filter->kind < 0 ? "" : alert_kind_name((enum alert_kind)filter->kind));
	store_rows_bind(stmt, 5,
			filter->severity < 0 ? "" : severity_name((enum severity)filter->severity));
	sqlite3_bind_int(stmt, 6, filter->acked);
	sqlite3_bind_int64(stmt, 7, filter->limit);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW && n < filter->limit)
		n += read_alert(stmt, &ret[n]);
	r = store_rows_end(alerts->sqlite, stmt, code);
	return r < 0 ? r : (int)n;
}

/* When nobody watched during it. */
static int read_blind(struct store_alerts *alerts, struct outage_row *outage)
{
	sqlite3_stmt *stmt = alerts->statements[BLIND];
	const int64_t end_ms = outage->outage.end_ms;
	int code;

	sqlite3_bind_int64(stmt, 1, outage->outage.begin_ms);
	sqlite3_bind_int64(stmt, 2, end_ms ? end_ms : INT64_MAX);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const struct outage_span span = {sqlite3_column_int64(stmt, 0),
						 sqlite3_column_int64(stmt, 1)};

		outage->blind_ms += span.end_ms - span.begin_ms;
		if (outage->n_blind < ARRAY_LEN(outage->blind))
			outage->blind[outage->n_blind++] = span;
	}
	return store_rows_end(alerts->sqlite, stmt, code);
}

int store_alerts_query_outages(struct store_alerts *alerts, const struct alert_filter *filter,
			       struct outage_row *ret)
{
	sqlite3_stmt *stmt = alerts->statements[QUERY_OUTAGES];
	unsigned int n = 0;
	int code, r = 0;

	assert(filter->limit > 0);
	sqlite3_bind_int64(stmt, 1, filter->before > 0 ? filter->before : INT64_MAX);
	sqlite3_bind_int(stmt, 2, (int)filter->which);
	store_rows_bind(stmt, 3, filter->device_id);
	sqlite3_bind_int64(stmt, 4, filter->limit);
	while (r == 0 && (code = sqlite3_step(stmt)) == SQLITE_ROW && n < filter->limit) {
		ret[n] = (struct outage_row){.id = sqlite3_column_int64(stmt, 8)};
		read_outage(stmt, &ret[n].outage);
		r = read_blind(alerts, &ret[n++]);
	}
	code = store_rows_end(alerts->sqlite, stmt, r == 0 ? code : SQLITE_OK);
	if (r == 0)
		r = code;
	return r < 0 ? r : (int)n;
}

int store_alerts_load(struct store_alerts *alerts, int64_t since_ms, store_alert_fn *fn, void *data)
{
	sqlite3_stmt *stmt = alerts->statements[LOAD];
	struct alert alert;
	int code;

	sqlite3_bind_int64(stmt, 1, since_ms);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (read_alert(stmt, &alert))
			fn(data, &alert);
	}
	return store_rows_end(alerts->sqlite, stmt, code);
}

int store_alerts_load_outages(struct store_alerts *alerts, store_outage_fn *fn, void *data)
{
	sqlite3_stmt *stmt = alerts->statements[LOAD_OUTAGES];
	struct alert_outage outage;
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		read_outage(stmt, &outage);
		fn(data, &outage);
	}
	return store_rows_end(alerts->sqlite, stmt, code);
}

static int read_one(struct store_alerts *alerts, enum statement which, int64_t *ret)
{
	sqlite3_stmt *stmt = alerts->statements[which];
	const int code = sqlite3_step(stmt);

	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	return store_rows_end(alerts->sqlite, stmt, code);
}

int store_alerts_last_id(struct store_alerts *alerts, int64_t *ret)
{
	return read_one(alerts, LAST, ret);
}

/* ---- planned work ---- */

int store_alerts_put_maintenance(struct store_alerts *alerts, const struct maintenance *maintenance)
{
	sqlite3_stmt *stmt = alerts->statements[PUT_MAINTENANCE];

	assert(maintenance->id > 0);
	sqlite3_bind_int64(stmt, 1, maintenance->id);
	store_rows_bind(stmt, 2, maintenance_scope_name(maintenance->scope));
	store_rows_bind(stmt, 3, maintenance->target);
	sqlite3_bind_int64(stmt, 4, maintenance->begin_ms);
	sqlite3_bind_int64(stmt, 5, maintenance->end_ms);
	sqlite3_bind_int(stmt, 6, maintenance->weekly);
	store_rows_bind(stmt, 7, maintenance->reason);
	store_rows_bind(stmt, 8, maintenance->by);
	return store_rows_run(alerts->sqlite, stmt);
}

int store_alerts_load_maintenance(struct store_alerts *alerts, store_maintenance_fn *fn, void *data)
{
	sqlite3_stmt *stmt = alerts->statements[LOAD_MAINTENANCE];
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct maintenance maintenance = {.id = sqlite3_column_int64(stmt, 0),
						  .begin_ms = sqlite3_column_int64(stmt, 3),
						  .end_ms = sqlite3_column_int64(stmt, 4),
						  .weekly = sqlite3_column_int(stmt, 5) != 0};

		store_rows_copy(stmt, 2, maintenance.target, sizeof(maintenance.target));
		store_rows_copy(stmt, 6, maintenance.reason, sizeof(maintenance.reason));
		store_rows_copy(stmt, 7, maintenance.by, sizeof(maintenance.by));
		if (maintenance_scope_parse(store_rows_text(stmt, 1), &maintenance.scope))
			fn(data, &maintenance);
	}
	return store_rows_end(alerts->sqlite, stmt, code);
}

/* ---- who watched when ---- */

int store_alerts_watch(struct store_alerts *alerts, int64_t now_ms)
{
	sqlite3_stmt *stmt = alerts->statements[PUT_WATCHED];

	sqlite3_bind_int64(stmt, 1, now_ms);
	return store_rows_run(alerts->sqlite, stmt);
}

int store_alerts_begin_watch(struct store_alerts *alerts, int64_t now_ms)
{
	sqlite3_stmt *stmt = alerts->statements[PUT_BLIND];
	int64_t at_ms = 0;
	int r = read_one(alerts, WATCHED, &at_ms);

	if (r < 0)
		return r;
	if (at_ms > 0 && at_ms < now_ms) {
		sqlite3_bind_int64(stmt, 1, at_ms);
		sqlite3_bind_int64(stmt, 2, now_ms);
		r = store_rows_run(alerts->sqlite, stmt);
	}
	return r < 0 ? r : store_alerts_watch(alerts, now_ms);
}

int store_alerts_expire(struct store_alerts *alerts, int64_t before_ms, int limit)
{
	int n = 0;

	for (int which = EXPIRE; which <= EXPIRE_BLIND; which++) {
		sqlite3_stmt *stmt = alerts->statements[which];
		int r;

		sqlite3_bind_int64(stmt, 1, before_ms);
		sqlite3_bind_int(stmt, 2, limit);
		r = store_rows_run(alerts->sqlite, stmt);
		if (r < 0)
			return r;
		n += sqlite3_changes(alerts->sqlite);
	}
	return n;
}
