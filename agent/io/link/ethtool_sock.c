/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request, one answer. The kernel answers within the request's system call; a driver
 * that asks its PHY over MDIO takes a few milliseconds for it, which is why this is asked
 * when a link came up and not every second.
 */
#include "agent/io/link/ethtool_sock.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>

#include "agent/codec/netlink/ethtool_msg.h"
#include "common/base/cleanup.h"

struct ethtool_sock {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t seq;
	uint8_t buf[8192]; /* link modes with two names of 16 octets and bitmaps: some 200
			    */
};

static int exchange(struct ethtool_sock *sock, const uint8_t *request, size_t len, size_t *ret_len)
{
	ssize_t n;

	if (mnl_socket_sendto(sock->nl, request, len) < 0)
		return -errno;
	n = mnl_socket_recvfrom(sock->nl, sock->buf, sizeof(sock->buf));
	if (n < 0)
		return -errno;
	*ret_len = (size_t)n;
	return 0;
}

int ethtool_sock_new(struct ethtool_sock **ret)
{
	uint8_t request[ETHTOOL_MSG_SIZE];
	size_t len = 0;

	cleanup_(ethtool_sock_freep) struct ethtool_sock *sock = calloc(1, sizeof(*sock));
	struct timeval timeout = {.tv_sec = 1};
	int r;

	if (!sock)
		return -ENOMEM;
	sock->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!sock->nl || mnl_socket_bind(sock->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	setsockopt(mnl_socket_get_fd(sock->nl), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	r = exchange(sock, request, ethtool_put_family_request(request, "ethtool", ++sock->seq),
		     &len);
	if (r >= 0)
		r = ethtool_get_family(sock->buf, len, &sock->family);
	r = r == -ENOENT ? -EOPNOTSUPP : r;
	if (r < 0)
		return r;
	*ret = steal_ptr(sock);
	return 0;
}

struct ethtool_sock *ethtool_sock_free(struct ethtool_sock *sock)
{
	if (!sock)
		return NULL;
	if (sock->nl)
		mnl_socket_close(sock->nl);
	free(sock);
	return NULL;
}

void ethtool_sock_freep(struct ethtool_sock **sock)
{
	*sock = ethtool_sock_free(*sock);
}

int ethtool_sock_ask(struct ethtool_sock *sock, uint32_t if_index, uint32_t *ret_speed_kbps,
		     enum link_duplex *ret_duplex)
{
	uint8_t request[ETHTOOL_MSG_SIZE];
	uint32_t answered = 0, speed_kbps;
	enum link_duplex duplex;
	size_t len;
	int r;

	len = ethtool_put_linkmodes_request(request, sock->family, if_index, ++sock->seq);
	r = exchange(sock, request, len, &len);
	if (r >= 0)
		r = ethtool_get_linkmodes(sock->buf, len, &answered, &speed_kbps, &duplex);
	if (r < 0)
		return r;
	if (answered != if_index)
		return -EPROTO;
	*ret_speed_kbps = speed_kbps;
	*ret_duplex = duplex;
	return 0;
}
