/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bound, non-blocking UDP socket on the loop. See ip(7) IP_PKTINFO, ipv6(7)
 * IPV6_RECVPKTINFO, socket(7) SO_RXQ_OVFL. Knows nothing of what the datagrams say.
 */
#include "common/loop/udp_listen.h"

#include <assert.h>
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
	DATAGRAM_MAX = 65536,
	CONTROL_MAX = 128,
};

/* One datagram of a batch. */
struct slot {
	struct udp_listen_peer peer;
	struct iovec part;
	_Alignas(struct cmsghdr) char control[CONTROL_MAX];
};

struct udp_listen {
	int fd;
	struct loop_fd *watch;
	struct udp_listen_conf conf;
	uint32_t drops;
	uint8_t *room;		 /* conf.batch datagrams */
	struct mmsghdr *headers; /* conf.batch */
	struct slot slots[];	 /* conf.batch */
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

/* What the kernel, or who took the datagram, has changed. */
static void make_ready(struct udp_listen *listen, unsigned int i)
{
	struct msghdr *header = &listen->headers[i].msg_hdr;

	header->msg_namelen = sizeof(listen->slots[i].peer.address);
	header->msg_controllen = CONTROL_MAX;
}

/* Returns how many came. */
static unsigned int read_batch(struct udp_listen *listen)
{
	int n = recvmmsg(listen->fd, listen->headers, listen->conf.batch, MSG_DONTWAIT, NULL);

	for (unsigned int i = 0; n > 0 && i < (unsigned int)n; i++) {
		struct msghdr *header = &listen->headers[i].msg_hdr;
		struct slot *slot = &listen->slots[i];

		slot->peer.address_len = header->msg_namelen;
		read_control(listen, header, &slot->peer);
		listen->conf.fn(listen->conf.data, &slot->peer, slot->part.iov_base,
				listen->headers[i].msg_len);
		make_ready(listen, i);
	}
	return n > 0 ? (unsigned int)n : 0;
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct udp_listen *listen = data;

	(void)fd;
	(void)what;
	for (unsigned int i = 0; i < listen->conf.rounds; i++) {
		if (read_batch(listen) < listen->conf.batch)
			return;
	}
}

static int set_options(const struct udp_listen *listen, int family)
{
	int on = 1, octets = listen->conf.receive_buffer;

	if (octets > 0 &&
	    setsockopt(listen->fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
		(void)setsockopt(listen->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	(void)setsockopt(listen->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
	if (family == AF_INET)
		return setsockopt(listen->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ? -errno
											   : 0;
	if (setsockopt(listen->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0 ||
	    setsockopt(listen->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
}

static int open_socket(struct udp_listen *listen, const char *address)
{
	struct endpoint local;
	int r = endpoint_zone_parse(address, &local);

	if (r < 0)
		return r;
	listen->fd = socket(local.addr.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listen->fd < 0)
		return -errno;
	r = set_options(listen, local.addr.ss_family);
	if (r < 0)
		return r;
	r = bind_address(listen->fd, (const struct sockaddr *)&local.addr, local.len);
	if (r == BIND_EARLY)
		log_warn(listen->conf.subsystem,
			 "listen=%s msg=\"this machine has no such address yet\"", address);
	return r < 0 ? r : 0;
}

static int make_slots(struct udp_listen *listen)
{
	size_t batch = listen->conf.batch;

	listen->room = malloc(batch * DATAGRAM_MAX); /* touched as far as datagrams need it */
	listen->headers = calloc(batch, sizeof(listen->headers[0]));
	if (!listen->room || !listen->headers)
		return -ENOMEM;
	for (unsigned int i = 0; i < batch; i++) {
		struct slot *slot = &listen->slots[i];

		slot->peer.socket = listen;
		slot->part = (struct iovec){listen->room + i * DATAGRAM_MAX, DATAGRAM_MAX};
		listen->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &slot->peer.address,
			.msg_iov = &slot->part,
			.msg_iovlen = 1,
			.msg_control = slot->control,
		};
		make_ready(listen, i);
	}
	return 0;
}

int udp_listen_new(struct loop *loop, const char *address, const struct udp_listen_conf *conf,
		   struct udp_listen **ret)
{
	struct udp_listen *listen;
	int r;

	assert(conf->batch > 0 && conf->rounds > 0);
	listen = calloc(1, sizeof(*listen) + conf->batch * sizeof(listen->slots[0]));
	if (!listen)
		return -ENOMEM;
	listen->fd = -1;
	listen->conf = *conf;
	r = open_socket(listen, address);
	if (r == 0)
		r = make_slots(listen);
	if (r == 0)
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
	free(listen->headers);
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
	struct msghdr header = {.msg_name = (void *)(uintptr_t)&peer->address,
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
