/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One client: what it sends, what phase it is in and how long that may take. The head of a
 * request is codec/http_request.c's, the reply http_exchange.c's business.
 */
#include <errno.h>
#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "collector/io/http/http_private.h"
#include "common/loop/loop.h"

enum { WRITE_STALL_S = 30 };

void http_connection_free(struct http_connection *connection)
{
	struct http_server *server = connection->server;
	struct http_exchange *exchange = &connection->exchange;

	if (connection->phase == HTTP_PHASE_HANDLER || connection->phase == HTTP_PHASE_STREAM ||
	    connection->phase == HTTP_PHASE_DOOMED) {
		server->count.aborted++;
		if (exchange->on_abort)
			exchange->on_abort(exchange->abort_data);
	}
	TAILQ_REMOVE(&server->connections, connection, entry);
	server->n_connections--;
	loop_timer_free(connection->timer);
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
	else if (phase == HTTP_PHASE_DOOMED)
		loop_timer_arm(connection->timer, 0);
	else
		loop_timer_disarm(connection->timer);
}

static void on_timer(void *data)
{
	struct http_connection *connection = data;

	if (connection->phase == HTTP_PHASE_REQUEST)
		connection->server->count.request_timeouts++;
	else if (connection->phase == HTTP_PHASE_IDLE)
		connection->server->count.idle_closed++;
	http_connection_free(connection);
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

void http_connection_process(struct http_connection *connection)
{
	struct http_server *server = connection->server;

	connection->processing = true;
	while ((connection->phase == HTTP_PHASE_IDLE || connection->phase == HTTP_PHASE_REQUEST) &&
	       take_request(connection)) {
		server->count.requests++;
		http_connection_set_phase(connection, HTTP_PHASE_HANDLER);
		server->handler(server->data, &connection->exchange);
	}
	connection->processing = false;
}

static void on_read(struct bufferevent *bev, void *data)
{
	(void)bev;
	http_connection_process(data);
}

static void on_write(struct bufferevent *bev, void *data)
{
	struct http_connection *connection = data;

	if (connection->phase == HTTP_PHASE_CLOSING &&
	    evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		http_connection_free(connection);
}

static void on_event(struct bufferevent *bev, short what, void *data)
{
	struct http_connection *connection = data;

	(void)bev;
	if ((what & BEV_EVENT_TIMEOUT) && (what & BEV_EVENT_WRITING))
		connection->server->count.slow++;
	http_connection_free(connection);
}

int http_connection_new(struct http_server *server, int fd, bool local)
{
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
	connection->local = local;
	connection->exchange.connection = connection;
	TAILQ_INSERT_TAIL(&server->connections, connection, entry);
	server->n_connections++;
	server->count.connections++;
	bufferevent_setcb(connection->bev, on_read, on_write, on_event, connection);
	bufferevent_setwatermark(connection->bev, EV_READ, 0, HTTP_HEAD_MAX + HTTP_BODY_MAX);
	bufferevent_set_timeouts(connection->bev, NULL, &stall);
	bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
	http_connection_set_phase(connection, HTTP_PHASE_IDLE);
	return 0;
}
