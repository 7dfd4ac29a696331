/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what a client wants drawn. Strict: a word that is not known is an error, not a
 * default, so that a typing mistake shows.
 */
#include "collector/codec/graph/graph_query.h"

#include <errno.h>
#include <string.h>

#include "collector/codec/page/query_text.h"

/* One of a few words; def where the field is missing. */
static int pick(const char *query, const char *field, const char *const *words, uint32_t def,
		uint32_t *ret)
{
	char text[16];
	const int r = query_text_get(query, field, text, sizeof(text));

	if (r == -ENOENT) {
		*ret = def;
		return 0;
	}
	for (uint32_t i = 0; r >= 0 && words[i]; i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* A text; def where the field is missing or empty. */
static int read_text(const char *query, const char *field, const char *def, char *buf, size_t size)
{
	const int r = query_text_get(query, field, buf, size);

	if (r == -ENOENT || r == 0)
		strcpy(buf, def);
	return r < 0 && r != -ENOENT ? -EINVAL : 0;
}

static int read_size(const char *query, const char *field, int64_t min, int64_t max, uint32_t *ret)
{
	int64_t n = 0;

	if (query_text_get_int(query, field, min, max, &n) == -EINVAL)
		return -EINVAL;
	*ret = (uint32_t)n;
	return 0;
}

int graph_query_parse(const char *query, enum words_lang lang, struct graph_request *ret)
{
	static const char *const formats[] = {"png", "svg", NULL};
	static const char *const themes[] = {"dark", "light", NULL};
	enum graph_range range;
	char text[16];

	if (pick(query, "format", formats, GRAPH_PNG, &ret->kind) < 0 ||
	    pick(query, "theme", themes, GRAPH_DARK, &ret->theme) < 0)
		return -EINVAL;
	if (read_text(query, "lang", words_lang_name(lang), text, sizeof(text)) < 0 ||
	    !words_lang_parse(text, &lang))
		return -EINVAL;
	ret->lang = lang;
	if (read_text(query, "range", "6h", text, sizeof(text)) < 0 ||
	    graph_range_parse(text, &range) < 0)
		return -EINVAL;
	ret->range = range;
	if (read_size(query, "width", 200, 2000, &ret->width) < 0 ||
	    read_size(query, "height", 80, 1000, &ret->height) < 0)
		return -EINVAL;
	if (read_text(query, "group", "traffic", ret->group, sizeof(ret->group)) < 0)
		return -EINVAL;
	return read_text(query, "object", "", ret->object, sizeof(ret->object));
}
