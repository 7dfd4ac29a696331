/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source: ip(7), IP_FREEBIND; linux/in6.h, IPV6_FREEBIND (Linux 4.15). */
#include "common/loop/bind_address.h"

#include <errno.h>
#include <netinet/in.h>

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

static int allow_early(int fd, int family)
{
	const int on = 1;

	if (family == AF_INET6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on));
	return setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
}

int bind_address(int fd, const struct sockaddr *addr, socklen_t len)
{
	if (bind(fd, addr, len) == 0)
		return BIND_HERE;
	if (errno != EADDRNOTAVAIL)
		return -errno;
	if (allow_early(fd, addr->sa_family) < 0)
		return -EADDRNOTAVAIL;
	return bind(fd, addr, len) < 0 ? -errno : BIND_EARLY;
}
