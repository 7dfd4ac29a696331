/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samples wait for their files, and a file is written with many of them at once: opening, mapping and
 * locking it is what costs. Files are written one after the other, spread evenly over the interval;
 * the journal has what waits. For one thread, but for the figures.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/io/rrd/rrd_file.h"
#include "common/base/cleanup.h"
#include "common/base/stats.h"

enum { RRD_WRITEBACK_INTERVAL_MAX_S = 3600 };

struct rrd_writeback_conf {
	const char *dir; /* must outlive it, as daemon */
	const char *
		daemon; /* rrdcached's address; NULL: none. It has a write-back of its own: nothing waits here but
				    for it, and there is no journal. */
	unsigned int
		interval_s; /* between two writes of a file; 0: each sample at once, without a journal */
	struct rrd_rra_list traffic_rras, other_rras;
};

struct rrd_writeback;

/* 0 or negative errno of the journal's directory. */
must_check_ int rrd_writeback_new(const struct rrd_writeback_conf *conf,
				  struct rrd_writeback **ret);
struct rrd_writeback *rrd_writeback_free(struct rrd_writeback *writeback);

/* To be called before all else on the thread: what the journal of before has goes to its files. */
void rrd_writeback_replay(struct rrd_writeback *writeback);

/* A sample of the file: as many values as it has data sources. */
void rrd_writeback_put(struct rrd_writeback *writeback, struct rrd_file *file, int64_t time_ms,
		       int64_t duration_ms, const double *value);
/* Writes what is due, for some tens of milliseconds at most. Returns after how many milliseconds it wants to be called again, or
 * -1: nothing waits. */
int64_t rrd_writeback_run(struct rrd_writeback *writeback, int64_t now_us);
/* Writes what waits for the files of that directory below dir; NULL: for all. False: until_us came before. */
bool rrd_writeback_flush(struct rrd_writeback *writeback, const char *device, int64_t until_us);
/* The last call: writes all until then. What is not written stays in the journal; without one it is given up. */
void rrd_writeback_end(struct rrd_writeback *writeback, int64_t until_us);
/* The file is to be freed: what waits for it is given up. */
void rrd_writeback_forget(struct rrd_writeback *writeback, struct rrd_file *file);

/* From any thread. */
void rrd_writeback_emit_stats(struct rrd_writeback *writeback, stats_emit_fn *emit,
			      void *emit_data);
