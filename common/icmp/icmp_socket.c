/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides which of the two kinds of socket it is. */
#include "common/icmp/icmp_socket.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	/* of linux/icmp.h, which does not go with net/if.h */
	RAW_ICMP_FILTER = 1,
	ECHO_REPLY = 0,
};

/* A raw socket hears all ICMP that the machine gets: what is no answer to an echo need not wake
 * us. Without the filter it would be parsed and let go. */
static void hear_replies_only(const struct icmp_socket *sock)
{
	uint32_t v4 = ~(1U << ECHO_REPLY); /* a bit for each type that is dropped */
	struct icmp6_filter v6;

	if (!sock->v6) {
		setsockopt(sock->fd, SOL_RAW, RAW_ICMP_FILTER, &v4, sizeof(v4));
		return;
	}
	ICMP6_FILTER_SETBLOCKALL(&v6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &v6);
	setsockopt(sock->fd, IPPROTO_ICMPV6, ICMP6_FILTER, &v6, sizeof(v6));
}

int icmp_socket_open(bool v6, struct icmp_socket *ret)
{
	int family = v6 ? AF_INET6 : AF_INET, protocol = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;

	*ret = (struct icmp_socket){.v6 = v6};
	ret->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (ret->fd >= 0)
		return 0;
	ret->fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (ret->fd < 0)
		return -errno;
	ret->raw = true;
	hear_replies_only(ret);
	return 0;
}

void icmp_socket_close(struct icmp_socket *sock)
{
	if (sock->fd >= 0)
		close(sock->fd);
	sock->fd = -1;
}
