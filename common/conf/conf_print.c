/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows a table of configuration keys to people (--help-config). Decides nothing. */
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
		if (!key->required) {
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
		dprintf(fd, ")  %s\n", key->help);
	}
}

void conf_print_keys(const struct conf_key *keys, int fd)
{
	print_keys(keys, fd, 0);
}
