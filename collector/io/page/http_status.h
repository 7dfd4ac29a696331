/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/status and /metrics. */
#pragma once

#include <stdint.h>

#include "collector/core/words/words.h"
#include "common/base/stats.h"

struct device_set;
struct http_exchange;

/* What there is to tell. */
struct http_status {
	const struct device_set *devices;
	const char *place, *timezone;
	enum words_lang language;
	int64_t poll_interval_ms, started_ms;
	unsigned int streams;	  /* live streams open */
	stats_provider_fn *stats; /* all modules' figures */
	void *data;
};

void http_status_get(const struct http_status *status, struct http_exchange *exchange);
void http_status_metrics(const struct http_status *status, struct http_exchange *exchange);
