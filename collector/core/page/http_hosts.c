/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts and origins of requests. Source: RFC 9110 7.2, RFC 6454 7, RFC 3986 3.2.2. */
#include "collector/core/page/http_hosts.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_OCTETS = 253 };

/* Without port and final point. False if it is too long to be one. */
static bool name_of(const char *host, char name[static NAME_MAX_OCTETS + 2])
{
	size_t len = strcspn(host, host[0] == '[' ? "]" : ":");

	if (host[0] == '[' && host[len])
		len++;
	if (len > NAME_MAX_OCTETS + 1 || (host[len] && host[len] != ':'))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	if (len > 1 && name[len - 1] == '.')
		name[len - 1] = '\0';
	return true;
}

static bool is_address(const char *name)
{
	char inner[INET6_ADDRSTRLEN];
	struct in6_addr addr;
	const size_t len = strlen(name);

	if (name[0] != '[')
		return inet_pton(AF_INET, name, &addr) == 1;
	if (len < 4 || len - 2 >= sizeof(inner) || name[len - 1] != ']')
		return false;
	snprintf(inner, sizeof(inner), "%.*s", (int)(len - 2), name + 1);
	return inet_pton(AF_INET6, inner, &addr) == 1;
}

static bool is_among(const char *const *names, const char *name)
{
	for (; names && *names; names++) {
		if (strcasecmp(*names, name) == 0)
			return true;
	}
	return false;
}

bool http_hosts_has(const char *const *names, const char *host)
{
	char name[NAME_MAX_OCTETS + 2];

	if (!*host)
		return true;
	return name_of(host, name) &&
	       (is_address(name) || strcasecmp(name, "localhost") == 0 || is_among(names, name));
}

bool http_hosts_has_origin(const char *const *names, const char *host, const char *origin)
{
	char name[NAME_MAX_OCTETS + 2];
	const char *authority = strstr(origin, "://");

	if (!*origin)
		return true;
	if (!authority)
		return false; /* "null": a sandboxed frame, a file */
	authority += 3;
	return strcasecmp(authority, host) == 0 ||
	       (name_of(authority, name) && is_among(names, name));
}

bool http_hosts_is_name(const char *name)
{
	const size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789-.");

	return len > 0 && len <= NAME_MAX_OCTETS && !name[len] && name[0] != '.' &&
	       name[len - 1] != '.';
}
