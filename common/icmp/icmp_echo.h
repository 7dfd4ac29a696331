/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ICMP and ICMPv6 echo messages (RFC 792, RFC 4443 4.1-2), with a cookie by which an
 * answer is known to be to a question of ours.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ICMP_ECHO_LEN = 8 + 16 };

struct icmp_echo {
	uint16_t id; /* ping sockets: set by the kernel */
	uint16_t seq;
	uint64_t cookie; /* of the sender */
	uint32_t target;
};

/* An echo request. The checksum is filled in for IPv4; the kernel does it for IPv6. */
void icmp_echo_build(const struct icmp_echo *echo, bool v6, uint8_t ret[static ICMP_ECHO_LEN]);

/*
 * Reads an echo reply. ip_header: the octets begin with an IPv4 header, as raw sockets
 * give them. 0; -ENOMSG another ICMP message, or not one of this form; -EBADMSG cut
 * short.
 */
int icmp_echo_parse(const uint8_t *octets, size_t len, bool v6, bool ip_header,
		    struct icmp_echo *ret);
