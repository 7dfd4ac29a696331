/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a plugin answers: its state, texts, figures. Written as the Monitoring Plugins
 * Development Guidelines ask: "STATE - text | figures", then further lines; C locale.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "collector/core/words/words.h"
#include "collector/ctl/check/check_range.h"

/* The numbers are the exit codes. */
enum check_state { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

enum {
	CHECK_NAME_MAX = 64,	 /* octets of a figure's name with its end */
	CHECK_THRESHOLDS = 32,	 /* at most */
	CHECK_OUTPUT_MAX = 8000, /* octets in all: Nagios 4 reads 8,192 */
	CHECK_LINE_MAX = 256,	 /* octets of a further line with its end */
};

/* -w or -c. figure "": the main one. */
struct check_threshold {
	char figure[CHECK_NAME_MAX];
	char text[CHECK_RANGE_MAX]; /* the range as it was given */
	struct check_range range;
	enum check_state state; /* CHECK_WARNING or CHECK_CRITICAL */
};

/* "RANGE" or "FIGURE=RANGE". False: it is none. */
bool check_threshold_parse(const char *text, enum check_state state, struct check_threshold *ret);

/* value: NAN is not known; min, max: NAN is none; unit: "ms", "%", "c", "s" or "". */
struct check_figure {
	const char *name, *unit;
	double value, min, max;
};

struct check_result;

/* thresholds stay the caller's, and must outlive it. main: of the figure that a threshold without a name
 * means; NULL: none. NULL: out of memory. */
struct check_result *check_result_new(enum words_lang lang,
				      const struct check_threshold *thresholds, size_t n,
				      const char *main_figure);
struct check_result *check_result_free(struct check_result *result);
void check_result_freep(struct check_result **result);

/* The worst counts: critical, warning, unknown, OK. */
void check_result_worsen(struct check_result *result, enum check_state state);
/* A part of the first line. Whatever the output may not hold ('|', line ends) is replaced. */
void check_result_say(struct check_result *result, const char *text);
/* A line below it; what is too much for Nagios is left out, and that is said. */
void check_result_line(struct check_result *result, const char *text);
/* Judged by its thresholds; what is not known raises what a threshold asks about to unknown. */
void check_result_figure(struct check_result *result, const struct check_figure *figure);

/* Writes all. A threshold that found no figure is wrong use, and said. Returns the exit code. */
enum check_state check_result_print(struct check_result *result, FILE *out);
