/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shows a table of configuration keys to people (--help-config), and compares it with an
 * example file. Decides nothing.
 */
#include <stdio.h>
#include <string.h>

#include "common/conf/conf.h"

static void print_range(const struct conf_key *key, int fd)
{
	const char *space = key->unit[0] ? " " : "";

	dprintf(fd, "%lld%s%s, %lld to %lld", (long long)key->def, space, key->unit,
		(long long)key->min, (long long)key->max);
}

static void print_names(const struct conf_key *key, int fd)
{
	const char *def = "";

	for (const struct conf_name *name = key->names; name->name; name++) {
		dprintf(fd, "%s%s", name == key->names ? "" : "|", name->name);
		if (name->value == key->def)
			def = name->name;
	}
	dprintf(fd, ", %s", def);
}

static void print_default(const struct conf_key *key, int fd)
{
	switch (key->type) {
	case CONF_TYPE_INT:
		print_range(key, fd);
		break;
	case CONF_TYPE_BOOL:
		dprintf(fd, "%s", key->def ? "yes" : "no");
		break;
	case CONF_TYPE_ENUM:
		print_names(key, fd);
		break;
	case CONF_TYPE_STR_LIST:
		dprintf(fd, "%s", key->or_none ? "{}" : "list");
		break;
	default:
		dprintf(fd, "%s", key->def_str ? key->def_str : "none");
		break;
	}
}

static void print_keys(const struct conf_key *keys, int fd, int depth)
{
	for (const struct conf_key *key = keys; key->type != CONF_TYPE_END; key++) {
		dprintf(fd, "%*s%s", depth * 4, "", key->name);
		if (key->type == CONF_TYPE_SECTION) {
			dprintf(fd, " \"TITLE\" { ... }  %s\n", key->help);
			print_keys(key->keys, fd, depth + 1);
			continue;
		}
		dprintf(fd, " (%s", key->required ? "required" : "");
		if (!key->required)
			print_default(key, fd);
		dprintf(fd, ")  %s\n", key->help);
	}
}

void conf_print_keys(const struct conf_key *keys, int fd)
{
	print_keys(keys, fd, 0);
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
