/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that rrd_graph_v(3) is called with: what a graph of one series over one range
 * looks like. Pure text; all foreign text (names) is escaped as rrdgraph_graph(1) asks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/graph/graph_request.h"
#include "collector/core/value/sample.h"

/* What the file turned out to hold. */
struct graph_source {
	const char *path;
	size_t n_ds;
	char ds[SAMPLE_DS_MAX][SAMPLE_DS_NAME_MAX + 1];
	bool has_max; /* keeps MAX rows too */
	int64_t step_s;
	bool known[SAMPLE_DS_MAX]; /* has any value within the range */
	double p95[SAMPLE_DS_MAX]; /* in the file's unit, of 5-minute means; NAN: not
				      known */
	const char *footer;	   /* when it was drawn, in the zone of the axis */
};

enum { GRAPH_ARGS_MAX = 384 }; /* enough for SAMPLE_DS_MAX lines */

/* argv for rrd_graph_v(3); picture to memory. */
struct graph_args {
	char *argv[GRAPH_ARGS_MAX];
	int n;
	int err; /* the first error sticks */
};

/* Returns 0, -ENOMEM or -E2BIG; the caller frees by graph_args_deinit() in any case. */
int graph_args_build(struct graph_args *args, const struct graph_request *request,
		     const struct graph_source *source);
void graph_args_deinit(struct graph_args *args);

/* Factor from the file's unit to the shown one (8 for traffic: octets to bits), and that
 * unit. */
double graph_group_factor(const char *group);
const char *graph_group_unit(const char *group);
