/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source: Documentation/networking/proc_net_tcp.rst; addresses are words of this machine's order. */
#include "common/base/socket_row.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum { V4_DIGITS = 8, V6_DIGITS = 32, WORDS_MAX = 4 };

static void set_address(const char *digits, uint16_t port, struct sockaddr_storage *ret)
{
	const size_t n = strlen(digits) / V4_DIGITS;
	uint32_t words[WORDS_MAX];

	for (size_t i = 0; i < n; i++)
		sscanf(digits + i * V4_DIGITS, "%8" SCNx32, &words[i]);
	*ret = (struct sockaddr_storage){.ss_family = n == 1 ? AF_INET : AF_INET6};
	if (n == 1) {
		memcpy(&((struct sockaddr_in *)(void *)ret)->sin_addr, words, sizeof(words[0]));
		((struct sockaddr_in *)(void *)ret)->sin_port = htons(port);
	} else {
		memcpy(&((struct sockaddr_in6 *)(void *)ret)->sin6_addr, words, sizeof(words));
		((struct sockaddr_in6 *)(void *)ret)->sin6_port = htons(port);
	}
}

bool socket_row_parse(const char *line, struct socket_row *ret)
{
	char digits[V6_DIGITS + 1];
	unsigned int port, state;
	uint64_t inode;
	uint32_t uid;

	if (sscanf(line,
		   " %*u: %32[0-9A-Fa-f]:%4x %*32[0-9A-Fa-f]:%*4x %2x %*8x:%*8x %*2x:%*8x %*8x "
		   "%" SCNu32 " %*d %" SCNu64,
		   digits, &port, &state, &uid, &inode) != 5)
		return false;
	if (strlen(digits) != V4_DIGITS && strlen(digits) != V6_DIGITS)
		return false;
	*ret = (struct socket_row){.state = state, .uid = uid, .inode = inode};
	set_address(digits, (uint16_t)port, &ret->local);
	return true;
}

static bool takes_v4(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
	return a->sin_port == b->sin_port &&
	       (a->sin_addr.s_addr == b->sin_addr.s_addr ||
		a->sin_addr.s_addr == htonl(INADDR_ANY) || b->sin_addr.s_addr == htonl(INADDR_ANY));
}

static bool takes_v6(const struct sockaddr_in6 *a, const struct sockaddr_in6 *b)
{
	return a->sin6_port == b->sin6_port &&
	       (IN6_ARE_ADDR_EQUAL(&a->sin6_addr, &b->sin6_addr) ||
		IN6_IS_ADDR_UNSPECIFIED(&a->sin6_addr) || IN6_IS_ADDR_UNSPECIFIED(&b->sin6_addr));
}

/* A socket of IPv6 takes those of IPv4 too, unless it was told not to; a program that does is
 * in the way of both, and the table does not say which it is. */
static bool takes_across(const struct sockaddr_in6 *row, const struct sockaddr_in *addr)
{
	return row->sin6_port == addr->sin_port && IN6_IS_ADDR_UNSPECIFIED(&row->sin6_addr);
}

bool socket_row_takes(const struct socket_row *row, const struct sockaddr_storage *addr)
{
	const void *ours = &row->local, *theirs = addr;

	if (row->local.ss_family == AF_INET6 && addr->ss_family == AF_INET)
		return takes_across(ours, theirs);
	if (row->local.ss_family != addr->ss_family)
		return false;
	return addr->ss_family == AF_INET ? takes_v4(ours, theirs) : takes_v6(ours, theirs);
}
