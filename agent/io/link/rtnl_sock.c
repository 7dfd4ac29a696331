/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets of rtnetlink(7): subscription, requests, lost messages. What messages mean
 * is rtnl_parse's and link_table's.
 *
 * The default receive buffer holds 92 link messages (measured); 1,500 in a burst need
 * some 4 MiB as the kernel accounts them, more than is worth keeping for: what does not
 * fit is ENOBUFS, and then a dump brings the truth, carrier counts included.
 */
#include "agent/io/link/rtnl_sock.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	BUFFER = 32768, /* a dump's part is at most this (netlink_dump) */
	EVENT_RCVBUF = 1 << 20,
	BATCH_MAX = 4096, /* messages per wake-up, so that a storm does not hold up the
			     second */
};

struct rtnl_sock {
	struct mnl_socket *events, *query;
	struct mnl_socket *route; /* its own: it is asked from within a dump's callback */
	struct loop_fd *watch;
	struct rtnl_calls calls;
	struct rtnl_stats stats;
	uint32_t seq, route_seq; /* of query, of route */
	bool no_stats;		 /* the kernel has no RTM_GETSTATS */
	bool interrupted;	 /* the dump under way */
	struct rtnl_msg msg;
	uint8_t buf[BUFFER];
};

static int open_events(struct rtnl_sock *sock)
{
	int fd, size;
	static const int GROUPS[] = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR};

	sock->events = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!sock->events || mnl_socket_bind(sock->events, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	fd = mnl_socket_get_fd(sock->events);
	size = EVENT_RCVBUF;
	/* needs CAP_NET_ADMIN; else up to net.core.rmem_max */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (size_t i = 0; i < ARRAY_LEN(GROUPS); i++) {
		int group = GROUPS[i];

		if (mnl_socket_setsockopt(sock->events, NETLINK_ADD_MEMBERSHIP, &group,
					  sizeof(group)) < 0)
			return -errno;
	}
	return 0;
}

static int open_query(struct mnl_socket **ret)
{
	/* The answer is there at once; the time-out is for a kernel that breaks that. */
	struct timeval timeout = {.tv_sec = 1};
	int on = 1;

	*ret = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!*ret || mnl_socket_bind(*ret, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	setsockopt(mnl_socket_get_fd(*ret), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	/* The kernel then checks the request's header and filters (Linux 4.20). */
	mnl_socket_setsockopt(*ret, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return 0;
}

static void take(struct rtnl_sock *sock, size_t len, unsigned int *n)
{
	const uint8_t *at = sock->buf;
	enum rtnl_item item;

	while ((item = rtnl_parse(&at, &len, &sock->msg)) != RTNL_END) {
		if (item == RTNL_MALFORMED) {
			sock->stats.malformed++;
		} else if (item == RTNL_LINK_NEW || item == RTNL_LINK_DEL || item == RTNL_ADDRESS) {
			sock->stats.changes++;
			sock->calls.change(sock->calls.data, item, &sock->msg);
		}
		(*n)++;
	}
}

void rtnl_sock_drain(struct rtnl_sock *sock)
{
	bool lost = false;
	unsigned int n = 0;

	while (n < BATCH_MAX) {
		ssize_t len = mnl_socket_recvfrom(sock->events, sock->buf, sizeof(sock->buf));

		if (len < 0 && errno == ENOBUFS) {
			sock->stats.overruns++;
			lost = true;
			continue;
		}
		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			break;
		take(sock, (size_t)len, &n);
	}
	if (n)
		sock->calls.changes_done(sock->calls.data);
	if (lost)
		sock->calls.lost(sock->calls.data);
}

static void on_readable(void *data, int fd, unsigned int what)
{
	(void)fd;
	(void)what;
	rtnl_sock_drain(data);
}

int rtnl_sock_new(struct loop *loop, const struct rtnl_calls *calls, struct rtnl_sock **ret)
{
	cleanup_(rtnl_sock_freep) struct rtnl_sock *sock = calloc(1, sizeof(*sock));
	int r;

	assert(calls->change && calls->changes_done && calls->lost);
	if (!sock)
		return -ENOMEM;
	sock->calls = *calls;
	r = open_events(sock);
	if (r >= 0)
		r = open_query(&sock->query);
	if (r >= 0)
		r = open_query(&sock->route);
	if (r >= 0)
		r = loop_fd_new(loop, mnl_socket_get_fd(sock->events), LOOP_READ, on_readable, sock,
				&sock->watch);
	if (r < 0)
		return r;
	*ret = steal_ptr(sock);
	return 0;
}

struct rtnl_sock *rtnl_sock_free(struct rtnl_sock *sock)
{
	if (!sock)
		return NULL;
	loop_fd_free(sock->watch);
	if (sock->events)
		mnl_socket_close(sock->events);
	if (sock->query)
		mnl_socket_close(sock->query);
	if (sock->route)
		mnl_socket_close(sock->route);
	free(sock);
	return NULL;
}

void rtnl_sock_freep(struct rtnl_sock **sock)
{
	*sock = rtnl_sock_free(*sock);
}

/* Messages of one datagram of an answer. 1 if the dump goes on, 0 at its end, -errno. */
static int take_answer(struct rtnl_sock *sock, size_t len, rtnl_item_fn *fn, void *data)
{
	const uint8_t *at = sock->buf;
	enum rtnl_item item;

	while ((item = rtnl_parse(&at, &len, &sock->msg)) != RTNL_END) {
		if (item == RTNL_MALFORMED) {
			sock->stats.malformed++;
			sock->interrupted = true; /* it may have been any link */
			continue;
		}
		if (sock->msg.seq != sock->seq)
			continue;
		sock->interrupted |= sock->msg.interrupted;
		if (item == RTNL_ERROR)
			return sock->msg.error;
		if (item == RTNL_DONE)
			return 0;
		if (item == RTNL_LINK_NEW || item == RTNL_STATS)
			fn(data, item, &sock->msg);
	}
	return 1;
}

/* Reads to the end even of an interrupted dump, so that no rest of it meets the next. */
static int read_answer(struct rtnl_sock *sock, rtnl_item_fn *fn, void *data)
{
	sock->interrupted = false;
	for (;;) {
		ssize_t len = mnl_socket_recvfrom(sock->query, sock->buf, sizeof(sock->buf));
		int r;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		r = take_answer(sock, (size_t)len, fn, data);
		if (r < 0)
			return r;
		if (!r)
			return sock->interrupted ? -EAGAIN : 0;
	}
}

static int ask(struct rtnl_sock *sock, struct nlmsghdr *request)
{
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->nlmsg_seq = ++sock->seq;
	return mnl_socket_sendto(sock->query, request, request->nlmsg_len) < 0 ? -errno : 0;
}

int rtnl_sock_dump_links(struct rtnl_sock *sock, rtnl_item_fn *fn, void *data)
{
	uint8_t buf[64];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	int r;

	request->nlmsg_type = RTM_GETLINK;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	sock->stats.dumps++;
	r = ask(sock, request);
	if (r >= 0)
		r = read_answer(sock, fn, data);
	if (r == -EAGAIN)
		sock->stats.dumps_interrupted++;
	return r;
}

int rtnl_sock_sample(struct rtnl_sock *sock, rtnl_item_fn *fn, void *data)
{
	int r;

	sock->stats.samples++;
	if (!sock->no_stats) {
		uint8_t buf[64];
		struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
		struct if_stats_msg *head;

		request->nlmsg_type = RTM_GETSTATS;
		head = mnl_nlmsg_put_extra_header(request, sizeof(*head));
		head->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
		r = ask(sock, request);
		r = r < 0 ? r : read_answer(sock, fn, data);
		if (r != -EOPNOTSUPP)
			return r;
		log_info("netlink", "msg=\"kernel has no RTM_GETSTATS; counters come "
				    "with the links\"");
		sock->no_stats = true;
	}
	return rtnl_sock_dump_links(sock, fn, data);
}

static void put_destination(struct nlmsghdr *request, struct rtmsg *head,
			    const struct sockaddr *addr)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)addr;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)addr;

	head->rtm_family = (unsigned char)addr->sa_family;
	if (addr->sa_family == AF_INET) {
		head->rtm_dst_len = 32;
		mnl_attr_put(request, RTA_DST, sizeof(v4->sin_addr), &v4->sin_addr);
		return;
	}
	head->rtm_dst_len = 128;
	mnl_attr_put(request, RTA_DST, sizeof(v6->sin6_addr), &v6->sin6_addr);
	if (v6->sin6_scope_id)
		mnl_attr_put_u32(request, RTA_OIF, v6->sin6_scope_id);
}

/* The answer to the question asked last; one that came too late for an earlier one is let
 * go. Octets or -errno. */
static ssize_t read_route(struct rtnl_sock *sock, uint8_t *buf, size_t size)
{
	struct nlmsghdr head;
	ssize_t n;

	do {
		n = mnl_socket_recvfrom(sock->route, buf, size);
		if (n < 0)
			return -errno;
		if ((size_t)n < sizeof(head))
			return -EPROTO;
		memcpy(&head, buf, sizeof(head));
	} while (head.nlmsg_seq != sock->route_seq);
	return n;
}

int rtnl_sock_route(struct rtnl_sock *sock, const struct sockaddr *addr, uint32_t *ret_if_index)
{
	uint8_t buf[2048]; /* a route to one address is some 200 octets */
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	const uint8_t *at = buf;
	struct rtnl_msg msg = {0};
	ssize_t n;
	size_t len;

	request->nlmsg_type = RTM_GETROUTE;
	request->nlmsg_flags = NLM_F_REQUEST;
	request->nlmsg_seq = ++sock->route_seq;
	put_destination(request, mnl_nlmsg_put_extra_header(request, sizeof(struct rtmsg)), addr);
	if (mnl_socket_sendto(sock->route, request, request->nlmsg_len) < 0)
		return -errno;
	n = read_route(sock, buf, sizeof(buf));
	if (n < 0)
		return (int)n;
	len = (size_t)n;
	switch (rtnl_parse(&at, &len, &msg)) {
	case RTNL_ROUTE:
		*ret_if_index = msg.if_index;
		return msg.link_down ? -ENETDOWN : 0;
	case RTNL_ERROR:
		return msg.error ? msg.error : -ENETUNREACH;
	default:
		return -EPROTO;
	}
}

void rtnl_sock_get_stats(const struct rtnl_sock *sock, struct rtnl_stats *ret)
{
	*ret = sock->stats;
}
