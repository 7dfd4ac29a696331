/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draws graphs and reads series in a fixed number of worker processes: rrd_graph_v is not
 * re-entrant, blocks on the disk, and a crash in the drawing libraries must not take the
 * collector along. Workers are made by a process that is executed at the start
 * (pantau-graph-worker), so they inherit no lock, no thread and no descriptor of ours. One
 * that dies or exceeds the time limit is killed, counted and restarted; its request fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/graph/graph_request.h"
#include "common/base/stats.h"

struct loop;
struct graph_pool;
struct graph_job;

struct graph_pool_conf {
	const char *worker; /* path of pantau-graph-worker; NULL: beside this program,
			       else the installed one */
	const char *rrd_dir;
	const char *daemon;	/* rrdcached, which is told to flush before it is read; NULL
				 or "": none */
	const char *timezone;	/* "Asia/Jakarta"; NULL: the system's */
	unsigned int workers;	/* 1..16; 0: 2 */
	unsigned int queue_max; /* requests that wait; 0: 128 */
	int64_t time_limit_ms;	/* per request; 0: 5000 */
	/* Has what waits for a device's files written before they are read, as sink_ops has it; NULL: nothing waits.
	 * A request goes on a second later in any case. */
	int (*flush)(void *data, const char *device_id, void (*done)(void *data), void *done_data);
	void *data;
	bool sandbox; /* workers make only the system calls that drawing needs */
};

/* Starts the workers; conf is copied. Returns 0 or negative errno. */
int graph_pool_new(struct loop *loop, const struct graph_pool_conf *conf, struct graph_pool **ret);
/* Kills the workers. Pending jobs are forgotten without a callback. */
struct graph_pool *graph_pool_free(struct graph_pool *pool);
void graph_pool_freep(struct graph_pool **pool);

/* fn is called once, never from inside this call. ret may be NULL. Returns 0, -EAGAIN
 * (queue full, counted) or -ENOMEM. */
int graph_pool_draw(struct graph_pool *pool, const struct graph_request *request, graph_done_fn *fn,
		    void *data, struct graph_job **ret);
/* Ends the job without a callback (the browser went away). */
void graph_job_cancel(struct graph_job *job);

/* A stats_provider_fn; data is the struct graph_pool *. */
void graph_pool_emit_stats(void *pool, stats_emit_fn *emit, void *emit_data);
