/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/person/people.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct people_user *people_find(struct people *people, const char *name)
{
	for (size_t i = 0; i < people->n_users; i++) {
		if (strcmp(people->users[i].person.name, name) == 0)
			return &people->users[i];
	}
	return NULL;
}

/* Where it belongs, by name; those behind it make room. */
static struct people_user *insert(struct people *people, const char *name)
{
	size_t at = 0;

	assert(people->n_users < PEOPLE_MAX);
	while (at < people->n_users && strcmp(people->users[at].person.name, name) < 0)
		at++;
	memmove(&people->users[at + 1], &people->users[at],
		(people->n_users - at) * sizeof(people->users[0]));
	people->n_users++;
	people->users[at] = (struct people_user){.person = {.role = PERSON_VIEWER}};
	snprintf(people->users[at].person.name, sizeof(people->users[at].person.name), "%s", name);
	return &people->users[at];
}

int people_put_user(struct people *people, const char *name, enum person_role role, int64_t now_ms)
{
	struct people_user *user = people_find(people, name);

	if (!user && !person_name_is_right(name))
		return -EINVAL;
	if (!user && people->n_users == PEOPLE_MAX)
		return -ENOSPC;
	if (!user) {
		user = insert(people, name);
		user->created_ms = now_ms;
	}
	user->person.role = role;
	return 0;
}

bool people_remove_user(struct people *people, const char *name)
{
	struct people_user *user = people_find(people, name);
	size_t kept = 0;

	if (!user)
		return false;
	for (size_t i = 0; i < people->n_tokens; i++) {
		if (strcmp(people->tokens[i].user, name) != 0)
			people->tokens[kept++] = people->tokens[i];
	}
	people->n_tokens = kept;
	people->n_users--;
	memmove(user, user + 1,
		(size_t)(&people->users[people->n_users] - user) * sizeof(people->users[0]));
	return true;
}

bool people_is_last_admin(const struct people *people, const char *name)
{
	bool is_admin = false;

	for (size_t i = 0; i < people->n_users; i++) {
		if (people->users[i].person.role != PERSON_ADMIN)
			continue;
		if (strcmp(people->users[i].person.name, name) != 0)
			return false;
		is_admin = true;
	}
	return is_admin;
}

int people_add_token(struct people *people, struct people_token *token)
{
	if (!people_find(people, token->user))
		return -ENOENT;
	if (people->n_tokens == PEOPLE_TOKENS_MAX)
		return -ENOSPC;
	if (token->id == 0)
		token->id = people->last_token + 1;
	assert(token->id > 0);
	people->last_token = token->id > people->last_token ? token->id : people->last_token;
	people->tokens[people->n_tokens++] = *token;
	return 0;
}

bool people_remove_token(struct people *people, int64_t id)
{
	size_t i = 0;

	while (i < people->n_tokens && people->tokens[i].id != id)
		i++;
	if (i == people->n_tokens)
		return false;
	people->n_tokens--;
	memmove(&people->tokens[i], &people->tokens[i + 1],
		(people->n_tokens - i) * sizeof(people->tokens[0]));
	return true;
}

static bool same_hash(const uint8_t *a, const uint8_t *b)
{
	unsigned int differs = 0;

	for (size_t i = 0; i < TOKEN_HASH_SIZE; i++)
		differs |= a[i] ^ b[i];
	return differs == 0;
}

const struct people_user *people_by_token(struct people *people, const uint8_t *hash,
					  int64_t now_ms)
{
	const struct people_token *found = NULL;

	for (size_t i = 0; i < people->n_tokens; i++) {
		if (same_hash(people->tokens[i].hash, hash))
			found = &people->tokens[i];
	}
	if (!found || (found->expires_ms > 0 && now_ms >= found->expires_ms))
		return NULL;
	return people_find(people, found->user);
}
