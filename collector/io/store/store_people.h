/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the store: people, their tokens, and the log of what they changed, to which rows are only ever added. */
#pragma once

#include <sqlite3.h>

#include "collector/io/store/store.h"

struct store_people;

int store_people_new(sqlite3 *sqlite, struct store_people **ret);
struct store_people *store_people_free(struct store_people *people);

/* The change and its row in the log, or neither. 0 or negative errno. */
int store_people_change(struct store_people *people, const struct store_person_change *change);
int store_people_load(struct store_people *people, struct people *ret);
int store_people_audit(struct store_people *people, const struct audit_query *query,
		       store_audit_fn *fn, void *data);
