/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses between text and sockaddr, by inet_pton(3) and inet_ntop(3).
 */
#include "common/base/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/number_text.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME_OTHERS  "0123456789.-_"

int endpoint_parse_port(const char *text, uint16_t *ret)
{
	uint64_t port;

	if (!number_text(text, 1, UINT16_MAX, &port))
		return -EINVAL;
	*ret = (uint16_t)port;
	return 0;
}

static int parse_v4(const char *host, uint16_t port, struct endpoint *ret)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct endpoint endpoint = {.len = sizeof(v4)};

	if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
		return -EINVAL;
	memcpy(&endpoint.addr, &v4, sizeof(v4));
	*ret = endpoint;
	return 0;
}

/* What the kernel takes for an interface's name, and what reads unmistakably in brackets. */
static bool is_zone(const char *text)
{
	size_t len = strlen(text);

	for (const char *p = text; *p; p++) {
		if (*p <= ' ' || *p == 0x7f || strchr("/:[]%", *p))
			return false;
	}
	return len > 0 && len < ENDPOINT_ZONE_SIZE;
}

/* Cuts the zone from the host. */
static int parse_v6(char *host, uint16_t port, struct endpoint *ret)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	struct endpoint endpoint = {.len = sizeof(v6)};
	char *zone = strchr(host, '%');

	if (zone) {
		*zone++ = '\0';
		if (!is_zone(zone))
			return -EINVAL;
		strcpy(endpoint.zone, zone);
	}
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) != 1 ||
	    IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr) != (zone != NULL))
		return -EINVAL;
	memcpy(&endpoint.addr, &v6, sizeof(v6));
	*ret = endpoint;
	return 0;
}

int endpoint_parse_address(const char *text, uint16_t port, struct endpoint *ret)
{
	char host[ENDPOINT_ADDRESS_SIZE];

	if (!strchr(text, ':'))
		return parse_v4(text, port, ret);
	if (strlen(text) >= sizeof(host))
		return -EINVAL;
	strcpy(host, text);
	return parse_v6(host, port, ret);
}

int endpoint_parse(const char *text, struct endpoint *ret)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char host[ENDPOINT_ADDRESS_SIZE];
	uint16_t port;

	if (len == 0 || len >= sizeof(host) || endpoint_parse_port(colon + 1, &port) < 0)
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (host[0] != '[')
		return parse_v4(host, port, ret);
	if (host[len - 1] != ']')
		return -EINVAL;
	host[len - 1] = '\0';
	return parse_v6(host + 1, port, ret);
}

const char *endpoint_address(const struct endpoint *endpoint,
			     char buf[static ENDPOINT_ADDRESS_SIZE])
{
	const struct sockaddr_in *v4 = (const void *)&endpoint->addr;
	const struct sockaddr_in6 *v6 = (const void *)&endpoint->addr;
	char host[INET6_ADDRSTRLEN] = "?";

	if (endpoint->addr.ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
	else if (endpoint->addr.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], host, sizeof(host));
	else if (endpoint->addr.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
	snprintf(buf, ENDPOINT_ADDRESS_SIZE, "%s%s%s", host, endpoint->zone[0] ? "%" : "",
		 endpoint->zone);
	return buf;
}

static const char *no_host_v4(uint32_t host)
{
	if (host >> 24 == 0)
		return "is nobody's address";
	if (host == UINT32_MAX)
		return "is the broadcast address";
	if (host >> 28 == 0xf)
		return "is a reserved address";
	return host >> 28 == 0xe ? "is a multicast group" : NULL;
}

const char *endpoint_no_host(const struct endpoint *endpoint)
{
	const struct sockaddr_in *v4 = (const void *)&endpoint->addr;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)v4)->sin6_addr;
	const uint8_t *octets = v6->s6_addr;

	if (endpoint->addr.ss_family == AF_INET)
		return no_host_v4(ntohl(v4->sin_addr.s_addr));
	if (IN6_IS_ADDR_V4MAPPED(v6))
		return no_host_v4((uint32_t)octets[12] << 24 | (uint32_t)octets[13] << 16 |
				  (uint32_t)octets[14] << 8 | octets[15]);
	if (IN6_IS_ADDR_UNSPECIFIED(v6))
		return "is nobody's address";
	return IN6_IS_ADDR_MULTICAST(v6) ? "is a multicast group" : NULL;
}

bool endpoint_is_loopback(const struct endpoint *endpoint)
{
	const struct sockaddr_in *v4 = (const void *)&endpoint->addr;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)v4)->sin6_addr;

	if (endpoint->addr.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
}

bool endpoint_is_name(const char *text)
{
	const size_t n = strspn(text, NAME_LETTERS NAME_OTHERS);

	return strcspn(text, NAME_LETTERS) < n &&
	       (text[n] == '\0' || (text[n] == ':' && n > 0 &&
				    strspn(text + n + 1, "0123456789") == strlen(text + n + 1)));
}
