/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones of link-local addresses (RFC 4007): between interface names and this machine's
 * numbers for them. See if_nametoindex(3). */
#pragma once

#include "common/base/endpoint.h"

/* Gives the address the number of its zone's interface. 0, also where there is no zone;
 * -ENODEV: the machine has no interface of that name or number. */
must_check_ int endpoint_zone_resolve(struct endpoint *endpoint);

/* endpoint_parse() and endpoint_parse_address() with the zone resolved. 0, -EINVAL, -ENODEV. */
must_check_ int endpoint_zone_parse(const char *text, struct endpoint *ret);
must_check_ int endpoint_zone_parse_address(const char *text, uint16_t port, struct endpoint *ret);

/* An address as the kernel gave it, with its zone's name (its number, if that interface is
 * gone). Other families than IPv4 and IPv6 have none. */
struct endpoint endpoint_zone_of(const struct sockaddr_storage *addr, socklen_t len);

enum { ENDPOINT_ZONE_PROBLEM_SIZE = 96 };
/* What to say of err, -errno of reading that text or of opening what it names: -ENODEV names
 * the zone, the rest is strerror(3)'s. Returns buf. */
const char *endpoint_zone_problem(const char *text, int err,
				  char buf[static ENDPOINT_ZONE_PROBLEM_SIZE]);
