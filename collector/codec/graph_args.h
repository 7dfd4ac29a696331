/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that rrd_graph_v(3) is called with: what a graph of one series over one range
 * looks like. Pure text; all foreign text (names) is escaped as rrdgraph_graph(1) asks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/sample.h"

enum graph_kind { GRAPH_PNG, GRAPH_SVG, GRAPH_SERIES };
enum graph_range { GRAPH_6H, GRAPH_DAY, GRAPH_WEEK, GRAPH_MONTH, GRAPH_YEAR, GRAPH_RANGE_N };
enum graph_lang { GRAPH_ID, GRAPH_EN };
enum graph_theme { GRAPH_DARK, GRAPH_LIGHT };

/* "6h", "day", "week", "month", "year". Returns 0 or -EINVAL. */
int graph_range_parse(const char *text, enum graph_range *ret);
const char *graph_range_name(enum graph_range range);
int64_t graph_range_s(enum graph_range range);

/* Plain data, as it travels to the worker. Texts are UTF-8 and NUL-terminated. */
struct graph_request {
	uint32_t magic;
	uint32_t kind, range, lang, theme;
	uint32_t width, height; /* of the plot itself, pixels; 0: the default */
	int64_t end_s;		/* right edge, seconds since 1970 UTC */
	uint64_t capacity_in_bps, capacity_out_bps; /* 0 unknown: no line */
	char group[20], device_id[40], object[128];
	char title[200];
};
