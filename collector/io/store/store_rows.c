/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/store/store_rows.h"

#include <errno.h>
#include <stdio.h>

#include "collector/io/store/store_schema.h"
#include "common/system/log.h"

int store_rows_prepare(sqlite3 *sqlite, const char *const *sql, size_t n, sqlite3_stmt **ret)
{
	for (size_t i = 0; i < n; i++) {
		int code = sqlite3_prepare_v3(sqlite, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
					      &ret[i], NULL);

		if (code != SQLITE_OK) {
			log_error("store", "err=\"%s\"", sqlite3_errmsg(sqlite));
			return code == SQLITE_ERROR ? -EUCLEAN : store_schema_errno(sqlite, code);
		}
	}
	return 0;
}

void store_rows_finalize(sqlite3_stmt **statements, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sqlite3_finalize(statements[i]);
}

void store_rows_bind(sqlite3_stmt *stmt, int n, const char *text)
{
	sqlite3_bind_text(stmt, n, text ? text : "", -1, SQLITE_STATIC);
}

int store_rows_end(sqlite3 *sqlite, sqlite3_stmt *stmt, int code)
{
	const int r = store_schema_errno(sqlite, code);

	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return r;
}

int store_rows_run(sqlite3 *sqlite, sqlite3_stmt *stmt)
{
	return store_rows_end(sqlite, stmt, sqlite3_step(stmt));
}

const char *store_rows_text(sqlite3_stmt *stmt, int n)
{
	const char *text = (const char *)sqlite3_column_text(stmt, n);

	return text ? text : "";
}

void store_rows_copy(sqlite3_stmt *stmt, int n, char *buf, size_t size)
{
	snprintf(buf, size, "%s", store_rows_text(stmt, n));
}
