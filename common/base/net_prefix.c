/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header; the text is read by inet_pton(3). */
#include "common/base/net_prefix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "common/base/number_text.h"

int net_prefix_parse(const char *text, struct net_prefix *ret)
{
	struct net_prefix prefix = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
	unsigned int max = prefix.family == AF_INET6 ? 128 : 32;
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char host[INET6_ADDRSTRLEN];
	uint64_t bits = max;

	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(prefix.family, host, prefix.octets) != 1)
		return -EINVAL;
	if (slash && !number_text(slash + 1, 0, max, &bits))
		return -EINVAL;
	prefix.bits = (unsigned int)bits;
	*ret = prefix;
	return 0;
}

static const uint8_t *address_octets(const struct sockaddr *addr, int *ret_family)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)addr;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)addr;

	*ret_family = addr->sa_family;
	if (addr->sa_family == AF_INET)
		return (const uint8_t *)&v4->sin_addr;
	if (addr->sa_family != AF_INET6)
		return NULL;
	if (!IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		return v6->sin6_addr.s6_addr;
	*ret_family = AF_INET;
	return v6->sin6_addr.s6_addr + 12;
}

bool net_prefix_has(const struct net_prefix *prefix, const struct sockaddr *addr)
{
	unsigned int whole = prefix->bits / 8, rest = prefix->bits % 8;
	int family;
	const uint8_t *octets = address_octets(addr, &family);

	if (!octets || family != prefix->family || memcmp(octets, prefix->octets, whole) != 0)
		return false;
	return !rest || !((octets[whole] ^ prefix->octets[whole]) >> (8 - rest));
}
