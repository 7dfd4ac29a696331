/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/page/http_deliveries.h"

#include <errno.h>
#include <string.h>

#include "collector/codec/page/delivery_json.h"
#include "collector/codec/page/http_request.h"
#include "collector/codec/page/query_text.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/http/row_page.h"

static bool on_row(void *data, const struct delivery *delivery)
{
	struct row_page *page = data;

	return !row_page_is_full(page) && row_page_add(page, delivery_json(delivery), delivery->id);
}

void http_deliveries_list(const struct http_deliveries_hooks *hooks, void *data,
			  struct http_exchange *exchange)
{
	struct delivery_query query;
	const char *error;
	struct row_page *page;

	if (delivery_query_parse(http_exchange_request(exchange)->query, &query, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	page = row_page_new(exchange, "deliveries", query.limit);
	if (!page)
		return;
	query.limit++; /* one more tells whether there are more */
	hooks->query(data, &query, on_row, row_page_done, page);
}

void http_deliveries_test(const struct http_deliveries_hooks *hooks, void *data,
			  struct http_exchange *exchange)
{
	char channel[NOTIFY_NAME_MAX + 1];
	int64_t id;

	if (query_text_get(http_exchange_request(exchange)->query, "channel", channel,
			   sizeof(channel)) <= 0) {
		http_reply_error(exchange, 400, "channel is the name of a section channel");
		return;
	}
	id = hooks->test(data, channel);
	if (id == -ENOENT)
		http_reply_error(exchange, 404, "there is no channel of that name");
	else if (id < 0)
		http_reply_error(exchange, 503, "too many messages wait");
	else
		http_reply_json(exchange, 200, json_pack("{s:I}", "id", (json_int_t)id));
}
