/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listeners, connections and replies (RFC 9110, RFC 9112) over libevent's bufferevents;
 * the head of a request is codec/http_request.c's, the routes are http_api.c's business.
 *
 * Not evhttp: in 2.1 it has no limit on connections, restarts its timer at every octet of
 * a slow head, and lets the output for a slow client grow without bound.
 *
 * A connection is never freed from inside a call that a handler makes; it is freed from
 * its own events, or from the timer when it must go at once.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "collector/codec/http_request.h"
#include "collector/io/http_server.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/loop.h"

enum {
	LISTENERS_MAX = 16,
	BACKLOG = 128,
	EXTRA_MAX = 2048,
	WRITE_STALL_S = 30,
	SEND_BUFFER = 128 << 10, /* octets that the kernel may hold for a client (it
				    doubles this, socket(7)) */
	ACCEPT_PAUSE_US = 1000000,
};

struct http_exchange {
	struct http_connection *connection;
	struct http_request request;
	char extra[EXTRA_MAX]; /* header lines of the reply */
	size_t extra_len;
	void (*on_abort)(void *data);
	void *abort_data;
};

enum http_phase {
	PHASE_IDLE,    /* between requests */
	PHASE_REQUEST, /* part of a request is there */
	PHASE_HANDLER, /* the handler owes a reply */
	PHASE_STREAM,  /* a reply without an end */
	PHASE_CLOSING, /* the last reply is going out */
	PHASE_DOOMED,  /* too slow: freed by the timer */
};

struct http_connection {
	TAILQ_ENTRY(http_connection) entry; /* the oldest first */
	struct http_server *server;
	struct bufferevent *bev;
	struct loop_timer *timer;
	enum http_phase phase;
	bool local, processing;
	struct http_exchange exchange;
};
TAILQ_HEAD(http_connections, http_connection);

struct http_listener {
	struct http_server *server;
	struct evconnlistener *listener;
	char *unix_path;
	bool local;
};

struct http_server {
	struct loop *loop;
	http_handler_fn *handler;
	void *data;
	unsigned int max_connections, n_connections;
	int64_t request_us, idle_us;
	size_t output_max;
	struct http_listener listeners[LISTENERS_MAX];
	size_t n_listeners;
	struct loop_timer *accept_again;
	struct http_connections connections;
	struct {
		uint64_t connections, requests, refused, bad, request_timeouts,
			idle_closed, evicted, slow, aborted;
		uint64_t accept_errors, by_class[6];
	} count;
};

/* ---- connections ---- */

static void connection_free(struct http_connection *connection)
{
	struct http_server *server = connection->server;
	struct http_exchange *exchange = &connection->exchange;

	if (connection->phase == PHASE_HANDLER || connection->phase == PHASE_STREAM ||
	    connection->phase == PHASE_DOOMED) {
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

static void set_phase(struct http_connection *connection, enum http_phase phase)
{
	const struct http_server *server = connection->server;

	connection->phase = phase;
	if (phase == PHASE_IDLE)
		loop_timer_arm(connection->timer, server->idle_us);
	else if (phase == PHASE_REQUEST)
		loop_timer_arm(connection->timer, server->request_us);
	else if (phase == PHASE_DOOMED)
		loop_timer_arm(connection->timer, 0);
	else
		loop_timer_disarm(connection->timer);
}

static void on_timer(void *data)
{
	struct http_connection *connection = data;

	if (connection->phase == PHASE_REQUEST)
		connection->server->count.request_timeouts++;
	else if (connection->phase == PHASE_IDLE)
		connection->server->count.idle_closed++;
	connection_free(connection);
}

/* ---- replies ---- */

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

static void add_date(struct evbuffer *out)
{
	const time_t now = (time_t)(loop_wall_ms() / 1000);
	char text[64];
	struct tm tm;

	/* No locale is ever set in the collector, so the names are English as RFC
	 * 9110 5.6.7 asks. */
	if (gmtime_r(&now, &tm) &&
	    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm))
		evbuffer_add_printf(out, "Date: %s\r\n", text);
}

static void send_head(struct http_connection *connection, int status,
		      const char *content_type, int64_t len)
{
	struct http_exchange *exchange = &connection->exchange;
	struct evbuffer *out = bufferevent_get_output(connection->bev);

	if (status >= 100 && status < 600)
		connection->server->count.by_class[status / 100]++;
	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", status, status_text(status));
	add_date(out);
	if (content_type)
		evbuffer_add_printf(out, "Content-Type: %s\r\n", content_type);
	if (len >= 0 && status != 304 && status != 204)
		evbuffer_add_printf(out, "Content-Length: %lld\r\n", (long long)len);
	if (!exchange->request.keep_alive)
		evbuffer_add_printf(out, "Connection: close\r\n");
	evbuffer_add(out, exchange->extra, exchange->extra_len);
	evbuffer_add_printf(out,
			    "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
			    "Referrer-Policy: no-referrer\r\n"
			    "Cross-Origin-Resource-Policy: same-origin\r\n\r\n");
}

static void process(struct http_connection *connection);

/* The reply is in the output: on to the next request, or to the end. */
static void exchange_done(struct http_connection *connection)
{
	const bool keep = connection->exchange.request.keep_alive;

	set_phase(connection, keep ? PHASE_IDLE : PHASE_CLOSING);
	if (!keep)
		bufferevent_disable(connection->bev, EV_READ);
	else if (!connection->processing)
		process(connection);
}

void http_exchange_reply(struct http_exchange *exchange, int status,
			 const char *content_type, const void *body, size_t len)
{
	struct http_connection *connection = exchange->connection;

	send_head(connection, status, content_type, (int64_t)len);
	if (exchange->request.method != HTTP_HEAD && status != 304 && status != 204 && len)
		evbuffer_add(bufferevent_get_output(connection->bev), body, len);
	exchange_done(connection);
}

void http_exchange_stream(struct http_exchange *exchange, const char *content_type)
{
	struct http_connection *connection = exchange->connection;

	/* Its end is the connection's end (RFC 9112 6.3): no chunks needed. */
	exchange->request.keep_alive = false;
	send_head(connection, 200, content_type, -1);
	set_phase(connection, PHASE_STREAM);
}

int http_exchange_write(struct http_exchange *exchange, const void *data, size_t len)
{
	struct http_connection *connection = exchange->connection;
	struct evbuffer *out = bufferevent_get_output(connection->bev);

	if (connection->phase != PHASE_STREAM)
		return -ENOBUFS;
	if (evbuffer_get_length(out) + len > connection->server->output_max ||
	    evbuffer_add(out, data, len) < 0) {
		connection->server->count.slow++;
		set_phase(connection, PHASE_DOOMED);
		return -ENOBUFS;
	}
	return 0;
}

void http_exchange_header(struct http_exchange *exchange, const char *name,
			  const char *value)
{
	const size_t room = sizeof(exchange->extra) - exchange->extra_len;
	int n;

	if (strpbrk(name, "\r\n") || strpbrk(value, "\r\n"))
		return;
	n = snprintf(exchange->extra + exchange->extra_len, room, "%s: %s\r\n", name,
		     value);
	if (n > 0 && (size_t)n < room)
		exchange->extra_len += (size_t)n;
}

void http_exchange_on_abort(struct http_exchange *exchange, void (*fn)(void *data),
			    void *data)
{
	exchange->on_abort = fn;
	exchange->abort_data = data;
}

const struct http_request *http_exchange_request(const struct http_exchange *exchange)
{
	return &exchange->request;
}

bool http_exchange_is_local(const struct http_exchange *exchange)
{
	return exchange->connection->local;
}

/* ---- requests ---- */

static void refuse(struct http_connection *connection, int status)
{
	const char *text = status_text(status);

	connection->server->count.bad++;
	connection->exchange.request = (struct http_request){.method = HTTP_GET};
	connection->exchange.extra_len = 0;
	http_exchange_reply(&connection->exchange, status, "text/plain; charset=utf-8",
			    text, strlen(text));
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
	if (connection->phase == PHASE_IDLE)
		set_phase(connection, PHASE_REQUEST);
	r = http_request_parse(head, look, &exchange->request);
	if (r < 0)
		refuse(connection, -r);
	if (r <= 0 || len < (size_t)r + exchange->request.body_len)
		return false;
	/* No route has use for a body; it is taken and forgotten. */
	evbuffer_drain(in, (size_t)r + exchange->request.body_len);
	exchange->extra_len = 0;
	exchange->on_abort = NULL;
	return true;
}

static void process(struct http_connection *connection)
{
	struct http_server *server = connection->server;

	connection->processing = true;
	while ((connection->phase == PHASE_IDLE || connection->phase == PHASE_REQUEST) &&
	       take_request(connection)) {
		server->count.requests++;
		set_phase(connection, PHASE_HANDLER);
		server->handler(server->data, &connection->exchange);
	}
	connection->processing = false;
}

static void on_read(struct bufferevent *bev, void *data)
{
	(void)bev;
	process(data);
}

static void on_write(struct bufferevent *bev, void *data)
{
	struct http_connection *connection = data;

	if (connection->phase == PHASE_CLOSING &&
	    evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		connection_free(connection);
}

static void on_event(struct bufferevent *bev, short what, void *data)
{
	struct http_connection *connection = data;

	(void)bev;
	if ((what & BEV_EVENT_TIMEOUT) && (what & BEV_EVENT_WRITING))
		connection->server->count.slow++;
	connection_free(connection);
}

/* ---- listeners ---- */

/* At the limit the longest idle connection makes room. */
static bool make_room(struct http_server *server)
{
	struct http_connection *connection;

	if (server->n_connections < server->max_connections)
		return true;
	TAILQ_FOREACH (connection, &server->connections, entry) {
		if (connection->phase != PHASE_IDLE)
			continue;
		server->count.evicted++;
		connection_free(connection);
		return true;
	}
	server->count.refused++;
	return false;
}

static int connection_new(struct http_server *server, int fd, bool local)
{
	const struct timeval stall = {.tv_sec = WRITE_STALL_S};
	struct http_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return -ENOMEM;
	connection->bev = bufferevent_socket_new(loop_base(server->loop), fd,
						 BEV_OPT_CLOSE_ON_FREE);
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
	bufferevent_setwatermark(connection->bev, EV_READ, 0,
				 HTTP_HEAD_MAX + HTTP_BODY_MAX);
	bufferevent_set_timeouts(connection->bev, NULL, &stall);
	bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
	set_phase(connection, PHASE_IDLE);
	return 0;
}

static void on_accept(struct evconnlistener *lev, evutil_socket_t fd,
		      struct sockaddr *addr, int len, void *data)
{
	struct http_listener *listener = data;
	const int on = 1, buffer = SEND_BUFFER;

	(void)lev;
	(void)addr;
	(void)len;
	if (!listener->local)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
	if (!make_room(listener->server) ||
	    connection_new(listener->server, fd, listener->local) < 0)
		close(fd);
}

/* Out of descriptors or memory: pause, or the level-triggered listener would spin. */
static void on_accept_error(struct evconnlistener *lev, void *data)
{
	struct http_listener *listener = data;

	listener->server->count.accept_errors++;
	evconnlistener_disable(lev);
	loop_timer_arm(listener->server->accept_again, ACCEPT_PAUSE_US);
}

static void on_accept_again(void *data)
{
	struct http_server *server = data;

	for (size_t i = 0; i < server->n_listeners; i++)
		evconnlistener_enable(server->listeners[i].listener);
}

static int socket_unix(const char *path, struct http_listener *listener)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	cleanup_close int fd = -1;
	int taken;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* A socket that nobody listens on was left by a crash. */
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return -EADDRINUSE;
	if (errno == ECONNREFUSED)
		unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		return -errno;
	listener->unix_path = strdup(path);
	listener->local = true;
	if (chmod(path, 0660) < 0 || !listener->unix_path)
		return -errno;
	taken = fd;
	fd = -1;
	return taken;
}

static int bind_tcp(const struct addrinfo *info)
{
	cleanup_close int fd =
		socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;
	int taken;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) < 0)
		return -errno;
	taken = fd;
	fd = -1;
	return taken;
}

/* "127.0.0.1:8080", "[::1]:8080": numeric, so that a start never waits for a resolver. */
static int socket_tcp(const char *text)
{
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV |
						   AI_PASSIVE,
				       .ai_socktype = SOCK_STREAM};
	cleanup_free char *copy = strdup(text);
	struct addrinfo *info = NULL;
	char *host = copy, *colon;
	int r;

	if (!copy)
		return -ENOMEM;
	colon = strrchr(copy, ':');
	if (!colon || colon == copy)
		return -EINVAL;
	*colon = '\0';
	if (host[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		host++;
	}
	if (getaddrinfo(host, colon + 1, &hints, &info) != 0)
		return -EINVAL;
	r = bind_tcp(info);
	freeaddrinfo(info);
	return r;
}

static int socket_given(const char *text)
{
	int type = 0, fd = atoi(text);
	socklen_t len = sizeof(type);

	if (fd < 3 || getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 ||
	    type != SOCK_STREAM)
		return -EBADF;
	evutil_make_socket_nonblocking(fd);
	evutil_make_socket_closeonexec(fd);
	return fd;
}

static int listener_init(struct http_server *server, const char *text)
{
	struct http_listener *listener = &server->listeners[server->n_listeners];
	int fd;

	listener->server = server;
	if (strncmp(text, "unix:", 5) == 0)
		fd = socket_unix(text + 5, listener);
	else if (strncmp(text, "fd:", 3) == 0)
		fd = socket_given(text + 3);
	else
		fd = socket_tcp(text);
	if (fd < 0)
		return fd;
	listener->listener = evconnlistener_new(
		loop_base(server->loop), on_accept, listener,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, fd);
	if (!listener->listener) {
		close(fd);
		return -ENOMEM;
	}
	evconnlistener_set_error_cb(listener->listener, on_accept_error);
	server->n_listeners++;
	return 0;
}

unsigned int http_server_port(const struct http_server *server, size_t n)
{
	struct sockaddr_storage addr = {0};
	socklen_t len = sizeof(addr);

	if (n >= server->n_listeners ||
	    getsockname(evconnlistener_get_fd(server->listeners[n].listener),
			(struct sockaddr *)&addr, &len) < 0)
		return 0;
	if (addr.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&addr)->sin_port);
	if (addr.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&addr)->sin6_port);
	return 0;
}

/* ---- the server ---- */

static int64_t or_default(int64_t value, int64_t def)
{
	return value > 0 ? value : def;
}

int http_server_new(struct loop *loop, const struct http_server_conf *conf,
		    http_handler_fn *handler, void *data, struct http_server **ret)
{
	cleanup_(http_server_freep) struct http_server *server =
		calloc(1, sizeof(*server));
	int r;

	if (!server)
		return -ENOMEM;
	TAILQ_INIT(&server->connections);
	server->loop = loop;
	server->handler = handler;
	server->data = data;
	server->max_connections = (unsigned int)or_default(conf->max_connections, 256);
	server->request_us = or_default(conf->request_timeout_ms, 10000) * 1000;
	server->idle_us = or_default(conf->idle_timeout_ms, 60000) * 1000;
	server->output_max = (size_t)or_default((int64_t)conf->output_max, 1 << 20);
	r = loop_timer_new(loop, on_accept_again, server, &server->accept_again);
	if (r < 0)
		return r;
	for (size_t i = 0; conf->listen && conf->listen[i]; i++) {
		r = i < LISTENERS_MAX ? listener_init(server, conf->listen[i]) : -E2BIG;
		if (r < 0) {
			log_error("http", "listen=%s err=\"%s\"", conf->listen[i],
				  strerror(-r));
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
		connection_free(connection);
	for (size_t i = 0; i <= server->n_listeners && i < LISTENERS_MAX; i++) {
		if (server->listeners[i].listener)
			evconnlistener_free(server->listeners[i].listener);
		if (server->listeners[i].unix_path)
			unlink(server->listeners[i].unix_path);
		free(server->listeners[i].unix_path);
	}
	loop_timer_free(server->accept_again);
	free(server);
	return NULL;
}

void http_server_freep(struct http_server **server)
{
	*server = http_server_free(*server);
}

static void emit_counter(stats_emit_fn *emit, void *emit_data, const char *name,
			 const char *help, uint64_t value)
{
	stats_emit(emit, emit_data, STAT_COUNTER, name, help, (double)value);
}

void http_server_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	static const char *const classes[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
	const struct http_server *server = data;

	for (size_t i = 2; i < ARRAY_LEN(classes); i++) {
		const struct stats_figure stat = {"pantau_http_replies_total",
						  "HTTP replies by class of status.",
						  STAT_COUNTER,
						  "class",
						  classes[i],
						  (double)server->count.by_class[i]};
		emit(emit_data, &stat);
	}
	emit_counter(emit, emit_data, "pantau_http_connections_total",
		     "HTTP connections accepted.", server->count.connections);
	emit_counter(emit, emit_data, "pantau_http_requests_total",
		     "HTTP requests handled.", server->count.requests);
	emit_counter(emit, emit_data, "pantau_http_refused_total",
		     "HTTP connections refused at the limit of connections.",
		     server->count.refused);
	emit_counter(emit, emit_data, "pantau_http_evicted_total",
		     "Idle HTTP connections closed to make room for another.",
		     server->count.evicted);
	emit_counter(emit, emit_data, "pantau_http_bad_requests_total",
		     "Malformed or oversized HTTP requests.", server->count.bad);
	emit_counter(emit, emit_data, "pantau_http_request_timeouts_total",
		     "HTTP requests not received within their time.",
		     server->count.request_timeouts);
	emit_counter(emit, emit_data, "pantau_http_idle_closed_total",
		     "HTTP connections closed for idleness.", server->count.idle_closed);
	emit_counter(emit, emit_data, "pantau_http_slow_clients_total",
		     "HTTP clients dropped because they did not read.",
		     server->count.slow);
	emit_counter(emit, emit_data, "pantau_http_aborted_total",
		     "HTTP clients that went away before their reply, or left a stream.",
		     server->count.aborted);
	emit_counter(emit, emit_data, "pantau_http_accept_errors_total",
		     "Failures to accept a connection.", server->count.accept_errors);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_http_connections",
		   "HTTP connections open.", (double)server->n_connections);
}
