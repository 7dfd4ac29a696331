/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/check/check_result.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"

/* Octets at most of each part; with the state's name and the line that says what was left out, they are no more than
 * CHECK_OUTPUT_MAX. */
enum { FIRST_MAX = 1000, FIGURES_MAX = 2800, LINES_MAX = 4000, LEFT_OUT_MAX = 128 };

_Static_assert(FIRST_MAX + FIGURES_MAX + LINES_MAX + LEFT_OUT_MAX + 32 <= CHECK_OUTPUT_MAX,
	       "Nagios reads all");

struct text {
	char octets[LINES_MAX];
	size_t len;
};

struct check_result {
	enum words_lang lang;
	enum check_state state;
	const struct check_threshold *thresholds;
	size_t n_thresholds;
	const char *main_figure;
	bool used[CHECK_THRESHOLDS];
	struct text first, figures, lines;
	size_t left_out; /* lines */
};

bool check_threshold_parse(const char *text, enum check_state state, struct check_threshold *ret)
{
	const char *equals = strchr(text, '=');
	const size_t name = equals ? (size_t)(equals - text) : 0;
	const char *range = equals ? equals + 1 : text;
	struct check_threshold threshold = {.state = state};

	assert(state == CHECK_WARNING || state == CHECK_CRITICAL);
	if ((equals && name == 0) || name >= CHECK_NAME_MAX ||
	    !check_range_parse(range, &threshold.range))
		return false;
	memcpy(threshold.figure, text, name);
	strcpy(threshold.text, range);
	*ret = threshold;
	return true;
}

struct check_result *check_result_new(enum words_lang lang,
				      const struct check_threshold *thresholds, size_t n,
				      const char *main_figure)
{
	struct check_result *result = calloc(1, sizeof(*result));

	assert(n <= CHECK_THRESHOLDS);
	if (!result)
		return NULL;
	result->lang = lang;
	result->thresholds = thresholds;
	result->n_thresholds = n;
	result->main_figure = main_figure;
	return result;
}

struct check_result *check_result_free(struct check_result *result)
{
	free(result);
	return NULL;
}

void check_result_freep(struct check_result **result)
{
	*result = check_result_free(*result);
}

/* ---- states ---- */

void check_result_worsen(struct check_result *result, enum check_state state)
{
	static const int RANK[] = {
		[CHECK_OK] = 0, [CHECK_UNKNOWN] = 1, [CHECK_WARNING] = 2, [CHECK_CRITICAL] = 3};

	if (RANK[state] > RANK[result->state])
		result->state = state;
}

static bool is_meant(const struct check_result *result, const struct check_threshold *threshold,
		     const char *name)
{
	if (threshold->figure[0])
		return strcmp(threshold->figure, name) == 0;
	return result->main_figure && strcmp(result->main_figure, name) == 0;
}

static void judge(struct check_result *result, size_t i, double value)
{
	const struct check_threshold *threshold = &result->thresholds[i];

	result->used[i] = true;
	if (isnan(value))
		check_result_worsen(result, CHECK_UNKNOWN);
	else if (check_range_alerts(&threshold->range, value))
		check_result_worsen(result, threshold->state);
}

/* ---- texts ---- */

/* Cut, in whole characters, to what fits; '|' would begin figures, a line end another line, and Nagios strips the
 * others (illegal_macro_output_chars) when it notifies. */
static void append(struct text *text, const char *octets, size_t most)
{
	assert(most <= sizeof(text->octets));
	for (; *octets && text->len < most; octets++)
		text->octets[text->len++] =
			(char)((unsigned char)*octets < ' ' || strchr("|`$<>", *octets) ? ' '
											: *octets);
	while (*octets && text->len > 0 && ((unsigned char)*octets & 0xc0) == 0x80) {
		octets--;
		text->len--;
	}
}

void check_result_say(struct check_result *result, const char *text)
{
	char part[CHECK_LINE_MAX];

	snprintf(part, sizeof(part), "%s", text);
	if (result->first.len > 0)
		append(&result->first, ", ", FIRST_MAX);
	append(&result->first, part, FIRST_MAX);
}

void check_result_line(struct check_result *result, const char *text)
{
	if (result->left_out > 0 || result->lines.len + strlen(text) + 1 > LINES_MAX) {
		result->left_out++;
		return;
	}
	append(&result->lines, text, LINES_MAX - 1);
	result->lines.octets[result->lines.len++] = '\n';
}

/* ---- figures ---- */

static const char *range_text(const struct check_result *result, const char *name,
			      enum check_state state)
{
	for (size_t i = 0; i < result->n_thresholds; i++) {
		if (result->thresholds[i].state == state &&
		    is_meant(result, &result->thresholds[i], name))
			return result->thresholds[i].text;
	}
	return "";
}

static void number_text(char *buf, size_t size, double value, const char *unknown)
{
	if (isfinite(value))
		snprintf(buf, size, "%.10g", value);
	else
		snprintf(buf, size, "%s", unknown);
}

void check_result_figure(struct check_result *result, const struct check_figure *figure)
{
	char one[CHECK_LINE_MAX], value[32], min[32], max[32], name[CHECK_NAME_MAX];

	for (size_t i = 0; i < result->n_thresholds; i++)
		if (is_meant(result, &result->thresholds[i], figure->name))
			judge(result, i, figure->value);
	snprintf(name, sizeof(name), "%s", figure->name);
	for (char *p = name; *p; p++) /* a label holds neither */
		if (*p == '\'' || *p == '=')
			*p = '_';
	number_text(value, sizeof(value), figure->value, "U");
	number_text(min, sizeof(min), figure->min, "");
	number_text(max, sizeof(max), figure->max, "");
	snprintf(one, sizeof(one), "%s'%s'=%s%s;%s;%s;%s;%s", result->figures.len > 0 ? " " : "",
		 name, value, isfinite(figure->value) ? figure->unit : "",
		 range_text(result, figure->name, CHECK_WARNING),
		 range_text(result, figure->name, CHECK_CRITICAL), min, max);
	if (result->figures.len + strlen(one) <= FIGURES_MAX)
		append(&result->figures, one, FIGURES_MAX);
}

/* ---- all ---- */

static void say_unused(struct check_result *result)
{
	char text[CHECK_LINE_MAX];

	for (size_t i = 0; i < result->n_thresholds; i++) {
		if (result->used[i])
			continue;
		check_result_worsen(result, CHECK_UNKNOWN);
		words_fill(text, sizeof(text), words_text(result->lang, WORD_CHECK_NO_FIGURE),
			   (const char *const[]){"figure", result->thresholds[i].figure, "range",
						 result->thresholds[i].text, NULL});
		check_result_say(result, text);
	}
}

enum check_state check_result_print(struct check_result *result, FILE *out)
{
	static const char *const STATES[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
	char number[32], text[LEFT_OUT_MAX];

	say_unused(result);
	fprintf(out, "%s - %.*s", STATES[result->state], (int)result->first.len,
		result->first.octets);
	if (result->figures.len > 0)
		fprintf(out, " | %.*s", (int)result->figures.len, result->figures.octets);
	fprintf(out, "\n%.*s", (int)result->lines.len, result->lines.octets);
	if (result->left_out > 0) {
		snprintf(number, sizeof(number), "%zu", result->left_out);
		fprintf(out, "%s\n",
			words_fill(text, sizeof(text), words_text(result->lang, WORD_CHECK_MORE),
				   (const char *const[]){"n", number, NULL}));
	}
	return result->state;
}
