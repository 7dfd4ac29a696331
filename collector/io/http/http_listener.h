/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets to be listened on, from their texts in the configuration. */
#pragma once

#include <stdbool.h>

#include "common/base/cleanup.h"

struct http_listener {
	int fd;		 /* bound, or already listening; the caller's */
	char *unix_path; /* to be removed in the end; or NULL */
};

/*
 * "127.0.0.1:8080", "[::1]:8080" (numeric, so that a start never waits for a resolver),
 * "unix:/run/pantau/collector.sock" (mode 0660), "fd:3" (handed over by systemd,
 * sd_listen_fds(3)). Returns 0 or negative errno.
 */
must_check_ int http_listener_open(const char *text, struct http_listener *ret);
/* Removes the file of a unix socket. The descriptor is left alone. */
void http_listener_deinit(struct http_listener *listener);
/* Whether the socket is at the address that text gives, or is what "fd:N" says. */
bool http_listener_is_at(int fd, const char *text);
