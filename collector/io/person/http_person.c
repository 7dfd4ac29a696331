/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of users alone is read: asking their servers would take system calls, and time. */
#include "collector/io/person/http_person.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "collector/codec/page/http_request.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "collector/io/person/token.h"

static bool find_name(uid_t uid, char name[static PERSON_NAME_MAX + 1])
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;
	bool found = false;

	while (file && !found && (entry = fgetpwent(file))) {
		found = entry->pw_uid == uid && strlen(entry->pw_name) <= PERSON_NAME_MAX;
		if (found)
			strcpy(name, entry->pw_name);
	}
	if (file)
		fclose(file);
	return found;
}

static bool by_token(const struct http_exchange *exchange, struct people *people,
		     struct person *ret)
{
	static const char BEARER[] = "Bearer ";
	const char *authorization = http_exchange_request(exchange)->authorization;
	const struct people_user *user = NULL;

	if (strncmp(authorization, BEARER, sizeof(BEARER) - 1) == 0)
		user = token_owner(people, authorization + sizeof(BEARER) - 1);
	if (!user)
		return false;
	*ret = user->person;
	ret->by_token = true;
	return true;
}

bool http_person_of(const struct http_exchange *exchange, struct people *people, struct person *ret)
{
	struct person person = {.role = PERSON_ADMIN};
	uid_t uid;

	if (!http_exchange_uid(exchange, &uid))
		return by_token(exchange, people, ret);
	if (!find_name(uid, person.name))
		snprintf(person.name, sizeof(person.name), "uid-%lu", (unsigned long)uid);
	*ret = person;
	return true;
}

bool http_person_permits(struct http_exchange *exchange, struct people *people,
			 enum person_role role, struct person *ret)
{
	if (!http_person_of(exchange, people, ret)) {
		http_exchange_header(exchange, "WWW-Authenticate", "Bearer");
		http_reply_error(exchange, 401, "this needs a token, or the control socket");
		return false;
	}
	if (ret->role >= role)
		return true;
	http_reply_error(exchange, 403, "your role does not permit this");
	return false;
}
