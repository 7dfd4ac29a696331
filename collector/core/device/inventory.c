/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lookup in the inventory, its words, and freeing it. Reading the CSV is inventory_text.c.
 */
#include "collector/core/device/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"

static const char *const KIND_NAMES[] = {
	[INVENTORY_CORE] = "core",
	[INVENTORY_OPD] = "opd",
	[INVENTORY_HOTSPOT] = "hotspot",
};

const char *inventory_kind_name(enum inventory_kind kind)
{
	return (unsigned int)kind < ARRAY_LEN(KIND_NAMES) ? KIND_NAMES[kind] : "unknown";
}

/* What an office cannot do without is told before what a guest would like. */
enum severity inventory_kind_severity(enum inventory_kind kind)
{
	switch (kind) {
	case INVENTORY_CORE:
		return SEVERITY_CRITICAL;
	case INVENTORY_OPD:
		return SEVERITY_MAJOR;
	case INVENTORY_HOTSPOT:
		break;
	}
	return SEVERITY_WARNING;
}

bool inventory_kind_parse(const char *name, enum inventory_kind *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(KIND_NAMES); i++) {
		if (strcmp(KIND_NAMES[i], name) == 0) {
			*ret = (enum inventory_kind)i;
			return true;
		}
	}
	return false;
}

const char *inventory_kind_problem(const char *name)
{
	enum inventory_kind kind;

	return inventory_kind_parse(name, &kind) ? NULL : "core, opd or hotspot";
}

bool inventory_is_pinged_alone(const struct inventory_entry *entry)
{
	return entry->profile && strcmp(entry->profile, INVENTORY_PING) == 0;
}

bool inventory_medium_parse(const char *name, enum link_medium *ret)
{
	if (name[0] == '\0') {
		*ret = LINK_MEDIUM_UNKNOWN;
		return true;
	}
	for (unsigned int i = LINK_MEDIUM_FIBER; i <= LINK_MEDIUM_MAX; i++) {
		if (strcmp(link_mib_medium(i), name) == 0) {
			*ret = (enum link_medium)i;
			return true;
		}
	}
	return false;
}

static int compare_id(const void *key, const void *element)
{
	return strcmp(key, ((const struct inventory_entry *)element)->id);
}

const struct inventory_entry *inventory_find(const struct inventory *inventory, const char *id)
{
	if (inventory->n == 0)
		return NULL;
	return bsearch(id, inventory->entries, inventory->n, sizeof(*inventory->entries),
		       compare_id);
}

const struct inventory_link *inventory_find_link(const struct inventory_entry *entry,
						 const char *name)
{
	for (size_t i = 0; i < entry->n_links; i++) {
		if (strcmp(entry->links[i].name, name) == 0)
			return &entry->links[i];
	}
	return NULL;
}

void inventory_links_free(struct inventory_link *links, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(links[i].name);
	free(links);
}

void inventory_entry_deinit(struct inventory_entry *entry)
{
	char *texts[] = {
		entry->id,	   entry->name,	    entry->address,	entry->profile,
		entry->credential, entry->parent,   entry->parent_port, entry->kecamatan,
		entry->kelurahan,  entry->provider, entry->contract,	entry->notes,
		entry->short_name, entry->group,    entry->feeder,	entry->answers_from};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	inventory_links_free(entry->links, entry->n_links);
	*entry = (struct inventory_entry){0};
}

void inventory_deinit(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n; i++)
		inventory_entry_deinit(&inventory->entries[i]);
	free(inventory->entries);
	*inventory = (struct inventory){0};
}
