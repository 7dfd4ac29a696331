/* SPDX-License-Identifier: GPL-3.0-or-later */
/* socket(2) and bind(2) for each kind of address; who listens is http_server.c. */
#include "collector/io/http/http_listener.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/util.h>

#include "common/base/cleanup_fd.h"
#include "common/base/number_text.h"
#include "common/base/peer_address.h"
#include "common/loop/bind_address.h"
#include "common/loop/endpoint_zone.h"
#include "common/system/log.h"

static int socket_unix(const char *path, struct http_listener *ret)
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
	ret->unix_path = strdup(path);
	if (chmod(path, 0660) < 0 || !ret->unix_path)
		return -errno;
	taken = fd;
	fd = -1;
	return taken;
}

static int socket_tcp(const char *text)
{
	cleanup_close int fd = -1;
	struct endpoint endpoint;
	const int on = 1;
	int taken, r = endpoint_zone_parse(text, &endpoint);

	if (r < 0)
		return r;
	fd = socket(endpoint.addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (endpoint.addr.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	r = bind_address(fd, (struct sockaddr *)&endpoint.addr, endpoint.len);
	if (r < 0)
		return r;
	if (r == BIND_EARLY)
		log_warn("http", "listen=%s msg=\"this machine has no such address yet\"", text);
	taken = fd;
	fd = -1;
	return taken;
}

static int option_of(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) < 0 ? -errno : value;
}

static int socket_given(const char *text)
{
	uint64_t number;
	int fd;

	if (!number_text(text, 3, INT_MAX, &number))
		return -EBADF;
	fd = (int)number;
	if (option_of(fd, SO_TYPE) != SOCK_STREAM || option_of(fd, SO_ACCEPTCONN) != 1)
		return -EBADF;
	evutil_make_socket_nonblocking(fd);
	evutil_make_socket_closeonexec(fd);
	return fd;
}

int http_listener_open(const char *text, struct http_listener *ret)
{
	struct http_listener listener = {.fd = -1};

	if (strncmp(text, "unix:", 5) == 0)
		listener.fd = socket_unix(text + 5, &listener);
	else if (strncmp(text, "fd:", 3) == 0)
		listener.fd = socket_given(text + 3);
	else
		listener.fd = socket_tcp(text);
	if (listener.fd < 0) {
		http_listener_deinit(&listener);
		return listener.fd;
	}
	*ret = listener;
	return 0;
}

void http_listener_deinit(struct http_listener *listener)
{
	if (listener->unix_path)
		unlink(listener->unix_path);
	free(listener->unix_path);
	listener->unix_path = NULL;
}

bool http_listener_is_at(int fd, const char *text)
{
	struct sockaddr_storage addr = {0};
	socklen_t len = sizeof(addr) - 1; /* unix paths need no NUL */
	struct endpoint endpoint;
	uint64_t number;

	if (strncmp(text, "fd:", 3) == 0)
		return number_text(text + 3, 0, INT_MAX, &number) && (int)number == fd;
	if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		return false;
	if (strncmp(text, "unix:", 5) == 0)
		return addr.ss_family == AF_UNIX &&
		       strcmp(((struct sockaddr_un *)&addr)->sun_path, text + 5) == 0;
	return endpoint_zone_parse(text, &endpoint) == 0 &&
	       peer_address_same(&addr, &endpoint.addr);
}
