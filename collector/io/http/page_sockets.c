/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides which addresses are served; opens none. */
#include "collector/io/http/page_sockets.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collector/core/conf/collector_conf.h"
#include "collector/io/http/http_listener.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

static int add(struct page_sockets *sockets, const char *text, bool control)
{
	struct http_door_conf *to = &sockets->doors[sockets->n];

	if (sockets->n == PAGE_SOCKETS_MAX) {
		log_error("http", "listen=%s err=\"more than %d sockets\"", text, PAGE_SOCKETS_MAX);
		return -E2BIG;
	}
	to->listen = strdup(text);
	if (!to->listen)
		return -ENOMEM;
	to->control = control;
	sockets->n++;
	return 0;
}

static bool is_listening_stream(int fd)
{
	int type = -1, listening = 0;
	socklen_t len = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening;
}

static int add_handed(struct page_sockets *sockets, int n, const char *control)
{
	int r = 0;

	for (int fd = SD_LISTEN_FDS_START; r == 0 && fd < SD_LISTEN_FDS_START + n; fd++) {
		char text[16];

		if (!is_listening_stream(fd)) {
			log_error("http",
				  "fd=%d err=\"handed over, but no listening stream socket\" "
				  "right=\"ListenStream= and Accept=no in the socket unit\"",
				  fd);
			return -EINVAL;
		}
		snprintf(text, sizeof(text), "fd:%d", fd);
		r = add(sockets, text, http_listener_is_at(fd, control));
	}
	return r;
}

static bool is_handed(int n, const char *text)
{
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (http_listener_is_at(fd, text))
			return true;
	return false;
}

static int add_unless_handed(struct page_sockets *sockets, int n, const char *text, bool control)
{
	return is_handed(n, text) ? 0 : add(sockets, text, control);
}

int page_sockets_init(struct page_sockets *sockets, const struct collector_conf *conf)
{
	const int n = sd_listen_fds();
	const bool as_configured = n <= 0 || conf_places_has(conf->places, "http-listen");
	cleanup_free char *control = NULL;
	int r = n < 0 ? n : 0;

	*sockets = (struct page_sockets){0};
	if (asprintf(&control, "unix:%s" COLLECTOR_CONTROL_SOCKET, conf->run_dir) < 0) {
		control = NULL;
		return -ENOMEM;
	}
	if (r == 0)
		r = add_handed(sockets, n, control);
	for (size_t i = 0; as_configured && r == 0 && conf->http_listen[i]; i++)
		r = add_unless_handed(sockets, n, conf->http_listen[i], false);
	if (r == 0)
		r = add_unless_handed(sockets, n, control, true);
	if (r < 0)
		page_sockets_deinit(sockets);
	else if (n > 0)
		log_info("http", "sockets=%d msg=\"handed over by the service manager\"", n);
	return r;
}

void page_sockets_deinit(struct page_sockets *sockets)
{
	for (size_t i = 0; i < sockets->n; i++)
		free((char *)(uintptr_t)sockets->doors[i].listen);
	*sockets = (struct page_sockets){0};
}
