/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who asks for something, and what he may. */
#pragma once

#include <stdbool.h>

enum person_role {
	PERSON_VIEWER,	 /* sees */
	PERSON_OPERATOR, /* answers alerts: acknowledges, notes, silences, plans maintenance */
	PERSON_ADMIN,	 /* changes who may what, reloads */
	PERSON_ROLE_N
};
const char *person_role_name(enum person_role role); /* "viewer", ... as in the API */
bool person_role_parse(const char *name, enum person_role *ret);

enum { PERSON_NAME_MAX = 32 /* octets */ };

struct person {
	char name[PERSON_NAME_MAX + 1]; /* "" nobody is known */
	enum person_role role;
	bool by_token; /* as he asks now: not by the control socket */
};

/* [a-z0-9._-], not beginning with '-' or '.'. */
bool person_name_is_right(const char *name);
