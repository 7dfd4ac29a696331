/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whether the devices of an inventory fit together and refer to what there is; each
 * by itself was looked at when its line was read (inventory_text.c).
 */
#include "collector/codec/inventory/inventory_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/inventory/inventory_mistakes.h"
#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

enum { DEPTH_MAX = 64 /* of parents */ };

struct check {
	const struct inventory *inventory;
	struct inventory_mistakes *mistakes;
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
			inventory_mistakes_add(check->mistakes, b->line, "address twice",
					       "address: %s port %u is also in line %u; correct "
					       "one of them, or give each its own port",
					       b->address, (unsigned int)b->port, a->line);
	}
	return 0;
}

static const struct inventory_entry *parent_of(const struct inventory *inventory,
					       const struct inventory_entry *entry)
{
	return entry->parent[0] != '\0' ? inventory_find(inventory, entry->parent) : NULL;
}

/* e is of the circle; the one of it that stands first in the file speaks for all. */
static void report_circle(const struct check *check, const struct inventory_entry *e)
{
	const struct inventory_entry *first = e;
	char ids[200];
	size_t n;

	for (const struct inventory_entry *at = parent_of(check->inventory, e); at != e;
	     at = parent_of(check->inventory, at))
		first = at->line < first->line ? at : first;
	n = (size_t)snprintf(ids, sizeof(ids), "%s", first->id);
	for (e = parent_of(check->inventory, first); e != first && n < sizeof(ids);
	     e = parent_of(check->inventory, e))
		n += (size_t)snprintf(ids + n, sizeof(ids) - n, ", %s", e->id);
	inventory_mistakes_add(check->mistakes, first->line, "circle",
			       "parent: the parents of %s%s lead in a circle; leave the parent of "
			       "the one nearest to the core empty",
			       ids, n < sizeof(ids) ? "" : " ...");
}

/* What is known of an entry from walks up to its last parent. */
struct mark {
	size_t walk;  /* the first that came by, from 1; 0: none yet */
	bool endless; /* leads into a circle */
};

static bool is_deep(const struct check *check, const struct inventory_entry *e)
{
	for (size_t steps = 0; e && steps <= DEPTH_MAX; steps++)
		e = parent_of(check->inventory, e);
	return e;
}

/* Two offices of a ring may each be the other's way out: circles are no mistake here. */
static void check_backup_parents(const struct check *check, const struct inventory_entry *e)
{
	for (size_t i = 0; i < e->n_backup_parents; i++) {
		const char *id = e->backup_parents[i];

		if (strcmp(id, e->id) == 0 || strcmp(id, e->parent) == 0)
			inventory_mistakes_add(check->mistakes, e->line, "backup itself",
					       "backup_parents: \"%s\" is the device itself or its "
					       "parent; name another way to it",
					       id);
		else if (!inventory_find(check->inventory, id))
			inventory_mistakes_add(check->mistakes, e->line, "no backup",
					       "backup_parents: \"%s\" is not in the inventory; "
					       "write the id of another line",
					       id);
	}
	if (e->n_backup_parents > 0 && e->parent[0] == '\0')
		inventory_mistakes_add(check->mistakes, e->line, "backup alone",
				       "backup_parents: has no parent beside it; write the first "
				       "of them as parent");
}

static int check_parents(const struct check *check)
{
	const struct inventory_entry *entries = check->inventory->entries;
	const size_t n = check->inventory->n;
	cleanup_free struct mark *marks = calloc(n ? n : 1, sizeof(*marks));

	if (!marks)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct inventory_entry *e;

		if (entries[i].parent[0] != '\0' && !parent_of(check->inventory, &entries[i]))
			inventory_mistakes_add(check->mistakes, entries[i].line, "no parent",
					       "parent: \"%s\" is not in the inventory; write the "
					       "id of another line, or leave it empty",
					       entries[i].parent);
		e = &entries[i];
		for (; e && marks[e - entries].walk == 0; e = parent_of(check->inventory, e))
			marks[e - entries].walk = i + 1;
		if (e && (marks[e - entries].walk > i || marks[e - entries].endless)) {
			if (marks[e - entries].walk == i + 1 && !marks[e - entries].endless)
				report_circle(check, e);
			for (e = &entries[i]; !marks[e - entries].endless;
			     e = parent_of(check->inventory, e))
				marks[e - entries].endless = true;
		}
	}
	for (size_t i = 0; i < n; i++)
		check_backup_parents(check, &entries[i]);
	for (size_t i = 0; i < n; i++) {
		if (!marks[i].endless && is_deep(check, &entries[i]))
			inventory_mistakes_add(check->mistakes, entries[i].line, "deep",
					       "parent: \"%s\" has more than %d parents before it; "
					       "leave out some",
					       entries[i].id, DEPTH_MAX);
	}
	return 0;
}

int inventory_check(const struct inventory *inventory, struct inventory_mistakes *mistakes)
{
	const struct check check = {.inventory = inventory, .mistakes = mistakes};
	const struct inventory_entry *e = inventory->entries;
	int r = check_addresses(&check);

	for (size_t i = 1; r == 0 && i < inventory->n; i++) {
		if (e[i].id[0] != '\0' && strcmp(e[i].id, e[i - 1].id) == 0)
			inventory_mistakes_add(
				mistakes, e[i].line, "id twice",
				"id: \"%s\" is also in line %u; give each device its "
				"own",
				e[i].id, e[i - 1].line);
	}
	return r < 0 ? r : check_parents(&check);
}

static bool is_known(const char *text, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, names[i]) == 0)
			return true;
	}
	return false;
}

/* Words that no file defines. */
static bool is_given(const struct inventory_entry *e, bool profile)
{
	if (inventory_is_pinged_alone(e))
		return profile || e->credential[0] == '\0';
	return profile && strcmp(e->profile, "auto") == 0;
}

int inventory_check_names(const char *name, const struct inventory *inventory, const char *which,
			  const char *const *names, size_t n, struct conf_errors *errors)
{
	const bool profile = strcmp(which, "profile") == 0;
	struct inventory_mistakes mistakes = {0};
	int r;

	for (size_t i = 0; i < inventory->n; i++) {
		const struct inventory_entry *e = &inventory->entries[i];
		const char *text = profile ? e->profile : e->credential;

		if (is_known(text, names, n) || is_given(e, profile))
			continue;
		inventory_mistakes_add(
			&mistakes, e->line, "name", "%s: \"%.64s\" is not defined; %s", which, text,
			profile ? "write \"auto\", \"ping\" or the name of a file in profiles-dir"
				: "write the title of a section of the credentials file");
	}
	r = mistakes.n + mistakes.lost > 0 ? -EINVAL : 0;
	inventory_mistakes_tell(&mistakes, name, errors);
	return r;
}
