/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints counters for Prometheus. Source: its "Exposition formats" page. Counters are
 * exported raw; a figure that is not known is left out rather than sent as zero.
 */
#include "collector/codec/metrics/metrics_text.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATS_MAX = 8192 };

struct metrics_text {
	struct stats_figure *stats; /* label_value owned */
	size_t n, size;
	bool no_memory;
};

struct metrics_text *metrics_text_new(void)
{
	return calloc(1, sizeof(struct metrics_text));
}

struct metrics_text *metrics_text_free(struct metrics_text *text)
{
	if (!text)
		return NULL;
	for (size_t i = 0; i < text->n; i++)
		free((char *)(uintptr_t)text->stats[i].label_value);
	free(text->stats);
	free(text);
	return NULL;
}

void metrics_text_freep(struct metrics_text **text)
{
	*text = metrics_text_free(*text);
}

static bool grow(struct metrics_text *text)
{
	const size_t size = text->size ? text->size * 2 : 128;
	struct stats_figure *stats;

	if (text->n < text->size)
		return true;
	if (size > STATS_MAX)
		return false;
	stats = reallocarray(text->stats, size, sizeof(*stats));
	if (!stats)
		return false;
	text->stats = stats;
	text->size = size;
	return true;
}

void metrics_text_emit(void *data, const struct stats_figure *stat)
{
	struct metrics_text *text = data;
	struct stats_figure copy = *stat;

	assert(stat->name[0] != '\0' && stat->help[0] != '\0');
	if (isnan(stat->value))
		return;
	copy.label_value = stat->label_name && stat->label_value ? strdup(stat->label_value) : NULL;
	if (!grow(text) || (stat->label_name && !copy.label_value)) {
		free((char *)(uintptr_t)copy.label_value);
		text->no_memory = true;
		return;
	}
	text->stats[text->n++] = copy;
}

static int compare(const void *a, const void *b)
{
	const struct stats_figure *x = a, *y = b;
	const int r = strcmp(x->name, y->name);

	if (r || !x->label_value || !y->label_value)
		return r;
	return strcmp(x->label_value, y->label_value);
}

static void print_label(FILE *out, const struct stats_figure *stat)
{
	fprintf(out, "{%s=\"", stat->label_name);
	for (const char *p = stat->label_value; *p; p++) {
		if (*p == '\\' || *p == '"')
			fputc('\\', out);
		if (*p == '\n')
			fputs("\\n", out);
		else
			fputc(*p, out);
	}
	fputs("\"}", out);
}

static void print_value(FILE *out, double value)
{
	if (isinf(value))
		fputs(value > 0 ? "+Inf" : "-Inf", out);
	else if (fabs(value) < 9e15 && value == floor(value))
		fprintf(out, "%" PRId64, (int64_t)value);
	else
		fprintf(out, "%.9g", value);
}

char *metrics_text_print(struct metrics_text *text, size_t *ret_len)
{
	char *buf = NULL;
	FILE *out = text->no_memory ? NULL : open_memstream(&buf, ret_len);

	if (!out)
		return NULL;
	if (text->n)
		qsort(text->stats, text->n, sizeof(*text->stats), compare);
	for (size_t i = 0; i < text->n; i++) {
		const struct stats_figure *stat = &text->stats[i];

		if (i == 0 || strcmp(stat->name, text->stats[i - 1].name) != 0)
			fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", stat->name, stat->help,
				stat->name, stat->type == STAT_COUNTER ? "counter" : "gauge");
		fputs(stat->name, out);
		if (stat->label_value)
			print_label(out, stat);
		fputc(' ', out);
		print_value(out, stat->value);
		fputc('\n', out);
	}
	if (fclose(out) != 0) {
		free(buf);
		return NULL;
	}
	return buf;
}
