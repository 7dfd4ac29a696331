/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Routes, and which module answers each one. Everything but POST only reads.
 */
#include "collector/io/page/http_api.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/words_json.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/http/web_files.h"
#include "collector/io/page/device_list.h"
#include "collector/io/page/http_graph.h"
#include "collector/io/page/http_live.h"
#include "collector/io/page/http_network.h"
#include "collector/io/page/http_status.h"
#include "collector/io/person/http_people.h"
#include "collector/io/person/http_person.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

struct http_api {
	struct http_api_deps deps;
	char *web_dir, *timezone, *place;
	struct web_files *files;
	struct http_live *live;
	struct http_events *events;
	struct http_alerts *alerts;
	struct http_reload *reload;
	struct http_graph *graph;
	struct http_people_deps people;
};

/* ---- what the modules need to know ---- */

static struct http_status status_of(const struct http_api *api)
{
	return (struct http_status){
		.devices = api->deps.devices,
		.place = api->place,
		.language = api->deps.language,
		.timezone = api->timezone,
		.poll_interval_ms = api->deps.poll_interval_ms,
		.started_ms = api->deps.started_ms,
		.streams = http_live_clients(api->live),
		.stats = api->deps.stats,
		.data = api->deps.data,
	};
}

static void get_status(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	const struct http_status status = status_of(api);

	(void)rest;
	http_status_get(&status, exchange);
}

static void get_metrics(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	const struct http_status status = status_of(api);

	(void)rest;
	http_status_metrics(&status, exchange);
}

static void get_devices(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct device_filter filter;

	(void)rest;
	if (http_reply_read_field(exchange, "kind", filter.kind, sizeof(filter.kind)) < 0 ||
	    http_reply_read_field(exchange, "status", filter.status, sizeof(filter.status)) < 0 ||
	    http_reply_read_field(exchange, "q", filter.q, sizeof(filter.q)) < 0) {
		http_reply_error(exchange, 400, "kind, status and q are short UTF-8 texts");
		return;
	}
	if (!device_filter_is_right(&filter)) {
		http_reply_error(exchange, 400,
				 "kind is core, opd or hotspot; status is up, degraded, suspect, "
				 "down, unreachable, auth-failed, snmp-silent or pending");
		return;
	}
	device_list_start(api->deps.loop, api->deps.devices, &filter, exchange,
			  http_reply_add_headers);
}

static void get_device(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	http_events_device(api->events, exchange, rest);
}

static void get_events(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_events_list(api->events, exchange);
}

static void get_notifications(struct http_api *api, struct http_exchange *exchange,
			      const char *rest)
{
	(void)rest;
	http_notifications_list(api->deps.query_notifications, api->deps.data, exchange);
}

static void get_alerts(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_alerts_list(api->alerts, exchange);
}

static void post_alert(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	http_alerts_answer(api->alerts, exchange, rest);
}

static void get_maintenance(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_maintenance_list(api->deps.maintenance, exchange);
}

static void post_maintenance(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	(void)rest;
	if (http_person_permits(exchange, api->deps.people, PERSON_OPERATOR, &who))
		http_maintenance_add(api->deps.add_maintenance, api->deps.data, &who, exchange);
}

static void post_maintenance_end(struct http_api *api, struct http_exchange *exchange,
				 const char *rest)
{
	struct person who;

	if (http_person_permits(exchange, api->deps.people, PERSON_OPERATOR, &who))
		http_maintenance_end(api->deps.end_maintenance, api->deps.data, &who, exchange,
				     rest);
}

static void get_outages(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_alerts_outages(api->alerts, exchange);
}

static void get_deliveries(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_deliveries_list(&api->deps.deliveries, api->deps.data, exchange);
}

/* Who asks, where only an admin may. */
static bool is_admin(struct http_api *api, struct http_exchange *exchange, struct person *ret)
{
	return http_person_permits(exchange, api->deps.people, PERSON_ADMIN, ret);
}

static void get_users(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	(void)rest;
	if (is_admin(api, exchange, &who))
		http_people_users(&api->people, exchange);
}

static void get_tokens(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	(void)rest;
	if (is_admin(api, exchange, &who))
		http_people_tokens(&api->people, exchange);
}

static void get_audit(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	(void)rest;
	if (is_admin(api, exchange, &who))
		http_people_audit(&api->people, exchange);
}

static void post_users(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	if (is_admin(api, exchange, &who))
		http_people_post_user(&api->people, &who, exchange, rest);
}

static void post_tokens(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	if (is_admin(api, exchange, &who))
		http_people_post_token(&api->people, &who, exchange, rest);
}

static void post_test_notify(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	struct person who;

	(void)rest;
	if (http_person_permits(exchange, api->deps.people, PERSON_OPERATOR, &who))
		http_deliveries_test(&api->deps.deliveries, api->deps.data, exchange);
}

static void get_network(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_network_metrics(api->deps.loop, api->deps.devices, api->deps.alerts, exchange);
}

static void get_targets(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_network_targets(api->deps.loop, api->deps.devices, exchange);
}

static void get_senders(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_notifications_senders(api->deps.senders, api->deps.devices, exchange);
}

static void get_graph(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	http_graph_get(api->graph, exchange, rest, false);
}

static void get_series(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	http_graph_get(api->graph, exchange, rest, true);
}

static void get_stream(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_live_stream(api->live, exchange);
}

static void post_reload(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	http_reload_post(api->reload, exchange);
}

static void post_flush(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	(void)rest;
	if (http_reload_permits(api->reload, exchange))
		http_flush_post(api->deps.flush, api->deps.data, exchange);
}

/* "ID/rescan": what it is and what interfaces it has is read now. */
static void post_device(struct http_api *api, struct http_exchange *exchange, const char *rest)
{
	static const char RESCAN[] = "/rescan";
	const size_t len = strcspn(rest, "/");
	char id[INVENTORY_ID_MAX + 1];
	struct device *device = NULL;

	if (!http_reload_permits(api->reload, exchange))
		return;
	if (strcmp(rest + len, RESCAN) != 0) {
		http_reply_error(exchange, 404, "nothing to POST to; there is devices/ID/rescan");
		return;
	}
	if (len < sizeof(id)) {
		snprintf(id, sizeof(id), "%.*s", (int)len, rest);
		device = device_set_find(api->deps.devices, id);
	}
	if (!device) {
		http_reply_error(exchange, 404, "no such device");
		return;
	}
	api->deps.rescan(api->deps.data, device);
	http_reply_json(exchange, 200, json_pack("{s:b}", "ok", 1));
}

/* ---- news ---- */

void http_api_device_changed(struct http_api *api, const struct device *device)
{
	loop_assert_thread(api->deps.loop);
	http_live_device_changed(api->live, device);
}

void http_api_device_polled(struct http_api *api, const struct device *device)
{
	loop_assert_thread(api->deps.loop);
	http_live_device_polled(api->live, device);
}

void http_api_event(struct http_api *api, const struct event *event)
{
	loop_assert_thread(api->deps.loop);
	http_live_event(api->live, event);
}

void http_api_alert(struct http_api *api, const struct alert *alert, enum alert_change change)
{
	loop_assert_thread(api->deps.loop);
	http_live_alert(api->live, alert, change);
}

void http_api_devices_replaced(struct http_api *api)
{
	loop_assert_thread(api->deps.loop);
	http_live_devices_replaced(api->live);
}

/* ---- routes ---- */

/* A path that ends in '/' takes what follows it as rest, which must not be empty. */
static const struct route {
	const char *path;
	bool post;
	void (*fn)(struct http_api *api, struct http_exchange *exchange, const char *rest);
} ROUTES[] = {
	{"/api/v1/status", false, get_status},
	{"/api/v1/devices", false, get_devices},
	{"/api/v1/devices/", false, get_device},
	{"/api/v1/devices/", true, post_device},
	{"/api/v1/events", false, get_events},
	{"/api/v1/graphs/", false, get_graph},
	{"/api/v1/series/", false, get_series},
	{"/api/v1/stream", false, get_stream},
	{"/api/v1/reload", true, post_reload},
	{"/api/v1/flush", true, post_flush},
	{"/api/v1/alerts", false, get_alerts},
	{"/api/v1/alerts/", true, post_alert},
	{"/api/v1/maintenance", false, get_maintenance},
	{"/api/v1/maintenance", true, post_maintenance},
	{"/api/v1/maintenance/", true, post_maintenance_end},
	{"/api/v1/outages", false, get_outages},
	{"/api/v1/notifications", false, get_notifications},
	{"/api/v1/senders", false, get_senders},
	{"/api/v1/deliveries", false, get_deliveries},
	{"/api/v1/test-notify", true, post_test_notify},
	{"/api/v1/users", false, get_users},
	{"/api/v1/users", true, post_users},
	{"/api/v1/users/", true, post_users},
	{"/api/v1/tokens", false, get_tokens},
	{"/api/v1/tokens", true, post_tokens},
	{"/api/v1/tokens/", true, post_tokens},
	{"/api/v1/audit", false, get_audit},
	{"/api/v1/sd", false, get_targets},
	{"/metrics", false, get_metrics},
	{"/metrics/network", false, get_network},
};

static bool fits(const struct route *route, enum http_method method)
{
	return route->post ? method == HTTP_POST : method == HTTP_GET || method == HTTP_HEAD;
}

/* Of several with that path the one for the method, or any. NULL: there is no such path. */
static const struct route *find_route(const char *path, enum http_method method,
				      const char **ret_rest)
{
	const struct route *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(ROUTES); i++) {
		const size_t len = strlen(ROUTES[i].path);
		const bool prefix = ROUTES[i].path[len - 1] == '/';

		if (prefix ? strncmp(path, ROUTES[i].path, len) != 0 || !path[len]
			   : strcmp(path, ROUTES[i].path) != 0)
			continue;
		*ret_rest = path + len;
		found = &ROUTES[i];
		if (fits(found, method))
			break;
	}
	return found;
}

void http_api_handle(void *data, struct http_exchange *exchange)
{
	struct http_api *api = data;
	const struct http_request *request = http_exchange_request(exchange);
	const char *rest = "";
	const struct route *route = find_route(request->path, request->method, &rest);
	const bool reads = request->method == HTTP_GET || request->method == HTTP_HEAD;

	loop_assert_thread(api->deps.loop);
	if (route ? !fits(route, request->method) : !reads) {
		http_exchange_header(exchange, "Allow",
				     route && route->post ? "POST" : "GET, HEAD");
		http_reply_error(exchange, 405, "method not allowed here");
		return;
	}
	if (route) {
		route->fn(api, exchange, rest);
	} else {
		const struct web_file *file = web_files_find(api->files, request->path);

		if (!file) {
			http_reply_error(exchange, 404, "no such page");
			return;
		}
		http_exchange_header(exchange, "Content-Security-Policy", HTTP_REPLY_POLICY);
		http_exchange_header(exchange, "Cache-Control", "no-cache");
		http_exchange_header(exchange, "ETag", file->etag);
		if (strstr(request->if_none_match, file->etag))
			http_exchange_reply(exchange, 304, NULL, NULL, 0);
		else
			http_exchange_reply(exchange, 200, file->type, file->data, file->len);
	}
}

void http_api_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	const struct http_api *api = data;

	http_reload_emit_stats(api->reload, emit, emit_data);
	http_live_emit_stats(api->live, emit, emit_data);
	http_graph_emit_stats(api->graph, emit, emit_data);
}

/* ---- the whole ---- */

/* The words are this program's own, so that they are those of its API. */
static int put_words(struct web_files *files, enum words_lang lang)
{
	char path[32];
	size_t len;
	char *text = words_json(lang, &len);

	snprintf(path, sizeof(path), "/i18n/%s.json", words_lang_name(lang));
	return text ? web_files_put(files, path, "application/json", text, len) : -ENOMEM;
}

static int load_files(const char *dir, struct web_files **ret)
{
	struct web_files *files = NULL;
	int r = web_files_new(dir, &files);

	for (int lang = 0; r == 0 && lang < WORDS_LANG_N; lang++)
		r = put_words(files, (enum words_lang)lang);
	if (r < 0)
		web_files_free(files);
	else
		*ret = files;
	return r;
}

/* An upgrade may have brought new ones. */
static void refresh_files(void *data)
{
	struct http_api *api = data;
	struct web_files *files;
	const int r = load_files(api->web_dir, &files);

	if (r < 0) {
		log_warn("http", "web_dir=%s err=\"%s\"", api->web_dir, strerror(-r));
		return;
	}
	web_files_free(api->files);
	api->files = files;
}

static void reload_files(void *data, http_reload_fn *fn, void *fn_data)
{
	struct http_api *api = data;

	api->deps.reload(api->deps.data, fn, fn_data);
}

static char *copy(const char *text, const char *otherwise)
{
	return strdup(text ? text : otherwise);
}

static int copy_deps(struct http_api *api, const struct http_api_deps *deps)
{
	api->deps = *deps;
	api->web_dir = copy(deps->web_dir, "");
	api->timezone = copy(deps->timezone, "Asia/Jakarta");
	api->place = copy(deps->place, "");
	if (!api->web_dir || !api->timezone || !api->place)
		return -ENOMEM;
	return 0;
}

static int open_modules(struct http_api *api, const struct http_api_deps *deps)
{
	const struct http_reload_hooks hooks = {
		.data = api,
		.reload = reload_files,
		.done = refresh_files,
	};
	const struct http_graph_conf graph = {
		.pool = deps->graphs,
		.devices = deps->devices,
		.lang = deps->language,
		.cache_octets = deps->graph_cache_octets,
		.poll_interval_ms = deps->poll_interval_ms,
	};
	const struct http_alerts_conf alerts = {
		.devices = deps->devices,
		.alerts = deps->alerts,
		.query = deps->query_alerts,
		.query_outages = deps->query_outages,
		.answer = deps->answer,
		.people = deps->people,
		.data = deps->data,
	};
	int r = http_live_new(deps->loop, deps->devices, deps->started_ms, &api->live);

	api->people = (struct http_people_deps){deps->people, deps->people_hooks, deps->data};

	if (r == 0)
		r = http_events_new(deps->devices, deps->query_events, deps->data, &api->events);
	if (r == 0)
		r = http_alerts_new(&alerts, &api->alerts);
	if (r == 0)
		r = http_reload_new(&hooks, deps->reload_token, &api->reload);
	if (r == 0)
		r = http_graph_new(&graph, &api->graph);
	return r;
}

int http_api_new(const struct http_api_deps *deps, struct http_api **ret)
{
	cleanup_(http_api_freep) struct http_api *api = calloc(1, sizeof(*api));
	int r;

	assert(deps->loop && deps->graphs && deps->devices && deps->senders);
	assert(deps->query_events && deps->query_notifications && deps->stats && deps->reload &&
	       deps->rescan);
	if (!api)
		return -ENOMEM;
	r = copy_deps(api, deps);
	if (r == 0)
		r = load_files(api->web_dir, &api->files);
	if (r == 0)
		r = open_modules(api, deps);
	if (r < 0)
		return r;
	*ret = steal_ptr(api);
	return 0;
}

struct http_api *http_api_free(struct http_api *api)
{
	if (!api)
		return NULL;
	http_live_free(api->live);
	http_events_free(api->events);
	http_alerts_free(api->alerts);
	http_reload_free(api->reload);
	http_graph_free(api->graph);
	web_files_free(api->files);
	free(api->web_dir);
	free(api->timezone);
	free(api->place);
	free(api);
	return NULL;
}

void http_api_freep(struct http_api **api)
{
	*api = http_api_free(*api);
}
