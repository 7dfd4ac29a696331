/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks in text, "192.0.2.0/24" or "2001:db8::/32", and who is in them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/cleanup.h"

struct net_prefix {
	int family; /* AF_INET or AF_INET6 */
	unsigned int bits;
	uint8_t octets[16];
};

/* An address, or an address and a prefix length. 0 or -EINVAL. */
must_check_ int net_prefix_parse(const char *text, struct net_prefix *ret);

/* IPv4 peers on an IPv6 socket (::ffff:192.0.2.1) count as IPv4. */
bool net_prefix_has(const struct net_prefix *prefix, const struct sockaddr *addr);
