/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/stream: states, rates and events, as they come. */
#pragma once

#include <stdint.h>

#include "collector/core/alert/alert.h"
#include "common/base/stats.h"

struct device;
struct device_set;
struct event;
struct http_exchange;
struct http_live;
struct loop;

/* devices is followed at each message. epoch: when the collector started, in ms; tells this
 * run's messages from the last one's. */
int http_live_new(struct loop *loop, const struct device_set *devices, int64_t epoch,
		  struct http_live **ret);
struct http_live *http_live_free(struct http_live *live); /* free the server first */

/* Takes the exchange over. */
void http_live_stream(struct http_live *live, struct http_exchange *exchange);
unsigned int http_live_clients(const struct http_live *live);

/* Cheap: nothing is built while nobody listens. As in http_api.h. */
void http_live_device_changed(struct http_live *live, const struct device *device);
void http_live_device_polled(struct http_live *live, const struct device *device);
void http_live_event(struct http_live *live, const struct event *event);
void http_live_alert(struct http_live *live, const struct alert *alert, enum alert_change change);
void http_live_devices_replaced(struct http_live *live);

void http_live_emit_stats(const struct http_live *live, stats_emit_fn *emit, void *emit_data);
