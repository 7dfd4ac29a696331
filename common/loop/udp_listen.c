/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bound, non-blocking UDP socket on the loop. See ip(7) IP_PKTINFO, ipv6(7)
 * IPV6_RECVPKTINFO, socket(7) SO_RXQ_OVFL. Knows nothing of what the datagrams say.
 */
#include "common/loop/udp_listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/loop/bind_address.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	BATCH = 32,
	ROUNDS_MAX = 8, /* batches in one turn of the loop: then others have theirs */
	DATAGRAM_MAX = 65536,
	CONTROL_MAX = 128,
};

struct udp_listen {
	int fd;
	struct loop_fd *watch;
	udp_listen_fn *fn;
	void *data;
	uint32_t drops;
	uint8_t *room; /* BATCH datagrams */
};

static void read_control(struct udp_listen *listen, struct msghdr *header,
			 struct udp_listen_peer *peer)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
			memcpy(&listen->drops, CMSG_DATA(c), sizeof(listen->drops));
		} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			memcpy(peer->local, &info.ipi_spec_dst, sizeof(info.ipi_spec_dst));
			peer->interface = (unsigned int)info.ipi_ifindex;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			memcpy(peer->local, &info.ipi6_addr, sizeof(info.ipi6_addr));
			peer->interface = (unsigned int)info.ipi6_ifindex;
		}
	}
}

/* Returns how many came. */
static int read_batch(struct udp_listen *listen)
{
	struct udp_listen_peer peers[BATCH] = {0};
	struct mmsghdr messages[BATCH] = {0};
	struct iovec parts[BATCH];
	_Alignas(struct cmsghdr) char control[BATCH][CONTROL_MAX];
	int n;

	for (size_t i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){listen->room + i * DATAGRAM_MAX, DATAGRAM_MAX};
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &peers[i].address,
			.msg_namelen = sizeof(peers[i].address),
			.msg_iov = &parts[i],
			.msg_iovlen = 1,
			.msg_control = control[i],
			.msg_controllen = CONTROL_MAX,
		};
	}
	n = recvmmsg(listen->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		peers[i].socket = listen;
		peers[i].address_len = messages[i].msg_hdr.msg_namelen;
		read_control(listen, &messages[i].msg_hdr, &peers[i]);
		listen->fn(listen->data, &peers[i], parts[i].iov_base, messages[i].msg_len);
	}
	return n;
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct udp_listen *listen = data;

	(void)fd;
	(void)what;
	for (int i = 0; i < ROUNDS_MAX && read_batch(listen) == BATCH; i++)
		;
}

static int set_options(struct udp_listen *listen, int family, int receive_buffer)
{
	int on = 1, r;

	if (setsockopt(listen->fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer,
		       sizeof(receive_buffer)) < 0)
		setsockopt(listen->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
			   sizeof(receive_buffer));
	setsockopt(listen->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
	if (family == AF_INET6) {
		r = setsockopt(listen->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		if (r == 0)
			r = setsockopt(listen->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	} else {
		r = setsockopt(listen->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	}
	return r < 0 ? -errno : 0;
}

int udp_listen_new(struct loop *loop, const char *address, int receive_buffer, udp_listen_fn *fn,
		   void *data, struct udp_listen **ret)
{
	struct udp_listen *listen;
	struct endpoint local;
	int r = endpoint_zone_parse(address, &local);

	if (r < 0)
		return r;
	listen = calloc(1, sizeof(*listen));
	if (!listen)
		return -ENOMEM;
	listen->fn = fn;
	listen->data = data;
	listen->room =
		malloc((size_t)BATCH * DATAGRAM_MAX); /* touched as far as datagrams need it */
	listen->fd = socket(local.addr.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (!listen->room)
		r = -ENOMEM;
	else if (listen->fd < 0)
		r = -errno;
	if (r == 0)
		r = set_options(listen, local.addr.ss_family, receive_buffer);
	if (r == 0)
		r = bind_address(listen->fd, (const struct sockaddr *)&local.addr, local.len);
	if (r == BIND_EARLY)
		log_warn("trap", "listen=%s msg=\"this machine has no such address yet\"", address);
	if (r >= 0)
		r = loop_fd_new(loop, listen->fd, LOOP_READ, on_readable, listen, &listen->watch);
	if (r < 0) {
		udp_listen_free(listen);
		return r;
	}
	*ret = listen;
	return 0;
}

struct udp_listen *udp_listen_free(struct udp_listen *listen)
{
	if (!listen)
		return NULL;
	loop_fd_free(listen->watch);
	if (listen->fd >= 0)
		close(listen->fd);
	free(listen->room);
	free(listen);
	return NULL;
}

static size_t put_control(struct msghdr *header, const struct udp_listen_peer *peer)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(header);

	if (peer->address.ss_family == AF_INET6) {
		struct in6_pktinfo info = {.ipi6_ifindex = peer->interface};

		memcpy(&info.ipi6_addr, peer->local, sizeof(info.ipi6_addr));
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		return CMSG_SPACE(sizeof(info));
	}
	struct in_pktinfo info = {0}; /* the route decides the interface */

	memcpy(&info.ipi_spec_dst, peer->local, sizeof(info.ipi_spec_dst));
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return CMSG_SPACE(sizeof(info));
}

int udp_listen_send(const struct udp_listen_peer *peer, const uint8_t *octets, size_t len)
{
	_Alignas(struct cmsghdr) char control[CONTROL_MAX] = {0};
	struct iovec part = {(void *)(uintptr_t)octets, len};
	struct sockaddr_storage to = peer->address;
	struct msghdr header = {.msg_name = &to,
				.msg_namelen = peer->address_len,
				.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = sizeof(control)};

	header.msg_controllen = put_control(&header, peer);
	return sendmsg(peer->socket->fd, &header, MSG_DONTWAIT) < 0 ? -errno : 0;
}

uint64_t udp_listen_drops(const struct udp_listen *listen)
{
	return listen->drops;
}
