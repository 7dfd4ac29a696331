/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides which addresses are served; opens none. */
#include "collector/io/http/page_sockets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "collector/core/conf/collector_conf.h"
#include "collector/io/http/http_listener.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

static int add(struct page_sockets *sockets, const char *prefix, const char *text)
{
	char **to = &sockets->listen[sockets->n];

	if (sockets->n == PAGE_SOCKETS_MAX) {
		log_error("http", "listen=%s%s err=\"more than %d sockets\"", prefix, text,
			  PAGE_SOCKETS_MAX);
		return -E2BIG;
	}
	if (asprintf(to, "%s%s", prefix, text) < 0) {
		*to = NULL;
		return -ENOMEM;
	}
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

static int add_handed(struct page_sockets *sockets, int n)
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
		snprintf(text, sizeof(text), "%d", fd);
		r = add(sockets, "fd:", text);
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

static int add_unless_handed(struct page_sockets *sockets, int n, const char *text)
{
	return is_handed(n, text) ? 0 : add(sockets, "", text);
}

static int add_control(struct page_sockets *sockets, int n, const char *run_dir)
{
	cleanup_free char *text = NULL;

	if (asprintf(&text, "unix:%s" COLLECTOR_CONTROL_SOCKET, run_dir) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return add_unless_handed(sockets, n, text);
}

int page_sockets_init(struct page_sockets *sockets, const struct collector_conf *conf)
{
	const int n = sd_listen_fds();
	const bool as_configured = n <= 0 || conf_places_has(conf->places, "http-listen");
	int r = n < 0 ? n : 0;

	*sockets = (struct page_sockets){0};
	if (r == 0)
		r = add_handed(sockets, n);
	for (size_t i = 0; as_configured && r == 0 && conf->http_listen[i]; i++)
		r = add_unless_handed(sockets, n, conf->http_listen[i]);
	if (r == 0)
		r = add_control(sockets, n, conf->run_dir);
	if (r < 0)
		page_sockets_deinit(sockets);
	else if (n > 0)
		log_info("http", "sockets=%d msg=\"handed over by the service manager\"", n);
	return r;
}

void page_sockets_deinit(struct page_sockets *sockets)
{
	for (size_t i = 0; i < sockets->n; i++)
		free(sockets->listen[i]);
	*sockets = (struct page_sockets){0};
}
