/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/deliveries: who was told of what; POST /api/v1/test-notify?channel=NAME. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/notify/delivery.h"

struct http_exchange;

/* On another thread; whether it wants another row. */
typedef bool http_deliveries_row_fn(void *fn_data, const struct delivery *delivery);
typedef void http_deliveries_done_fn(void *fn_data, int err);
struct http_deliveries_hooks {
	/* Calls row_fn for each, newest first, then fn exactly once, now or later, on the loop's thread. */
	void (*query)(void *data, const struct delivery_query *query,
		      http_deliveries_row_fn *row_fn, http_deliveries_done_fn *fn, void *fn_data);
	/* Returns the delivery's id, -ENOENT: no such channel, or another negative errno. */
	int64_t (*test)(void *data, const char *channel);
};

/* Replies later. */
void http_deliveries_list(const struct http_deliveries_hooks *hooks, void *data,
			  struct http_exchange *exchange);
/* Replies now. Whether who asks may is the caller's to know. */
void http_deliveries_test(const struct http_deliveries_hooks *hooks, void *data,
			  struct http_exchange *exchange);
