/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Users, tokens and the log of changes, for admins:
 *
 *	GET  users, tokens, audit?before=&limit=
 *	POST users?name=&role=        adds, or changes the role
 *	POST users/NAME/remove        with the tokens
 *	POST tokens?user=&purpose=&days=   the answer has the token, this once; days 0: for ever
 *	POST tokens/ID/revoke
 */
#pragma once

#include <stdbool.h>

#include "collector/core/person/audit.h"
#include "collector/core/person/people.h"
#include "collector/core/person/person.h"

struct http_exchange;
struct store_person_change;

typedef void http_people_done_fn(void *fn_data, int err);
typedef bool http_audit_row_fn(void *fn_data, const struct audit_row *row);
struct http_people_hooks {
	/* Stores it, calls fn once, now or later, on the loop's thread. */
	void (*change)(void *data, const struct store_person_change *change,
		       http_people_done_fn *fn, void *fn_data);
	void (*audit)(void *data, const struct audit_query *query, http_audit_row_fn *row_fn,
		      http_people_done_fn *fn, void *fn_data);
};

/* people: as they are now; changed once the change is stored. All must outlive it. */
struct http_people_deps {
	struct people *people;
	const struct http_people_hooks *hooks;
	void *data;
};

void http_people_users(const struct http_people_deps *deps, struct http_exchange *exchange);
void http_people_tokens(const struct http_people_deps *deps, struct http_exchange *exchange);
void http_people_audit(const struct http_people_deps *deps, struct http_exchange *exchange);
/* who: an admin. rest: what stands behind "users/" or "tokens/", "" for none. They reply later. */
void http_people_post_user(const struct http_people_deps *deps, const struct person *who,
			   struct http_exchange *exchange, const char *rest);
void http_people_post_token(const struct http_people_deps *deps, const struct person *who,
			    struct http_exchange *exchange, const char *rest);
