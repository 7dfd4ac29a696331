/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses between text and sockaddr, by inet_pton(3).
 */
#include "common/loop/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int port_parse(const char *text, in_port_t *ret)
{
	char *end;
	unsigned long port;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	port = strtoul(text, &end, 10);
	if (*end || port < 1 || port > 65535)
		return -EINVAL;
	*ret = htons((uint16_t)port);
	return 0;
}

int endpoint_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char host[INET6_ADDRSTRLEN + 2];
	in_port_t port;

	if (!len || len >= sizeof(host) || port_parse(colon + 1, &port) < 0)
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (host[0] != '[') {
		if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
			return -EINVAL;
		v4.sin_port = port;
		memcpy(ret, &v4, sizeof(v4));
		*ret_len = sizeof(v4);
		return 0;
	}
	if (host[len - 1] != ']')
		return -EINVAL;
	host[len - 1] = '\0';
	if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1)
		return -EINVAL;
	v6.sin6_port = port;
	memcpy(ret, &v6, sizeof(v6));
	*ret_len = sizeof(v6);
	return 0;
}

void endpoint_format(const struct sockaddr *addr, char *buf, size_t size)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)addr;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)addr;
	char host[INET6_ADDRSTRLEN] = "?";

	if (addr->sa_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		snprintf(buf, size, "%s:%u", host, ntohs(v4->sin_port));
	} else if (addr->sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		snprintf(buf, size, "[%s]:%u", host, ntohs(v6->sin6_port));
	} else {
		snprintf(buf, size, "?");
	}
}

int net_prefix_parse(const char *text, struct net_prefix *ret)
{
	struct net_prefix prefix = {.family = strchr(text, ':') ? AF_INET6 : AF_INET};
	unsigned int max = prefix.family == AF_INET6 ? 128 : 32;
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char host[INET6_ADDRSTRLEN];
	unsigned long bits = max;
	char *end;

	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(prefix.family, host, prefix.octets) != 1)
		return -EINVAL;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -EINVAL;
		bits = strtoul(slash + 1, &end, 10);
		if (*end || bits > max)
			return -EINVAL;
	}
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
