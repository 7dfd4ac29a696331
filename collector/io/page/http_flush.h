/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /api/v1/flush: samples that wait are written to their files, for who reads those by hand. */
#pragma once

struct http_exchange;

/* As sink_ops has it. */
typedef int http_flush_fn(void *data, const char *device_id, void (*done)(void *data),
			  void *done_data);

/* Of the query's device, or of all; replies when they are written. */
void http_flush_post(http_flush_fn *flush, void *data, struct http_exchange *exchange);
