/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/page/http_notifications.h"

#include <jansson.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/notification_json.h"
#include "collector/codec/page/notification_query.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/http/row_page.h"
#include "common/base/cleanup.h"

static bool on_row(void *data, const struct notification_row *row)
{
	struct row_page *page = data;

	return !row_page_is_full(page) && row_page_add(page, notification_json(row), row->id);
}

void http_notifications_list(http_notifications_query_fn *query, void *data,
			     struct http_exchange *exchange)
{
	struct notification_query wanted;
	const char *error;
	struct row_page *page;

	if (notification_query_parse(http_exchange_request(exchange)->query, &wanted, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	page = row_page_new(exchange, "notifications", wanted.limit);
	if (!page)
		return;
	wanted.limit++; /* one more tells whether there are more */
	query(data, &wanted, on_row, row_page_done, page);
}

/* ---- senders ---- */

static const char *device_at(const struct device_set *devices, const char *address)
{
	bool shared = false;
	const struct device *device = device_set_find_address(devices, address, &shared);

	return device && !shared ? device->entry->id : NULL;
}

static json_t *senders_json(const struct sender_table *senders, const struct device_set *devices,
			    const struct sender_query *query)
{
	const struct sender *sender = sender_table_before(senders, query->before);
	json_t *list = json_array();
	uint64_t last = 0;

	for (unsigned int n = 0; sender && n < query->limit; n++) {
		json_array_append_new(list,
				      sender_json(sender, device_at(devices, sender->source)));
		last = sender->turn;
		sender = sender_table_next(senders, sender);
	}
	return json_pack("{s:o, s:o, s:I, s:I, s:I}", "senders", list, "before",
			 sender ? json_integer((json_int_t)last) : json_null(), "remembered",
			 (json_int_t)sender_table_n(senders), "most",
			 (json_int_t)sender_table_max(senders), "dropped",
			 (json_int_t)sender_table_dropped(senders));
}

void http_notifications_senders(const struct sender_table *senders,
				const struct device_set *devices, struct http_exchange *exchange)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;
	struct sender_query query;
	const char *error;

	if (sender_query_parse(http_exchange_request(exchange)->query, &query, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	json = senders_json(senders, devices, &query);
	http_reply_json(exchange, 200, json);
}
