/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/events and, with a device's events, /api/v1/devices/ID. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct device_set;
struct event;
struct http_events;
struct http_exchange;

/* Which events, newest first. */
struct http_events_query {
	char device_id[33]; /* "" for all */
	int64_t before_id;  /* only ids below this one; 0: from the newest */
	unsigned int limit; /* 1..1000 */
};
/* events: newest first, valid only during the call. err: 0 or negative errno. */
typedef void http_events_fn(void *fn_data, int err, const struct event *events, size_t n);
/* Calls fn exactly once, now or later, on the loop's thread. */
typedef void http_events_query_fn(void *data, const struct http_events_query *query,
				  http_events_fn *fn, void *fn_data);

/* devices is followed at each request. 0 or -ENOMEM. */
int http_events_new(const struct device_set *devices, http_events_query_fn *query, void *data,
		    struct http_events **ret);
struct http_events *http_events_free(struct http_events *events);

/* Reply now or later. */
void http_events_list(struct http_events *events, struct http_exchange *exchange);
void http_events_device(struct http_events *events, struct http_exchange *exchange, const char *id);
