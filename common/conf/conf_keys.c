/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of keys tells of two structs of its kind, and of a text that should name its keys. */
#include <string.h>

#include "common/conf/conf.h"

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_list(char *const *a, char *const *b)
{
	while (a && b && *a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return (!a || !*a) && (!b || !*b);
}

bool conf_is_same(const struct conf_key *key, const void *a, const void *b)
{
	const char *pa = (const char *)a + key->offset, *pb = (const char *)b + key->offset;

	switch (key->type) {
	case CONF_TYPE_STR:
		return same_text(*(char *const *)pa, *(char *const *)pb);
	case CONF_TYPE_STR_LIST:
		return same_list(*(char **const *)pa, *(char **const *)pb);
	case CONF_TYPE_INT:
		return *(const int64_t *)pa == *(const int64_t *)pb;
	case CONF_TYPE_ENUM:
		return *(const int *)pa == *(const int *)pb;
	case CONF_TYPE_BOOL:
		return *(const bool *)pa == *(const bool *)pb;
	default:
		return true;
	}
}

static bool is_key_char(char c)
{
	return c == '-' || c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* As a word of its own: "timeout" is not mentioned by "http-timeout". */
static bool mentions(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
		if ((p == text || !is_key_char(p[-1])) && !is_key_char(p[len]))
			return true;
	return false;
}

const char *conf_key_missing_in(const struct conf_key *keys, const char *text)
{
	for (const struct conf_key *key = keys; key->type != CONF_TYPE_END; key++) {
		const char *inner = key->keys ? conf_key_missing_in(key->keys, text) : NULL;

		if (!mentions(text, key->name))
			return key->name;
		if (inner)
			return inner;
	}
	return NULL;
}
