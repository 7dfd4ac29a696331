/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What rrdupdate(1) is to be told so that a sample stands for its own time and no other.
 * Pure: the file itself is io/rrd/rrd_file.c's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/value/sample.h"

enum {
	RRD_HEARTBEAT_STEPS = 3,
	RRD_UPDATES_MAX = 3 + RRD_HEARTBEAT_STEPS + 2, /* of one sample */
	RRD_UPDATE_TEXT_MAX = 32 + SAMPLE_DS_MAX * 26,
};

/* Where a file ends, and with what. */
struct rrd_timeline {
	int64_t step_ms;
	size_t n_ds;
	int64_t last_ms; /* of the last update */
	double last_value[SAMPLE_DS_MAX];
};

/* Update arguments of one sample, in the order of their times. */
struct rrd_update {
	char text[RRD_UPDATES_MAX][RRD_UPDATE_TEXT_MAX];
	const char *argv[RRD_UPDATES_MAX];
	int n;
	int64_t last_ms; /* of the last one so far */
};

/* Whether time passed without a sample before start_ms; a twentieth of a step is jitter. */
bool rrd_timeline_is_gap(const struct rrd_timeline *line, int64_t start_ms);

/* For n_ds values that hold from start_ms to end_ms, which is later than the last update. */
void rrd_update_plan(struct rrd_update *update, const struct rrd_timeline *line, int64_t start_ms,
		     int64_t end_ms, const double *value);
