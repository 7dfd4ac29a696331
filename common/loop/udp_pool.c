/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared UDP sockets with batches. Decides which socket a datagram takes and when a batch
 * leaves; knows nothing of what datagrams mean.
 * Source: udp(7), ip(7) and ipv6(7) (IP_RECVERR), recvmmsg(2), sendmmsg(2), socket(7).
 */
#include "common/loop/udp_pool.h"

#include <assert.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <time.h> /* musl: the next needs struct timespec */
#include <unistd.h>

#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"

enum {
	RECEIVE_ROUNDS = 8,	 /* batches per wake-up, */
	RECEIVE_SLICE_US = 1000, /* for so long: then timers get their turn */
	SOCKET_BUFFER = 8 << 20, /* octets asked for: an answer storm of 10,000 devices */
	ARENA = 128 << 10,	 /* octets of datagrams waiting in a batch */
	ERRORS_WAITING = 64,	 /* errors of sendmmsg itself, until the loop's next turn */
};

struct batch {
	struct mmsghdr headers[UDP_POOL_BATCH];
	struct iovec vectors[UDP_POOL_BATCH];
	struct sockaddr_storage peers[UDP_POOL_BATCH];
	unsigned int n, n_gone; /* queued; of these already sent */
};

struct pool_socket {
	struct udp_pool *pool;
	int fd;
	struct loop_fd *watch;
	uint32_t overflows; /* SO_RXQ_OVFL as last told */
	bool blocked;	    /* the kernel's send buffer is full */
	struct batch out;
	uint8_t *arena;
	size_t arena_used;
};

struct late_error {
	struct sockaddr_storage peer;
	int err;
};

struct udp_pool {
	struct loop *loop;
	struct udp_pool_events events;
	void *data;
	unsigned int n_sockets;
	struct sockaddr_storage bind_v4, bind_v6;
	struct pool_socket *v4[UDP_POOL_SOCKETS], *v6[UDP_POOL_SOCKETS];
	struct batch in;
	uint8_t *in_octets; /* UDP_POOL_BATCH * UDP_POOL_DATAGRAM_MAX, touched as far as
			       datagrams reach */
	struct late_error late[ERRORS_WAITING];
	unsigned int n_late;
	struct loop_timer *late_timer;
	struct udp_pool_stats stats;
};

static socklen_t addr_len(int family)
{
	return family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* ---- sockets ---- */

static struct pool_socket *socket_free(struct pool_socket *s)
{
	if (!s)
		return NULL;
	loop_fd_free(s->watch);
	if (s->fd >= 0)
		close(s->fd);
	free(s->arena);
	free(s);
	return NULL;
}

static void socket_freep(struct pool_socket **s)
{
	socket_free(*s);
}

/* The FORCE variants go beyond net.core.*mem_max, for who may (CAP_NET_ADMIN). */
static void set_buffer(int fd, int option, int force_option)
{
	int octets = SOCKET_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, force_option, &octets, sizeof(octets)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, option, &octets, sizeof(octets));
}

static int set_options(int fd, int family)
{
	int on = 1;

	set_buffer(fd, SO_RCVBUF, SO_RCVBUFFORCE);
	set_buffer(fd, SO_SNDBUF, SO_SNDBUFFORCE);
	(void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
	if (family == AF_INET6) {
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
			return -errno;
		return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on)) < 0 ? -errno : 0;
	}
	return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) < 0 ? -errno : 0;
}

static void on_ready(void *data, int fd, unsigned int what);

static int socket_new(struct udp_pool *pool, int family, struct pool_socket **ret)
{
	const struct sockaddr_storage *local = family == AF_INET6 ? &pool->bind_v6 : &pool->bind_v4;
	cleanup_(socket_freep) struct pool_socket *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->pool = pool;
	s->fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return -errno;
	s->arena = malloc(ARENA);
	if (!s->arena)
		return -ENOMEM;
	r = set_options(s->fd, family);
	if (r < 0)
		return r;
	if (local->ss_family && bind(s->fd, (const struct sockaddr *)local, addr_len(family)) < 0)
		return -errno;
	r = loop_fd_new(pool->loop, s->fd, LOOP_READ, on_ready, s, &s->watch);
	if (r < 0)
		return r;
	*ret = steal_ptr(s);
	return 0;
}

static int find_socket(struct udp_pool *pool, unsigned int which, int family,
		       struct pool_socket **ret)
{
	struct pool_socket **slot;
	int r = 0;

	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	slot = family == AF_INET6 ? &pool->v6[which % pool->n_sockets]
				  : &pool->v4[which % pool->n_sockets];
	if (!*slot)
		r = socket_new(pool, family, slot);
	*ret = *slot;
	return r;
}

/* ---- sending ---- */

/* sendmmsg itself refused one peer (no route): told from the loop, since the owner is in
 * the middle of sending. */
static void report_late(struct udp_pool *pool, const struct sockaddr_storage *peer, int err)
{
	pool->stats.send_errors++;
	if (pool->n_late == ERRORS_WAITING)
		return; /* its request runs into its timeout */
	pool->late[pool->n_late++] = (struct late_error){.peer = *peer, .err = err};
	(void)loop_timer_arm(pool->late_timer, 0);
}

static void on_late_errors(void *data)
{
	struct udp_pool *pool = data;
	struct late_error late[ERRORS_WAITING];
	unsigned int n = pool->n_late;

	memcpy(late, pool->late, n * sizeof(late[0]));
	pool->n_late = 0;
	for (unsigned int i = 0; i < n; i++)
		pool->events.error(pool->data, &late[i].peer, late[i].err);
	pool->events.done(pool->data);
}

static void set_blocked(struct pool_socket *s, bool blocked)
{
	if (s->blocked == blocked)
		return;
	s->blocked = blocked;
	(void)loop_fd_set(s->watch, blocked ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

/*
 * Sends from the first unsent datagram on. An errno may belong to that datagram or to an
 * earlier one whose ICMP error came back in between (ip(7)): tried again once it decides.
 * Returns false if the kernel takes no more.
 */
static bool send_some(struct pool_socket *s, bool *retried)
{
	struct batch *out = &s->out;
	int n = sendmmsg(s->fd, out->headers + out->n_gone, out->n - out->n_gone, 0);

	if (n > 0) {
		out->n_gone += (unsigned int)n;
		s->pool->stats.sent += (uint64_t)n;
		*retried = false;
		return true;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return false;
	if (!*retried) {
		*retried = true;
		return true;
	}
	report_late(s->pool, &out->peers[out->n_gone++], -errno);
	*retried = false;
	return true;
}

static void flush_socket(struct pool_socket *s)
{
	struct batch *out = &s->out;
	bool retried = false, open = true;

	while (open && out->n_gone < out->n)
		open = send_some(s, &retried);
	set_blocked(s, !open);
	if (out->n_gone == out->n) {
		out->n = out->n_gone = 0;
		s->arena_used = 0;
	}
}

int udp_pool_send(struct udp_pool *pool, unsigned int which, const struct sockaddr *to,
		  socklen_t to_len, const uint8_t *octets, size_t len)
{
	struct pool_socket *s;
	struct batch *out;
	int r = find_socket(pool, which, to->sa_family, &s);

	if (r < 0)
		return r;
	if (to_len > sizeof(out->peers[0]) || len > ARENA)
		return -EMSGSIZE;
	out = &s->out;
	if (out->n == UDP_POOL_BATCH || s->arena_used + len > ARENA)
		flush_socket(s);
	if (out->n == UDP_POOL_BATCH || s->arena_used + len > ARENA)
		return -ENOBUFS;
	memcpy(&out->peers[out->n], to, to_len);
	memcpy(s->arena + s->arena_used, octets, len);
	out->vectors[out->n] = (struct iovec){.iov_base = s->arena + s->arena_used, .iov_len = len};
	out->headers[out->n].msg_hdr = (struct msghdr){
		.msg_name = &out->peers[out->n],
		.msg_namelen = to_len,
		.msg_iov = &out->vectors[out->n],
		.msg_iovlen = 1,
	};
	s->arena_used += len;
	out->n++;
	return 0;
}

static void for_each_socket(struct udp_pool *pool, void (*fn)(struct pool_socket *s))
{
	for (unsigned int i = 0; i < pool->n_sockets; i++) {
		if (pool->v4[i])
			fn(pool->v4[i]);
		if (pool->v6[i])
			fn(pool->v6[i]);
	}
}

void udp_pool_flush(struct udp_pool *pool)
{
	for_each_socket(pool, flush_socket);
}

/* ---- receiving ---- */

static void note_overflow(struct pool_socket *s, struct msghdr *header)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		uint32_t total;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&total, CMSG_DATA(c), sizeof(total));
		s->pool->stats.receive_drops += total - s->overflows;
		s->overflows = total;
	}
}

static void prepare_batch(struct udp_pool *pool, uint8_t (*control)[CMSG_SPACE(sizeof(uint32_t))])
{
	struct batch *in = &pool->in;

	for (unsigned int i = 0; i < UDP_POOL_BATCH; i++) {
		in->vectors[i] = (struct iovec){
			.iov_base = pool->in_octets + (size_t)i * UDP_POOL_DATAGRAM_MAX,
			.iov_len = UDP_POOL_DATAGRAM_MAX,
		};
		in->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &in->peers[i],
			.msg_namelen = sizeof(in->peers[i]),
			.msg_iov = &in->vectors[i],
			.msg_iovlen = 1,
			.msg_control = control[i],
			.msg_controllen = sizeof(control[i]),
		};
	}
}

/* Returns how many came; -1 if there was none, or an error stood before them. */
static int receive_batch(struct pool_socket *s)
{
	struct udp_pool *pool = s->pool;
	uint8_t control[UDP_POOL_BATCH][CMSG_SPACE(sizeof(uint32_t))];
	int n;

	prepare_batch(pool, control);
	n = recvmmsg(s->fd, pool->in.headers, UDP_POOL_BATCH, 0, NULL);
	if (n <= 0)
		return -1;
	pool->stats.received += (uint64_t)n;
	for (int i = 0; i < n; i++) {
		note_overflow(s, &pool->in.headers[i].msg_hdr);
		pool->events.datagram(pool->data, &pool->in.peers[i], pool->in.vectors[i].iov_base,
				      pool->in.headers[i].msg_len);
	}
	return n;
}

static int error_of(struct msghdr *header)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		struct sock_extended_err err;

		if (!(c->cmsg_level == SOL_IP && c->cmsg_type == IP_RECVERR) &&
		    !(c->cmsg_level == SOL_IPV6 && c->cmsg_type == IPV6_RECVERR))
			continue;
		memcpy(&err, CMSG_DATA(c), sizeof(err));
		return -(int)err.ee_errno;
	}
	return 0;
}

/* One entry of the socket's error queue; its msg_name is where our datagram was sent. */
static bool drain_one_error(struct pool_socket *s)
{
	uint8_t control[512], octets[1];
	struct sockaddr_storage peer;
	struct iovec vector = {.iov_base = octets, .iov_len = sizeof(octets)};
	struct msghdr header = {
		.msg_name = &peer,
		.msg_namelen = sizeof(peer),
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int err;

	if (recvmsg(s->fd, &header, MSG_ERRQUEUE) < 0)
		return false;
	err = error_of(&header);
	if (err == 0 || err == -EMSGSIZE) /* path MTU: the kernel fragments from now on */
		return true;
	s->pool->stats.icmp_errors++;
	s->pool->events.error(s->pool->data, &peer, err);
	return true;
}

/* Returns whether there was any. */
static bool drain_errors(struct pool_socket *s)
{
	int n = 0;

	while (n < UDP_POOL_BATCH * RECEIVE_ROUNDS && drain_one_error(s))
		n++;
	return n > 0;
}

/* The queue of errors is read when nothing else was there to read: the socket stays
 * readable (EPOLLERR) until it is empty, so errors may wait for the next turn, and a turn
 * without errors costs no system call for them. */
static void receive(struct pool_socket *s)
{
	int64_t start_us = loop_now_us();

	for (int i = 0; i < RECEIVE_ROUNDS; i++) {
		int n = receive_batch(s);

		if (n < 0 ? !drain_errors(s) : n < UDP_POOL_BATCH)
			break;
		if (loop_now_us() - start_us > RECEIVE_SLICE_US)
			break;
	}
}

void udp_pool_receive(struct udp_pool *pool)
{
	loop_assert_thread(pool->loop);
	for_each_socket(pool, receive);
}

static void on_ready(void *data, int fd, unsigned int what)
{
	struct pool_socket *s = data;
	struct udp_pool *pool = s->pool;

	(void)fd;
	if (what & LOOP_WRITE)
		flush_socket(s);
	receive(s);
	pool->events.done(pool->data);
}

/* ---- the pool ---- */

static int parse_bind(const char *text, int family, struct sockaddr_storage *ret)
{
	struct endpoint endpoint;
	int r;

	if (!text)
		return 0;
	r = endpoint_zone_parse_address(text, 0, &endpoint);
	if (r < 0)
		return r;
	if (endpoint.addr.ss_family != family)
		return -EINVAL;
	*ret = endpoint.addr;
	return 0;
}

int udp_pool_new(struct loop *loop, const struct udp_pool_conf *conf,
		 const struct udp_pool_events *events, void *data, struct udp_pool **ret)
{
	struct udp_pool *pool;
	int r;

	assert(events->datagram && conf->sockets > 0);
	if (conf->sockets < 1 || conf->sockets > UDP_POOL_SOCKETS)
		return -EINVAL;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return -ENOMEM;
	pool->loop = loop;
	pool->events = *events;
	pool->data = data;
	pool->n_sockets = conf->sockets;
	r = parse_bind(conf->bind_v4, AF_INET, &pool->bind_v4);
	if (r == 0)
		r = parse_bind(conf->bind_v6, AF_INET6, &pool->bind_v6);
	if (r == 0)
		r = loop_timer_new(loop, on_late_errors, pool, &pool->late_timer);
	if (r == 0) {
		pool->in_octets = malloc((size_t)UDP_POOL_BATCH * UDP_POOL_DATAGRAM_MAX);
		r = pool->in_octets ? 0 : -ENOMEM;
	}
	if (r < 0) {
		udp_pool_free(pool);
		return r;
	}
	*ret = pool;
	return 0;
}

struct udp_pool *udp_pool_free(struct udp_pool *pool)
{
	if (!pool)
		return NULL;
	loop_assert_thread(pool->loop);
	for_each_socket(pool, flush_socket);
	for (unsigned int i = 0; i < pool->n_sockets; i++) {
		socket_free(pool->v4[i]);
		socket_free(pool->v6[i]);
	}
	loop_timer_free(pool->late_timer);
	free(pool->in_octets);
	free(pool);
	return NULL;
}

const struct udp_pool_stats *udp_pool_get_stats(const struct udp_pool *pool)
{
	return &pool->stats;
}
