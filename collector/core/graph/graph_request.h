/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be asked of the graphs: one series over one range, as a picture or as numbers; and how
 * that may end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/words/words.h"

enum graph_kind { GRAPH_PNG, GRAPH_SVG, GRAPH_SERIES };
enum graph_range {
	GRAPH_HOUR,
	GRAPH_6H,
	GRAPH_DAY,
	GRAPH_WEEK,
	GRAPH_MONTH,
	GRAPH_YEAR,
	GRAPH_RANGE_N
};
enum graph_theme { GRAPH_DARK, GRAPH_LIGHT };

/* "hour", "6h", "day", "week", "month", "year". Returns 0 or -EINVAL. */
int graph_range_parse(const char *text, enum graph_range *ret);
const char *graph_range_name(enum graph_range range);
int64_t graph_range_s(enum graph_range range);
/* Seconds of a row that a plot of this range needs; what rrd_fetch is asked for. */
int64_t graph_range_step_s(enum graph_range range);

/* Plain data, as it travels to the worker. Texts are UTF-8 and NUL-terminated. */
struct graph_request {
	uint32_t magic;
	uint32_t kind, range, theme;
	uint32_t lang;				    /* enum words_lang */
	uint32_t width, height;			    /* of the plot itself, pixels; 0: the default */
	int64_t end_s;				    /* right edge, seconds since 1970 UTC */
	uint64_t capacity_in_bps, capacity_out_bps; /* 0 unknown: no line */
	char group[20], device_id[40], object[128];
	char title[200];
};

/* Whether both are drawn alike but for where they end. */
bool graph_request_is_same(const struct graph_request *a, const struct graph_request *b);

enum graph_outcome {
	GRAPH_OUTCOME_OK,
	GRAPH_OUTCOME_NO_FILE, /* nothing was ever stored for that series */
	GRAPH_OUTCOME_FAILED,  /* librrd refused; body holds its text */
	GRAPH_OUTCOME_CRASHED, /* the worker died over it */
	GRAPH_OUTCOME_TIMEOUT,
};

/* body is valid only during the call. */
typedef void graph_done_fn(void *data, enum graph_outcome outcome, const void *body, size_t len);
