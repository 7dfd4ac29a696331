/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for events and waits for them. */
#include "collector/io/page/http_events.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/api_json.h"
#include "collector/codec/page/event_json.h"
#include "collector/codec/page/http_request.h"
#include "collector/codec/page/query_text.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"

enum {
	EVENTS_DEFAULT = 100,
	EVENTS_MAX = 1000,
	DEVICE_EVENTS = 50,
};

struct http_events {
	const struct device_set *devices;
	http_events_query_fn *query;
	void *data;
};

/* A reply that waits for events. */
struct events_wait {
	const struct http_events *events;
	struct http_exchange *exchange; /* NULL: the client went away */
	char device_id[33];		/* with the whole device, not just the events; or "" */
};

static json_t *events_json(const struct device_set *devices, const struct event *events, size_t n)
{
	json_t *json = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			json,
			event_json(&events[i], device_set_name(devices, events[i].device_id)));
	return json;
}

static void on_events(void *data, int err, const struct event *events, size_t n)
{
	cleanup_free struct events_wait *wait = data;
	const struct device *device;
	cleanup_(http_reply_json_freep) json_t *json = NULL;

	if (!wait->exchange)
		return;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	if (err < 0 && !wait->device_id[0]) {
		http_reply_error(wait->exchange, 503, "the event store does not answer");
		return;
	}
	json = events_json(wait->events->devices, events, err < 0 ? 0 : n);
	if (wait->device_id[0]) {
		device = device_set_find(wait->events->devices, wait->device_id);
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

static void ask(struct http_events *events, struct http_exchange *exchange,
		const struct http_events_query *query, const char *device_id)
{
	struct events_wait *wait = calloc(1, sizeof(*wait));

	if (!wait) {
		http_reply_error(exchange, 500, "out of memory");
		return;
	}
	wait->events = events;
	wait->exchange = exchange;
	snprintf(wait->device_id, sizeof(wait->device_id), "%s", device_id);
	http_exchange_on_abort(exchange, on_events_abort, wait);
	events->query(events->data, query, on_events, wait);
}

void http_events_list(struct http_events *events, struct http_exchange *exchange)
{
	const char *text = http_exchange_request(exchange)->query;
	struct http_events_query query = {.limit = EVENTS_DEFAULT};
	int64_t limit = EVENTS_DEFAULT;
	const int r_limit = query_text_get_int(text, "limit", 1, EVENTS_MAX, &limit);
	const int r_before = query_text_get_int(text, "before", 1, INT64_MAX, &query.before_id);

	if (r_limit == -EINVAL || r_before == -EINVAL ||
	    http_reply_read_field(exchange, "device", query.device_id, sizeof(query.device_id)) <
		    0) {
		http_reply_error(exchange, 400,
				 "limit is 1 to 1000, before an event's id, device a device's id");
		return;
	}
	query.limit = (unsigned int)limit;
	ask(events, exchange, &query, "");
}

void http_events_device(struct http_events *events, struct http_exchange *exchange, const char *id)
{
	struct http_events_query query = {.limit = DEVICE_EVENTS};
	const struct device *device = device_set_find(events->devices, id);

	if (!device) {
		http_reply_error(exchange, 404, "no such device");
		return;
	}
	snprintf(query.device_id, sizeof(query.device_id), "%s", device->entry->id);
	ask(events, exchange, &query, device->entry->id);
}

int http_events_new(const struct device_set *devices, http_events_query_fn *query, void *data,
		    struct http_events **ret)
{
	struct http_events *events = calloc(1, sizeof(*events));

	assert(query);
	if (!events)
		return -ENOMEM;
	*events = (struct http_events){.devices = devices, .query = query, .data = data};
	*ret = events;
	return 0;
}

struct http_events *http_events_free(struct http_events *events)
{
	free(events);
	return NULL;
}
