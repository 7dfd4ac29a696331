/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/v1/graphs/ID/LINK and /api/v1/series/ID/LINK: from a request to the pool's answer.
 */
#pragma once

#include <stdbool.h>

#include "collector/codec/graph_args.h"

struct device_set;
struct graph_pool;
struct http_exchange;

struct http_graph_deps {
	struct graph_pool *pool; /* NULL: every request is refused */
	const struct device_set *devices;
	enum graph_lang lang;
};

/* rest: "ID", "ID/LINK" (a link's name may hold slashes), or "ID" with object=LINK in the
 * query. Replies now or later; 204 where nothing was ever stored. */
void http_graph_get(const struct http_graph_deps *deps, struct http_exchange *exchange,
		    const char *rest, bool series);
