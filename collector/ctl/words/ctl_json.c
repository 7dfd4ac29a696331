/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object whose member is missing or of another type has one that is not known. */
#include "collector/ctl/words/ctl_json.h"

#include <math.h>

const char *ctl_json_text(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

const char *ctl_json_word(enum ctl_lang lang, const json_t *json, const char *key)
{
	return ctl_word(lang, ctl_json_text(json, key));
}

double ctl_json_number(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

int64_t ctl_json_integer(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}
