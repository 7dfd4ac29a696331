/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows become JSON on the thread that reads them: half a megabyte of bindings would
 * hold the loop for longer than it may be. The loop only sends the text.
 */
#include "collector/io/page/http_notifications.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/notification_json.h"
#include "collector/codec/page/notification_query.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"

enum { PAGE_MAX = 512 * 1024 }; /* octets; what does not fit comes with the next page */

/* A reply that waits for its rows. */
struct page {
	struct http_exchange *exchange; /* the loop's alone; NULL: the client went away */
	unsigned int limit, n;
	int64_t last_id;
	bool more; /* there are older ones */
	FILE *out; /* into text */
	char *text;
	size_t len;
};

static struct page *page_free(struct page *page)
{
	if (page->out)
		fclose(page->out);
	free(page->text);
	free(page);
	return NULL;
}

static struct page *page_new(struct http_exchange *exchange, unsigned int limit)
{
	struct page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	page->exchange = exchange;
	page->limit = limit;
	page->out = open_memstream(&page->text, &page->len);
	if (!page->out)
		return page_free(page);
	fputs("{\"notifications\":[", page->out);
	return page;
}

/* On the store's thread. */
static bool on_row(void *data, const struct notification_row *row)
{
	struct page *page = data;
	json_t *json;

	page->more = page->n >= page->limit || ftell(page->out) > PAGE_MAX;
	if (page->more)
		return false;
	json = notification_json(row);
	if (page->n++ > 0)
		fputc(',', page->out);
	if (!json || json_dumpf(json, page->out, JSON_COMPACT) < 0)
		page->limit = 0; /* out of memory: told by the reply */
	json_decref(json);
	page->last_id = row->id;
	return page->limit > 0;
}

static void send_page(struct page *page)
{
	if (page->more)
		fprintf(page->out, "],\"before\":%lld}", (long long)page->last_id);
	else
		fputs("],\"before\":null}", page->out);
	if (page->limit == 0 || fflush(page->out) != 0) {
		http_reply_error(page->exchange, 500, "out of memory");
		return;
	}
	http_reply_add_headers(page->exchange);
	http_exchange_reply(page->exchange, 200, "application/json", page->text, page->len);
}

static void on_done(void *data, int err)
{
	struct page *page = data;

	if (page->exchange)
		http_exchange_on_abort(page->exchange, NULL, NULL);
	if (page->exchange && err < 0)
		http_reply_error(page->exchange, 503, "the event store does not answer");
	else if (page->exchange)
		send_page(page);
	page_free(page);
}

static void on_page_abort(void *data)
{
	((struct page *)data)->exchange = NULL;
}

void http_notifications_list(http_notifications_query_fn *query, void *data,
			     struct http_exchange *exchange)
{
	struct notification_query wanted;
	const char *error;
	struct page *page;

	if (notification_query_parse(http_exchange_request(exchange)->query, &wanted, &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	page = page_new(exchange, wanted.limit);
	if (!page) {
		http_reply_error(exchange, 500, "out of memory");
		return;
	}
	wanted.limit++; /* one more tells whether there are more */
	http_exchange_on_abort(exchange, on_page_abort, page);
	query(data, &wanted, on_row, on_done, page);
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
