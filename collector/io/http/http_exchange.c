/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies (RFC 9110, RFC 9112): heads, bodies, streams. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "collector/core/page/http_hosts.h"
#include "collector/io/http/http_private.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

static const char *status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {
		{200, "OK"},
		{204, "No Content"},
		{304, "Not Modified"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{409, "Conflict"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{421, "Misdirected Request"},
		{422, "Unprocessable Content"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"},
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Status";
}

static void send_head(struct http_connection *connection, int status, const char *content_type,
		      int64_t len)
{
	struct http_exchange *exchange = &connection->exchange;
	struct evbuffer *out = bufferevent_get_output(connection->bev);
	time_t now;
	char text[64];
	struct tm tm;

	if (status >= 100 && status < 600)
		connection->server->count.by_class[status / 100]++;
	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", status, status_text(status));
	now = (time_t)(loop_wall_ms() / 1000);
	/* No locale is ever set in the collector, so the names are English as RFC
	 * 9110 5.6.7 asks. */
	if (gmtime_r(&now, &tm) && strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm))
		evbuffer_add_printf(out, "Date: %s\r\n", text);
	if (content_type)
		evbuffer_add_printf(out, "Content-Type: %s\r\n", content_type);
	if (len >= 0 && status != 304 && status != 204)
		evbuffer_add_printf(out, "Content-Length: %lld\r\n", (long long)len);
	if (!exchange->request.keep_alive)
		evbuffer_add_printf(out, "Connection: close\r\n");
	evbuffer_add(out, exchange->extra, exchange->extra_len);
	evbuffer_add_printf(out, "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
				 "Referrer-Policy: no-referrer\r\n"
				 "Cross-Origin-Resource-Policy: same-origin\r\n\r\n");
}

/* The reply is in the output. */
static void exchange_done(struct http_connection *connection)
{
	const bool keep = connection->exchange.request.keep_alive;

	http_connection_set_phase(connection, keep ? HTTP_PHASE_REPLY : HTTP_PHASE_CLOSING);
	if (!keep)
		bufferevent_disable(connection->bev, EV_READ);
}

void http_exchange_reply(struct http_exchange *exchange, int status, const char *content_type,
			 const void *body, size_t len)
{
	struct http_connection *connection = exchange->connection;

	send_head(connection, status, content_type, (int64_t)len);
	if (exchange->request.method != HTTP_HEAD && status != 304 && status != 204 && len)
		evbuffer_add(bufferevent_get_output(connection->bev), body, len);
	exchange_done(connection);
}

/* ---- in pieces ---- */

enum { PIECES_MAX = 256 << 10 /* octets that wait for the client */ };

void http_exchange_begin(struct http_exchange *exchange, const char *content_type)
{
	if (exchange->request.http10)
		exchange->request.keep_alive = false; /* its end is the connection's */
	else
		http_exchange_header(exchange, "Transfer-Encoding", "chunked"); /* RFC 9112, 7.1 */
	send_head(exchange->connection, 200, content_type, -1);
}

bool http_exchange_has_room(const struct http_exchange *exchange)
{
	const struct http_connection *connection = exchange->connection;

	return evbuffer_get_length(bufferevent_get_output(connection->bev)) < PIECES_MAX;
}

void http_exchange_put(struct http_exchange *exchange, const void *data, size_t len)
{
	struct evbuffer *out = bufferevent_get_output(exchange->connection->bev);
	const bool is_chunk = !exchange->request.http10;

	if (len == 0 || exchange->request.method == HTTP_HEAD)
		return;
	if (is_chunk)
		evbuffer_add_printf(out, "%zx\r\n", len);
	evbuffer_add(out, data, len);
	if (is_chunk)
		evbuffer_add(out, "\r\n", 2);
}

void http_exchange_end(struct http_exchange *exchange)
{
	struct evbuffer *out = bufferevent_get_output(exchange->connection->bev);

	if (exchange->request.method != HTTP_HEAD)
		evbuffer_add_printf(out, exchange->request.http10 ? "\n" : "0\r\n\r\n");
	exchange_done(exchange->connection);
}

void http_exchange_break(struct http_exchange *exchange)
{
	exchange->on_abort = NULL;
	http_connection_set_phase(exchange->connection, HTTP_PHASE_DOOMED);
}

int http_exchange_stream(struct http_exchange *exchange, const char *content_type)
{
	struct http_connection *connection = exchange->connection;

	if (!http_room_for_stream(connection))
		return -EBUSY;

	/* Its end is the connection's end (RFC 9112 6.3): no chunks needed. */
	exchange->request.keep_alive = false;
	send_head(connection, 200, content_type, -1);
	http_connection_set_phase(connection, HTTP_PHASE_STREAM);
	return 0;
}

/* Where all clients together leave too much unread, a stream may be only a little behind. */
static bool is_too_slow(const struct http_connection *connection, size_t waiting, size_t len)
{
	const struct http_server *server = connection->server;

	return waiting + len > server->output_max ||
	       (server->output + len > server->output_total_max &&
		waiting > server->output_max / 16);
}

int http_exchange_write(struct http_exchange *exchange, const void *data, size_t len)
{
	struct http_connection *connection = exchange->connection;
	struct evbuffer *out = bufferevent_get_output(connection->bev);

	if (connection->phase != HTTP_PHASE_STREAM)
		return -ENOBUFS;
	if (is_too_slow(connection, evbuffer_get_length(out), len) ||
	    evbuffer_add(out, data, len) < 0) {
		connection->server->count.slow++;
		http_connection_set_phase(connection, HTTP_PHASE_DOOMED);
		return -ENOBUFS;
	}
	return 0;
}

void http_exchange_header(struct http_exchange *exchange, const char *name, const char *value)
{
	const size_t room = sizeof(exchange->extra) - exchange->extra_len;
	int n;

	if (strpbrk(name, "\r\n") || strpbrk(value, "\r\n"))
		return;
	n = snprintf(exchange->extra + exchange->extra_len, room, "%s: %s\r\n", name, value);
	if (n > 0 && (size_t)n < room)
		exchange->extra_len += (size_t)n;
}

void http_exchange_on_abort(struct http_exchange *exchange, void (*fn)(void *data), void *data)
{
	exchange->on_abort = fn;
	exchange->abort_data = data;
}

const struct http_request *http_exchange_request(const struct http_exchange *exchange)
{
	return &exchange->request;
}

bool http_exchange_uid(const struct http_exchange *exchange, uid_t *ret)
{
	if (!exchange->connection->door->control)
		return false;
	*ret = (uid_t)exchange->connection->source;
	return true;
}

bool http_exchange_is_control(const struct http_exchange *exchange)
{
	return exchange->connection->door->control;
}

void http_exchange_refuse(struct http_exchange *exchange, int status)
{
	const char *text = status_text(status);

	exchange->connection->server->count.bad++;
	exchange->request = (struct http_request){.method = HTTP_GET};
	exchange->extra_len = 0;
	http_exchange_reply(exchange, status, "text/plain; charset=utf-8", text, strlen(text));
}

bool http_exchange_refuse_stranger(struct http_exchange *exchange)
{
	static const char WRONG_HOST[] =
		"Pantau is not asked for under this name. If it is meant to be: http-hosts = "
		"{\"NAME\"} in pantau-collector.conf, then restart the collector.\n";
	static const char WRONG_ORIGIN[] = "Pantau does not answer other pages.\n";
	const struct http_connection *connection = exchange->connection;
	const struct http_request *request = &exchange->request;
	const char *const *hosts = (const char *const *)connection->server->hosts;
	const bool ours = http_hosts_has(hosts, request->host);

	if (connection->door->control ||
	    (ours && http_hosts_has_origin(hosts, request->host, request->origin)))
		return false;
	connection->server->count.strangers++;
	http_exchange_reply(exchange, ours ? 403 : 421, "text/plain; charset=utf-8",
			    ours ? WRONG_ORIGIN : WRONG_HOST,
			    ours ? sizeof(WRONG_ORIGIN) - 1 : sizeof(WRONG_HOST) - 1);
	return true;
}
