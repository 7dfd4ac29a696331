/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The people who are known, and their tokens. A token is 256 random bits that its owner
 * alone has; what is kept is its hash, so that nobody who reads the database can use one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/person/person.h"

enum {
	PEOPLE_MAX = 200,
	PEOPLE_TOKENS_MAX = 1000,
	TOKEN_HASH_SIZE = 32, /* SHA-256 */
	TOKEN_PURPOSE_MAX = 63,
};

struct people_user {
	struct person person;
	int64_t created_ms; /* wall */
};

struct people_token {
	int64_t id; /* ever-rising */
	char user[PERSON_NAME_MAX + 1];
	char purpose[TOKEN_PURPOSE_MAX + 1];
	uint8_t hash[TOKEN_HASH_SIZE];
	int64_t created_ms, expires_ms; /* wall; expires_ms 0: never */
};

struct people {
	struct people_user users[PEOPLE_MAX]; /* by name */
	size_t n_users;
	struct people_token tokens[PEOPLE_TOKENS_MAX]; /* by id */
	size_t n_tokens;
	int64_t last_token;
};

/* NULL: there is none of that name. */
struct people_user *people_find(struct people *people, const char *name);
/* Adds one, or gives one that is there that role. 0; -EINVAL: no name; -ENOSPC. */
int people_put_user(struct people *people, const char *name, enum person_role role, int64_t now_ms);
/* With his tokens. Returns whether there was one. */
bool people_remove_user(struct people *people, const char *name);
/* Whether nobody could give roles any more if this one could not. */
bool people_is_last_admin(const struct people *people, const char *name);

/* Its id is given, or, at the start, as it was stored. 0; -ENOENT: there is no such user; -ENOSPC. */
int people_add_token(struct people *people, struct people_token *token);
bool people_remove_token(struct people *people, int64_t id);
/* Whose token has that hash, unless it is past its time. Takes as long whichever it is. NULL: nobody's. */
const struct people_user *people_by_token(struct people *people, const uint8_t *hash,
					  int64_t now_ms);
