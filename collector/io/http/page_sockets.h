/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the page and the control socket are served: what the configuration says, and what
 * a service manager has opened for us (socket activation, sd_listen_fds(3)).
 */
#pragma once

#include <stddef.h>

#include "collector/io/http/http_server.h"
#include "common/base/cleanup.h"

struct collector_conf;

enum { PAGE_SOCKETS_MAX = 16 };

struct page_sockets {
	struct http_door_conf doors[PAGE_SOCKETS_MAX]; /* their texts are its own */
	size_t n;
};

/*
 * Sockets that were handed over come first; they take the place of those of the same
 * address, and of the default where the file has no http-listen. Returns 0; -EINVAL (logged)
 * if one is not a listening stream socket; -E2BIG (logged), -ENOMEM.
 */
must_check_ int page_sockets_init(struct page_sockets *sockets, const struct collector_conf *conf);
void page_sockets_deinit(struct page_sockets *sockets);
