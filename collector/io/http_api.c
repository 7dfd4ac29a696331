/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Routes, and what each one answers with. Shapes of objects are codec/api_json.c's,
 * drawing is the pool's, the stream is sse.c's business.
 *
 * Everything but POST reload only reads; reload needs the token or the unix socket, whose
 * mode says who may.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/api_json.h"
#include "collector/codec/http_request.h"
#include "collector/codec/metrics_text.h"
#include "collector/codec/query_text.h"
#include "collector/core/device.h"
#include "collector/core/device_set.h"
#include "collector/core/event.h"
#include "collector/core/inventory.h"
#include "collector/io/device_list.h"
#include "collector/io/http_api.h"
#include "collector/io/http_graph.h"
#include "collector/io/http_reply.h"
#include "collector/io/http_exchange.h"
#include "collector/io/sse.h"
#include "collector/io/web_files.h"
#include "common/cleanup.h"
#include "common/conf_errors.h"
#include "common/log.h"
#include "common/loop.h"

enum {
	RECENT_MAX = 1024,
	RATES_US = 1000000,	/* how long new rates are gathered */
	RATES_PER_MESSAGE = 64, /* about 0.5 ms of the loop */
	EVENTS_DEFAULT = 100,
	EVENTS_MAX = 1000,
	DEVICE_EVENTS = 50,
};

struct http_api {
	struct http_api_deps deps;
	char *web_dir, *timezone, *language, *place, *token;
	struct web_files *files;
	struct sse *sse;
	struct event *recent; /* ring of the last events */
	uint64_t n_recent;
	struct loop_timer *rates;
	uint8_t *polled; /* by index in the device set: has new rates */
	size_t polled_n;
	struct {
		uint64_t reloads, reloads_failed, unauthorized;
	} count;
};

static void json_freep(json_t **json)
{
	json_decref(*json);
}

/* ---- status and metrics ---- */

static void emit_stats(struct http_api *api, stats_emit_fn *emit, void *emit_data)
{
	if (api->deps.stats)
		api->deps.stats(api->deps.data, emit, emit_data);
}

/* {"pantau_x_total": 3, "pantau_http_replies_total": {"2xx": 7}} */
static void counter_to_json(void *data, const struct stats_figure *stat)
{
	json_t *counters = data, *labelled;

	if (!stat->label_value) {
		json_object_set_new(counters, stat->name, json_real(stat->value));
		return;
	}
	labelled = json_object_get(counters, stat->name);
	if (!labelled) {
		labelled = json_object();
		json_object_set_new(counters, stat->name, labelled);
	}
	json_object_set_new(labelled, stat->label_value, json_real(stat->value));
}

/* {"total":51,"up":49,...}; kind < 0: of all kinds */
static json_t *count_devices(const struct http_api *api, int kind)
{
	size_t by_status[DEVICE_STATUS_N] = {0}, total = 0;
	json_t *json = json_object();

	for (size_t i = 0; i < api->deps.devices->n; i++) {
		const struct device *device = api->deps.devices->devices[i];

		if (kind >= 0 && (int)device->entry->kind != kind)
			continue;
		by_status[device->status]++;
		total++;
	}
	json_object_set_new(json, "total", json_integer((json_int_t)total));
	for (int i = 0; i < DEVICE_STATUS_N; i++)
		json_object_set_new(json, device_status_name((enum device_status)i),
				    json_integer((json_int_t)by_status[i]));
	return json;
}

static void get_status(struct http_api *api, struct http_exchange *exchange,
		       const char *rest)
{
	cleanup_(json_freep) json_t *json = json_object();
	json_t *kinds = json_object(), *counters = json_object();

	(void)rest;
	json_object_set_new(kinds, "core", count_devices(api, INVENTORY_CORE));
	json_object_set_new(kinds, "opd", count_devices(api, INVENTORY_OPD));
	json_object_set_new(kinds, "hotspot", count_devices(api, INVENTORY_HOTSPOT));
	emit_stats(api, counter_to_json, counters);
	json_object_set_new(json, "version", json_string(PANTAU_VERSION));
	json_object_set_new(json, "now_ms", json_integer(loop_wall_ms()));
	json_object_set_new(json, "started_ms", json_integer(api->deps.started_ms));
	json_object_set_new(json, "place", json_string(api->place));
	json_object_set_new(json, "language", json_string(api->language));
	json_object_set_new(json, "timezone", json_string(api->timezone));
	json_object_set_new(json, "poll_interval_ms",
			    json_integer(api->deps.poll_interval_ms));
	json_object_set_new(json, "streams", json_integer(sse_clients(api->sse)));
	json_object_set_new(json, "devices", count_devices(api, -1));
	json_object_set_new(json, "kinds", kinds);
	json_object_set_new(json, "counters", counters);
	http_reply_json(exchange, 200, json);
}

static void emit_build_info(struct http_api *api, struct metrics_text *text)
{
	const struct stats_figure build = {
		"pantau_build_info", "Version of the collector.",
		STAT_GAUGE,	     "version",
		PANTAU_VERSION,	     1};
	const struct stats_figure started = {"pantau_start_time_seconds",
					     "Start of the collector since 1970 UTC.",
					     STAT_GAUGE,
					     NULL,
					     NULL,
					     (double)api->deps.started_ms / 1000};
	size_t by_status[DEVICE_STATUS_N] = {0};

	metrics_text_emit(text, &build);
	metrics_text_emit(text, &started);
	for (size_t i = 0; i < api->deps.devices->n; i++)
		by_status[api->deps.devices->devices[i]->status]++;
	for (int i = 0; i < DEVICE_STATUS_N; i++) {
		const struct stats_figure devices = {
			"pantau_devices",
			"Devices by status.",
			STAT_GAUGE,
			"status",
			device_status_name((enum device_status)i),
			(double)by_status[i]};

		metrics_text_emit(text, &devices);
	}
}

static void get_metrics(struct http_api *api, struct http_exchange *exchange,
			const char *rest)
{
	cleanup_(metrics_text_freep) struct metrics_text *text = metrics_text_new();
	cleanup_free char *page = NULL;
	size_t len = 0;

	(void)rest;
	if (text) {
		emit_build_info(api, text);
		emit_stats(api, metrics_text_emit, text);
		page = metrics_text_print(text, &len);
	}
	if (page)
		http_exchange_reply(exchange, 200, METRICS_TEXT_TYPE, page, len);
	else
		http_reply_error(exchange, 500, "out of memory");
}

/* ---- devices ---- */

static int read_field(const struct http_request *request, const char *name, char *buf,
		      size_t size)
{
	const int r = query_text_get(request->query, name, buf, size);

	if (r == -ENOENT)
		buf[0] = '\0';
	return r == -ENOENT ? 0 : r;
}

static void get_devices(struct http_api *api, struct http_exchange *exchange,
			const char *rest)
{
	const struct http_request *request = http_exchange_request(exchange);
	struct device_filter filter;

	(void)rest;
	if (read_field(request, "kind", filter.kind, sizeof(filter.kind)) < 0 ||
	    read_field(request, "status", filter.status, sizeof(filter.status)) < 0 ||
	    read_field(request, "q", filter.q, sizeof(filter.q)) < 0) {
		http_reply_error(exchange, 400,
				 "kind, status and q are short UTF-8 texts");
		return;
	}
	device_list_start(api->deps.loop, api->deps.devices, &filter, exchange,
			  http_reply_add_headers);
}

/* ---- events ---- */

/* A reply that waits for events. */
struct events_wait {
	struct http_api *api;
	struct http_exchange *exchange; /* NULL: the client went away */
	char device_id[33]; /* with the whole device, not just the events; or "" */
};

static const char *name_of(const struct http_api *api, const char *id)
{
	const struct device *device = *id ? device_set_find(api->deps.devices, id) : NULL;

	return device ? device->entry->name : NULL;
}

static json_t *events_json(const struct http_api *api, const struct event *events,
			   size_t n)
{
	json_t *json = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			json,
			api_json_event(&events[i], name_of(api, events[i].device_id)));
	return json;
}

static void on_events(void *data, int err, const struct event *events, size_t n)
{
	cleanup_free struct events_wait *wait = data;
	const struct device *device;
	cleanup_(json_freep) json_t *json = NULL;

	if (!wait->exchange)
		return;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	if (err < 0 && !wait->device_id[0]) {
		http_reply_error(wait->exchange, 503, "the event store does not answer");
		return;
	}
	json = events_json(wait->api, events, err < 0 ? 0 : n);
	if (wait->device_id[0]) {
		device = device_set_find(wait->api->deps.devices, wait->device_id);
		if (!device) {
			http_reply_error(wait->exchange, 404, "no such device");
			return;
		}
		json = api_json_device_full(device, json);
	}
	http_reply_json(wait->exchange, 200, json);
}

static void on_events_abort(void *data)
{
	((struct events_wait *)data)->exchange = NULL;
}

/* From the ring that http_api_event() fills. */
static void query_recent(struct http_api *api, const struct http_api_event_query *query,
			 struct events_wait *wait)
{
	const uint64_t oldest =
		api->n_recent > RECENT_MAX ? api->n_recent - RECENT_MAX : 0;
	cleanup_free struct event *found = calloc(query->limit, sizeof(*found));
	size_t n = 0;

	for (uint64_t i = api->n_recent; found && i > oldest && n < query->limit; i--) {
		const struct event *event = &api->recent[(i - 1) % RECENT_MAX];

		if (query->device_id[0] &&
		    strcmp(query->device_id, event->device_id) != 0)
			continue;
		if (!query->before_id || event->id < query->before_id)
			found[n++] = *event;
	}
	on_events(wait, found ? 0 : -ENOMEM, found, n);
}

static void ask_events(struct http_api *api, struct http_exchange *exchange,
		       const struct http_api_event_query *query, const char *device_id)
{
	struct events_wait *wait = calloc(1, sizeof(*wait));

	if (!wait) {
		http_reply_error(exchange, 500, "out of memory");
		return;
	}
	wait->api = api;
	wait->exchange = exchange;
	snprintf(wait->device_id, sizeof(wait->device_id), "%s", device_id);
	http_exchange_on_abort(exchange, on_events_abort, wait);
	if (api->deps.query_events)
		api->deps.query_events(api->deps.data, query, on_events, wait);
	else
		query_recent(api, query, wait);
}

static void get_events(struct http_api *api, struct http_exchange *exchange,
		       const char *rest)
{
	const struct http_request *request = http_exchange_request(exchange);
	struct http_api_event_query query = {.limit = EVENTS_DEFAULT};
	int64_t limit = EVENTS_DEFAULT;
	const int r_limit =
		query_text_get_int(request->query, "limit", 1, EVENTS_MAX, &limit);
	const int r_before = query_text_get_int(request->query, "before", 1, INT64_MAX,
						&query.before_id);

	(void)rest;
	if (r_limit == -EINVAL || r_before == -EINVAL ||
	    read_field(request, "device", query.device_id, sizeof(query.device_id)) < 0) {
		http_reply_error(
			exchange, 400,
			"limit is 1 to 1000, before an event's id, device a device's id");
		return;
	}
	query.limit = (unsigned int)limit;
	ask_events(api, exchange, &query, "");
}

static void get_device(struct http_api *api, struct http_exchange *exchange,
		       const char *rest)
{
	struct http_api_event_query query = {.limit = DEVICE_EVENTS};
	const struct device *device = device_set_find(api->deps.devices, rest);

	if (!device) {
		http_reply_error(exchange, 404, "no such device");
		return;
	}
	snprintf(query.device_id, sizeof(query.device_id), "%s", device->entry->id);
	ask_events(api, exchange, &query, device->entry->id);
}

/* ---- graphs and series ---- */

static void get_picture(struct http_api *api, struct http_exchange *exchange,
			const char *rest, bool series)
{
	const struct http_graph_deps deps = {
		.pool = api->deps.graphs,
		.devices = api->deps.devices,
		.lang = strcmp(api->language, "en") == 0 ? GRAPH_EN : GRAPH_ID,
	};

	http_graph_get(&deps, exchange, rest, series);
}

static void get_graph(struct http_api *api, struct http_exchange *exchange,
		      const char *rest)
{
	get_picture(api, exchange, rest, false);
}

static void get_series(struct http_api *api, struct http_exchange *exchange,
		       const char *rest)
{
	get_picture(api, exchange, rest, true);
}

/* ---- reload ---- */

/* Takes as long for a wrong token as for a right one. */
static bool same_text(const char *a, const char *b)
{
	const size_t a_len = strlen(a), b_len = strlen(b);
	unsigned int diff = a_len != b_len;

	for (size_t i = 0; i < a_len; i++)
		diff |= (unsigned char)a[i] ^ (unsigned char)b[i < b_len ? i : 0];
	return diff == 0;
}

static bool may_reload(const struct http_api *api, struct http_exchange *exchange)
{
	const char *authorization = http_exchange_request(exchange)->authorization;

	if (http_exchange_is_local(exchange))
		return true;
	return api->token && api->token[0] && strncmp(authorization, "Bearer ", 7) == 0 &&
	       same_text(authorization + 7, api->token);
}

static void refresh_files(struct http_api *api)
{
	struct web_files *files;
	const int r = web_files_new(api->web_dir, &files);

	if (r < 0) {
		log_warn("http", "web_dir=%s err=\"%s\"", api->web_dir, strerror(-r));
		return;
	}
	web_files_free(api->files);
	api->files = files;
}

struct reload_wait {
	struct http_api *api;
	struct http_exchange *exchange; /* NULL: the client went away */
};

static void on_reloaded(void *data, int err, const struct conf_errors *errors,
			const struct http_api_change *change)
{
	cleanup_free struct reload_wait *wait = data;
	cleanup_(json_freep) json_t *json = NULL;

	wait->api->count.reloads_failed += err < 0;
	if (err == 0)
		refresh_files(wait->api);
	if (!wait->exchange)
		return;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	json = json_pack("{s:b, s:o}", "ok", err == 0, "errors",
			 err == 0 ? json_array() : api_json_errors(errors));
	if (json && err == 0) {
		json_object_set_new(json, "warnings", api_json_errors(errors));
		json_object_set_new(json, "devices", json_integer((json_int_t)change->devices));
		json_object_set_new(json, "added", json_integer((json_int_t)change->added));
		json_object_set_new(json, "removed", json_integer((json_int_t)change->removed));
	}
	http_reply_json(wait->exchange, err == 0 ? 200 : 422, json);
}

static void on_reload_abort(void *data)
{
	((struct reload_wait *)data)->exchange = NULL;
}

static void post_reload(struct http_api *api, struct http_exchange *exchange,
			const char *rest)
{
	struct reload_wait *wait;

	(void)rest;
	if (!may_reload(api, exchange)) {
		api->count.unauthorized++;
		http_exchange_header(exchange, "WWW-Authenticate", "Bearer");
		http_reply_error(exchange, 401,
				 "reload needs the token, or the unix socket");
		return;
	}
	wait = api->deps.reload ? calloc(1, sizeof(*wait)) : NULL;
	if (!wait) {
		http_reply_error(exchange, api->deps.reload ? 500 : 501,
				 api->deps.reload ? "out of memory" : "no reload here");
		return;
	}
	wait->api = api;
	wait->exchange = exchange;
	api->count.reloads++;
	http_exchange_on_abort(exchange, on_reload_abort, wait);
	api->deps.reload(api->deps.data, on_reloaded, wait);
}

/* ---- stream ---- */

static void get_stream(struct http_api *api, struct http_exchange *exchange,
		       const char *rest)
{
	char hello[128];

	(void)rest;
	snprintf(hello, sizeof(hello),
		 "\"version\":\"%s\",\"started_ms\":%" PRId64 ",\"now_ms\":%" PRId64,
		 PANTAU_VERSION, api->deps.started_ms, loop_wall_ms());
	sse_accept(api->sse, exchange, hello);
}

static void send_json(struct http_api *api, const char *event, json_t *json)
{
	cleanup_free char *text =
		json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;

	if (text)
		sse_send(api->sse, event, text, strlen(text));
	json_decref(json);
}

void http_api_device_changed(struct http_api *api, const struct device *device)
{
	send_json(api, "device", api_json_device(device));
}

static int compare_id(const void *key, const void *item)
{
	return strcmp(key, (*(struct device *const *)item)->entry->id);
}

void http_api_device_polled(struct http_api *api, const struct device *device)
{
	const struct device_set *set = api->deps.devices;
	struct device **found;

	if (!sse_clients(api->sse) || !set->n)
		return;
	if (api->polled_n != set->n) {
		free(api->polled);
		api->polled = calloc(set->n, 1);
		api->polled_n = api->polled ? set->n : 0;
	}
	found = bsearch(device->entry->id, set->devices, set->n, sizeof(*set->devices),
			compare_id);
	if (!found || !api->polled)
		return;
	api->polled[found - set->devices] = 1;
	if (!loop_timer_armed(api->rates))
		loop_timer_arm(api->rates, RATES_US);
}

/* One message, then other work of the loop, then the next. */
static void on_rates(void *data)
{
	struct http_api *api = data;
	const struct device_set *set = api->deps.devices;
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < set->n && i < api->polled_n; i++) {
		if (!api->polled[i])
			continue;
		if (json_array_size(json) == RATES_PER_MESSAGE)
			break;
		api->polled[i] = 0;
		json_array_append_new(json, api_json_rates(set->devices[i]));
	}
	if (i < set->n && i < api->polled_n)
		loop_timer_arm(api->rates, 0);
	if (json_array_size(json))
		send_json(api, "rates", json);
	else
		json_decref(json);
}

void http_api_event(struct http_api *api, const struct event *event)
{
	api->recent[api->n_recent++ % RECENT_MAX] = *event;
	send_json(api, "event", api_json_event(event, name_of(api, event->device_id)));
}

void http_api_devices_replaced(struct http_api *api)
{
	free(api->polled);
	api->polled = NULL;
	api->polled_n = 0;
	sse_send(api->sse, "reload", "{}", 2);
}

/* ---- routes ---- */

static void get_file(struct http_api *api, struct http_exchange *exchange)
{
	const struct http_request *request = http_exchange_request(exchange);
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

/* A path that ends in '/' takes what follows it as rest, which must not be empty. */
static const struct route {
	const char *path;
	bool post;
	void (*fn)(struct http_api *api, struct http_exchange *exchange,
		   const char *rest);
} ROUTES[] = {
	{"/api/v1/status", false, get_status},	 {"/api/v1/devices", false, get_devices},
	{"/api/v1/devices/", false, get_device}, {"/api/v1/events", false, get_events},
	{"/api/v1/graphs/", false, get_graph},	 {"/api/v1/series/", false, get_series},
	{"/api/v1/stream", false, get_stream},	 {"/api/v1/reload", true, post_reload},
	{"/metrics", false, get_metrics},
};

static const struct route *find_route(const char *path, const char **ret_rest)
{
	for (size_t i = 0; i < ARRAY_LEN(ROUTES); i++) {
		const size_t len = strlen(ROUTES[i].path);
		const bool prefix = ROUTES[i].path[len - 1] == '/';

		if (prefix ? strncmp(path, ROUTES[i].path, len) != 0 || !path[len]
			   : strcmp(path, ROUTES[i].path) != 0)
			continue;
		*ret_rest = path + len;
		return &ROUTES[i];
	}
	return NULL;
}

void http_api_handle(void *data, struct http_exchange *exchange)
{
	struct http_api *api = data;
	const struct http_request *request = http_exchange_request(exchange);
	const char *rest = "";
	const struct route *route = find_route(request->path, &rest);
	const bool reads = request->method == HTTP_GET || request->method == HTTP_HEAD;

	if (route ? (route->post ? request->method != HTTP_POST : !reads) : !reads) {
		http_exchange_header(exchange, "Allow",
				     route && route->post ? "POST" : "GET, HEAD");
		http_reply_error(exchange, 405, "method not allowed here");
		return;
	}
	if (route)
		route->fn(api, exchange, rest);
	else
		get_file(api, exchange);
}

void http_api_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	const struct http_api *api = data;

	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_api_reloads_total",
		   "Reloads asked for by the API.", (double)api->count.reloads);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_api_reloads_failed_total",
		   "Reloads that were refused.", (double)api->count.reloads_failed);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_api_unauthorized_total",
		   "Requests without a valid token.", (double)api->count.unauthorized);
	sse_emit_stats(api->sse, emit, emit_data);
}

/* ---- the whole ---- */

static char *copy(const char *text, const char *otherwise)
{
	return strdup(text ? text : otherwise);
}

static int copy_deps(struct http_api *api, const struct http_api_deps *deps)
{
	api->deps = *deps;
	api->web_dir = copy(deps->web_dir, "");
	api->timezone = copy(deps->timezone, "Asia/Jakarta");
	api->language = copy(deps->language, "id");
	api->place = copy(deps->place, "");
	api->token = copy(deps->reload_token, "");
	api->recent = calloc(RECENT_MAX, sizeof(*api->recent));
	if (!api->web_dir || !api->timezone || !api->language || !api->place ||
	    !api->token || !api->recent)
		return -ENOMEM;
	return 0;
}

int http_api_new(const struct http_api_deps *deps, struct http_api **ret)
{
	cleanup_(http_api_freep) struct http_api *api = calloc(1, sizeof(*api));
	const struct sse_conf sse_conf = {.epoch = deps->started_ms};
	int r;

	if (!api)
		return -ENOMEM;
	r = copy_deps(api, deps);
	if (r == 0)
		r = web_files_new(api->web_dir, &api->files);
	if (r == 0)
		r = sse_new(deps->loop, &sse_conf, &api->sse);
	if (r == 0)
		r = loop_timer_new(deps->loop, on_rates, api, &api->rates);
	if (r < 0)
		return r;
	*ret = steal_ptr(api);
	return 0;
}

struct http_api *http_api_free(struct http_api *api)
{
	if (!api)
		return NULL;
	loop_timer_free(api->rates);
	sse_free(api->sse);
	web_files_free(api->files);
	free(api->polled);
	free(api->recent);
	free(api->web_dir);
	free(api->timezone);
	free(api->language);
	free(api->place);
	free(api->token);
	free(api);
	return NULL;
}

void http_api_freep(struct http_api **api)
{
	*api = http_api_free(*api);
}
