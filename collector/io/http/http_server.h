/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small HTTP/1.1 server on the loop for the NOC page, the API and pantauctl. It knows
 * requests, replies and their limits; what is served is http_api.c's business.
 *
 * Everything is bounded: connections, the request's head and body, the time to receive
 * them, the time of the reply, idle time, and the octets that wait for one slow client and
 * for all. Requests sent ahead wait until the replies before them are out. Each limit has a
 * counter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/stats.h"

struct loop;
struct http_server;
struct http_exchange; /* one request and its reply */

/* A socket to listen on. */
struct http_door_conf {
	/* "127.0.0.1:8080", "[::1]:8080", "unix:/run/pantau/page.sock" (mode 0660), "fd:3" (a
	 * socket handed over by systemd, sd_listen_fds(3)) */
	const char *listen;
	/* Whoever may connect may do all, by the mode of the socket's file. It has places of its
	 * own, of which a newcomer always gets one. */
	bool control;
};

struct http_server_conf {
	const struct http_door_conf *doors;
	size_t n_doors;
	/* Names by which it may be asked for, NULL-terminated or NULL; beside addresses, localhost and
	 * the machine's own name. Not for control. */
	const char *const *hosts;
	unsigned int
		max_connections;  /* by all doors but that for control; 0: 512, which is the most */
	unsigned int max_streams; /* of these; 0: 256 */
	int64_t request_timeout_ms; /* to receive a whole request; 0: 10 s */
	int64_t reply_timeout_ms; /* from there until the reply is out, but for streams; 0: 60 s */
	int64_t idle_timeout_ms;  /* between requests; 0: 60 s */
	size_t output_max;	  /* octets waiting for one streaming client before it is
			      dropped; 0: 1 MiB */
	size_t output_total_max;  /* for all clients, before the one that has most of them is
			      dropped; 0: 64 MiB */
};

typedef void http_handler_fn(void *data, struct http_exchange *exchange);

/* handler is called on the loop with each well-formed request and owes one reply, now or
 * later. Returns 0 or negative errno (log says which address). conf is copied. */
int http_server_new(struct loop *loop, const struct http_server_conf *conf,
		    http_handler_fn *handler, void *data, struct http_server **ret);
/* Closes all connections; abort callbacks run. */
struct http_server *http_server_free(struct http_server *server);
void http_server_freep(struct http_server **server);
/* A stats_provider_fn; data is the struct http_server *. */
void http_server_emit_stats(void *server, stats_emit_fn *emit, void *emit_data);
