/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/page/http_flush.h"

#include <stdlib.h>

#include <jansson.h>

#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"

struct flush_wait {
	struct http_exchange *exchange; /* NULL: the client went away */
};

static void on_abort(void *data)
{
	struct flush_wait *wait = data;

	wait->exchange = NULL;
}

static void on_flushed(void *data)
{
	cleanup_free struct flush_wait *wait = data;

	if (!wait->exchange)
		return;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	http_reply_json(wait->exchange, 200, json_pack("{s:b}", "ok", 1));
}

void http_flush_post(http_flush_fn *flush, void *data, struct http_exchange *exchange)
{
	char id[INVENTORY_ID_MAX + 1];
	struct flush_wait *wait;

	if (http_reply_read_field(exchange, "device", id, sizeof(id)) < 0) {
		http_reply_error(exchange, 400, "device is a device's id");
		return;
	}
	wait = calloc(1, sizeof(*wait));
	if (!wait || flush(data, id[0] ? id : NULL, on_flushed, wait) < 0) {
		free(wait);
		http_reply_error(exchange, 503, "too much is on its way to the files; ask again");
		return;
	}
	wait->exchange = exchange;
	http_exchange_on_abort(exchange, on_abort, wait);
}
