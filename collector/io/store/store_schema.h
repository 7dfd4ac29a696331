/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of the store: the database file with its tables, sound and of this program's
 * version.
 */
#pragma once

#include <stdbool.h>

#include <sqlite3.h>

#include "common/base/cleanup.h"

enum { STORE_SCHEMA_VERSION = 12 };

/* Opens or makes it. 0; -EUCLEAN if it is damaged, -EPROTO if a newer program made it;
 * negative errno. */
must_check_ int store_schema_open(const char *path, sqlite3 **ret);
/*
 * On a disk that has no room even for what opening it takes, for us alone until it is closed: all
 * that is stored can be read, and what is written fails, until there is room. One that nothing was
 * ever stored in is in memory then (ret_memory), and nothing that is put there is kept.
 */
must_check_ int store_schema_open_full(const char *path, sqlite3 **ret, bool *ret_memory);
/* A damaged one becomes PATH.damaged-TIME (logged). */
void store_schema_set_aside(const char *path);

/* SQLite's result as negative errno: see store_db.h. 0 for OK, ROW and DONE. */
int store_schema_errno(sqlite3 *sqlite, int code);
/* Statements without results. 0 or negative errno. */
int store_schema_run(sqlite3 *sqlite, const char *sql);
