/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members of JSON objects. What is not known is null, never zero and never left out; texts
 * are made valid UTF-8 on the way. Reading what is missing, or is of another type, gives
 * something that is not known.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

enum { MEMBER_TEXT_MAX = 512, MEMBER_LONG_MAX = 8192 }; /* octets; longer texts are cut */

/* value is stolen; NULL, as object NULL, is out of memory and leaves the object as it is. */
void member_put(json_t *object, const char *key, json_t *value);
void member_put_bool(json_t *object, const char *key, bool value);
void member_put_integer(json_t *object, const char *key, int64_t value);
void member_put_positive(json_t *object, const char *key, int64_t value); /* else null */
void member_put_number(json_t *object, const char *key, double value);	  /* NAN: null */
void member_put_rounded(json_t *object, const char *key, double value);	  /* shorter on the wire */
void member_put_text(json_t *object, const char *key, const char *text);  /* NULL: null */
void member_put_known(json_t *object, const char *key, const char *text); /* "" too */

/* Such a text by itself, of at most MEMBER_LONG_MAX octets. */
json_t *member_text_json(const char *text);

/* "", NAN, 0, false where there is none. */
const char *member_text(const json_t *object, const char *key);
double member_number(const json_t *object, const char *key);
int64_t member_integer(const json_t *object, const char *key);
bool member_bool(const json_t *object, const char *key);
