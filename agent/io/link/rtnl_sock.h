/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rtnetlink by libmnl: one socket that hears of changes, one that asks. An answer is in
 * the socket before the question's system call returns, so asking does not wait.
 */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "agent/codec/netlink/rtnl_parse.h"

struct loop;
struct rtnl_sock;

struct rtnl_calls {
	/* A change, as the kernel tells it. RTNL_LINK_NEW, RTNL_LINK_DEL, RTNL_ADDRESS.
	 */
	void (*change)(void *data, enum rtnl_item item, const struct rtnl_msg *msg);
	/* All that was waiting has been handed over. */
	void (*changes_done)(void *data);
	/* The kernel dropped messages (ENOBUFS): dump and reconcile. */
	void (*lost)(void *data);
	void *data;
};

struct rtnl_stats {
	uint64_t changes, overruns, malformed, dumps, dumps_interrupted, samples;
};

/* Returns 0 or -errno. */
int rtnl_sock_new(struct loop *loop, const struct rtnl_calls *calls, struct rtnl_sock **ret);
struct rtnl_sock *rtnl_sock_free(struct rtnl_sock *sock);
void rtnl_sock_freep(struct rtnl_sock **sock);

/* Hands over what is waiting now, as the loop would: before a dump, so that no message
 * older than the dump comes after it. */
void rtnl_sock_drain(struct rtnl_sock *sock);

typedef void rtnl_item_fn(void *data, enum rtnl_item item, const struct rtnl_msg *msg);
/* All links. 0; -EAGAIN if the table changed under the dump (it is not to be reconciled
 * with); -errno. fn gets RTNL_LINK_NEW. */
int rtnl_sock_dump_links(struct rtnl_sock *sock, rtnl_item_fn *fn, void *data);
/* Counters of all links; fn gets RTNL_STATS. A kernel before 4.7 has no RTM_GETSTATS:
 * then fn gets RTNL_LINK_NEW with counters. */
int rtnl_sock_sample(struct rtnl_sock *sock, rtnl_item_fn *fn, void *data);
/*
 * By which link a datagram to addr (IPv4 or IPv6) would leave. 0; -ENETDOWN if that link
 * is known to be dead (ret is set); -ENETUNREACH and the like without a route.
 */
int rtnl_sock_route(struct rtnl_sock *sock, const struct sockaddr *addr, uint32_t *ret_if_index);
void rtnl_sock_get_stats(const struct rtnl_sock *sock, struct rtnl_stats *ret);
