/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Under which names the page may be asked for. A page from elsewhere that a browser of the
 * intranet shows can make its own name point to our address and then read what we serve
 * (DNS rebinding): the Host that the browser sends is then that name. Who asks from another
 * page says so by Origin.
 */
#pragma once

#include <stdbool.h>

/*
 * host: the value of a Host header, with or without a port. names: NULL-terminated, or NULL. An
 * address is good, for no name leads there; so is localhost, and none at all, which no
 * browser sends.
 */
bool http_hosts_has(const char *const *names, const char *host);
/* origin: the value of an Origin header. Good if there is none, if it is that host, or one of names. */
bool http_hosts_has_origin(const char *const *names, const char *host, const char *origin);
/* Whether it can be a name in a Host header: letters, digits, hyphens and points. */
bool http_hosts_is_name(const char *name);
