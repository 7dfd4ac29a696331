/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses in text: "192.0.2.1:161", "[2001:db8::1]:161", "[fe80::1%eth0]:161". Names are
 * never resolved. A link-local address goes with its zone and no other address has one (RFC
 * 4007 6, 11); which interface a zone is, only the machine knows: loop/endpoint_zone asks it.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/cleanup.h"

enum {
	ENDPOINT_ZONE_SIZE = 16,					   /* IFNAMSIZ */
	ENDPOINT_ADDRESS_SIZE = INET6_ADDRSTRLEN + ENDPOINT_ZONE_SIZE + 2, /* [] or %, and 0 */
};

struct endpoint {
	struct sockaddr_storage addr; /* sin6_scope_id is 0 until endpoint_zone_resolve() */
	socklen_t len;
	char zone[ENDPOINT_ZONE_SIZE]; /* name or number of an interface; "" for none */
};

/* Address and port (1 to 65535). 0 or -EINVAL. */
must_check_ int endpoint_parse(const char *text, struct endpoint *ret);
/* An address without brackets, and that port. 0 or -EINVAL. */
must_check_ int endpoint_parse_address(const char *text, uint16_t port, struct endpoint *ret);
/* Decimal, 1 to 65535, nothing else. 0 or -EINVAL. */
must_check_ int endpoint_parse_port(const char *text, uint16_t *ret);

/* NULL: an address that one host can have; else what it is: "is a multicast group", say. */
const char *endpoint_no_host(const struct endpoint *endpoint);
/* 127.0.0.0/8 and ::1: this machine, whichever it is. */
bool endpoint_is_loopback(const struct endpoint *endpoint);
/* Whether text, for which there is no address, looks like a host's name, with a port or without. */
bool endpoint_is_name(const char *text);

/* The one way to write the address without its port, IPv4 in IPv6's clothes
 * (::ffff:192.0.2.1) as IPv4; "?" for other families. Returns buf. */
const char *endpoint_address(const struct endpoint *endpoint,
			     char buf[static ENDPOINT_ADDRESS_SIZE]);
