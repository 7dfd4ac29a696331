/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. The mixing is that of SplitMix64 (Steele, Lea, Flood 2014). */
#include "common/base/peer_address.h"

#include <netinet/in.h>
#include <string.h>

bool peer_address_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port &&
	       memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr)) == 0 &&
	       (a6->sin6_scope_id == b6->sin6_scope_id || !a6->sin6_scope_id || !b6->sin6_scope_id);
}

/* Multiplication carries low bits upwards only: what differs in the last octet of an IPv4
 * address, the highest here, has to be brought down as well. */
static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t peer_address_hash(const struct sockaddr_storage *addr)
{
	const struct sockaddr_in *v4 = (const void *)addr;
	const struct sockaddr_in6 *v6 = (const void *)addr;
	uint64_t words[2];

	if (addr->ss_family == AF_INET)
		return (uint32_t)mix((uint64_t)v4->sin_port << 32 | v4->sin_addr.s_addr);
	memcpy(words, &v6->sin6_addr, sizeof(words));
	return (uint32_t)mix(mix(words[0] + v6->sin6_port) + words[1]);
}
