/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/words_json.h"

#include <string.h>

#include <jansson.h>

#include "common/base/cleanup.h"

static bool is_for_page(const char *key)
{
	static const char *const OTHERS[] = {"axis.",  "check.", "check_help.", "ctl.",
					     "graph.", "help.",	 "legend."};

	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		if (strncmp(key, OTHERS[i], strlen(OTHERS[i])) == 0)
			return false;
	return true;
}

char *words_json(enum words_lang lang, size_t *ret_len)
{
	json_t *json = json_object();
	char *text;

	for (int i = 0; i < WORD_N; i++)
		if (is_for_page(words_key((enum word)i)))
			json_object_set_new(json, words_key((enum word)i),
					    json_string(words_text(lang, (enum word)i)));
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (text)
		*ret_len = strlen(text);
	return text;
}
