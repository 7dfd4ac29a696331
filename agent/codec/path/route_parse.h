/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's answer to "which way?" (RTM_GETROUTE, rtnetlink(7)): the next router. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { ROUTE_REQUEST_SIZE = 64 };

struct route_gateway {
	int family; /* AF_INET, AF_INET6: of the gateway (RTA_VIA: may differ) */
	uint8_t address[16];
	uint32_t if_index; /* where it is, for link-local addresses */
};

/* The request for the route to an address (4 octets of AF_INET, 16 of AF_INET6). Returns
 * its length. */
size_t route_put_request(uint8_t buf[static ROUTE_REQUEST_SIZE], int family, const uint8_t *address,
			 uint32_t seq);

/* 0; -ENODATA: a route that needs no next router; -ENETUNREACH: none, or blocked; the
 * kernel's own negative errno; -EBADMSG. */
int route_parse(const uint8_t *octets, size_t len, struct route_gateway *ret);
