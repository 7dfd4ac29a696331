/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is stored counts: only then the people in memory change, and the answer goes out. */
#include "collector/io/person/http_people.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/member.h"
#include "collector/codec/page/query_text.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/http/row_page.h"
#include "collector/io/person/token.h"
#include "collector/io/store/store.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

enum { AUDIT_LIMIT_DEFAULT = 100, AUDIT_LIMIT_MAX = 500, DAYS_MAX = 3650 };
#define DAY_MS INT64_C(86400000)

/* ---- reading ---- */

static json_t *user_json(const struct people_user *user)
{
	json_t *json = json_object();

	member_put_text(json, "name", user->person.name);
	member_put_text(json, "role", person_role_name(user->person.role));
	member_put_integer(json, "created_ms", user->created_ms);
	return json;
}

/* Not the hash: whoever may read this has no use for it. */
static json_t *token_json(const struct people_token *token)
{
	json_t *json = json_object();

	member_put_integer(json, "id", token->id);
	member_put_text(json, "user", token->user);
	member_put_text(json, "purpose", token->purpose);
	member_put_integer(json, "created_ms", token->created_ms);
	member_put_positive(json, "expires_ms", token->expires_ms);
	return json;
}

void http_people_users(const struct http_people_deps *deps, struct http_exchange *exchange)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < deps->people->n_users; i++)
		json_array_append_new(list, user_json(&deps->people->users[i]));
	json = json_pack("{s:o}", "users", list);
	http_reply_json(exchange, 200, json);
}

void http_people_tokens(const struct http_people_deps *deps, struct http_exchange *exchange)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;
	json_t *list = json_array();

	for (size_t i = 0; i < deps->people->n_tokens; i++)
		json_array_append_new(list, token_json(&deps->people->tokens[i]));
	json = json_pack("{s:o}", "tokens", list);
	http_reply_json(exchange, 200, json);
}

static json_t *audit_json(const struct audit_row *row)
{
	json_t *json = json_object();

	member_put_integer(json, "id", row->id);
	member_put_integer(json, "at_ms", row->at_ms);
	member_put_text(json, "who", row->who);
	member_put_text(json, "how", row->how);
	member_put_text(json, "what", row->what);
	member_put_text(json, "target", row->target);
	member_put_text(json, "detail", row->detail);
	return json;
}

static bool on_audit_row(void *data, const struct audit_row *row)
{
	struct row_page *page = data;

	return !row_page_is_full(page) && row_page_add(page, audit_json(row), row->id);
}

void http_people_audit(const struct http_people_deps *deps, struct http_exchange *exchange)
{
	static const char *const NAMES[] = {"limit", "before", NULL};
	const char *text = http_exchange_request(exchange)->query;
	struct audit_query query = {.before_id = 0};
	int64_t limit = AUDIT_LIMIT_DEFAULT;
	struct row_page *page;

	if (query_text_check(text, NAMES) < 0 ||
	    query_text_get_int(text, "limit", 1, AUDIT_LIMIT_MAX, &limit) == -EINVAL ||
	    query_text_get_int(text, "before", 1, INT64_MAX, &query.before_id) == -EINVAL) {
		http_reply_error(exchange, 400, "there are limit, from 1 to 500, and before");
		return;
	}
	page = row_page_new(exchange, "audit", (unsigned int)limit);
	if (!page)
		return;
	query.limit = (unsigned int)limit + 1; /* one more tells whether there are more */
	deps->hooks->audit(deps->data, &query, on_audit_row, row_page_done, page);
}

/* ---- changing ---- */

/* A change on its way to the disk. */
struct pending {
	const struct http_people_deps *deps;
	struct http_exchange *exchange; /* NULL: the client went away */
	struct store_person_change change;
	char token[TOKEN_TEXT_SIZE]; /* "" none */
};

static void on_abort(void *data)
{
	((struct pending *)data)->exchange = NULL;
}

/* What is on the disk now, in memory too: there is room, it was looked for before. */
static void take_over(struct people *people, struct store_person_change *change)
{
	switch (change->kind) {
	case STORE_USER_PUT:
		people_put_user(people, change->user.person.name, change->user.person.role,
				change->user.created_ms);
		break;
	case STORE_USER_REMOVE:
		people_remove_user(people, change->user.person.name);
		break;
	case STORE_TOKEN_PUT:
		people_add_token(people, &change->token);
		break;
	case STORE_TOKEN_REMOVE:
		people_remove_token(people, change->token.id);
		break;
	case STORE_AUDIT_ONLY:
		break;
	}
}

static void reply(const struct pending *pending, int err)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;

	http_exchange_on_abort(pending->exchange, NULL, NULL);
	if (err < 0) {
		http_reply_error(pending->exchange, 503, "the change could not be stored");
		return;
	}
	json = json_pack("{s:b}", "ok", 1);
	if (pending->token[0]) {
		member_put_integer(json, "id", pending->change.token.id);
		member_put_text(json, "token", pending->token);
	}
	http_reply_json(pending->exchange, 200, json);
}

static void on_stored(void *data, int err)
{
	struct pending *pending = data;

	if (err == 0)
		take_over(pending->deps->people, &pending->change);
	if (pending->exchange)
		reply(pending, err);
	explicit_bzero(pending->token, sizeof(pending->token));
	free(pending);
}

/* change->audit gets who and when; token: NULL, or what the answer shows. */
static void store(const struct http_people_deps *deps, const struct person *who,
		  struct http_exchange *exchange, const struct store_person_change *change,
		  const char *token)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending) {
		http_reply_error(exchange, 500, "out of memory");
		return;
	}
	pending->deps = deps;
	pending->exchange = exchange;
	pending->change = *change;
	pending->change.audit.at_ms = loop_wall_ms();
	snprintf(pending->change.audit.who, sizeof(pending->change.audit.who), "%s", who->name);
	snprintf(pending->change.audit.how, sizeof(pending->change.audit.how), "%s",
		 who->by_token ? "token" : "socket");
	if (token)
		snprintf(pending->token, sizeof(pending->token), "%s", token);
	http_exchange_on_abort(exchange, on_abort, pending);
	deps->hooks->change(deps->data, &pending->change, on_stored, pending);
}

static void note(struct store_person_change *change, const char *what, const char *target,
		 const char *detail)
{
	snprintf(change->audit.what, sizeof(change->audit.what), "%s", what);
	snprintf(change->audit.target, sizeof(change->audit.target), "%s", target);
	snprintf(change->audit.detail, sizeof(change->audit.detail), "%s", detail);
}

static void put_user(const struct http_people_deps *deps, const struct person *who,
		     struct http_exchange *exchange)
{
	static const char *const NAMES[] = {"name", "role", NULL};
	const char *query = http_exchange_request(exchange)->query;
	struct store_person_change change = {.kind = STORE_USER_PUT};
	char *name = change.user.person.name, role[AUDIT_WORD_MAX];
	const bool known = query_text_check(query, NAMES) == 0 &&
			   query_text_get(query, "name", name, PERSON_NAME_MAX + 1) > 0 &&
			   query_text_get(query, "role", role, sizeof(role)) > 0;

	if (!known || !person_name_is_right(name) ||
	    !person_role_parse(role, &change.user.person.role)) {
		http_reply_error(exchange, 400,
				 "name is 1 to 32 of a-z, 0-9, '.', '_' and '-'; role is viewer, "
				 "operator or admin");
		return;
	}
	if (!people_find(deps->people, name) && deps->people->n_users == PEOPLE_MAX) {
		http_reply_error(exchange, 409, "there are 200 users; remove one");
		return;
	}
	if (change.user.person.role != PERSON_ADMIN && people_is_last_admin(deps->people, name)) {
		http_reply_error(exchange, 409, "this is the last admin; make another one first");
		return;
	}
	change.user.created_ms = loop_wall_ms();
	note(&change, "user", name, role);
	store(deps, who, exchange, &change, NULL);
}

static void remove_user(const struct http_people_deps *deps, const struct person *who,
			struct http_exchange *exchange, const char *name, size_t len)
{
	struct store_person_change change = {.kind = STORE_USER_REMOVE};

	if (len <= PERSON_NAME_MAX)
		memcpy(change.user.person.name, name, len);
	if (!people_find(deps->people, change.user.person.name)) {
		http_reply_error(exchange, 404, "there is no such user");
		return;
	}
	note(&change, "user-remove", change.user.person.name, "");
	store(deps, who, exchange, &change, NULL);
}

void http_people_post_user(const struct http_people_deps *deps, const struct person *who,
			   struct http_exchange *exchange, const char *rest)
{
	const size_t len = strcspn(rest, "/");

	if (rest[0] == '\0')
		put_user(deps, who, exchange);
	else if (strcmp(rest + len, "/remove") == 0)
		remove_user(deps, who, exchange, rest, len);
	else
		http_reply_error(exchange, 404, "nothing to POST to; there is users/NAME/remove");
}

/* 0, or what is wrong with the question. */
static const char *read_token(const struct http_people_deps *deps, const char *query,
			      struct people_token *ret)
{
	static const char *const NAMES[] = {"user", "purpose", "days", NULL};
	int64_t days = 0;

	if (query_text_check(query, NAMES) < 0 ||
	    query_text_get(query, "user", ret->user, sizeof(ret->user)) <= 0 ||
	    query_text_get(query, "purpose", ret->purpose, sizeof(ret->purpose)) <= 0 ||
	    query_text_get_int(query, "days", 0, DAYS_MAX, &days) == -EINVAL)
		return "there are user, purpose (a few words) and days (0 to 3650; 0: for ever)";
	if (!people_find(deps->people, ret->user))
		return "there is no such user";
	if (deps->people->n_tokens == PEOPLE_TOKENS_MAX)
		return "there are 1000 tokens; revoke one";
	ret->created_ms = loop_wall_ms();
	ret->expires_ms = days > 0 ? ret->created_ms + days * DAY_MS : 0;
	return NULL;
}

static void put_token(const struct http_people_deps *deps, const struct person *who,
		      struct http_exchange *exchange)
{
	struct store_person_change change = {.kind = STORE_TOKEN_PUT};
	const char *wrong = read_token(deps, http_exchange_request(exchange)->query, &change.token);
	char text[TOKEN_TEXT_SIZE];

	if (wrong) {
		http_reply_error(exchange, 400, wrong);
		return;
	}
	if (token_make(text, change.token.hash) < 0) {
		http_reply_error(exchange, 500, "this machine gives no random numbers");
		return;
	}
	change.token.id =
		++deps->people->last_token; /* of two that are stored at once each has its own */
	note(&change, "token", change.token.user, change.token.purpose);
	store(deps, who, exchange, &change, text);
	explicit_bzero(text, sizeof(text));
}

static void revoke(const struct http_people_deps *deps, const struct person *who,
		   struct http_exchange *exchange, int64_t id)
{
	struct store_person_change change = {.kind = STORE_TOKEN_REMOVE, .token = {.id = id}};
	const struct people *people = deps->people;
	size_t i = 0;

	while (i < people->n_tokens && people->tokens[i].id != id)
		i++;
	if (i == people->n_tokens) {
		http_reply_error(exchange, 404, "there is no such token");
		return;
	}
	note(&change, "token-revoke", people->tokens[i].user, people->tokens[i].purpose);
	store(deps, who, exchange, &change, NULL);
}

void http_people_post_token(const struct http_people_deps *deps, const struct person *who,
			    struct http_exchange *exchange, const char *rest)
{
	char *end;
	const int64_t id = strtoll(rest, &end, 10);

	if (rest[0] == '\0')
		put_token(deps, who, exchange);
	else if (strcmp(end, "/revoke") == 0)
		revoke(deps, who, exchange, id);
	else
		http_reply_error(exchange, 404, "nothing to POST to; there is tokens/ID/revoke");
}
