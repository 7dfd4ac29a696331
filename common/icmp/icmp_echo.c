/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Echo messages. Decides whether octets are an answer to an echo; whether it is to ours
 * is for the cookie's owner. Source: RFC 792, RFC 4443 4, RFC 1071 (checksum), RFC 791
 * (header).
 */
#include "common/icmp/icmp_echo.h"

#include <errno.h>
#include <string.h>

enum {
	V4_REPLY = 0,
	V4_REQUEST = 8,
	V6_REQUEST = 128,
	V6_REPLY = 129,
	ICMP_HEAD = 8,
	IP_HEAD_MIN = 20,
	IP_PROTOCOL_AT = 9,
	PROTOCOL_ICMP = 1,
};

static void put_be(uint8_t *at, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
}

static uint64_t get_be(const uint8_t *at, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | at[i];
	return value;
}

static uint16_t checksum(const uint8_t *octets, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)octets[i] << 8 | octets[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void icmp_echo_build(const struct icmp_echo *echo, bool v6, uint8_t ret[static ICMP_ECHO_LEN])
{
	memset(ret, 0, ICMP_ECHO_LEN);
	ret[0] = v6 ? V6_REQUEST : V4_REQUEST;
	put_be(ret + 4, echo->id, 2);
	put_be(ret + 6, echo->seq, 2);
	put_be(ret + ICMP_HEAD, echo->cookie, 8);
	put_be(ret + ICMP_HEAD + 8, echo->target, 4);
	if (!v6)
		put_be(ret + 2, checksum(ret, ICMP_ECHO_LEN), 2);
}

/* Steps over an IPv4 header with its options. */
static int skip_ip(const uint8_t **octets, size_t *len)
{
	size_t head;

	if (*len < IP_HEAD_MIN)
		return -EBADMSG;
	head = (size_t)((*octets)[0] & 0x0f) * 4;
	if ((*octets)[0] >> 4 != 4 || head < IP_HEAD_MIN || head > *len)
		return -EBADMSG;
	if ((*octets)[IP_PROTOCOL_AT] != PROTOCOL_ICMP)
		return -ENOMSG;
	*octets += head;
	*len -= head;
	return 0;
}

int icmp_echo_parse(const uint8_t *octets, size_t len, bool v6, bool ip_header,
		    struct icmp_echo *ret)
{
	int r = ip_header ? skip_ip(&octets, &len) : 0;

	if (r < 0)
		return r;
	if (len < ICMP_HEAD)
		return -EBADMSG;
	if (octets[0] != (v6 ? V6_REPLY : V4_REPLY) || octets[1] != 0)
		return -ENOMSG;
	if (len < ICMP_ECHO_LEN)
		return -ENOMSG; /* an answer to somebody else's ping */
	*ret = (struct icmp_echo){
		.id = (uint16_t)get_be(octets + 4, 2),
		.seq = (uint16_t)get_be(octets + 6, 2),
		.cookie = get_be(octets + ICMP_HEAD, 8),
		.target = (uint32_t)get_be(octets + ICMP_HEAD + 8, 4),
	};
	return 0;
}
