/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Few UDP sockets shared by many peers: datagrams go out and come in in batches
 * (sendmmsg, recvmmsg), ICMP errors come back by address (IP_RECVERR). Sockets of a
 * family are opened when the first datagram for it is sent. One thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/cleanup.h"

struct loop;
struct udp_pool;

struct udp_pool_conf {
	unsigned int sockets;	       /* per family, 1..UDP_POOL_SOCKETS */
	const char *bind_v4, *bind_v6; /* source address in text, or NULL */
};
enum { UDP_POOL_SOCKETS = 16, UDP_POOL_BATCH = 32, UDP_POOL_DATAGRAM_MAX = 65536 };

struct udp_pool_stats {
	uint64_t sent, received, send_errors, icmp_errors;
	uint64_t receive_drops; /* datagrams the kernel dropped for want of buffer
				   (SO_RXQ_OVFL) */
};

/* What the owner is told. No call comes from inside udp_pool_send(). octets belong to the
 * pool and may be written to until the call returns. */
struct udp_pool_events {
	void (*datagram)(void *data, const struct sockaddr_storage *from, uint8_t *octets,
			 size_t len);
	/* That peer cannot be reached: err is -ECONNREFUSED, -EHOSTUNREACH, -ENETUNREACH,
	 * ... */
	void (*error)(void *data, const struct sockaddr_storage *peer, int err);
	/* The datagrams of one wake-up are through. */
	void (*done)(void *data);
};

/* conf's texts are copied; -EINVAL if an address is none. */
must_check_ int udp_pool_new(struct loop *loop, const struct udp_pool_conf *conf,
			     const struct udp_pool_events *events, void *data,
			     struct udp_pool **ret);
struct udp_pool *udp_pool_free(struct udp_pool *pool);

/*
 * Queues a copy of a datagram; it leaves at the next flush, or earlier when the batch is
 * full. which: any number; the same number uses the same socket. 0; -EAFNOSUPPORT;
 * -EMSGSIZE; -ENOBUFS while the kernel takes none; or why a socket cannot be opened.
 */
must_check_ int udp_pool_send(struct udp_pool *pool, unsigned int which, const struct sockaddr *to,
			      socklen_t to_len, const uint8_t *octets, size_t len);
/* Sends what is queued. Errors of single peers are reported from the loop, not from here.
 */
void udp_pool_flush(struct udp_pool *pool);
/* Takes in what has arrived, now rather than at the loop's next turn: for one who is
 * about to decide that something did not arrive. */
void udp_pool_receive(struct udp_pool *pool);
const struct udp_pool_stats *udp_pool_get_stats(const struct udp_pool *pool);
