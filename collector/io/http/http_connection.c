/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client: what it sends, what phase it is in and how long that may take. The head of a
 * request is codec/page/http_request.c's, the reply http_exchange.c's business.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "collector/io/http/http_private.h"
#include "common/loop/loop.h"

enum { WRITE_STALL_S = 30 };

static void on_output(struct evbuffer *output, const struct evbuffer_cb_info *info, void *data)
{
	struct http_server *server = data;

	(void)output;
	server->output += info->n_added;
	assert(server->output >= info->n_deleted);
	server->output -= info->n_deleted;
}

void http_connection_free(struct http_connection *connection)
{
	struct http_server *server = connection->server;
	struct http_exchange *exchange = &connection->exchange;
	struct evbuffer *output = bufferevent_get_output(connection->bev);

	if (connection->phase == HTTP_PHASE_HANDLER || connection->phase == HTTP_PHASE_STREAM ||
	    connection->phase == HTTP_PHASE_DOOMED) {
		server->count.aborted++;
		if (exchange->on_abort)
			exchange->on_abort(exchange->abort_data);
	}
	TAILQ_REMOVE(&server->connections, connection, entry);
	server->n_connections--;
	loop_timer_free(connection->timer);
	evbuffer_remove_cb(output, on_output, server);
	assert(server->output >= evbuffer_get_length(output));
	server->output -= evbuffer_get_length(output);
	bufferevent_free(connection->bev);
	free(connection);
}

void http_connection_set_phase(struct http_connection *connection, enum http_phase phase)
{
	const struct http_server *server = connection->server;

	connection->phase = phase;
	if (phase == HTTP_PHASE_IDLE)
		loop_timer_arm(connection->timer, server->idle_us);
	else if (phase == HTTP_PHASE_REQUEST)
		loop_timer_arm(connection->timer, server->request_us);
	else if (phase == HTTP_PHASE_HANDLER) /* goes on until the reply is out */
		loop_timer_arm(connection->timer, server->reply_us);
	else if (phase == HTTP_PHASE_DOOMED)
		loop_timer_arm(connection->timer, 0);
	else if (phase == HTTP_PHASE_STREAM)
		loop_timer_disarm(connection->timer);
}

/* The kernel, too, forgets at once what the client does not read. */
static void drop(struct http_connection *connection)
{
	const struct linger none = {.l_onoff = 1, .l_linger = 0};

	setsockopt(bufferevent_getfd(connection->bev), SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	http_connection_free(connection);
}

static void on_timer(void *data)
{
	struct http_connection *connection = data;

	switch (connection->phase) {
	case HTTP_PHASE_IDLE:
		connection->server->count.idle_closed++;
		http_connection_free(connection);
		return;
	case HTTP_PHASE_REQUEST:
		connection->server->count.request_timeouts++;
		break;
	case HTTP_PHASE_HANDLER:
	case HTTP_PHASE_REPLY:
	case HTTP_PHASE_CLOSING:
		connection->server->count.reply_timeouts++;
		break;
	case HTTP_PHASE_STREAM:
	case HTTP_PHASE_DOOMED: /* counted when that was said */
		break;
	}
	drop(connection);
}

/* Takes one whole request out of the input. False if there is none (yet, or any more). */
static bool take_request(struct http_connection *connection)
{
	struct evbuffer *in = bufferevent_get_input(connection->bev);
	const size_t len = evbuffer_get_length(in);
	const size_t look = len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX;
	const uint8_t *head = len ? evbuffer_pullup(in, (ev_ssize_t)look) : NULL;
	struct http_exchange *exchange = &connection->exchange;
	int r;

	if (!head)
		return false;
	if (connection->phase == HTTP_PHASE_IDLE)
		http_connection_set_phase(connection, HTTP_PHASE_REQUEST);
	r = http_request_parse(head, look, &exchange->request);
	if (r < 0)
		http_exchange_refuse(exchange, -r);
	if (r <= 0 || len < (size_t)r + exchange->request.body_len)
		return false;
	/* No route has use for a body; it is taken and forgotten. */
	evbuffer_drain(in, (size_t)r + exchange->request.body_len);
	exchange->extra_len = 0;
	exchange->on_abort = NULL;
	return true;
}

/* Whoever has most of what nobody reads makes room for those who read. Not the one that asks. */
static bool drop_largest(struct http_server *server, const struct http_connection *asking)
{
	struct http_connection *connection, *largest = NULL;
	size_t most = 0;

	TAILQ_FOREACH (connection, &server->connections, entry) {
		const size_t len = evbuffer_get_length(bufferevent_get_output(connection->bev));

		if (connection == asking || len <= most)
			continue;
		most = len;
		largest = connection;
	}
	if (!largest)
		return false;
	server->count.slow++;
	drop(largest);
	return true;
}

/* One request at a time: whoever does not read what was replied asks for nothing more. */
static void process(struct http_connection *connection)
{
	struct http_server *server = connection->server;

	if ((connection->phase != HTTP_PHASE_IDLE && connection->phase != HTTP_PHASE_REQUEST) ||
	    !take_request(connection))
		return;
	while (server->output > server->output_total_max && drop_largest(server, connection))
		;
	server->count.requests++;
	http_connection_set_phase(connection, HTTP_PHASE_HANDLER);
	if (!http_exchange_refuse_stranger(&connection->exchange))
		server->handler(server->data, &connection->exchange);
}

static void on_read(struct bufferevent *bev, void *data)
{
	(void)bev;
	process(data);
}

/* All that was replied is out. */
static void on_write(struct bufferevent *bev, void *data)
{
	struct http_connection *connection = data;

	if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
		return;
	if (connection->phase == HTTP_PHASE_CLOSING) {
		http_connection_free(connection);
	} else if (connection->phase == HTTP_PHASE_REPLY) {
		http_connection_set_phase(connection, HTTP_PHASE_IDLE);
		process(connection);
	}
}

static void on_event(struct bufferevent *bev, short what, void *data)
{
	struct http_connection *connection = data;

	(void)bev;
	if (!(what & BEV_EVENT_TIMEOUT)) {
		http_connection_free(connection);
		return;
	}
	connection->server->count.slow++; /* the only one is that for writing */
	drop(connection);
}

int http_connection_new(const struct http_door *door, int fd, uint64_t source)
{
	struct http_server *server = door->server;
	const struct timeval stall = {.tv_sec = WRITE_STALL_S};
	struct http_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return -ENOMEM;
	connection->bev =
		bufferevent_socket_new(loop_base(server->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	if (!connection->bev ||
	    loop_timer_new(server->loop, on_timer, connection, &connection->timer) < 0) {
		if (connection->bev) {
			bufferevent_free(connection->bev); /* closes fd */
			free(connection);
			return 0;
		}
		free(connection);
		return -ENOMEM;
	}
	connection->server = server;
	connection->door = door;
	connection->source = source;
	connection->exchange.connection = connection;
	TAILQ_INSERT_TAIL(&server->connections, connection, entry);
	server->n_connections++;
	server->count.connections++;
	evbuffer_add_cb(bufferevent_get_output(connection->bev), on_output, server);
	bufferevent_setcb(connection->bev, on_read, on_write, on_event, connection);
	bufferevent_setwatermark(connection->bev, EV_READ, 0, HTTP_HEAD_MAX + HTTP_BODY_MAX);
	bufferevent_set_timeouts(connection->bev, NULL, &stall);
	bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
	http_connection_set_phase(connection, HTTP_PHASE_IDLE);
	return 0;
}
