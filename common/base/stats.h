/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Named counters: how every module tells what it did and which limit bit. A module has one table with
 * a row for each figure; the status page and /metrics print whatever comes, so a new
 * counter is one row and shows up in both.
 */
#pragma once

#include <stddef.h>

enum stat_type { STAT_COUNTER, STAT_GAUGE };

/*
 * One figure. Name after Prometheus' rules: [a-z_][a-z0-9_]*, base units, counters end in
 * _total ("pantau_poll_answers_total"). label_name may be NULL. Strings are used only
 * during the call, except name, help and label_name, which must be literals.
 */
struct stats_figure {
	const char *name, *help;
	enum stat_type type;
	const char *label_name, *label_value;
	double value;
};

typedef void stats_emit_fn(void *emit_data, const struct stats_figure *figure);
/* Emits every figure it has, in any order. */
typedef void stats_provider_fn(void *data, stats_emit_fn *emit, void *emit_data);

/* Where in a module's struct a figure stands: an integer of 1, 4 or 8 octets that is not
 * negative, or several of them, one for each label. */
struct stats_row {
	enum stat_type type;
	const char *name, *help;
	size_t offset, size;
	double scale; /* from what the integer counts to the figure's unit */
	const char *label_name;
	const char *(*label)(size_t i); /* NULL for a figure that is left out */
	size_t n;
};

#define STATS_ROW(TYPE, MODULE, FIELD, SCALE, NAME, HELP)                                          \
	{                                                                                          \
		.type = (TYPE), .name = (NAME), .help = (HELP), .offset = offsetof(MODULE, FIELD), \
		.size = sizeof(((MODULE *)NULL)->FIELD), .scale = (SCALE), .n = 1                  \
	}
#define STATS_COUNTER(MODULE, FIELD, NAME, HELP)                                                   \
	STATS_ROW(STAT_COUNTER, MODULE, FIELD, 1, NAME "_total", HELP)
#define STATS_GAUGE(MODULE, FIELD, NAME, HELP) STATS_ROW(STAT_GAUGE, MODULE, FIELD, 1, NAME, HELP)
/* The field counts microseconds. */
#define STATS_SECONDS(MODULE, FIELD, NAME, HELP)                                                   \
	STATS_ROW(STAT_GAUGE, MODULE, FIELD, 1e-6, NAME "_seconds", HELP)
/* The field is an array. */
#define STATS_COUNTERS(MODULE, FIELD, NAME, HELP, LABEL_NAME, LABEL)                               \
	{                                                                                          \
		.type = STAT_COUNTER, .name = NAME "_total", .help = (HELP),                       \
		.offset = offsetof(MODULE, FIELD), .size = sizeof(((MODULE *)NULL)->FIELD[0]),     \
		.scale = 1, .label_name = (LABEL_NAME), .label = (LABEL),                          \
		.n = sizeof(((MODULE *)NULL)->FIELD) / sizeof(((MODULE *)NULL)->FIELD[0])          \
	}

/* module: the struct that the rows were made for. */
void stats_emit_rows(const struct stats_row *rows, size_t n_rows, const void *module,
		     stats_emit_fn *emit, void *emit_data);
