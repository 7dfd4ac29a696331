/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The query of /api/v1/graphs and /api/v1/series:
 * range=hour|6h|day|week|month|year, format=png|svg, lang=id|en, theme=dark|light,
 * width=200..2000, height=80..1000, group=traffic|..., object=LINK.
 */
#pragma once

#include "collector/codec/graph/graph_args.h"
#include "collector/core/words/words.h"

/* What a refused query is answered with. */
#define GRAPH_QUERY_RIGHT                                                                          \
	"range: hour, 6h, day, week, month, year; format: png, svg; lang: id, en; "                \
	"theme: dark, light; width: 200-2000; height: 80-1000; group and object: short "           \
	"texts"

/*
 * Fills kind, range, lang, theme, width, height, group and object; missing fields get
 * their first word, lang gets lang. The rest of ret is left alone. Returns 0, or -EINVAL:
 * then ret is half filled.
 */
int graph_query_parse(const char *query, enum words_lang lang, struct graph_request *ret);
