/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/member.h"

#include <math.h>

#include "common/base/utf8_text.h"

void member_put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

void member_put_bool(json_t *object, const char *key, bool value)
{
	member_put(object, key, json_boolean(value));
}

void member_put_integer(json_t *object, const char *key, int64_t value)
{
	member_put(object, key, json_integer(value));
}

void member_put_positive(json_t *object, const char *key, int64_t value)
{
	member_put(object, key, value > 0 ? json_integer(value) : json_null());
}

void member_put_number(json_t *object, const char *key, double value)
{
	member_put(object, key, isfinite(value) ? json_real(value) : json_null());
}

void member_put_rounded(json_t *object, const char *key, double value)
{
	const bool known = isfinite(value) && fabs(value) < 9e15;

	member_put(object, key, known ? json_integer(llround(value)) : json_null());
}

static json_t *clean(const char *text, char *buf, size_t size)
{
	const size_t len = utf8_text_clean(text, buf, size);

	return json_stringn_nocheck(buf, len);
}

void member_put_text(json_t *object, const char *key, const char *text)
{
	char buf[MEMBER_TEXT_MAX];

	member_put(object, key, text ? clean(text, buf, sizeof(buf)) : json_null());
}

void member_put_known(json_t *object, const char *key, const char *text)
{
	member_put_text(object, key, text && text[0] ? text : NULL);
}

json_t *member_text_json(const char *text)
{
	char buf[MEMBER_LONG_MAX];

	return clean(text, buf, sizeof(buf));
}

const char *member_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

double member_number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

int64_t member_integer(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool member_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}
