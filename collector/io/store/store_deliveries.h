/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the store: the table of deliveries and of the alerts that each is of. */
#pragma once

#include <sqlite3.h>

#include "collector/io/store/store.h"

struct store_deliveries;

int store_deliveries_new(sqlite3 *sqlite, struct store_deliveries **ret);
struct store_deliveries *store_deliveries_free(struct store_deliveries *deliveries);

/* A new row, or the row as it is now. 0 or negative errno. */
int store_deliveries_put(struct store_deliveries *deliveries, const struct delivery *delivery);
int store_deliveries_query(struct store_deliveries *deliveries, const struct delivery_query *query,
			   store_delivery_fn *fn, void *data);
int store_deliveries_load(struct store_deliveries *deliveries, int64_t first_alert,
			  store_delivery_fn *fn, void *data);
int store_deliveries_last_id(struct store_deliveries *deliveries, int64_t *ret);
/* Deletes at most limit that are older. Returns how many, or negative errno. */
int store_deliveries_expire(struct store_deliveries *deliveries, int64_t before_ms, int limit);
