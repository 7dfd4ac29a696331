/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RRD files, by librrd (rrdcreate(1), rrdupdate(1)) or through an rrdcached.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "collector/core/series/rrd_rra.h"
#include "collector/core/series/rrd_update.h"
#include "collector/core/series/sample_queue.h"
#include "collector/core/value/sample.h"
#include "common/base/cleanup.h"
#include "common/base/queue.h"

struct rrd_rra_list {
	struct rrd_rra rras[RRD_RRA_MAX];
	size_t n;
};

/* How files are written; for one thread. */
struct rrd_writer {
	const char *daemon;			      /* rrdcached's address; NULL: none */
	struct rrd_rra_list traffic_rras, other_rras; /* of new files */
	uint64_t created, connects, set_aside;
	/* failures are logged now and then */
	time_t logged_s;
	uint64_t unlogged;
};

/* One file. Made by the loop's thread; all that changes is the writer's from then on. */
struct rrd_file {
	char *path, *directory;
	const char *name; /* of path, below the RRD directory */
	char template[SAMPLE_DS_MAX * (SAMPLE_DS_NAME_MAX + 1) + 1];
	bool traffic;
	struct sample_ds ds[SAMPLE_DS_MAX];
	bool opened;
	struct rrd_timeline line;

	/* rrd_writeback.h's */
	struct sample_queue waiting;
	LIST_ENTRY(rrd_file) entry;
	bool is_listed;	 /* in one of its lists */
	bool is_careful; /* one sample at a time: one of them was refused */
	uint32_t journal_id;
	uint32_t journal_segment; /* that has its series; 0: none */
};

/* The file of a series below dir, which need not exist. NULL when out of memory, or if the
 * series has no name that a file could have. */
struct rrd_file *rrd_file_new(const char *dir, const struct series *series);
/* The same, by what the journal has of it. NULL also if that is no name of a file below dir. */
struct rrd_file *rrd_file_restore(const char *dir, const char *name, int64_t step_ms,
				  const struct sample_ds *ds, size_t n_ds);
void rrd_file_free(struct rrd_file *file);

/* Connects to rrdcached where there is one. */
bool rrd_writer_connect(struct rrd_writer *writer);
void rrd_writer_disconnect(struct rrd_writer *writer);
/* Learns where the file ends, or creates it so that it ends at start_ms. One that is no RRD file of this machine is set
 * aside, as FILE.damaged, and begun anew. 0; -EAGAIN: rrdcached went away, or somebody reads it; -EIO (logged). */
must_check_ int rrd_file_open(struct rrd_writer *writer, struct rrd_file *file, int64_t start_ms);
/* Writes updates; *end: where the file ends then. 0; -EAGAIN: rrdcached went away, or somebody reads the file just now;
 * -EINVAL (logged): an update is refused for what it says; -EIO (logged): it cannot be written. After these two the
 * file is looked at again. */
must_check_ int rrd_file_write(struct rrd_writer *writer, struct rrd_file *file, int n,
			       const char **updates, const struct rrd_timeline *end);
