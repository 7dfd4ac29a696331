/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/store/store_deliveries.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/store/store_rows.h"
#include "common/base/cleanup.h"

enum statement {
	PUT,
	PUT_ALERT,
	TAKE_ALERTS,
	QUERY,
	LOAD,
	ALERTS,
	LAST,
	EXPIRE,
	EXPIRE_ALERTS,
	STATEMENT_N
};

#define COLUMNS                                                                                    \
	"SELECT id, channel, what, state, uncertain, tries, created_ms, tried_ms, thread, "        \
	"remote, answer FROM deliveries "

static const char *const SQL[STATEMENT_N] = {
	[PUT] = "INSERT OR REPLACE INTO deliveries (id, channel, what, state, uncertain, tries, "
		"created_ms, tried_ms, thread, remote, answer) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
	[PUT_ALERT] =
		"INSERT OR IGNORE INTO delivery_alerts (delivery, place, alert) VALUES (?,?,?)",
	[TAKE_ALERTS] = "DELETE FROM delivery_alerts WHERE delivery = ?",
	[QUERY] = COLUMNS
	"WHERE id < ?1 AND (?2 = '' OR channel = ?2) AND (?3 = 0 OR id IN (SELECT "
	"delivery FROM delivery_alerts WHERE alert = ?3)) ORDER BY id DESC LIMIT ?4",
	[LOAD] = COLUMNS "WHERE state IN ('waiting', 'in-flight') OR id IN (SELECT delivery FROM "
			 "delivery_alerts WHERE alert >= ?1) ORDER BY id",
	[ALERTS] = "SELECT alert FROM delivery_alerts WHERE delivery = ? ORDER BY place",
	[LAST] = "SELECT coalesce(max(id), 0) FROM deliveries",
	[EXPIRE] =
		"DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE created_ms < "
		"?1 AND state NOT IN ('waiting', 'in-flight') LIMIT ?2)",
	[EXPIRE_ALERTS] =
		"DELETE FROM delivery_alerts WHERE delivery < (SELECT coalesce(min(id), 0) "
		"FROM deliveries)",
};

struct store_deliveries {
	sqlite3 *sqlite;
	sqlite3_stmt *statements[STATEMENT_N];
};

int store_deliveries_new(sqlite3 *sqlite, struct store_deliveries **ret)
{
	struct store_deliveries *deliveries = calloc(1, sizeof(*deliveries));
	int r;

	if (!deliveries)
		return -ENOMEM;
	deliveries->sqlite = sqlite;
	r = store_rows_prepare(sqlite, SQL, STATEMENT_N, deliveries->statements);
	if (r < 0)
		store_deliveries_free(deliveries);
	else
		*ret = deliveries;
	return r;
}

struct store_deliveries *store_deliveries_free(struct store_deliveries *deliveries)
{
	if (deliveries)
		store_rows_finalize(deliveries->statements, STATEMENT_N);
	free(deliveries);
	return NULL;
}

static int put_row(struct store_deliveries *deliveries, const struct delivery *d)
{
	sqlite3_stmt *stmt = deliveries->statements[PUT];

	sqlite3_bind_int64(stmt, 1, d->id);
	store_rows_bind(stmt, 2, d->channel);
	store_rows_bind(stmt, 3, notify_what_name(d->what));
	store_rows_bind(stmt, 4, delivery_state_name(d->state));
	sqlite3_bind_int(stmt, 5, d->uncertain);
	sqlite3_bind_int64(stmt, 6, d->tries);
	sqlite3_bind_int64(stmt, 7, d->created_ms);
	sqlite3_bind_int64(stmt, 8, d->tried_ms);
	sqlite3_bind_int64(stmt, 9, d->thread);
	store_rows_bind(stmt, 10, d->remote);
	store_rows_bind(stmt, 11, d->answer);
	return store_rows_run(deliveries->sqlite, stmt);
}

/* What a list lost before it was sent is taken out too. */
static int put_alerts(struct store_deliveries *deliveries, const struct delivery *d)
{
	sqlite3_stmt *take = deliveries->statements[TAKE_ALERTS];
	sqlite3_stmt *stmt = deliveries->statements[PUT_ALERT];
	int r;

	sqlite3_bind_int64(take, 1, d->id);
	r = store_rows_run(deliveries->sqlite, take);
	for (size_t i = 0; r == 0 && i < d->n_alerts; i++) {
		sqlite3_bind_int64(stmt, 1, d->id);
		sqlite3_bind_int64(stmt, 2, (sqlite3_int64)i);
		sqlite3_bind_int64(stmt, 3, d->alerts[i]);
		r = store_rows_run(deliveries->sqlite, stmt);
	}
	return r;
}

int store_deliveries_put(struct store_deliveries *deliveries, const struct delivery *delivery)
{
	const int r = put_row(deliveries, delivery);

	assert(delivery->id > 0);
	return r < 0 ? r : put_alerts(deliveries, delivery);
}

static void read_alerts(struct store_deliveries *deliveries, struct delivery *ret)
{
	sqlite3_stmt *stmt = deliveries->statements[ALERTS];
	int code;

	sqlite3_bind_int64(stmt, 1, ret->id);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW && ret->n_alerts < DELIVERY_ALERTS_MAX)
		ret->alerts[ret->n_alerts++] = sqlite3_column_int64(stmt, 0);
	store_rows_end(deliveries->sqlite, stmt, code);
}

/* False: of a newer version. */
static bool read_row(struct store_deliveries *deliveries, sqlite3_stmt *stmt, struct delivery *ret)
{
	*ret = (struct delivery){
		.id = sqlite3_column_int64(stmt, 0),
		.uncertain = sqlite3_column_int(stmt, 4) != 0,
		.tries = (unsigned int)sqlite3_column_int(stmt, 5),
		.created_ms = sqlite3_column_int64(stmt, 6),
		.tried_ms = sqlite3_column_int64(stmt, 7),
		.thread = sqlite3_column_int64(stmt, 8),
	};
	store_rows_copy(stmt, 1, ret->channel, sizeof(ret->channel));
	store_rows_copy(stmt, 9, ret->remote, sizeof(ret->remote));
	store_rows_copy(stmt, 10, ret->answer, sizeof(ret->answer));
	read_alerts(deliveries, ret);
	return notify_what_parse(store_rows_text(stmt, 2), &ret->what) &&
	       delivery_state_parse(store_rows_text(stmt, 3), &ret->state);
}

static int read_rows(struct store_deliveries *deliveries, sqlite3_stmt *stmt, store_delivery_fn *fn,
		     void *data)
{
	struct delivery *row = malloc(sizeof(*row));
	int code = SQLITE_NOMEM;

	while (row && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (read_row(deliveries, stmt, row) && !fn(data, row))
			break;
	}
	free(row);
	return store_rows_end(deliveries->sqlite, stmt, code);
}

int store_deliveries_query(struct store_deliveries *deliveries, const struct delivery_query *query,
			   store_delivery_fn *fn, void *data)
{
	sqlite3_stmt *stmt = deliveries->statements[QUERY];

	sqlite3_bind_int64(stmt, 1, query->before_id > 0 ? query->before_id : INT64_MAX);
	store_rows_bind(stmt, 2, query->channel);
	sqlite3_bind_int64(stmt, 3, query->alert_id);
	sqlite3_bind_int64(stmt, 4, query->limit);
	return read_rows(deliveries, stmt, fn, data);
}

int store_deliveries_load(struct store_deliveries *deliveries, int64_t first_alert,
			  store_delivery_fn *fn, void *data)
{
	sqlite3_stmt *stmt = deliveries->statements[LOAD];

	sqlite3_bind_int64(stmt, 1, first_alert);
	return read_rows(deliveries, stmt, fn, data);
}

int store_deliveries_last_id(struct store_deliveries *deliveries, int64_t *ret)
{
	sqlite3_stmt *stmt = deliveries->statements[LAST];
	const int code = sqlite3_step(stmt);

	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	return store_rows_end(deliveries->sqlite, stmt, code);
}

int store_deliveries_expire(struct store_deliveries *deliveries, int64_t before_ms, int limit)
{
	sqlite3_stmt *stmt = deliveries->statements[EXPIRE];
	int n, r;

	sqlite3_bind_int64(stmt, 1, before_ms);
	sqlite3_bind_int(stmt, 2, limit);
	r = store_rows_run(deliveries->sqlite, stmt);
	n = sqlite3_changes(deliveries->sqlite);
	if (r == 0 && n > 0)
		r = store_rows_run(deliveries->sqlite, deliveries->statements[EXPIRE_ALERTS]);
	return r < 0 ? r : n;
}
