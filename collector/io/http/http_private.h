/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What http_server.c, http_connection.c, http_exchange.c and http_room.c share. For them
 * alone.
 *
 * A connection is never freed from inside a call that a handler makes; it is freed from
 * its own events, or from the timer when it must go at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/codec/page/http_request.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_listener.h"
#include "collector/io/http/http_server.h"
#include "common/base/queue.h"

struct bufferevent;
struct sockaddr;
struct evconnlistener;

enum {
	HTTP_LISTENERS_MAX = 16,
	HTTP_EXTRA_MAX = 2048,
};

struct http_exchange {
	struct http_connection *connection;
	struct http_request request;
	char extra[HTTP_EXTRA_MAX]; /* header lines of the reply */
	size_t extra_len;
	void (*on_abort)(void *data);
	void *abort_data;
};

enum http_phase {
	HTTP_PHASE_IDLE,    /* between requests */
	HTTP_PHASE_REQUEST, /* part of a request is there */
	HTTP_PHASE_HANDLER, /* the handler owes a reply */
	HTTP_PHASE_REPLY,   /* a reply is going out; only then is the next request looked at */
	HTTP_PHASE_STREAM,  /* a reply without an end */
	HTTP_PHASE_CLOSING, /* the last reply is going out */
	HTTP_PHASE_DOOMED,  /* too slow: freed by the timer */
};

struct http_connection {
	TAILQ_ENTRY(http_connection) entry; /* the oldest first */
	struct http_server *server;
	struct bufferevent *bev;
	struct loop_timer *timer;
	enum http_phase phase;
	const struct http_door *door;
	uint64_t source; /* who is at the other end; of this door */
	struct http_exchange exchange;
};
TAILQ_HEAD(http_connections, http_connection);

struct http_door {
	struct http_server *server;
	bool control;
	struct evconnlistener *events;
	struct http_listener listener;
};

struct http_server {
	struct loop *loop;
	http_handler_fn *handler;
	void *data;
	unsigned int max_connections, max_streams, n_connections;
	int64_t request_us, reply_us, idle_us;
	char **hosts; /* NULL-terminated */
	size_t output_max, output_total_max;
	size_t output; /* octets that wait for all clients */
	struct http_door doors[HTTP_LISTENERS_MAX];
	size_t n_doors;
	struct loop_timer *accept_again;
	struct http_connections connections;
	struct {
		uint64_t connections, requests, refused, bad, request_timeouts, reply_timeouts,
			idle_closed, evicted, evicted_streams, slow, aborted, strangers;
		uint64_t accept_errors, by_class[6];
	} count;
};

/* ---- http_connection.c ---- */

/* Takes fd over on success. source: as in http_seats.h. 0 or negative errno. */
must_check_ int http_connection_new(const struct http_door *door, int fd, uint64_t source);
void http_connection_free(struct http_connection *connection);
/* Arms the time limit of that phase. */
void http_connection_set_phase(struct http_connection *connection, enum http_phase phase);

/* ---- http_room.c ---- */

/* Who is at the other end of a connection. */
uint64_t http_room_source(const struct http_door *door, const struct sockaddr *addr, int fd);
/* Whether there is a place for one more connection; another may have been closed for it. */
bool http_room_for_connection(const struct http_door *door, uint64_t source);
/* The same for this connection's stream. */
bool http_room_for_stream(const struct http_connection *connection);

/* ---- http_exchange.c ---- */

/* A request that is none: no handler sees it. */
void http_exchange_refuse(struct http_exchange *exchange, int status);
/* One for a name that is not ours, or from another's page: replies to it. */
bool http_exchange_refuse_stranger(struct http_exchange *exchange);
