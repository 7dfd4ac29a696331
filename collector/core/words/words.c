/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8_text.h"
#include "words_texts.h"

enum { KEY_MAX = 128 };

static bool find_lang(const char *name, size_t len, enum words_lang *ret)
{
	for (int i = 0; i < WORDS_LANG_N; i++) {
		if (strlen(LANGS[i]) == len && memcmp(LANGS[i], name, len) == 0) {
			*ret = (enum words_lang)i;
			return true;
		}
	}
	return false;
}

bool words_lang_parse(const char *name, enum words_lang *ret)
{
	return find_lang(name, strlen(name), ret);
}

bool words_lang_of_locale(const char *locale, enum words_lang *ret)
{
	return find_lang(locale, strcspn(locale, "_.@"), ret);
}

const char *words_lang_name(enum words_lang lang)
{
	assert((unsigned int)lang < WORDS_LANG_N);
	return LANGS[lang];
}

const char *words_key(enum word word)
{
	assert((unsigned int)word < WORD_N);
	return KEYS[word];
}

const char *words_text(enum words_lang lang, enum word word)
{
	assert((unsigned int)lang < WORDS_LANG_N && (unsigned int)word < WORD_N);
	return TEXTS[lang][word];
}

static int compare(const void *key, const void *at)
{
	return strcmp(key, *(const char *const *)at);
}

const char *words_find(enum words_lang lang, const char *family, const char *name)
{
	char key[KEY_MAX];
	const char *const *at;

	if (snprintf(key, sizeof(key), "%s.%s", family, name) >= (int)sizeof(key))
		return NULL;
	at = bsearch(key, KEYS, WORD_N, sizeof(KEYS[0]), compare);
	return at ? words_text(lang, (enum word)(at - KEYS)) : NULL;
}

const char *words_named(enum words_lang lang, const char *family, const char *name)
{
	const char *text = words_find(lang, family, name);

	return text ? text : name;
}

size_t words_width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* The value of the place that text begins with, and how long the place is; NULL: it is none. */
static const char *value_of(const char *text, const char *const *values, size_t *ret_len)
{
	for (size_t i = 0; values[i]; i += 2) {
		const size_t len = strlen(values[i]);

		if (strncmp(text + 1, values[i], len) == 0 && text[1 + len] == '}') {
			*ret_len = len + 2;
			return values[i + 1];
		}
	}
	return NULL;
}

char *words_fill(char *buf, size_t size, const char *text, const char *const *values)
{
	size_t used = 0, len;

	while (*text && used + 1 < size) {
		const char *value = *text == '{' ? value_of(text, values, &len) : NULL;

		if (value) {
			used += utf8_text_clean(value, buf + used, size - used);
			text += len;
			continue;
		}
		len = utf8_text_char(text, strlen(text));
		if (len == 0 || used + len >= size)
			break;
		memcpy(buf + used, text, len);
		used += len;
		text += len;
	}
	buf[used] = '\0';
	return buf;
}
