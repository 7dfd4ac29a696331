/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the store: values into and out of SQLite's statements. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

/* Prepares n statements that live as long as the database. 0 or negative errno, then *ret has what was prepared. */
int store_rows_prepare(sqlite3 *sqlite, const char *const *sql, size_t n, sqlite3_stmt **ret);
void store_rows_finalize(sqlite3_stmt **statements, size_t n);

/* text must live until the statement is reset; NULL is "". */
void store_rows_bind(sqlite3_stmt *stmt, int n, const char *text);
/* One step of a statement that yields no rows, then a reset. 0 or negative errno. */
int store_rows_run(sqlite3 *sqlite, sqlite3_stmt *stmt);
/* After the last step: code is its result. 0 or negative errno. */
int store_rows_end(sqlite3 *sqlite, sqlite3_stmt *stmt, int code);
/* Never NULL; until the next step. */
const char *store_rows_text(sqlite3_stmt *stmt, int n);
void store_rows_copy(sqlite3_stmt *stmt, int n, char *buf, size_t size);
