/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ICMP socket on the loop: echoes leave in batches (sendmmsg), answers come in batches
 * (recvmmsg) with the time at which the kernel had them, so that a busy loop makes no round
 * trip longer. See socket(7) SO_TIMESTAMPNS.
 */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "common/icmp/icmp_echo.h"
#include "common/icmp/icmp_socket.h"

struct echo_port;
struct loop;

struct echo_port_hooks {
	void *data;
	/* What became of an echo: sent_us (monotonic), or err: why it did not leave. */
	void (*sent)(void *data, void *owner, int64_t sent_us, int err);
	/* Somebody answered an echo of somebody's. */
	void (*answer)(void *data, const struct icmp_echo *echo,
		       const struct sockaddr_storage *from, int64_t received_us);
};

/* The socket becomes the port's if it succeeds. Returns 0 or negative errno. */
int echo_port_new(struct loop *loop, const struct icmp_socket *sock,
		  const struct echo_port_hooks *hooks, struct echo_port **ret);
struct echo_port *echo_port_free(struct echo_port *port); /* returns NULL */

/* Takes an echo for the next batch, which it sends if that is full. address stays the caller's
 * and must not change before the batch left. */
void echo_port_put(struct echo_port *port, const struct icmp_echo *echo,
		   const struct sockaddr_storage *address, socklen_t len, void *owner);
void echo_port_flush(struct echo_port *port);
