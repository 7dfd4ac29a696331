/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a graph looks: colours, scales, legends, words. Source: rrdgraph(1),
 * rrdgraph_data(1), rrdgraph_graph(1), rrdgraph_rpn(1).
 *
 * Traffic is an area (in) and a line (out) over one scale; other groups are lines. What
 * is unknown is shown as a grey band over the whole height, so that a gap is never taken
 * for zero. Month names would need a locale that the machine may not have: dates are
 * numeric.
 */
#include "collector/codec/graph/graph_args.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/words/words.h"
#include "common/base/cleanup.h"

struct graph_palette {
	const char *canvas, *back, *font, *axis, *grid, *mgrid, *frame, *gap, *capacity;
	const char *in_area, *in_edge, *out;
	const char *lines[6];
};

static const struct graph_palette PALETTES[] = {
	[GRAPH_DARK] = {"#0f1621",
			"#131a25",
			"#d5deec",
			"#5b6b84",
			"#8fa3c022",
			"#8fa3c044",
			"#273244",
			"#8b97ab40",
			"#f5a524",
			"#35c97b70",
			"#35c97b",
			"#58a9ff",
			{"#58a9ff", "#35c97b", "#f5a524", "#ff6b7a", "#b48cff", "#3fd0d4"}},
	[GRAPH_LIGHT] = {"#ffffff",
			 "#ffffff",
			 "#1b2636",
			 "#8492a8",
			 "#33445522",
			 "#33445544",
			 "#d9e0ea",
			 "#66728540",
			 "#c26a00",
			 "#22a86180",
			 "#17884c",
			 "#1464d2",
			 {"#1464d2", "#17884c", "#c26a00", "#cc2338", "#7442d0", "#0a8a8f"}},
};

static const char *const X_GRIDS[GRAPH_RANGE_N] = {
	[GRAPH_HOUR] = "MINUTE:5:MINUTE:10:MINUTE:10:0:%R",
	[GRAPH_6H] = "MINUTE:15:HOUR:1:HOUR:1:0:%R",
	[GRAPH_DAY] = "HOUR:1:HOUR:3:HOUR:3:0:%R",
	[GRAPH_WEEK] = "HOUR:6:DAY:1:DAY:1:86400:%d/%m",
	[GRAPH_MONTH] = "DAY:1:DAY:7:DAY:3:86400:%d/%m",
	[GRAPH_YEAR] = "MONTH:1:MONTH:1:MONTH:1:2592000:%m/%y",
};

/* The axis of each is named by the catalogue. */
static const struct graph_group {
	const char *name, *unit;
	double factor;
} GROUPS[] = {
	{"traffic", "bit/s", 8}, {"errors", "packets/s", 1},
	{"peak", "bit/s", 1},	 {"packets", "packets/s", 1},
	{"clients", "", 1},	 {"rtt", "ms", 1},
	{"path", "ms", 1},	 {"cpu", "%", 1},
	{"memory", "%", 1},	 {"ping", "", 1},
};

static const struct graph_group *find_group(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(GROUPS); i++)
		if (strcmp(GROUPS[i].name, name) == 0)
			return &GROUPS[i];
	return NULL;
}

double graph_group_factor(const char *group)
{
	const struct graph_group *found = find_group(group);

	return found ? found->factor : 1;
}

const char *graph_group_unit(const char *group)
{
	const struct graph_group *found = find_group(group);

	return found ? found->unit : "";
}

/* ---- words into argv ---- */

static void add_owned(struct graph_args *args, char *word)
{
	if (!word)
		args->err = args->err ? args->err : -ENOMEM;
	else if (args->n >= GRAPH_ARGS_MAX - 1)
		args->err = args->err ? args->err : -E2BIG;
	if (args->err) {
		free(word);
		return;
	}
	args->argv[args->n++] = word;
}

static printf_(2, 3) void add(struct graph_args *args, const char *fmt, ...)
{
	char *word = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&word, fmt, ap) < 0)
		word = NULL;
	va_end(ap);
	add_owned(args, word);
}

static void add_option(struct graph_args *args, const char *option, const char *value)
{
	add_owned(args, strdup(option));
	add_owned(args, strdup(value));
}

/* ':' ends a field of a graph element, '\' begins an escape. */
static char *escape(const char *text)
{
	char *buf = malloc(2 * strlen(text) + 1), *p = buf;

	if (!buf)
		return NULL;
	for (; *text; text++) {
		if (*text == ':' || *text == '\\')
			*p++ = '\\';
		*p++ = *text;
	}
	*p = '\0';
	return buf;
}

static void add_colour(struct graph_args *args, const char *part, const char *colour)
{
	add_owned(args, strdup("--color"));
	add(args, "%s%s", part, colour);
}

static void add_look(struct graph_args *args, const struct graph_palette *palette)
{
	add_colour(args, "CANVAS", palette->canvas);
	add_colour(args, "BACK", palette->back);
	add_colour(args, "FONT", palette->font);
	add_colour(args, "AXIS", palette->axis);
	add_colour(args, "ARROW", palette->axis);
	add_colour(args, "GRID", palette->grid);
	add_colour(args, "MGRID", palette->mgrid);
	add_colour(args, "FRAME", palette->frame);
	add_option(args, "--border", "0");
	add_option(args, "--font", "DEFAULT:8:DejaVu Sans");
	add_option(args, "--font", "TITLE:11:DejaVu Sans Bold");
	add_option(args, "--font", "LEGEND:8:DejaVu Sans Mono");
	add_option(args, "--font", "AXIS:8:DejaVu Sans");
	add_option(args, "--font", "UNIT:8:DejaVu Sans");
	add_option(args, "--font", "WATERMARK:7:DejaVu Sans");
}

static void add_frame(struct graph_args *args, const struct graph_request *request,
		      const struct graph_source *source)
{
	const enum graph_range range = request->range;

	add_owned(args, strdup("rrdgraph"));
	add_owned(args, strdup("-"));
	add_option(args, "--imgformat", request->kind == GRAPH_SVG ? "SVG" : "PNG");
	add_owned(args, strdup("--start"));
	add(args, "%" PRId64, request->end_s - graph_range_s(range));
	add_owned(args, strdup("--end"));
	add(args, "%" PRId64, request->end_s);
	add_owned(args, strdup("--width"));
	add(args, "%" PRIu32, request->width ? request->width : 820);
	add_owned(args, strdup("--height"));
	add(args, "%" PRIu32, request->height ? request->height : 220);
	add_option(args, "--lower-limit", "0");
	add_option(args, "--base", "1000");
	add_option(args, "--x-grid", X_GRIDS[range]);
	add_owned(args, strdup("--slope-mode"));
	add_owned(args, strdup("--disable-rrdtool-tag"));
	add_owned(args, strdup("--alt-autoscale-max"));
	add_owned(args, strdup("--title"));
	add(args, "%s  ·  %s", request->title,
	    words_named(request->lang, "range", graph_range_name(range)));
	add_option(args, "--vertical-label", words_named(request->lang, "axis", request->group));
	if (source->footer)
		add_option(args, "--watermark", source->footer);
}

/* DEFs and scaled CDEFs vN (average) and xN (maximum, or the average where none is kept).
 */
static void add_data(struct graph_args *args, const struct graph_request *request,
		     const struct graph_source *source)
{
	cleanup_free char *path = escape(source->path);
	const double factor = graph_group_factor(request->group);

	if (!path) {
		args->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < source->n_ds; i++) {
		add(args, "DEF:a%zu=%s:%s:AVERAGE", i, path, source->ds[i]);
		add(args, "CDEF:v%zu=a%zu,%g,*", i, i, factor);
		add(args, "DEF:m%zu=%s:%s:%s", i, path, source->ds[i],
		    source->has_max ? "MAX" : "AVERAGE");
		add(args, "CDEF:x%zu=m%zu,%g,*", i, i, factor);
		add(args, "VDEF:last%zu=v%zu,LAST", i, i);
		add(args, "VDEF:avg%zu=v%zu,AVERAGE", i, i);
		add(args, "VDEF:min%zu=v%zu,MINIMUM", i, i);
		add(args, "VDEF:max%zu=x%zu,MAXIMUM", i, i);
	}
}

/* As GPRINT's "%7.2lf %s" prints it. */
static void add_figure(struct graph_args *args, double value, const char *unit)
{
	static const char prefixes[] = " kMGT";
	size_t i = 0;

	if (!isfinite(value)) {
		add(args, "COMMENT:%*s", (int)(9 + strlen(unit)), "-");
		return;
	}
	for (; value >= 1000 && prefixes[i + 1]; i++)
		value /= 1000;
	add(args, "COMMENT:%7.2f %c%s", value, prefixes[i], unit);
}

/* One row of figures: now, average, maximum, minimum, 95th percentile. */
static void add_figures(struct graph_args *args, size_t i, const char *unit,
			const struct graph_source *source, double factor)
{
	static const char *const what[] = {"last", "avg", "max", "min"};

	for (size_t k = 0; k < ARRAY_LEN(what); k++) {
		if (source->known[i])
			add(args, "GPRINT:%s%zu:%%7.2lf %%s%s", what[k], i, unit);
		else
			add_figure(args, NAN, unit); /* GPRINT would print -nan */
	}
	add_figure(args, source->p95[i] * factor, unit);
	add(args, "COMMENT:\\l");
}

/* A word of a legend as it stands in a line: a capital first, and blanks up to so many
 * characters, before it or behind. The caller frees it. */
static char *legend_text(const char *word, int width, bool behind)
{
	const int lack = width - (int)words_width(word);
	cleanup_free char *escaped = escape(word);
	char *text = NULL;

	if (!escaped)
		return NULL;
	escaped[0] = (char)toupper((unsigned char)escaped[0]);
	if (asprintf(&text, "%*s%s%*s", behind || lack < 0 ? 0 : lack, "", escaped,
		     !behind || lack < 0 ? 0 : lack, "") < 0)
		return NULL;
	return text;
}

/* element: what comes before the text and its colon. */
static void add_legend(struct graph_args *args, const char *element, const char *word, int width)
{
	cleanup_free char *text = legend_text(word, width, true);

	add(args, "%s:%s", element, text ? text : "");
}

/* The head of those rows; indent: columns of the legend before them. */
static void add_head(struct graph_args *args, enum words_lang lang, int indent, const char *unit)
{
	static const enum word HEADS[] = {WORD_GRAPH_NOW, WORD_GRAPH_AVERAGE, WORD_GRAPH_MAX,
					  WORD_GRAPH_MIN, WORD_GRAPH_P95};

	add(args, "COMMENT:%*s", indent, "");
	for (size_t k = 0; k < ARRAY_LEN(HEADS); k++) {
		cleanup_free char *text =
			legend_text(words_text(lang, HEADS[k]), (int)(9 + strlen(unit)), false);

		add(args, "COMMENT:%s", text ? text : "");
	}
	add(args, "COMMENT:\\l");
}

static void add_capacity(struct graph_args *args, uint64_t bps, enum word word,
			 const struct graph_request *request, const struct graph_palette *palette)
{
	cleanup_free char *label = legend_text(words_text(request->lang, word), 0, true);
	char text[40];
	double value;
	static const char *const prefixes[] = {"", "k", "M", "G", "T"};
	size_t i = 0;

	if (!bps)
		return;
	value = (double)bps;
	for (; value >= 1000 && i + 1 < ARRAY_LEN(prefixes); i++)
		value /= 1000;
	snprintf(text, sizeof(text), "%.4g %sbit/s", value, prefixes[i]);
	add(args, "HRULE:%" PRIu64 "%s:%s  %s:dashes=6,4", bps, palette->capacity,
	    label ? label : "", text);
}

static void add_traffic(struct graph_args *args, const struct graph_request *request,
			const struct graph_source *source, const struct graph_palette *palette)
{
	const double factor = graph_group_factor(request->group);
	const enum words_lang lang = request->lang;
	char element[64];

	add_head(args, lang, 10, "b/s");
	snprintf(element, sizeof(element), "AREA:v0%s", palette->in_area);
	add_legend(args, element, words_text(lang, WORD_TERM_IN), 7);
	add_figures(args, 0, "b/s", source, factor);
	add(args, "LINE1:v0%s", palette->in_edge);
	if (request->range >= GRAPH_WEEK && source->has_max) {
		add(args, "LINE1:x0%s66", palette->in_edge);
		add(args, "LINE1:x1%s66", palette->out);
	}
	snprintf(element, sizeof(element), "LINE1.75:v1%s", palette->out);
	add_legend(args, element, words_text(lang, WORD_TERM_OUT), 7);
	add_figures(args, 1, "b/s", source, factor);
	if (request->capacity_in_bps == request->capacity_out_bps) {
		add_capacity(args, request->capacity_in_bps, WORD_TERM_CAPACITY, request, palette);
	} else {
		add_capacity(args, request->capacity_in_bps, WORD_GRAPH_CAPACITY_IN, request,
			     palette);
		add_capacity(args, request->capacity_out_bps, WORD_GRAPH_CAPACITY_OUT, request,
			     palette);
	}
}

static void add_lines(struct graph_args *args, const struct graph_request *request,
		      const struct graph_source *source, const struct graph_palette *palette)
{
	char element[64];

	add_head(args, request->lang, 17, "");
	for (size_t i = 0; i < source->n_ds; i++) {
		const char *colour = palette->lines[i % ARRAY_LEN(palette->lines)];

		if (i == 0)
			add(args, "AREA:v0%s33", colour);
		snprintf(element, sizeof(element), "LINE1.75:v%zu%s", i, colour);
		add_legend(args, element, words_named(request->lang, "legend", source->ds[i]), 14);
		add_figures(args, i, "", source, graph_group_factor(request->group));
	}
}

int graph_args_build(struct graph_args *args, const struct graph_request *request,
		     const struct graph_source *source)
{
	const struct graph_palette *palette = &PALETTES[request->theme];
	cleanup_free char *gap = legend_text(words_text(request->lang, WORD_GRAPH_GAP), 0, true);
	cleanup_free char *note =
		legend_text(words_text(request->lang, WORD_GRAPH_P95_NOTE), 0, true);
	int64_t until_s;

	assert(source->n_ds > 0 && source->step_s > 0);
	*args = (struct graph_args){0};
	add_frame(args, request, source);
	add_look(args, palette);
	add_data(args, request, source);
	/* The grey band; not over the last two steps, whose sample may simply not have come yet.
	 */
	until_s = request->end_s - 2 * source->step_s - graph_range_step_s(request->range);
	add(args, "CDEF:gap=v0,UN,TIME,%" PRId64 ",LT,*,INF,UNKN,IF", until_s);
	add(args, "AREA:gap%s", palette->gap);
	add(args, "CDEF:never=v0,POP,UNKN"); /* draws nothing: only its legend counts */
	if (strcmp(request->group, "traffic") == 0 && source->n_ds >= 2)
		add_traffic(args, request, source, palette);
	else
		add_lines(args, request, source, palette);
	add(args, "AREA:never%s:%s\\l", palette->gap, gap ? gap : "");
	add(args, "COMMENT:%s\\l", note ? note : "");
	if (args->err)
		return args->err;
	args->argv[args->n] = NULL;
	return 0;
}

void graph_args_deinit(struct graph_args *args)
{
	for (int i = 0; i < args->n; i++)
		free(args->argv[i]);
	args->n = 0;
}
