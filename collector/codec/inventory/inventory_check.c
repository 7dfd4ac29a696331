/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whether the devices of an inventory fit together and refer to what there is; each
 * by itself was looked at when its line was read (inventory_text.c).
 */
#include "collector/codec/inventory/inventory_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

enum { DEPTH_MAX = 64 /* of parents */ };

struct check {
	const char *name; /* of the file */
	const struct inventory *inventory;
	struct conf_errors *errors;
};

static int compare_address(const void *a, const void *b)
{
	const struct inventory_entry *const *x = a, *const *y = b;
	int r = strcmp((*x)->address, (*y)->address);

	if (r == 0)
		r = (int)(*x)->port - (int)(*y)->port;
	return r ? r : (int)(*x)->line - (int)(*y)->line;
}

static int check_addresses(const struct check *check)
{
	cleanup_free const struct inventory_entry **sorted = NULL;
	size_t n = check->inventory->n;

	sorted = calloc(n ? n : 1, sizeof(struct inventory_entry *));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &check->inventory->entries[i];
	qsort(sorted, n, sizeof(*sorted), compare_address);
	for (size_t i = 1; i < n; i++) {
		const struct inventory_entry *a = sorted[i - 1], *b = sorted[i];

		if (b->address[0] != '\0' && strcmp(a->address, b->address) == 0 &&
		    a->port == b->port)
			conf_errors_add(check->errors,
					"%s:%u: address: %s port %u is also in line %u; correct "
					"one of them, or give each its own port",
					check->name, b->line, b->address, (unsigned int)b->port,
					a->line);
	}
	return 0;
}

static const struct inventory_entry *parent_of(const struct inventory *inventory,
					       const struct inventory_entry *entry)
{
	return entry->parent[0] != '\0' ? inventory_find(inventory, entry->parent) : NULL;
}

enum ancestry { ANCESTRY_ENDS, ANCESTRY_CIRCLE, ANCESTRY_DEEP };

static enum ancestry walk_parents(const struct inventory *inventory,
				  const struct inventory_entry *entry)
{
	const struct inventory_entry *at = entry;

	for (size_t steps = 0; steps < DEPTH_MAX; steps++) {
		at = parent_of(inventory, at);
		if (!at)
			return ANCESTRY_ENDS;
		if (at == entry)
			return ANCESTRY_CIRCLE;
	}
	return ANCESTRY_DEEP;
}

static void check_parents(const struct check *check)
{
	for (size_t i = 0; i < check->inventory->n; i++) {
		const struct inventory_entry *e = &check->inventory->entries[i];
		enum ancestry ancestry;

		if (e->parent[0] == '\0')
			continue;
		if (!parent_of(check->inventory, e)) {
			conf_errors_add(check->errors,
					"%s:%u: parent: \"%s\" is not in the inventory; write "
					"the id of another line, or leave it empty",
					check->name, e->line, e->parent);
			continue;
		}
		ancestry = walk_parents(check->inventory, e);
		if (ancestry != ANCESTRY_ENDS)
			conf_errors_add(check->errors,
					"%s:%u: parent: the parents of \"%s\" %s; leave the "
					"parent of the one nearest to the core empty",
					check->name, e->line, e->id,
					ancestry == ANCESTRY_CIRCLE ? "lead back to it"
								    : "never end");
	}
}

int inventory_check(const char *name, const struct inventory *inventory, struct conf_errors *errors)
{
	const struct check check = {.name = name, .inventory = inventory, .errors = errors};
	int r = check_addresses(&check);
	const struct inventory_entry *e;

	if (r < 0)
		return r;
	e = check.inventory->entries;
	for (size_t i = 1; i < check.inventory->n; i++) {
		if (e[i].id[0] != '\0' && strcmp(e[i].id, e[i - 1].id) == 0)
			conf_errors_add(check.errors,
					"%s:%u: id: \"%s\" is also in line %u; give each "
					"device its own",
					check.name, e[i].line, e[i].id, e[i - 1].line);
	}
	check_parents(&check);
	return 0;
}

static bool is_known(const char *text, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, names[i]) == 0)
			return true;
	}
	return false;
}

int inventory_check_names(const char *name, const struct inventory *inventory, const char *which,
			  const char *const *names, size_t n, struct conf_errors *errors)
{
	bool profile = strcmp(which, "profile") == 0;
	int r = 0;

	for (size_t i = 0; i < inventory->n; i++) {
		const struct inventory_entry *e = &inventory->entries[i];
		const char *text = profile ? e->profile : e->credential;

		if ((profile && strcmp(text, "auto") == 0) || is_known(text, names, n))
			continue;
		conf_errors_add(errors, "%s:%u: %s: \"%.64s\" is not defined; %s", name, e->line,
				which, text,
				profile ? "write \"auto\" or the name of a file in profiles-dir"
					: "write the title of a section of the credentials file");
		r = -EINVAL;
	}
	return r;
}
