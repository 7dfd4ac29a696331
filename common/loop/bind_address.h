/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bind(2), also to an address that the machine does not have yet: a daemon that does not
 * wait for the network starts before its addresses come (systemd.special(7),
 * network-online.target).
 */
#pragma once

#include <sys/socket.h>

enum { BIND_HERE = 0, BIND_EARLY = 1 };

/* Returns BIND_HERE; BIND_EARLY if the address is not here yet, which is worth a word as
 * it may be a slip of the pen; else -errno. */
int bind_address(int fd, const struct sockaddr *addr, socklen_t len);
