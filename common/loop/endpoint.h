/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses in text: "192.0.2.1:161", "[2001:db8::1]:161", "192.0.2.0/24". Names are
 * never resolved.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* 0 or -EINVAL. */
int endpoint_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_len);

/* Writes the form that endpoint_parse() reads; "?" for other families. */
void endpoint_format(const struct sockaddr *addr, char *buf, size_t size);

struct net_prefix {
	int family; /* AF_INET or AF_INET6 */
	unsigned int bits;
	uint8_t octets[16];
};

/* An address, or an address and a prefix length. 0 or -EINVAL. */
int net_prefix_parse(const char *text, struct net_prefix *ret);

/* IPv4 peers on an IPv6 socket (::ffff:192.0.2.1) count as IPv4. */
bool net_prefix_has(const struct net_prefix *prefix, const struct sockaddr *addr);
