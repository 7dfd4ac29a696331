/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the HTTP server serves: /api/v1/..., the live stream, /metrics and the NOC page's
 * files. Reads the live devices on the loop's thread; history, events and reload come
 * through the functions in its deps.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/alert/alert.h"
#include "collector/core/words/words.h"
#include "collector/io/page/http_alerts.h"
#include "collector/io/page/http_deliveries.h"
#include "collector/io/page/http_events.h"
#include "collector/io/page/http_flush.h"
#include "collector/io/page/http_maintenance.h"
#include "collector/io/page/http_notifications.h"
#include "collector/io/page/http_reload.h"
#include "collector/io/person/http_people.h"
#include "common/base/stats.h"

struct device;
struct device_set;
struct event;
struct graph_pool;
struct http_api;
struct http_exchange;
struct loop;
struct sender_table;

struct http_api_deps {
	struct loop *loop;
	struct graph_pool *graphs;
	size_t graph_cache_octets;
	const struct device_set *devices; /* followed at each request; its content may
					     change on a reload */
	const struct sender_table *senders;
	const char *rrd_dir, *web_dir;
	const char *timezone;	  /* "Asia/Jakarta" */
	enum words_lang language; /* what the page starts with */
	const char *place;	  /* "Kota Mojokerto", the page's heading */
	const char *reload_token; /* Authorization: Bearer; NULL: POST by the control
				     socket only */
	int64_t poll_interval_ms;
	int64_t started_ms; /* wall time of the collector's start */

	void *data; /* handed to the functions below */
	http_events_query_fn *query_events;
	http_notifications_query_fn *query_notifications;
	const struct alert_set *alerts;
	http_alerts_query_fn *query_alerts;
	http_outages_query_fn *query_outages;
	http_answer_fn *answer;
	const struct maintenance_set *maintenance;
	http_maintenance_add_fn *add_maintenance;
	http_maintenance_end_fn *end_maintenance;
	struct http_deliveries_hooks deliveries;
	struct people *people;
	const struct http_people_hooks *people_hooks;
	stats_provider_fn *stats; /* all modules' counters */
	/* Calls fn exactly once, now or later, on the loop's thread. */
	void (*reload)(void *data, http_reload_fn *fn, void *fn_data);
	http_flush_fn *flush;
	/* Identity and interfaces of that device are to be read now. */
	void (*rescan)(void *data, struct device *device);
};

/* deps and its strings are copied; what its pointers lead to must outlive the api.
 * Reads the files of web_dir into memory. Returns 0, -ENOMEM, or -errno of web_dir. */
int http_api_new(const struct http_api_deps *deps, struct http_api **ret);
/* Free the server first, the pool after it. */
struct http_api *http_api_free(struct http_api *api);
void http_api_freep(struct http_api **api);

/* The http_handler_fn for http_server_new; data is the struct http_api *. */
void http_api_handle(void *api, struct http_exchange *exchange);

/* Tells the live stream. Cheap: nothing is built while nobody listens. */
void http_api_device_changed(
	struct http_api *api,
	const struct device *device); /* status, cause or a link's state: sent at once */
void http_api_device_polled(
	struct http_api *api,
	const struct device *device); /* new rates: gathered and sent within 2 s */
void http_api_event(struct http_api *api, const struct event *event);
void http_api_alert(struct http_api *api, const struct alert *alert, enum alert_change change);
/* Devices came or went (reload): pages fetch everything again. Call after the set has
 * changed. */
void http_api_devices_replaced(struct http_api *api);

/* A stats_provider_fn for the stream's own counters; data is the struct http_api *. */
void http_api_emit_stats(void *api, stats_emit_fn *emit, void *emit_data);
