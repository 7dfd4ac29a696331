/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. Where an interface is named like a number, the name counts. */
#include "common/loop/endpoint_zone.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "common/base/number_text.h"

int endpoint_zone_resolve(struct endpoint *endpoint)
{
	struct sockaddr_in6 *v6 = (void *)&endpoint->addr;
	unsigned int index;
	char name[IF_NAMESIZE];
	uint64_t number;

	if (endpoint->zone[0] == '\0')
		return 0;
	index = if_nametoindex(endpoint->zone);
	if (index == 0 && number_text(endpoint->zone, 1, INT_MAX, &number))
		index = (unsigned int)number;
	index = index && if_indextoname(index, name) ? index : 0;
	if (index == 0)
		return -ENODEV;
	v6->sin6_scope_id = index;
	return 0;
}

int endpoint_zone_parse(const char *text, struct endpoint *ret)
{
	int r = endpoint_parse(text, ret);

	return r < 0 ? r : endpoint_zone_resolve(ret);
}

int endpoint_zone_parse_address(const char *text, uint16_t port, struct endpoint *ret)
{
	int r = endpoint_parse_address(text, port, ret);

	return r < 0 ? r : endpoint_zone_resolve(ret);
}

struct endpoint endpoint_zone_of(const struct sockaddr_storage *addr, socklen_t len)
{
	const struct sockaddr_in6 *v6 = (const void *)addr;
	struct endpoint endpoint = {.addr = *addr, .len = len};
	char name[IF_NAMESIZE];

	if (addr->ss_family != AF_INET6 || v6->sin6_scope_id == 0)
		return endpoint;
	if (if_indextoname(v6->sin6_scope_id, name))
		snprintf(endpoint.zone, sizeof(endpoint.zone), "%s", name);
	else
		snprintf(endpoint.zone, sizeof(endpoint.zone), "%u", v6->sin6_scope_id);
	return endpoint;
}

const char *endpoint_zone_problem(const char *text, int err,
				  char buf[static ENDPOINT_ZONE_PROBLEM_SIZE])
{
	const char *zone = strchr(text, '%');

	if (err == -ENODEV && zone)
		snprintf(buf, ENDPOINT_ZONE_PROBLEM_SIZE, "this machine has no interface %.*s",
			 (int)strcspn(zone + 1, "]"), zone + 1);
	else
		snprintf(buf, ENDPOINT_ZONE_PROBLEM_SIZE, "%s", strerror(-err));
	return buf;
}
