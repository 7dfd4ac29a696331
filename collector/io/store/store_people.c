/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/store/store_people.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/store/store_rows.h"
#include "common/base/cleanup.h"

enum statement {
	PUT_USER,
	REMOVE_USER,
	REMOVE_TOKENS,
	PUT_TOKEN,
	REMOVE_TOKEN,
	LOG,
	USERS,
	TOKENS,
	LAST_TOKEN,
	AUDIT,
	STATEMENT_N
};

static const char *const SQL[STATEMENT_N] = {
	[PUT_USER] = "INSERT INTO users (name, role, created_ms) VALUES (?1,?2,?3) ON CONFLICT "
		     "(name) DO UPDATE SET role = ?2",
	[REMOVE_USER] = "DELETE FROM users WHERE name = ?",
	[REMOVE_TOKENS] = "DELETE FROM tokens WHERE user = ?",
	[PUT_TOKEN] = "INSERT INTO tokens (id, user, purpose, hash, created_ms, expires_ms) VALUES "
		      "(?,?,?,?,?,?)",
	[REMOVE_TOKEN] = "DELETE FROM tokens WHERE id = ?",
	[LOG] = "INSERT INTO audit (at_ms, who, how, what, target, detail) VALUES (?,?,?,?,?,?)",
	[USERS] = "SELECT name, role, created_ms FROM users",
	[TOKENS] = "SELECT id, user, purpose, hash, created_ms, expires_ms FROM tokens ORDER BY id",
	[LAST_TOKEN] =
		"SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tokens'), 0)",
	[AUDIT] = "SELECT id, at_ms, who, how, what, target, detail FROM audit WHERE id < ?1 ORDER "
		  "BY id DESC LIMIT ?2",
};

struct store_people {
	sqlite3 *sqlite;
	sqlite3_stmt *statements[STATEMENT_N];
};

int store_people_new(sqlite3 *sqlite, struct store_people **ret)
{
	struct store_people *people = calloc(1, sizeof(*people));
	int r;

	if (!people)
		return -ENOMEM;
	people->sqlite = sqlite;
	r = store_rows_prepare(sqlite, SQL, STATEMENT_N, people->statements);
	if (r < 0)
		store_people_free(people);
	else
		*ret = people;
	return r;
}

struct store_people *store_people_free(struct store_people *people)
{
	if (people)
		store_rows_finalize(people->statements, STATEMENT_N);
	free(people);
	return NULL;
}

static int put_user(struct store_people *people, const struct people_user *user)
{
	sqlite3_stmt *stmt = people->statements[PUT_USER];

	store_rows_bind(stmt, 1, user->person.name);
	store_rows_bind(stmt, 2, person_role_name(user->person.role));
	sqlite3_bind_int64(stmt, 3, user->created_ms);
	return store_rows_run(people->sqlite, stmt);
}

static int remove_user(struct store_people *people, const char *name)
{
	sqlite3_stmt *tokens = people->statements[REMOVE_TOKENS];
	sqlite3_stmt *user = people->statements[REMOVE_USER];
	int r;

	store_rows_bind(tokens, 1, name);
	r = store_rows_run(people->sqlite, tokens);
	if (r < 0)
		return r;
	store_rows_bind(user, 1, name);
	return store_rows_run(people->sqlite, user);
}

static int put_token(struct store_people *people, const struct people_token *token)
{
	sqlite3_stmt *stmt = people->statements[PUT_TOKEN];

	sqlite3_bind_int64(stmt, 1, token->id);
	store_rows_bind(stmt, 2, token->user);
	store_rows_bind(stmt, 3, token->purpose);
	sqlite3_bind_blob(stmt, 4, token->hash, TOKEN_HASH_SIZE, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, token->created_ms);
	sqlite3_bind_int64(stmt, 6, token->expires_ms);
	return store_rows_run(people->sqlite, stmt);
}

static int remove_token(struct store_people *people, int64_t id)
{
	sqlite3_stmt *stmt = people->statements[REMOVE_TOKEN];

	sqlite3_bind_int64(stmt, 1, id);
	return store_rows_run(people->sqlite, stmt);
}

static int put_audit(struct store_people *people, const struct audit_row *row)
{
	sqlite3_stmt *stmt = people->statements[LOG];

	sqlite3_bind_int64(stmt, 1, row->at_ms);
	store_rows_bind(stmt, 2, row->who);
	store_rows_bind(stmt, 3, row->how);
	store_rows_bind(stmt, 4, row->what);
	store_rows_bind(stmt, 5, row->target);
	store_rows_bind(stmt, 6, row->detail);
	return store_rows_run(people->sqlite, stmt);
}

static int do_change(struct store_people *people, const struct store_person_change *change)
{
	switch (change->kind) {
	case STORE_AUDIT_ONLY:
		return 0;
	case STORE_USER_PUT:
		return put_user(people, &change->user);
	case STORE_USER_REMOVE:
		return remove_user(people, change->user.person.name);
	case STORE_TOKEN_PUT:
		return put_token(people, &change->token);
	case STORE_TOKEN_REMOVE:
		return remove_token(people, change->token.id);
	}
	return -EINVAL;
}

/* Within the transaction that is open: both or neither. */
int store_people_change(struct store_people *people, const struct store_person_change *change)
{
	const int r = do_change(people, change);

	return r < 0 ? r : put_audit(people, &change->audit);
}

static int load_users(struct store_people *people, struct people *ret)
{
	sqlite3_stmt *stmt = people->statements[USERS];
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		enum person_role role = PERSON_VIEWER; /* of one that a newer version knows */

		person_role_parse(store_rows_text(stmt, 1), &role);
		people_put_user(ret, store_rows_text(stmt, 0), role, sqlite3_column_int64(stmt, 2));
	}
	return store_rows_end(people->sqlite, stmt, code);
}

static int load_tokens(struct store_people *people, struct people *ret)
{
	sqlite3_stmt *stmt = people->statements[TOKENS];
	int code;

	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct people_token token = {
			.id = sqlite3_column_int64(stmt, 0),
			.created_ms = sqlite3_column_int64(stmt, 4),
			.expires_ms = sqlite3_column_int64(stmt, 5),
		};
		const void *hash = sqlite3_column_blob(stmt, 3);

		store_rows_copy(stmt, 1, token.user, sizeof(token.user));
		store_rows_copy(stmt, 2, token.purpose, sizeof(token.purpose));
		if (!hash || sqlite3_column_bytes(stmt, 3) != TOKEN_HASH_SIZE)
			continue;
		memcpy(token.hash, hash, TOKEN_HASH_SIZE);
		people_add_token(ret, &token);
	}
	return store_rows_end(people->sqlite, stmt, code);
}

int store_people_load(struct store_people *people, struct people *ret)
{
	sqlite3_stmt *last = people->statements[LAST_TOKEN];
	int r = load_users(people, ret), code;

	if (r == 0)
		r = load_tokens(people, ret);
	if (r < 0)
		return r;
	code = sqlite3_step(last);
	if (code == SQLITE_ROW) /* one that was revoked is not given again */
		ret->last_token = sqlite3_column_int64(last, 0);
	return store_rows_end(people->sqlite, last, code);
}

int store_people_audit(struct store_people *people, const struct audit_query *query,
		       store_audit_fn *fn, void *data)
{
	sqlite3_stmt *stmt = people->statements[AUDIT];
	bool more = true;
	int code = SQLITE_DONE;

	sqlite3_bind_int64(stmt, 1, query->before_id > 0 ? query->before_id : INT64_MAX);
	sqlite3_bind_int64(stmt, 2, query->limit);
	while (more && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct audit_row row = {.id = sqlite3_column_int64(stmt, 0),
					.at_ms = sqlite3_column_int64(stmt, 1)};

		store_rows_copy(stmt, 2, row.who, sizeof(row.who));
		store_rows_copy(stmt, 3, row.how, sizeof(row.how));
		store_rows_copy(stmt, 4, row.what, sizeof(row.what));
		store_rows_copy(stmt, 5, row.target, sizeof(row.target));
		store_rows_copy(stmt, 6, row.detail, sizeof(row.detail));
		more = fn(data, &row);
	}
	return store_rows_end(people->sqlite, stmt, code);
}
