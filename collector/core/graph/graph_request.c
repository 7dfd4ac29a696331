/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ranges and what sets two requests apart. */
#include "collector/core/graph/graph_request.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	int64_t s, step_s;
} RANGES[GRAPH_RANGE_N] = {
	[GRAPH_HOUR] = {"hour", 3600, 10},	     [GRAPH_6H] = {"6h", 6 * 3600, 60},
	[GRAPH_DAY] = {"day", 86400, 300},	     [GRAPH_WEEK] = {"week", 7 * 86400, 1800},
	[GRAPH_MONTH] = {"month", 31 * 86400, 7200}, [GRAPH_YEAR] = {"year", 366 * 86400, 86400},
};

int graph_range_parse(const char *text, enum graph_range *ret)
{
	for (size_t i = 0; i < GRAPH_RANGE_N; i++) {
		if (strcmp(text, RANGES[i].name) == 0) {
			*ret = (enum graph_range)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *graph_range_name(enum graph_range range)
{
	assert((unsigned int)range < sizeof(RANGES) / sizeof(RANGES[0]));
	return RANGES[range].name;
}

int64_t graph_range_s(enum graph_range range)
{
	assert((unsigned int)range < sizeof(RANGES) / sizeof(RANGES[0]));
	return RANGES[range].s;
}

int64_t graph_range_step_s(enum graph_range range)
{
	assert((unsigned int)range < sizeof(RANGES) / sizeof(RANGES[0]));
	return RANGES[range].step_s;
}

bool graph_request_is_same(const struct graph_request *a, const struct graph_request *b)
{
	return a->kind == b->kind && a->range == b->range && a->lang == b->lang &&
	       a->theme == b->theme && a->width == b->width && a->height == b->height &&
	       a->capacity_in_bps == b->capacity_in_bps &&
	       a->capacity_out_bps == b->capacity_out_bps && strcmp(a->group, b->group) == 0 &&
	       strcmp(a->device_id, b->device_id) == 0 && strcmp(a->object, b->object) == 0 &&
	       strcmp(a->title, b->title) == 0;
}
