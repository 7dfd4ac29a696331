/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides nothing but how many messages are taken in one turn of the loop. */
#include "collector/io/ping/echo_port.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"

enum {
	BATCH = 64,
	ROUNDS = 4, /* in one turn: who floods us with answers does not hold the loop */
	ANSWER_MAX = 60 + ICMP_ECHO_LEN, /* with the longest IP header */
	CONTROL_MAX = 64,
	RECEIVE_BUFFER = 1 << 20,
};

#define US_PER_S    INT64_C(1000000)
#define OLD_MOST_US (10 * US_PER_S) /* beyond it the wall clock was set meanwhile */

struct out {
	unsigned int n;
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	uint8_t packets[BATCH][ICMP_ECHO_LEN];
	void *owners[BATCH];
};

struct in {
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	uint8_t packets[BATCH][ANSWER_MAX];
	struct sockaddr_storage from[BATCH];
	_Alignas(struct cmsghdr) char control[BATCH][CONTROL_MAX];
};

struct echo_port {
	struct icmp_socket sock;
	struct loop_fd *watch;
	struct echo_port_hooks hooks;
	struct out out;
	struct in in;
};

/* ---- out ---- */

void echo_port_put(struct echo_port *port, const struct icmp_echo *echo,
		   const struct sockaddr_storage *address, socklen_t len, void *owner)
{
	struct out *out = &port->out;
	const unsigned int i = out->n++;

	assert(i < BATCH);
	icmp_echo_build(echo, port->sock.v6, out->packets[i]);
	out->headers[i].msg_hdr.msg_name = (void *)(uintptr_t)address;
	out->headers[i].msg_hdr.msg_namelen = len;
	out->owners[i] = owner;
	if (out->n == BATCH)
		echo_port_flush(port);
}

/* They left one after the other. */
static void tell_sent(struct echo_port *port, unsigned int first, unsigned int n, int64_t begin_us)
{
	const int64_t each_us = (loop_now_us() - begin_us) / (n ? n : 1);

	for (unsigned int i = 0; i < n; i++)
		port->hooks.sent(port->hooks.data, port->out.owners[first + i],
				 begin_us + i * each_us, 0);
}

/* What one peer's way refuses the others' may bear. */
void echo_port_flush(struct echo_port *port)
{
	struct out *out = &port->out;
	unsigned int i = 0;

	while (i < out->n) {
		const int64_t begin_us = loop_now_us();
		const int n = sendmmsg(port->sock.fd, out->headers + i, out->n - i, MSG_DONTWAIT);

		if (n > 0) {
			tell_sent(port, i, (unsigned int)n, begin_us);
			i += (unsigned int)n;
		} else {
			port->hooks.sent(port->hooks.data, out->owners[i++], begin_us, errno);
		}
	}
	out->n = 0;
}

/* ---- in ---- */

static int64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

/* How long ago the kernel had it. */
static int64_t age_us(struct msghdr *header, int64_t now_us)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		struct timespec at;
		int64_t us;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&at, CMSG_DATA(c), sizeof(at));
		us = now_us - (at.tv_sec * US_PER_S + at.tv_nsec / 1000);
		return us > 0 && us < OLD_MOST_US ? us : 0;
	}
	return 0;
}

static void make_ready(struct in *in, unsigned int i)
{
	struct msghdr *header = &in->headers[i].msg_hdr;

	header->msg_namelen = sizeof(in->from[i]);
	header->msg_controllen = CONTROL_MAX;
}

static unsigned int read_batch(struct echo_port *port)
{
	struct in *in = &port->in;
	const int n = recvmmsg(port->sock.fd, in->headers, BATCH, MSG_DONTWAIT, NULL);
	const int64_t now_us = loop_now_us(), real_us = wall_us();
	struct icmp_echo echo;

	for (unsigned int i = 0; n > 0 && i < (unsigned int)n; i++) {
		struct mmsghdr *m = &in->headers[i];

		if (icmp_echo_parse(in->packets[i], m->msg_len, port->sock.v6,
				    port->sock.raw && !port->sock.v6, &echo) == 0)
			port->hooks.answer(port->hooks.data, &echo, &in->from[i],
					   now_us - age_us(&m->msg_hdr, real_us));
		make_ready(in, i);
	}
	return n > 0 ? (unsigned int)n : 0;
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct echo_port *port = data;

	(void)fd;
	(void)what;
	for (int i = 0; i < ROUNDS; i++) {
		if (read_batch(port) < BATCH)
			return;
	}
}

/* ---- life ---- */

static void make_slots(struct echo_port *port)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		port->out.parts[i] = (struct iovec){port->out.packets[i], ICMP_ECHO_LEN};
		port->out.headers[i].msg_hdr = (struct msghdr){
			.msg_iov = &port->out.parts[i],
			.msg_iovlen = 1,
		};
		port->in.parts[i] = (struct iovec){port->in.packets[i], ANSWER_MAX};
		port->in.headers[i].msg_hdr = (struct msghdr){
			.msg_name = &port->in.from[i],
			.msg_iov = &port->in.parts[i],
			.msg_iovlen = 1,
			.msg_control = port->in.control[i],
		};
		make_ready(&port->in, i);
	}
}

int echo_port_new(struct loop *loop, const struct icmp_socket *sock,
		  const struct echo_port_hooks *hooks, struct echo_port **ret)
{
	struct echo_port *port = calloc(1, sizeof(*port));
	int on = 1, octets = RECEIVE_BUFFER, r;

	assert(sock->fd >= 0);
	if (!port)
		return -ENOMEM;
	port->sock = *sock;
	port->hooks = *hooks;
	make_slots(port);
	/* Where there are no stamps or no room, round trips are less exact or echoes are lost. */
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	r = loop_fd_new(loop, sock->fd, LOOP_READ, on_readable, port, &port->watch);
	if (r < 0) {
		free(port);
		return r;
	}
	*ret = port;
	return 0;
}

struct echo_port *echo_port_free(struct echo_port *port)
{
	if (!port)
		return NULL;
	loop_fd_free(port->watch);
	icmp_socket_close(&port->sock);
	free(port);
	return NULL;
}
