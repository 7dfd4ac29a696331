/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of users alone is read: asking their servers would take system calls, and time. */
#include "collector/io/page/http_person.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "collector/io/http/http_exchange.h"

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

bool http_person_of(const struct http_exchange *exchange, struct person *ret)
{
	struct person person = {.role = PERSON_ADMIN};
	uid_t uid;

	if (!http_exchange_uid(exchange, &uid))
		return false;
	if (!find_name(uid, person.name))
		snprintf(person.name, sizeof(person.name), "uid-%lu", (unsigned long)uid);
	*ret = person;
	return true;
}
