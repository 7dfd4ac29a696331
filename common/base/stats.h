/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Named counters: how every module tells what it did and which limit bit. A provider
 * walks its own stats struct and emits one struct stats_figure each; the status page and
 * /metrics print whatever comes, so a new counter shows up in both without more code.
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

static inline void stats_emit(stats_emit_fn *emit, void *emit_data, enum stat_type type,
			      const char *name, const char *help, double value)
{
	const struct stats_figure figure = {
		.name = name, .help = help, .type = type, .value = value};

	emit(emit_data, &figure);
}
