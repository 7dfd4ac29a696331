/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prometheus' text format (version 0.0.4) of whatever the modules emit: families
 * together, one HELP and TYPE each, labels escaped.
 */
#pragma once

#include <stddef.h>

#include "common/base/stats.h"

#define METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics_text;

/* Gathers figures; emit them by metrics_text_emit (a stats_emit_fn, emit_data is this).
 * NULL: out of memory. */
struct metrics_text *metrics_text_new(void);
struct metrics_text *metrics_text_free(struct metrics_text *text);
void metrics_text_freep(struct metrics_text **text);
void metrics_text_emit(void *text, const struct stats_figure *stat);

/* The whole page, malloc'd, sorted by name. NULL: out of memory. */
char *metrics_text_print(struct metrics_text *text, size_t *ret_len);
