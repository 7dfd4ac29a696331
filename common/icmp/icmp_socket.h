/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sockets that carry echoes: unprivileged ping sockets where the kernel lets this group have
 * them (net.ipv4.ping_group_range), raw ones where we have CAP_NET_RAW. See icmp(7), raw(7).
 */
#pragma once

#include <stdbool.h>

#include "common/base/cleanup.h"

struct icmp_socket {
	int fd; /* -1: none */
	bool v6;
	bool raw; /* of IPv4: what comes begins with its IP header */
};

/* Not blocking; a raw one hears of echo replies only. 0 or negative errno: then fd is -1. */
must_check_ int icmp_socket_open(bool v6, struct icmp_socket *ret);
void icmp_socket_close(struct icmp_socket *sock);
