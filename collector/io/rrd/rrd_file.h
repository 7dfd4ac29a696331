/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RRD files, by librrd (rrdcreate(1), rrdupdate(1)) or through an rrdcached. Write-back and
 * journal are rrdcached's business where it is configured; nothing of it is repeated here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "collector/core/series/rrd_rra.h"
#include "collector/core/series/rrd_update.h"
#include "collector/core/value/sample.h"
#include "common/base/cleanup.h"

struct rrd_rra_list {
	struct rrd_rra rras[RRD_RRA_MAX];
	size_t n;
};

/* How files are written; for one thread. */
struct rrd_writer {
	const char *daemon;			      /* rrdcached's address; NULL: none */
	struct rrd_rra_list traffic_rras, other_rras; /* of new files */
	uint64_t created, connects;
	/* failures are logged now and then */
	time_t logged_s;
	uint64_t unlogged;
};

/* One file. Made by the loop's thread; line and opened are the writer's from then on. */
struct rrd_file {
	char *path, *directory;
	char template[SAMPLE_DS_MAX * (SAMPLE_DS_NAME_MAX + 1) + 1];
	bool traffic;
	struct sample_ds ds[SAMPLE_DS_MAX];
	bool opened;
	struct rrd_timeline line;
};

/* The file of a series below dir, which need not exist. NULL when out of memory, or if the
 * series has no name that a file could have. */
struct rrd_file *rrd_file_new(const char *dir, const struct series *series);
void rrd_file_free(struct rrd_file *file);

/* Connects to rrdcached where there is one. */
bool rrd_writer_connect(struct rrd_writer *writer);
void rrd_writer_disconnect(struct rrd_writer *writer);
/* Learns where the file ends, or creates it so that it ends at start_ms. 0; -EAGAIN: rrdcached
 * went away; -EIO (logged). */
must_check_ int rrd_file_open(struct rrd_writer *writer, struct rrd_file *file, int64_t start_ms);
/* Writes a plan. 0; -EAGAIN: rrdcached went away; -EIO (logged): the file is looked at again. */
must_check_ int rrd_file_write(struct rrd_writer *writer, struct rrd_file *file,
			       const struct rrd_update *update);
