/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of /proc/net/udp, udp6, tcp or tcp6: who has which port of this machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum { SOCKET_ROW_LISTEN = 0x0a }; /* a TCP socket's state: TCP_LISTEN of net/tcp_states.h */

struct socket_row {
	struct sockaddr_storage local;
	unsigned int state;
	uid_t uid;
	uint64_t inode;
};

/* line: to its end or with it. false: no such line, as the heading is none; *ret stays. */
bool socket_row_parse(const char *line, struct socket_row *ret);
/* Whether a socket of that row keeps others from the address: the same port, and the same
 * address, or either of them is all addresses of the family. */
bool socket_row_takes(const struct socket_row *row, const struct sockaddr_storage *addr);
