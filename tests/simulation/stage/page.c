/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the collector's page and graphs are to the collector, without them. What the page is told
 * of events, the invariants are told.
 */
#include "tests/simulation/stage/page.h"

#include <stddef.h>

#include "collector/io/graph/graph_pool.h"
#include "collector/io/http/http_server.h"
#include "collector/io/page/http_api.h"

struct http_server {
	char nothing;
};

struct http_api {
	char nothing;
};

struct graph_pool {
	char nothing;
};

static struct http_api the_api; /* it has no state */
static page_event_fn *watcher;
static void *watcher_data;

void page_watch(page_event_fn *fn, void *data)
{
	watcher = fn;
	watcher_data = data;
}

int http_server_new(struct loop *loop, const struct http_server_conf *conf,
		    http_handler_fn *handler, void *data, struct http_server **ret)
{
	(void)loop;
	(void)conf;
	(void)handler;
	(void)data;
	*ret = NULL;
	return 0;
}

struct http_server *http_server_free(struct http_server *server)
{
	(void)server;
	return NULL;
}

void http_server_emit_stats(void *server, stats_emit_fn *emit, void *emit_data)
{
	(void)server;
	(void)emit;
	(void)emit_data;
}

int http_api_new(const struct http_api_deps *deps, struct http_api **ret)
{
	(void)deps;
	*ret = &the_api;
	return 0;
}

struct http_api *http_api_free(struct http_api *api)
{
	(void)api;
	return NULL;
}

void http_api_handle(void *api, struct http_exchange *exchange)
{
	(void)api;
	(void)exchange;
}

void http_api_device_changed(struct http_api *api, const struct device *device)
{
	(void)api;
	(void)device;
}

void http_api_device_polled(struct http_api *api, const struct device *device)
{
	(void)api;
	(void)device;
}

void http_api_event(struct http_api *api, const struct event *event)
{
	(void)api;
	if (watcher)
		watcher(watcher_data, event);
}

void http_api_alert(struct http_api *api, const struct alert *alert, enum alert_change change)
{
	(void)api;
	(void)alert;
	(void)change;
}

void http_api_devices_replaced(struct http_api *api)
{
	(void)api;
}

void http_api_emit_stats(void *api, stats_emit_fn *emit, void *emit_data)
{
	(void)api;
	(void)emit;
	(void)emit_data;
}

int graph_pool_new(struct loop *loop, const struct graph_pool_conf *conf, struct graph_pool **ret)
{
	(void)loop;
	(void)conf;
	*ret = NULL;
	return 0;
}

struct graph_pool *graph_pool_free(struct graph_pool *pool)
{
	(void)pool;
	return NULL;
}

void graph_pool_emit_stats(void *pool, stats_emit_fn *emit, void *emit_data)
{
	(void)pool;
	(void)emit;
	(void)emit_data;
}
