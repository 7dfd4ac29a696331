/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A UDP socket that others send to: datagrams are read in batches (recvmmsg), answers leave
 * from the local address that the question came to, however many addresses the machine has.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/cleanup.h"

struct loop;
struct udp_listen;

/* Who sent a datagram, and to which of our addresses. Plain data; valid as long as the socket. */
struct udp_listen_peer {
	struct udp_listen *socket; /* NULL: no answer is possible */
	struct sockaddr_storage address;
	socklen_t address_len;
	uint8_t local[16]; /* our address: 4 or 16 octets, of the socket's family */
	unsigned int interface;
};

/* octets may be written to until the call returns. It must not free the socket. */
typedef void udp_listen_fn(void *data, const struct udp_listen_peer *peer, uint8_t *octets,
			   size_t len);

struct udp_listen_conf {
	const char *subsystem; /* of log lines */
	udp_listen_fn *fn;
	void *data;
	unsigned int batch;  /* datagrams of one system call; each has its room of 64 KiB */
	unsigned int rounds; /* batches in one turn of the loop: then others have theirs */
	int receive_buffer;  /* octets asked of the kernel; 0: as many as it gives by itself */
};

/* address: "0.0.0.0:162", "[::]:162" (IPv6 only), "[fe80::1%eth0]:162". One that is not here
 * yet is waited for, which is logged. 0; -EINVAL not such an address; -ENODEV its zone is no
 * interface here; else -errno. */
must_check_ int udp_listen_new(struct loop *loop, const char *address,
			       const struct udp_listen_conf *conf, struct udp_listen **ret);
struct udp_listen *udp_listen_free(struct udp_listen *listen);

/* 0, or -errno: -EAGAIN if the kernel has no room now. */
int udp_listen_send(const struct udp_listen_peer *peer, const uint8_t *octets, size_t len);
/* Datagrams that the kernel dropped for want of room (SO_RXQ_OVFL). */
uint64_t udp_listen_drops(const struct udp_listen *listen);
