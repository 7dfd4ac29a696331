/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/notifications and /api/v1/senders. */
#pragma once

#include <stdbool.h>

#include "collector/core/trap/notification_row.h"

struct device_set;
struct http_exchange;
struct sender_table;

/* On another thread; whether it wants another row. */
typedef bool http_notifications_row_fn(void *fn_data, const struct notification_row *row);
typedef void http_notifications_done_fn(void *fn_data, int err);
/* Calls row_fn for each, newest first, then fn exactly once, now or later, on the loop's thread. */
typedef void http_notifications_query_fn(void *data, const struct notification_query *query,
					 http_notifications_row_fn *row_fn,
					 http_notifications_done_fn *fn, void *fn_data);

/* Replies later. */
void http_notifications_list(http_notifications_query_fn *query, void *data,
			     struct http_exchange *exchange);
/* Replies now. */
void http_notifications_senders(const struct sender_table *senders,
				const struct device_set *devices, struct http_exchange *exchange);
