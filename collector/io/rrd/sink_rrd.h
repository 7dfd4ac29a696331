/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samples into RRD files, by a writer thread through librrd or through rrdcached; they wait in memory, covered
 * by a journal, so that a file is written with many of them at once (rrd_writeback.h).
 *
 * Values are written as GAUGE with the sample's own time in milliseconds; what the sample
 * does not cover (a gap before its interval) is written as unknown. A file is created at
 * its first sample with the configured RRAs. Samples not later than the file's last one
 * are counted as stale and skipped. If the queue is full the sample is dropped and
 * counted.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/series/sink.h"

struct loop;

struct sink_rrd_conf {
	const char *dir;	 /* made if missing, 0750 */
	const char *daemon;	 /* rrdcached's address as in rrdtool(1) --daemon, or NULL or
			       "": write the files here */
	const char *const *rras; /* NULL-terminated "AVERAGE:0.5:5m:100d"
				    (core/series/rrd_rra.h); NULL or empty: the default */
	unsigned int interval_s; /* between two writes of a file; 0: each sample at once */
	unsigned int queue_max;	 /* samples that are not written yet; 0: 65536 */
};

/* Starts the thread. conf and its strings are copied. Returns 0, -EINVAL (an RRA),
 * -ENOMEM or -errno of the directory. */
int sink_rrd_new(struct loop *loop, const struct sink_rrd_conf *conf, struct sink **ret);
