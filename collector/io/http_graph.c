/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is drawn for whom: title and capacity come from the live device, the picture from
 * the pool (graph_pool.h), its look from codec/graph_args.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/api_json.h"
#include "collector/codec/graph_query.h"
#include "collector/codec/http_request.h"
#include "common/utf8_text.h"
#include "collector/core/device.h"
#include "collector/core/device_set.h"
#include "collector/core/inventory.h"
#include "collector/io/graph_pool.h"
#include "collector/io/http_graph.h"
#include "collector/io/http_reply.h"
#include "collector/io/http_exchange.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/loop.h"

/* A graph opened by itself: cairo's SVG carries style attributes. */
static const char IMAGE_POLICY[] =
	"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

struct graph_wait {
	struct http_exchange *exchange;
	struct graph_job *job;
	enum graph_kind kind;
};

static void on_graph(void *data, enum graph_outcome outcome, const void *body, size_t len)
{
	static const char *const types[] = {"image/png", "image/svg+xml",
					    "application/json"};
	cleanup_free struct graph_wait *wait = data;
	cleanup_free char *error = NULL;

	http_exchange_on_abort(wait->exchange, NULL, NULL);
	switch (outcome) {
	case GRAPH_OUTCOME_OK:
		http_exchange_header(wait->exchange, "Content-Security-Policy",
				     IMAGE_POLICY);
		http_exchange_header(wait->exchange, "Cache-Control",
				     "private, max-age=15");
		http_exchange_reply(wait->exchange, 200, types[wait->kind], body, len);
		return;
	case GRAPH_OUTCOME_NO_FILE:
		/* The device is known, only its series has no content yet. */
		http_reply_add_headers(wait->exchange);
		http_exchange_reply(wait->exchange, 204, NULL, NULL, 0);
		return;
	case GRAPH_OUTCOME_TIMEOUT:
		http_reply_error(wait->exchange, 504, "drawing took too long");
		return;
	case GRAPH_OUTCOME_CRASHED:
		http_reply_error(wait->exchange, 500,
				 "the drawing process died; it has been restarted");
		return;
	case GRAPH_OUTCOME_FAILED:
		break;
	}
	error = strndup(body, len);
	log_warn("graph", "err=\"%s\"", error ? error : "");
	http_reply_error(wait->exchange, 500,
			 "librrd could not draw it; the collector's log says why");
}

static void on_graph_abort(void *data)
{
	cleanup_free struct graph_wait *wait = data;

	graph_job_cancel(wait->job);
}

static void start_graph(struct graph_pool *pool, struct http_exchange *exchange,
			const struct graph_request *request)
{
	struct graph_wait *wait = pool ? calloc(1, sizeof(*wait)) : NULL;
	int r = -ENOSYS;

	if (wait) {
		wait->exchange = exchange;
		wait->kind = (enum graph_kind)request->kind;
		r = graph_pool_draw(pool, request, on_graph, wait, &wait->job);
	}
	if (r < 0) {
		free(wait);
		http_exchange_header(exchange, "Retry-After", "5");
		http_reply_error(exchange, 503, "too many graphs at once");
		return;
	}
	http_exchange_on_abort(exchange, on_graph_abort, wait);
}

/* The device that rest names; its link goes to the request, unless the query gave it. */
static const struct device *find_target(const struct device_set *devices,
					const char *rest, struct graph_request *request)
{
	const char *slash = strchr(rest, '/');
	const size_t len = slash ? (size_t)(slash - rest) : strlen(rest);

	if (len >= sizeof(request->device_id))
		return NULL;
	memcpy(request->device_id, rest, len);
	request->device_id[len] = '\0';
	if (slash && strlen(slash + 1) >= sizeof(request->object))
		return NULL;
	if (slash)
		strcpy(request->object, slash + 1);
	return device_set_find(devices, request->device_id);
}

/* Names may be cut within a character: the title is cleaned afterwards. */
static void describe_title(const struct device *device, const struct device_link *link,
			   struct graph_request *request)
{
	const char *name = device->entry->name;
	char title[sizeof(request->title)];

	if (link && link->alias && link->alias[0])
		snprintf(title, sizeof(title), "%.90s  ·  %.40s (%.40s)", name,
			 request->object, link->alias);
	else
		snprintf(title, sizeof(title), "%.120s%s%.60s", name,
			 request->object[0] ? "  ·  " : "", request->object);
	utf8_text_clean(title, request->title, sizeof(request->title));
}

static void describe_capacity(const struct device *device, const struct device_link *link,
			      struct graph_request *request)
{
	const bool main = link == api_json_main_link(device);
	const struct device_capacity capacity = device_link_capacity(device, link, main);

	request->capacity_in_bps = capacity.in_bps;
	request->capacity_out_bps = capacity.out_bps;
}

void http_graph_get(const struct http_graph_deps *deps, struct http_exchange *exchange,
		    const char *rest, bool series)
{
	struct graph_request request = {.end_s = loop_wall_ms() / 1000};
	const struct device *device;
	const struct device_link *link;

	if (graph_query_parse(http_exchange_request(exchange)->query, deps->lang,
			      &request) < 0) {
		http_reply_error(exchange, 400, GRAPH_QUERY_RIGHT);
		return;
	}
	device = find_target(deps->devices, rest, &request);
	if (!device) {
		http_reply_error(exchange, 404, "no such device");
		return;
	}
	if (series)
		request.kind = GRAPH_SERIES;
	link = device_find_link(device, request.object);
	describe_title(device, link, &request);
	if (link)
		describe_capacity(device, link, &request);
	start_graph(deps->pool, exchange, &request);
}
