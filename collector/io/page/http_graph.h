/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/v1/graphs/ID/LINK and /api/v1/series/ID/LINK: from a request to the pool's answer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/graph/graph_request.h"
#include "collector/core/words/words.h"
#include "common/base/cleanup.h"
#include "common/base/stats.h"

struct device_set;
struct graph_pool;
struct http_exchange;
struct http_graph;

struct http_graph_conf {
	struct graph_pool *pool;
	const struct device_set *devices; /* followed at each request */
	enum words_lang lang;
	size_t cache_octets; /* see graph_cache.h */
	int64_t poll_interval_ms;
};

/* conf is copied. 0 or -ENOMEM. */
must_check_ int http_graph_new(const struct http_graph_conf *conf, struct http_graph **ret);
/* Free the server first, the pool after it. */
struct http_graph *http_graph_free(struct http_graph *graph);

/* rest: "ID", "ID/LINK" (a link's name may hold slashes), or "ID" with object=LINK in the
 * query. Replies now or later; 204 where nothing was ever stored, 304 to who has it. */
void http_graph_get(struct http_graph *graph, struct http_exchange *exchange, const char *rest,
		    bool series);

void http_graph_emit_stats(const struct http_graph *graph, stats_emit_fn *emit, void *emit_data);
