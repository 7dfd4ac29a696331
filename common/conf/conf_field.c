/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One function per type; what is not of the type is told with its line. */
#include "common/conf/conf_field.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text_clean.h"
#include "common/conf/conf.h"
#include "common/conf/conf_reader.h"
#include "common/conf/conf_value.h"

enum { MESSAGE_MAX = 512, VALUE_SHOW = 60 /* octets of a value that a message quotes */ };

static void wrong(const struct conf_field *field, const char *what, const char *right)
{
	const char *text = field->value->text;
	char shown[VALUE_SHOW + 1] = "(not shown)";

	if (!field->key->secret)
		text_clean((const uint8_t *)text, strlen(text), shown, sizeof(shown));
	conf_errors_add(field->errors, "%s:%u: %s: \"%s\" %s; %s", field->setting->file,
			field->value->line, field->key->name, shown, what, right);
}

void conf_field_complain(const struct conf_field *field, const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	conf_errors_add(field->errors, "%s:%u: %s: %s", field->setting->file,
			field->setting->key.line, field->key->name, text);
}

static void read_int(const struct conf_field *field, int64_t *ret)
{
	const struct conf_key *key = field->key;
	char right[160];
	int r = conf_value_int(field->value->text, key->unit, ret);

	if (r == -EINVAL) {
		snprintf(right, sizeof(right), "give %s", conf_value_int_form(key->unit));
		wrong(field, "is not a number that fits here", right);
	} else if (r < 0 || *ret < key->min || *ret > key->max) {
		snprintf(right, sizeof(right), "give %lld to %lld%s%s", (long long)key->min,
			 (long long)key->max, key->unit[0] ? " " : "", key->unit);
		wrong(field, "is out of range", right);
	}
}

static void read_enum(const struct conf_field *field, int *ret)
{
	const struct conf_name *name = field->key->names;
	char right[240] = "give one of";
	size_t n = strlen(right);

	for (; name->name; name++) {
		if (strcmp(name->name, field->value->text) == 0) {
			*ret = name->value;
			return;
		}
	}
	for (name = field->key->names; name->name && n < sizeof(right); name++)
		n += (size_t)snprintf(right + n, sizeof(right) - n, " %s", name->name);
	wrong(field, "is not known", right);
}

/* What is taken must be what its author sees. */
static bool is_exact(const struct conf_field *field)
{
	if (!field->key->exact || field->value->doubt == CONF_DOUBT_NONE)
		return true;
	if (field->value->doubt == CONF_DOUBT_ESCAPE)
		conf_field_complain(field,
				    "a backslash in double quotes; write it in single quotes, "
				    "or \\\\ for each backslash");
	else
		conf_field_complain(field, "a '#' right behind it begins a comment; write it in "
					   "quotes, or a blank before the '#'");
	return false;
}

static int read_str(const struct conf_field *field, char **ret)
{
	const struct conf_key *key = field->key;
	const char *right = key->check ? key->check(field->value->text) : NULL;

	if (is_exact(field) && right)
		wrong(field, "is not right", right);
	free(*ret);
	*ret = strdup(field->value->text);
	return *ret ? 0 : -ENOMEM;
}

void conf_field_refuse_empty(const struct conf_field *field)
{
	const struct conf_key *key = field->key;
	const char *right = key->check ? key->check("") : NULL;

	if (key->type == CONF_TYPE_STR_LIST)
		conf_field_complain(field, "{} is an empty list; give %s, or leave the key out",
				    right ? right : "at least one value");
	else
		conf_field_complain(field, "{} is an empty list; give one value");
}

static int read_list(struct conf_field *field, char ***list)
{
	const struct conf_word *words = field->value;
	const size_t n = field->setting->n;
	size_t before = 0;
	char **grown;

	while ((*list)[before])
		before++;
	grown = reallocarray(*list, before + n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*list = grown;
	memset(grown + before, 0, (n + 1) * sizeof(*grown));
	for (size_t i = 0; i < n; i++) {
		field->value = &words[i];
		if (read_str(field, &grown[before + i]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int read_value(struct conf_field *field, void *to)
{
	if (field->setting->n == 0) {
		conf_field_refuse_empty(field);
		return 0;
	}
	if (field->setting->n > 1) {
		field->value++;
		wrong(field, "is a second value", "this key takes one");
		return 0;
	}
	switch (field->key->type) {
	case CONF_TYPE_INT:
		read_int(field, to);
		return 0;
	case CONF_TYPE_BOOL:
		if (conf_value_bool(field->value->text, to) < 0)
			wrong(field, "is neither yes nor no", "give yes or no");
		return 0;
	case CONF_TYPE_ENUM:
		read_enum(field, to);
		return 0;
	default:
		return read_str(field, to);
	}
}

int conf_field_read(struct conf_field *field, void *to)
{
	return field->key->type == CONF_TYPE_STR_LIST ? read_list(field, to)
						      : read_value(field, to);
}

int conf_field_set_default(const struct conf_key *key, void *to)
{
	switch (key->type) {
	case CONF_TYPE_INT:
		*(int64_t *)to = key->def;
		return 0;
	case CONF_TYPE_BOOL:
		*(bool *)to = key->def;
		return 0;
	case CONF_TYPE_ENUM:
		*(int *)to = (int)key->def;
		return 0;
	case CONF_TYPE_STR:
		*(char **)to = key->def_str ? strdup(key->def_str) : NULL;
		return *(char **)to || !key->def_str ? 0 : -ENOMEM;
	case CONF_TYPE_STR_LIST:
		*(char ***)to = calloc(1, sizeof(char *));
		return *(char ***)to ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

void conf_field_clear(const struct conf_key *key, void *to)
{
	switch (key->type) {
	case CONF_TYPE_INT:
		*(int64_t *)to = 0;
		return;
	case CONF_TYPE_BOOL:
		*(bool *)to = false;
		return;
	case CONF_TYPE_ENUM:
		*(int *)to = 0;
		return;
	case CONF_TYPE_STR:
		free(*(char **)to);
		*(char **)to = NULL;
		return;
	case CONF_TYPE_STR_LIST:
		for (char **p = *(char ***)to; p && *p; p++)
			free(*p);
		free(*(char ***)to);
		*(char ***)to = NULL;
		return;
	default:
		return;
	}
}
