/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The default gateway, as the kernel would use it now. It is asked for the way to one
 * public address (nothing is sent there) instead of for all routes: a router with many
 * routes answers as fast as one with two.
 */
#pragma once

#include <sys/socket.h>

struct gateway;

int gateway_new(struct gateway **ret);
struct gateway *gateway_free(struct gateway *gateway);
void gateway_freep(struct gateway **gateway);

/* family: AF_INET or AF_INET6. 0 and an address with port 0 (and its scope, if
 * link-local); -ENODATA where the route is a link that needs none (point to point);
 * -ENETUNREACH and the like without a route. */
int gateway_find(struct gateway *gateway, int family, struct sockaddr_storage *ret,
		 socklen_t *ret_len);
