/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses with ports, IPv4 and IPv6, as keys: which are the same, and a hash of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* A scope id of 0 is any (an address that was configured without one). */
bool peer_address_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
/* All bits are good: neighbours, which devices mostly are, differ in any of them. Those
 * that are the same have the same. */
uint32_t peer_address_hash(const struct sockaddr_storage *addr);
