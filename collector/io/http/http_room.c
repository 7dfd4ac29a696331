/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places for connections and streams. Who gives one up is core/page/http_seats.c's. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "collector/core/page/http_seats.h"
#include "collector/io/http/http_private.h"
#include "common/base/fnv1a.h"

enum { CONTROL_MAX = 16 };

/*
 * An IPv4 address; the network of an IPv6 address, for a host takes as many addresses of that as it
 * likes; the user behind the control socket. All who come by another unix socket come by the
 * proxy behind it, and are one.
 */
uint64_t http_room_source(const struct http_door *door, const struct sockaddr *addr, int fd)
{
	const struct sockaddr_in *v4 = (const void *)addr;
	const struct sockaddr_in6 *v6 = (const void *)addr;
	struct ucred peer = {0};
	socklen_t len = sizeof(peer);

	if (door->control && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0)
		return peer.uid;
	if (addr->sa_family == AF_INET)
		return fnv1a(FNV1A_START, &v4->sin_addr, sizeof(v4->sin_addr));
	if (addr->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		return fnv1a(FNV1A_START, &v6->sin6_addr.s6_addr[12], 4);
	if (addr->sa_family == AF_INET6)
		return fnv1a(FNV1A_START, &v6->sin6_addr, 8);
	return 0;
}

struct seats {
	struct http_seat seats[HTTP_SEATS_MAX];
	struct http_connection *holders[HTTP_SEATS_MAX];
	size_t n;
};

static enum http_seat_use use_of(const struct http_connection *connection)
{
	switch (connection->phase) {
	case HTTP_PHASE_IDLE:
	case HTTP_PHASE_DOOMED:
		return HTTP_SEAT_IDLE;
	case HTTP_PHASE_REQUEST:
		return HTTP_SEAT_ASKING;
	case HTTP_PHASE_STREAM:
		return HTTP_SEAT_STREAM;
	default:
		return HTTP_SEAT_REPLY;
	}
}

/* Those by the door for control, or by all others. */
static void find_seats(const struct http_server *server, bool control, bool streams,
		       struct seats *ret)
{
	struct http_connection *connection;

	ret->n = 0;
	TAILQ_FOREACH (connection, &server->connections, entry) {
		if (connection->door->control != control || ret->n == HTTP_SEATS_MAX ||
		    (streams && connection->phase != HTTP_PHASE_STREAM))
			continue;
		ret->holders[ret->n] = connection;
		ret->seats[ret->n++] = (struct http_seat){
			.door = (unsigned int)(connection->door - server->doors),
			.source = connection->source,
			.use = use_of(connection),
		};
	}
}

bool http_room_for_connection(const struct http_door *door, uint64_t source)
{
	struct http_server *server = door->server;
	const unsigned int number = (unsigned int)(door - server->doors);
	struct seats seats;
	size_t i;

	find_seats(server, door->control, false, &seats);
	if (seats.n < (door->control ? CONTROL_MAX : server->max_connections))
		return true;
	i = door->control ? http_seats_must_give(seats.seats, seats.n, number, source)
			  : http_seats_give(seats.seats, seats.n, number, source);
	if (i == seats.n) {
		server->count.refused++;
		return false;
	}
	server->count.evicted++;
	http_connection_free(seats.holders[i]);
	return true;
}

bool http_room_for_stream(const struct http_connection *connection)
{
	struct http_server *server = connection->server;
	struct seats seats;
	size_t i;

	if (connection->door->control) /* its places are few enough */
		return true;
	find_seats(server, false, true, &seats);
	if (seats.n < server->max_streams)
		return true;
	i = http_seats_give(seats.seats, seats.n, (unsigned int)(connection->door - server->doors),
			    connection->source);
	if (i == seats.n)
		return false;
	server->count.evicted_streams++;
	http_connection_set_phase(seats.holders[i], HTTP_PHASE_DOOMED);
	return true;
}
