/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures and series between those who ask and what draws: one
 * that is being drawn is drawn for all who ask, and one that still says what there is to
 * say is given again. Bounded; the longest unused goes first.
 *
 * A picture lives for a step of its plot (what one pixel stands for, graph_range_step_s()) or
 * the time between two polls, whichever is longer, but for five minutes at most. Where a
 * step is no longer than a poll, new data ends it before.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/graph/graph_request.h"
#include "common/base/cleanup.h"
#include "common/base/stats.h"

struct graph_cache;
struct graph_cache_wait;
struct graph_job; /* of what draws */

/* What draws; in the daemon a pool of processes (collector/io/graph/graph_pool.h). fn is called
 * once, never from inside draw(), and not after cancel(). */
struct graph_cache_hooks {
	void *data;
	int (*draw)(void *data, const struct graph_request *request, graph_done_fn *fn,
		    void *fn_data, struct graph_job **ret);
	void (*cancel)(struct graph_job *job);
};

struct graph_cache_conf {
	size_t octets_max; /* of bodies; 0: nothing is kept */
	int64_t poll_interval_ms;
};

/* What somebody who asked gets; valid only during the call. */
struct graph_picture {
	enum graph_outcome outcome;
	const void *body;
	size_t len;
	uint64_t digest;  /* the same for the same body; of GRAPH_OUTCOME_OK */
	int64_t fresh_ms; /* how long it will be given again */
};
typedef void graph_cache_fn(void *data, const struct graph_picture *picture);

/* Wall times. */
struct graph_cache_when {
	int64_t now_ms;
	int64_t data_ms; /* of the device's last answer; 0 never */
};

/* conf and hooks are copied. 0 or -ENOMEM. */
must_check_ int graph_cache_new(const struct graph_cache_conf *conf,
				const struct graph_cache_hooks *hooks, struct graph_cache **ret);
/* Nobody is called any more. Before what the hooks need. */
struct graph_cache *graph_cache_free(struct graph_cache *cache);

/*
 * All of request counts but end_s. Returns 1: fn was called already; 0: it will be, unless
 * graph_cache_leave(*ret) comes before; or negative errno of draw: it will not.
 */
must_check_ int graph_cache_get(struct graph_cache *cache, const struct graph_request *request,
				const struct graph_cache_when *when, graph_cache_fn *fn, void *data,
				struct graph_cache_wait **ret);
/* Who asked went away. What nobody waits for is not drawn. */
void graph_cache_leave(struct graph_cache_wait *wait);

void graph_cache_emit_stats(const struct graph_cache *cache, stats_emit_fn *emit, void *emit_data);
