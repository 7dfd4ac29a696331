/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is drawn for whom: title and capacity come from the live device, the picture from
 * the pool (graph_pool.h), its look from codec/graph/graph_args.c.
 */
#include "collector/io/page/http_graph.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/graph/graph_query.h"
#include "collector/codec/page/api_json.h"
#include "collector/codec/page/http_etag.h"
#include "collector/codec/page/http_request.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/graph/graph_cache.h"
#include "collector/io/graph/graph_pool.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum { BROWSER_AGE_S = 15 }; /* a browser asks again after that at the latest */

/* A graph opened by itself: cairo's SVG carries style attributes. */
static const char IMAGE_POLICY[] =
	"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

struct http_graph {
	struct http_graph_conf conf;
	struct graph_cache *cache;
};

struct graph_wait {
	struct http_exchange *exchange;
	struct graph_cache_wait *wait;
	enum graph_kind kind;
};

static void reply_picture(const struct graph_wait *wait, const struct graph_picture *picture)
{
	static const char *const types[] = {"image/png", "image/svg+xml", "application/json"};
	struct http_exchange *exchange = wait->exchange;
	int64_t age_s = picture->fresh_ms / 1000;
	char control[48], etag[HTTP_ETAG_SIZE];

	if (age_s > BROWSER_AGE_S)
		age_s = BROWSER_AGE_S;
	snprintf(control, sizeof(control), "private, max-age=%d", (int)age_s);
	http_exchange_header(exchange, "Content-Security-Policy", IMAGE_POLICY);
	http_exchange_header(exchange, "Cache-Control", control);
	http_etag_of(picture->digest, etag);
	http_exchange_header(exchange, "ETag", etag);
	if (strstr(http_exchange_request(exchange)->if_none_match, etag))
		http_exchange_reply(exchange, 304, NULL, NULL, 0);
	else
		http_exchange_reply(exchange, 200, types[wait->kind], picture->body, picture->len);
}

static void on_graph(void *data, const struct graph_picture *picture)
{
	cleanup_free struct graph_wait *wait = data;
	cleanup_free char *error = NULL;

	http_exchange_on_abort(wait->exchange, NULL, NULL);
	switch (picture->outcome) {
	case GRAPH_OUTCOME_OK:
		reply_picture(wait, picture);
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
	error = strndup(picture->body, picture->len);
	log_warn("graph", "err=\"%s\"", error ? error : "");
	http_reply_error(wait->exchange, 500,
			 "librrd could not draw it; the collector's log says why");
}

static void on_graph_abort(void *data)
{
	cleanup_free struct graph_wait *wait = data;

	graph_cache_leave(wait->wait);
}

static void start_graph(struct http_graph *graph, struct http_exchange *exchange,
			const struct graph_request *request, const struct graph_cache_when *when)
{
	struct graph_wait *wait = calloc(1, sizeof(*wait));
	int r = -ENOSYS;

	if (wait) {
		wait->exchange = exchange;
		wait->kind = (enum graph_kind)request->kind;
		r = graph_cache_get(graph->cache, request, when, on_graph, wait, &wait->wait);
	}
	if (r < 0) {
		free(wait);
		http_exchange_header(exchange, "Retry-After", "5");
		http_reply_error(exchange, 503, "too many graphs at once");
	} else if (r == 0) {
		http_exchange_on_abort(exchange, on_graph_abort, wait);
	}
}

/* The device that rest names; its link goes to the request, unless the query gave it. */
static const struct device *find_target(const struct device_set *devices, const char *rest,
					struct graph_request *request)
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
		snprintf(title, sizeof(title), "%.90s  ·  %.40s (%.40s)", name, request->object,
			 link->alias);
	else
		snprintf(title, sizeof(title), "%.120s%s%.60s", name,
			 request->object[0] ? "  ·  " : "", request->object);
	utf8_text_clean(title, request->title, sizeof(request->title));
}

void http_graph_get(struct http_graph *graph, struct http_exchange *exchange, const char *rest,
		    bool series)
{
	struct graph_cache_when when = {.now_ms = loop_wall_ms()};
	struct graph_request request = {.end_s = when.now_ms / 1000};
	const struct device *device;
	const struct device_link *link;

	if (graph_query_parse(http_exchange_request(exchange)->query, graph->conf.lang, &request) <
	    0) {
		http_reply_error(exchange, 400, GRAPH_QUERY_RIGHT);
		return;
	}
	device = find_target(graph->conf.devices, rest, &request);
	if (!device) {
		http_reply_error(exchange, 404, "no such device");
		return;
	}
	if (series)
		request.kind = GRAPH_SERIES;
	link = device_find_link(device, request.object);
	describe_title(device, link, &request);
	if (link) {
		const bool main = link == device_main_link(device);
		const struct device_capacity capacity = device_link_capacity(device, link, main);

		request.capacity_in_bps = capacity.in_bps;
		request.capacity_out_bps = capacity.out_bps;
	}
	when.data_ms = device->last_answer_ms;
	start_graph(graph, exchange, &request, &when);
}

static int draw(void *data, const struct graph_request *request, graph_done_fn *fn, void *fn_data,
		struct graph_job **ret)
{
	return graph_pool_draw(data, request, fn, fn_data, ret);
}

int http_graph_new(const struct http_graph_conf *conf, struct http_graph **ret)
{
	const struct graph_cache_conf cache = {.octets_max = conf->cache_octets,
					       .poll_interval_ms = conf->poll_interval_ms};
	const struct graph_cache_hooks hooks = {
		.data = conf->pool, .draw = draw, .cancel = graph_job_cancel};
	struct http_graph *graph = calloc(1, sizeof(*graph));
	int r;

	assert(conf->pool && conf->devices);
	if (!graph)
		return -ENOMEM;
	graph->conf = *conf;
	r = graph_cache_new(&cache, &hooks, &graph->cache);
	if (r < 0) {
		free(graph);
		return r;
	}
	*ret = graph;
	return 0;
}

struct http_graph *http_graph_free(struct http_graph *graph)
{
	if (!graph)
		return NULL;
	graph_cache_free(graph->cache);
	free(graph);
	return NULL;
}

void http_graph_emit_stats(const struct http_graph *graph, stats_emit_fn *emit, void *emit_data)
{
	graph_cache_emit_stats(graph->cache, emit, emit_data);
}
