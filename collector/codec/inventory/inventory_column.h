/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the inventory: what they are called, and how a field of each becomes a part of an
 * entry. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/cleanup.h"

struct field; /* inside */
struct inventory_entry;
struct inventory_mistakes;

struct inventory_column {
	const char *name;
	bool required; /* there, and filled in */
	void (*set)(struct field *field, struct inventory_entry *entry, char *text);
};

/* NULL: there are not so many. */
const struct inventory_column *inventory_column_at(size_t i);
/* By its name, in small letters or capitals; NULL: none is called so. */
const struct inventory_column *inventory_column_find(const char *name);

/* What stands between blanks, line breaks and the invisible characters that spreadsheets
 * leave, at both ends. Shortens text, returns where it begins. */
char *inventory_column_trim(char *text);
/* text: trimmed; may be changed. What it cannot be goes into mistakes. Returns 0 or -ENOMEM. */
must_check_ int inventory_column_set(const struct inventory_column *column,
				     struct inventory_entry *entry, char *text, unsigned int line,
				     struct inventory_mistakes *mistakes);
