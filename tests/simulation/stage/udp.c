/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common/loop/udp_pool.h and udp_listen.h on the stage's network. Each pool has one port.
 * There are no ICMP errors: the networks in front of devices rarely let them through.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/loop/udp_listen.h"
#include "common/loop/udp_pool.h"
#include "tests/simulation/stage/net.h"
#include "tests/simulation/stage/stage.h"

struct udp_pool {
	struct udp_pool_events events;
	void *data;
	struct net_port *port;
	struct udp_pool_stats stats;
};

struct udp_listen {
	struct udp_listen_conf conf;
	struct net_port *port;
};

static struct sockaddr_storage to_socket(struct net_address a)
{
	union {
		struct sockaddr_storage any;
		struct sockaddr_in v4;
	} ret = {0};

	ret.v4.sin_family = AF_INET;
	ret.v4.sin_addr.s_addr = htonl(a.ip);
	ret.v4.sin_port = htons(a.port);
	return ret.any;
}

static struct net_address to_net(const void *socket)
{
	struct sockaddr_in v4;

	memcpy(&v4, socket, sizeof(v4));
	return (struct net_address){ntohl(v4.sin_addr.s_addr), ntohs(v4.sin_port)};
}

/* ---- udp_pool.h ---- */

static void on_pool(void *data, struct net_address from, uint8_t *octets, size_t len)
{
	struct udp_pool *pool = data;
	struct sockaddr_storage peer = to_socket(from);

	pool->stats.received++;
	pool->events.datagram(pool->data, &peer, octets, len);
	pool->events.done(pool->data);
}

int udp_pool_new(struct loop *loop, const struct udp_pool_conf *conf,
		 const struct udp_pool_events *events, void *data, struct udp_pool **ret)
{
	struct udp_pool *pool = calloc(1, sizeof(*pool));

	(void)loop;
	(void)conf;
	if (!pool)
		return -ENOMEM;
	pool->events = *events;
	pool->data = data;
	pool->port = net_open(stage_machine(), 0, on_pool, pool);
	*ret = pool;
	return 0;
}

struct udp_pool *udp_pool_free(struct udp_pool *pool)
{
	if (!pool)
		return NULL;
	net_close(pool->port);
	free(pool);
	return NULL;
}

int udp_pool_send(struct udp_pool *pool, unsigned int which, const struct sockaddr *to,
		  socklen_t to_len, const uint8_t *octets, size_t len)
{
	(void)which;
	(void)to_len;
	if (to->sa_family != AF_INET)
		return -EAFNOSUPPORT;
	pool->stats.sent++;
	net_send(pool->port, to_net(to), octets, len);
	return 0;
}

void udp_pool_flush(struct udp_pool *pool)
{
	(void)pool;
}

void udp_pool_receive(struct udp_pool *pool)
{
	(void)pool; /* what arrived was handed over then */
}

const struct udp_pool_stats *udp_pool_get_stats(const struct udp_pool *pool)
{
	return &pool->stats;
}

/* ---- udp_listen.h ---- */

static void on_listen(void *data, struct net_address from, uint8_t *octets, size_t len)
{
	struct udp_listen *listen = data;
	struct udp_listen_peer peer = {
		.socket = listen,
		.address = to_socket(from),
		.address_len = sizeof(struct sockaddr_in),
	};

	listen->conf.fn(listen->conf.data, &peer, octets, len);
}

int udp_listen_new(struct loop *loop, const char *address, const struct udp_listen_conf *conf,
		   struct udp_listen **ret)
{
	const char *colon = strrchr(address, ':');
	struct udp_listen *listen;

	(void)loop;
	if (!colon)
		return -EINVAL;
	listen = calloc(1, sizeof(*listen));
	if (!listen)
		return -ENOMEM;
	listen->conf = *conf;
	listen->port = net_open(stage_machine(), (uint16_t)atoi(colon + 1), on_listen, listen);
	*ret = listen;
	return 0;
}

struct udp_listen *udp_listen_free(struct udp_listen *listen)
{
	if (!listen)
		return NULL;
	net_close(listen->port);
	free(listen);
	return NULL;
}

int udp_listen_send(const struct udp_listen_peer *peer, const uint8_t *octets, size_t len)
{
	if (!peer->socket)
		return -EINVAL;
	net_send(peer->socket->port, to_net(&peer->address), octets, len);
	return 0;
}

uint64_t udp_listen_drops(const struct udp_listen *listen)
{
	(void)listen;
	return 0;
}
