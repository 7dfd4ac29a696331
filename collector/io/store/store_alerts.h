/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of the store: the tables of alerts, of the outages of devices, and of the times in
 * which nobody watched.
 */
#pragma once

#include <sqlite3.h>

#include "collector/io/store/store.h"

struct store_alerts;

int store_alerts_new(sqlite3 *sqlite, struct store_alerts **ret);
struct store_alerts *store_alerts_free(struct store_alerts *alerts);

/* A new row, or the row as it is now. 0 or negative errno. */
int store_alerts_put(struct store_alerts *alerts, const struct alert *alert);
int store_alerts_put_outage(struct store_alerts *alerts, const struct alert_outage *outage);
/* Newest first into ret (room for limit). Returns how many, or negative errno. */
int store_alerts_query(struct store_alerts *alerts, const struct alert_filter *filter,
		       struct alert *ret);
int store_alerts_query_outages(struct store_alerts *alerts, const struct alert_filter *filter,
			       struct outage_row *ret);

int store_alerts_last_id(struct store_alerts *alerts, int64_t *ret);
/* Open ones, and those that ended after since_ms; oldest first. */
int store_alerts_load(struct store_alerts *alerts, int64_t since_ms, store_alert_fn *fn,
		      void *data);
int store_alerts_load_outages(struct store_alerts *alerts, store_outage_fn *fn, void *data);

int store_alerts_put_maintenance(struct store_alerts *alerts,
				 const struct maintenance *maintenance);
/* All there ever was, by id. */
int store_alerts_load_maintenance(struct store_alerts *alerts, store_maintenance_fn *fn,
				  void *data);

/* The collector begins to watch: since it was last known to, nobody did. */
int store_alerts_begin_watch(struct store_alerts *alerts, int64_t now_ms);
/* It watches still. */
int store_alerts_watch(struct store_alerts *alerts, int64_t now_ms);

/* Deletes at most limit of each table that ended before. Returns how many, or negative errno. */
int store_alerts_expire(struct store_alerts *alerts, int64_t before_ms, int limit);
