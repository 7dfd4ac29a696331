/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/person/person.h"

#include <assert.h>
#include <string.h>

#include "common/base/cleanup.h"

static const char *const ROLES[PERSON_ROLE_N] = {
	[PERSON_VIEWER] = "viewer",
	[PERSON_OPERATOR] = "operator",
	[PERSON_ADMIN] = "admin",
};

const char *person_role_name(enum person_role role)
{
	assert((unsigned int)role < PERSON_ROLE_N);
	return ROLES[role];
}

bool person_role_parse(const char *name, enum person_role *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(ROLES); i++) {
		if (strcmp(ROLES[i], name) == 0) {
			*ret = (enum person_role)i;
			return true;
		}
	}
	return false;
}

bool person_name_is_right(const char *name)
{
	const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return n > 0 && n <= PERSON_NAME_MAX && name[n] == '\0' && !strchr("-.", name[0]);
}
