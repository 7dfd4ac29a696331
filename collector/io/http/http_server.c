/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets that are listened on, over libevent's listeners and bufferevents. How many may
 * connect is http_room.c's, clients are http_connection.c's, replies http_exchange.c's, the
 * routes http_api.c's business.
 *
 * Not evhttp: in 2.1 it has no limit on connections, restarts its timer at every octet of
 * a slow head, and lets the output for a slow client grow without bound.
 */
#include "collector/io/http/http_server.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/listener.h>

#include "collector/io/http/http_private.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/loop/port_holder.h"
#include "common/system/log.h"

enum {
	BACKLOG = 128,
	SEND_BUFFER = 128 << 10, /* octets that the kernel may hold for a client (it
				    doubles this, socket(7)) */
	ACCEPT_PAUSE_US = 1000000,
	CONNECTIONS_MAX = 512,
	STREAMS_MAX = 256,
};

/* ---- doors ---- */

static void on_accept(struct evconnlistener *lev, evutil_socket_t fd, struct sockaddr *addr,
		      int len, void *data)
{
	const struct http_door *door = data;
	const uint64_t source = http_room_source(door, addr, fd);
	const int on = 1, buffer = SEND_BUFFER;

	(void)lev;
	(void)len;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* no matter if it is not TCP */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	if (!http_room_for_connection(door, source) || http_connection_new(door, fd, source) < 0)
		close(fd);
}

/* Out of descriptors or memory: pause, or the level-triggered listener would spin. */
static void on_accept_error(struct evconnlistener *lev, void *data)
{
	struct http_door *door = data;

	door->server->count.accept_errors++;
	evconnlistener_disable(lev);
	loop_timer_arm(door->server->accept_again, ACCEPT_PAUSE_US);
}

static void on_accept_again(void *data)
{
	struct http_server *server = data;

	for (size_t i = 0; i < server->n_doors; i++)
		evconnlistener_enable(server->doors[i].events);
}

static int open_door(struct http_server *server, const struct http_door_conf *conf)
{
	struct http_door *door = &server->doors[server->n_doors];
	int r = http_listener_open(conf->listen, &door->listener);

	if (r < 0)
		return r;
	door->server = server;
	door->control = conf->control;
	door->events = evconnlistener_new(loop_base(server->loop), on_accept, door,
					  LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG,
					  door->listener.fd);
	if (!door->events) {
		close(door->listener.fd);
		http_listener_deinit(&door->listener);
		return -ENOMEM;
	}
	evconnlistener_set_error_cb(door->events, on_accept_error);
	server->n_doors++;
	return 0;
}

/* ---- the server ---- */

static int64_t or_default(int64_t value, int64_t def)
{
	return value > 0 ? value : def;
}

/* With the machine's name, short or long as it was given. */
static int copy_hosts(struct http_server *server, const char *const *hosts)
{
	char own[256] = "";
	size_t n = 0;

	while (hosts && hosts[n])
		n++;
	server->hosts = calloc(n + 2, sizeof(*server->hosts));
	if (!server->hosts)
		return -ENOMEM;
	gethostname(own, sizeof(own) - 1);
	for (size_t i = 0; i <= n; i++) {
		server->hosts[i] = strdup(i < n ? hosts[i] : own);
		if (!server->hosts[i])
			return -ENOMEM;
	}
	return 0;
}

int http_server_new(struct loop *loop, const struct http_server_conf *conf,
		    http_handler_fn *handler, void *data, struct http_server **ret)
{
	cleanup_(http_server_freep) struct http_server *server = calloc(1, sizeof(*server));
	char problem[PORT_HOLDER_PROBLEM_SIZE];
	int r;

	assert(handler);
	if (!server)
		return -ENOMEM;
	TAILQ_INIT(&server->connections);
	server->loop = loop;
	server->handler = handler;
	server->data = data;
	server->max_connections = (unsigned int)or_default(conf->max_connections, CONNECTIONS_MAX);
	assert(server->max_connections <= CONNECTIONS_MAX);
	server->max_streams = (unsigned int)or_default(conf->max_streams, STREAMS_MAX);
	server->request_us = or_default(conf->request_timeout_ms, 10000) * 1000;
	server->reply_us = or_default(conf->reply_timeout_ms, 60000) * 1000;
	server->idle_us = or_default(conf->idle_timeout_ms, 60000) * 1000;
	server->output_max = (size_t)or_default((int64_t)conf->output_max, 1 << 20);
	server->output_total_max = (size_t)or_default((int64_t)conf->output_total_max, 64 << 20);
	r = copy_hosts(server, conf->hosts);
	if (r < 0)
		return r;
	r = loop_timer_new(loop, on_accept_again, server, &server->accept_again);
	if (r < 0)
		return r;
	for (size_t i = 0; i < conf->n_doors; i++) {
		const struct http_door_conf *door = &conf->doors[i];

		r = i < HTTP_LISTENERS_MAX ? open_door(server, door) : -E2BIG;
		if (r < 0) {
			log_error("http", "listen=%s err=\"%s\"", door->listen,
				  port_holder_problem(SOCK_STREAM, door->listen, r, problem));
			return r;
		}
	}
	*ret = steal_ptr(server);
	return 0;
}

struct http_server *http_server_free(struct http_server *server)
{
	struct http_connection *connection;

	if (!server)
		return NULL;
	while ((connection = TAILQ_FIRST(&server->connections)))
		http_connection_free(connection);
	for (size_t i = 0; i < server->n_doors; i++) {
		evconnlistener_free(server->doors[i].events);
		http_listener_deinit(&server->doors[i].listener);
	}
	loop_timer_free(server->accept_again);
	for (size_t i = 0; server->hosts && server->hosts[i]; i++)
		free(server->hosts[i]);
	free(server->hosts);
	free(server);
	return NULL;
}

void http_server_freep(struct http_server **server)
{
	*server = http_server_free(*server);
}

/* By the first digit of the status; there are no interim replies. */
static const char *class_label(size_t i)
{
	static const char *const CLASSES[] = {NULL, NULL, "2xx", "3xx", "4xx", "5xx"};

	return CLASSES[i];
}

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct http_server, count.field, "pantau_http_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(connections, "connections", "HTTP connections accepted."),
	COUNTER(requests, "requests", "HTTP requests handled."),
	COUNTER(refused, "refused", "HTTP connections refused at the limit of connections."),
	COUNTER(evicted, "evicted", "HTTP connections closed to make room for another's."),
	COUNTER(evicted_streams, "evicted_streams",
		"Live streams closed to make room for another's."),
	COUNTER(strangers, "strangers",
		"HTTP requests for a name that is not ours, or from another's page."),
	COUNTER(bad, "bad_requests", "Malformed or oversized HTTP requests."),
	COUNTER(request_timeouts, "request_timeouts",
		"HTTP requests not received within their time."),
	COUNTER(reply_timeouts, "reply_timeouts",
		"HTTP replies that were not made and read within their time."),
	COUNTER(idle_closed, "idle_closed", "HTTP connections closed for idleness."),
	COUNTER(slow, "slow_clients", "HTTP clients dropped because they did not read."),
	COUNTER(aborted, "aborted",
		"HTTP clients that went away before their reply, or left a stream."),
	COUNTER(accept_errors, "accept_errors", "Failures to accept a connection."),
	STATS_GAUGE(struct http_server, n_connections, "pantau_http_connections",
		    "HTTP connections open."),
	STATS_GAUGE(struct http_server, output, "pantau_http_output_bytes",
		    "Octets that wait for HTTP clients to read them."),
	STATS_COUNTERS(struct http_server, count.by_class, "pantau_http_replies",
		       "HTTP replies by class of status.", "class", class_label),
};

void http_server_emit_stats(void *server, stats_emit_fn *emit, void *emit_data)
{
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), server, emit, emit_data);
}
