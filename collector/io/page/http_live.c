/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What pages that are open are told as it happens, and how rates are gathered so that a
 * thousand polls are few messages. The stream itself is sse.c's.
 */
#include "collector/io/page/http_live.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/alert_json.h"
#include "collector/codec/page/api_json.h"
#include "collector/codec/page/event_json.h"
#include "collector/codec/page/member.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"
#include "collector/io/page/sse.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

enum {
	RATES_US = 1000000,	/* how long new rates are gathered */
	RATES_PER_MESSAGE = 64, /* about 0.5 ms of the loop */
};

struct http_live {
	const struct device_set *devices;
	int64_t epoch;
	struct sse *sse;
	struct loop_timer *rates;
	uint8_t *polled; /* by index in the device set: has new rates */
	size_t polled_n;
};

void http_live_stream(struct http_live *live, struct http_exchange *exchange)
{
	char hello[128];

	snprintf(hello, sizeof(hello),
		 "\"version\":\"%s\",\"started_ms\":%" PRId64 ",\"now_ms\":%" PRId64,
		 PANTAU_VERSION, live->epoch, loop_wall_ms());
	sse_accept(live->sse, exchange, hello);
}

static void send_json(struct http_live *live, const char *event, json_t *json)
{
	cleanup_free char *text =
		json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;

	if (text)
		sse_send(live->sse, event, text, strlen(text));
	json_decref(json);
}

void http_live_device_changed(struct http_live *live, const struct device *device)
{
	send_json(live, "device", api_json_device(device));
}

static int compare_id(const void *key, const void *item)
{
	return strcmp(key, (*(struct device *const *)item)->entry->id);
}

void http_live_device_polled(struct http_live *live, const struct device *device)
{
	const struct device_set *set = live->devices;
	struct device **found;

	if (!sse_clients(live->sse) || !set->n)
		return;
	if (live->polled_n != set->n) {
		free(live->polled);
		live->polled = calloc(set->n, 1);
		live->polled_n = live->polled ? set->n : 0;
	}
	found = bsearch(device->entry->id, set->devices, set->n, sizeof(*set->devices), compare_id);
	if (!found || !live->polled)
		return;
	live->polled[found - set->devices] = 1;
	if (!loop_timer_armed(live->rates))
		loop_timer_arm(live->rates, RATES_US);
}

/* One message, then other work of the loop, then the next. */
static void on_rates(void *data)
{
	struct http_live *live = data;
	const struct device_set *set = live->devices;
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < set->n && i < live->polled_n; i++) {
		if (!live->polled[i])
			continue;
		if (json_array_size(json) == RATES_PER_MESSAGE)
			break;
		live->polled[i] = 0;
		json_array_append_new(json, api_json_rates(set->devices[i]));
	}
	if (i < set->n && i < live->polled_n)
		loop_timer_arm(live->rates, 0);
	if (json_array_size(json))
		send_json(live, "rates", json);
	else
		json_decref(json);
}

void http_live_event(struct http_live *live, const struct event *event)
{
	send_json(live, "event",
		  event_json(event, device_set_name(live->devices, event->device_id)));
}

void http_live_alert(struct http_live *live, const struct alert *alert, enum alert_change change)
{
	json_t *json = sse_clients(live->sse)
			       ? alert_json(alert, device_set_name(live->devices, alert->device_id))
			       : NULL;

	if (json)
		member_put_text(json, "change", alert_change_name(change));
	send_json(live, "alert", json);
}

void http_live_devices_replaced(struct http_live *live)
{
	free(live->polled);
	live->polled = NULL;
	live->polled_n = 0;
	sse_send(live->sse, "reload", "{}", 2);
}

unsigned int http_live_clients(const struct http_live *live)
{
	return sse_clients(live->sse);
}

void http_live_emit_stats(const struct http_live *live, stats_emit_fn *emit, void *emit_data)
{
	sse_emit_stats(live->sse, emit, emit_data);
}

int http_live_new(struct loop *loop, const struct device_set *devices, int64_t epoch,
		  struct http_live **ret)
{
	const struct sse_conf sse_conf = {.epoch = epoch};
	struct http_live *live = calloc(1, sizeof(*live));
	int r;

	assert(devices);
	if (!live)
		return -ENOMEM;
	live->devices = devices;
	live->epoch = epoch;
	r = sse_new(loop, &sse_conf, &live->sse);
	if (r == 0)
		r = loop_timer_new(loop, on_rates, live, &live->rates);
	if (r < 0) {
		http_live_free(live);
		return r;
	}
	*ret = live;
	return 0;
}

struct http_live *http_live_free(struct http_live *live)
{
	if (!live)
		return NULL;
	loop_timer_free(live->rates);
	sse_free(live->sse);
	free(live->polled);
	free(live);
	return NULL;
}
