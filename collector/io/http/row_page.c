/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/http/row_page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"

enum { PAGE_MAX = 512 * 1024 }; /* octets; what does not fit comes with the next page */

struct row_page {
	struct http_exchange *exchange; /* the loop's alone; NULL: the client went away */
	unsigned int limit, n;
	int64_t last_id;
	bool more; /* there are older ones */
	FILE *out; /* into text */
	char *text;
	size_t len;
};

static struct row_page *page_free(struct row_page *page)
{
	if (page->out)
		fclose(page->out);
	free(page->text);
	free(page);
	return NULL;
}

static void on_abort(void *data)
{
	((struct row_page *)data)->exchange = NULL;
}

struct row_page *row_page_new(struct http_exchange *exchange, const char *key, unsigned int limit)
{
	struct row_page *page = calloc(1, sizeof(*page));

	assert(limit > 0);
	if (page)
		page->out = open_memstream(&page->text, &page->len);
	if (!page || !page->out) {
		free(page);
		http_reply_error(exchange, 500, "out of memory");
		return NULL;
	}
	page->exchange = exchange;
	page->limit = limit;
	fprintf(page->out, "{\"%s\":[", key);
	http_exchange_on_abort(exchange, on_abort, page);
	return page;
}

bool row_page_is_full(struct row_page *page)
{
	page->more = page->n >= page->limit || ftell(page->out) > PAGE_MAX;
	return page->more;
}

bool row_page_add(struct row_page *page, json_t *row, int64_t id)
{
	if (page->n++ > 0)
		fputc(',', page->out);
	if (!row || json_dumpf(row, page->out, JSON_COMPACT) < 0)
		page->limit = 0; /* out of memory: told by the reply */
	json_decref(row);
	page->last_id = id;
	return page->limit > 0;
}

static void send_page(struct row_page *page)
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

void row_page_done(void *data, int err)
{
	struct row_page *page = data;

	if (page->exchange)
		http_exchange_on_abort(page->exchange, NULL, NULL);
	if (page->exchange && err < 0)
		http_reply_error(page->exchange, 503, "the event store does not answer");
	else if (page->exchange)
		send_page(page);
	page_free(page);
}
