/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people read, in their language: pantauctl, the graphs and the page have their words
 * from one catalogue, id.json and en.json (README.md).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "words_names.h"

/* Of "id", "en". false: there is no such language, *ret stays. */
bool words_lang_parse(const char *name, enum words_lang *ret);
/* Of "id_ID.UTF-8", as LANG has it. */
bool words_lang_of_locale(const char *locale, enum words_lang *ret);
const char *words_lang_name(enum words_lang lang);

const char *words_key(enum word word); /* "status.down" */
const char *words_text(enum words_lang lang, enum word word);
/* What an interface calls name: ("cause", "no-answer") is the text of cause.no-answer. NULL: there is none,
 * as when a newer collector tells of something new. */
const char *words_find(enum words_lang lang, const char *family, const char *name);
/* The same, but then the name itself. */
const char *words_named(enum words_lang lang, const char *family, const char *name);

/* In characters, not octets. */
size_t words_width(const char *text);

/* The text with its places filled: values are name, value, name, value, NULL. Cut, in whole characters, to
 * what fits. Returns buf. size > 0. */
char *words_fill(char *buf, size_t size, const char *text, const char *const *values);
