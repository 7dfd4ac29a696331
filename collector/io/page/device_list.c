/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list in slices of about a millisecond, with other work of the loop between them.
 * Only an index is kept from slice to slice: the set may change meanwhile; if it is
 * another one, the list begins anew.
 */
#include "collector/io/page/device_list.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/api_json.h"
#include "collector/core/device/device_set.h"
#include "collector/io/http/http_exchange.h"
#include "common/loop/loop.h"

enum {
	SLICE = 16,
	HOLD_US = 1000, /* how long the loop may be held */
};

struct device_list {
	const struct device_set *set;
	struct device *const *devices; /* of the set when the list began */
	struct device_filter filter;
	struct http_exchange *exchange;
	void (*headers)(struct http_exchange *exchange);
	struct loop_timer *timer;
	FILE *out; /* into text */
	char *text;
	size_t len, at, n;
};

static struct device_list *list_free(struct device_list *list)
{
	if (list->out)
		fclose(list->out);
	free(list->text);
	loop_timer_free(list->timer);
	free(list);
	return NULL;
}

static void on_abort(void *data)
{
	list_free(data);
}

static void add_row(struct device_list *list, const struct device *device)
{
	json_t *json = api_json_device(device);

	if (!json)
		return;
	if (list->n++)
		fputc(',', list->out);
	json_dumpf(json, list->out, JSON_COMPACT | JSON_REAL_PRECISION(9));
	json_decref(json);
}

static void finish(struct device_list *list)
{
	static const char none[] = "{\"error\":\"out of memory\"}";
	bool ok;

	fputc(']', list->out);
	ok = fclose(list->out) == 0;
	list->out = NULL;
	http_exchange_on_abort(list->exchange, NULL, NULL);
	list->headers(list->exchange);
	if (ok)
		http_exchange_reply(list->exchange, 200, "application/json", list->text, list->len);
	else
		http_exchange_reply(list->exchange, 500, "application/json", none,
				    sizeof(none) - 1);
	list_free(list);
}

static void begin(struct device_list *list)
{
	rewind(list->out);
	fputc('[', list->out);
	list->devices = list->set->devices;
	list->at = list->n = 0;
}

static void on_slice(void *data)
{
	struct device_list *list = data;
	const int64_t until_us = loop_now_us() + HOLD_US;
	bool more;

	assert(list->out && list->exchange);
	if (list->devices != list->set->devices)
		begin(list);
	do {
		const size_t end = list->at + SLICE;

		/* A few rows; false at the end of the set. */
		for (; list->at < list->set->n && list->at < end; list->at++)
			if (device_filter_matches(&list->filter, list->set->devices[list->at]))
				add_row(list, list->set->devices[list->at]);
		more = list->at < list->set->n;
	} while (more && loop_now_us() < until_us);
	if (more)
		loop_timer_arm(list->timer, 0);
	else
		finish(list);
}

void device_list_start(struct loop *loop, const struct device_set *set,
		       const struct device_filter *filter, struct http_exchange *exchange,
		       void (*headers)(struct http_exchange *exchange))
{
	static const char none[] = "{\"error\":\"out of memory\"}";
	struct device_list *list = calloc(1, sizeof(*list));

	assert(headers);
	if (list) {
		list->set = set;
		list->filter = *filter;
		list->exchange = exchange;
		list->headers = headers;
		list->out = open_memstream(&list->text, &list->len);
	}
	if (!list || !list->out || loop_timer_new(loop, on_slice, list, &list->timer) < 0) {
		if (list)
			list_free(list);
		http_exchange_reply(exchange, 500, "application/json", none, sizeof(none) - 1);
		return;
	}
	http_exchange_on_abort(exchange, on_abort, list);
	begin(list);
	on_slice(list);
}
