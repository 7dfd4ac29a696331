/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmp_echo and route_parse: octets by hand, each way in which they can be wrong. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/codec/path/icmp_echo.h"
#include "agent/codec/path/route_parse.h"

#include <cmocka.h>

static const struct icmp_echo ECHO_REQUEST = {
	.id = 0x1234, .seq = 7, .cookie = 0x0102030405060708, .target = 3};

/* One's complement sum over the whole message is 0xffff when the checksum is right. */
static uint16_t sum(const uint8_t *p, size_t len)
{
	uint32_t s = 0;

	for (size_t i = 0; i < len; i += 2)
		s += (uint32_t)p[i] << 8 | p[i + 1];
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)s;
}

static void test_build(void **state)
{
	static const uint8_t head[] = {8, 0}, tail[] = {0x12, 0x34, 0, 7, 1, 2, 3, 4, 5, 6,
							7,    8,    0, 0, 0, 3, 0, 0, 0, 0};
	uint8_t buf[ICMP_ECHO_LEN];

	(void)state;
	icmp_echo_build(&ECHO_REQUEST, false, buf);
	assert_memory_equal(buf, head, sizeof(head));
	assert_memory_equal(buf + 4, tail, sizeof(tail));
	assert_int_equal(sum(buf, sizeof(buf)), 0xffff);
	icmp_echo_build(&ECHO_REQUEST, true, buf);
	assert_int_equal(buf[0], 128);
	assert_int_equal(buf[2] | buf[3], 0);
}

static void as_reply(uint8_t *buf, bool v6)
{
	icmp_echo_build(&ECHO_REQUEST, v6, buf);
	buf[0] = v6 ? 129 : 0;
}

static void test_parse(void **state)
{
	uint8_t buf[ICMP_ECHO_LEN];
	struct icmp_echo echo;

	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		as_reply(buf, v6);
		assert_int_equal(icmp_echo_parse(buf, sizeof(buf), v6, false, &echo), 0);
		assert_int_equal(echo.seq, 7);
		assert_int_equal(echo.target, 3);
		assert_true(echo.cookie == ECHO_REQUEST.cookie);
		assert_int_equal(icmp_echo_parse(buf, sizeof(buf), !v6, false, &echo), -ENOMSG);
		assert_int_equal(icmp_echo_parse(buf, 20, v6, false, &echo), -ENOMSG);
		assert_int_equal(icmp_echo_parse(buf, 7, v6, false, &echo), -EBADMSG);
		icmp_echo_build(&ECHO_REQUEST, v6, buf); /* our own request, as loopback shows it */
		assert_int_equal(icmp_echo_parse(buf, sizeof(buf), v6, false, &echo), -ENOMSG);
	}
}

static void test_ip_header(void **state)
{
	uint8_t buf[24 + ICMP_ECHO_LEN] = {0x46}; /* with 4 octets of options */
	struct icmp_echo echo;

	(void)state;
	buf[9] = 1;
	as_reply(buf + 24, false);
	assert_int_equal(icmp_echo_parse(buf, sizeof(buf), false, true, &echo), 0);
	assert_int_equal(echo.seq, 7);
	assert_int_equal(icmp_echo_parse(buf, 19, false, true, &echo), -EBADMSG);
	buf[9] = 17;
	assert_int_equal(icmp_echo_parse(buf, sizeof(buf), false, true, &echo), -ENOMSG);
	buf[9] = 1;
	buf[0] = 0x44; /* a header shorter than the least */
	assert_int_equal(icmp_echo_parse(buf, sizeof(buf), false, true, &echo), -EBADMSG);
	buf[0] = 0x4f; /* longer than the message */
	assert_int_equal(icmp_echo_parse(buf, 40, false, true, &echo), -EBADMSG);
	buf[0] = 0x66;
	assert_int_equal(icmp_echo_parse(buf, sizeof(buf), false, true, &echo), -EBADMSG);
}

/* ---- routes ---- */

struct answer {
	struct nlmsghdr head;
	struct rtmsg route;
	uint8_t attrs[64];
	size_t len;
};

static struct answer answer(uint8_t family, uint8_t type)
{
	return (struct answer){
		.head = {.nlmsg_type = RTM_NEWROUTE,
			 .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg))},
		.route = {.rtm_family = family, .rtm_type = type},
		.len = NLMSG_LENGTH(sizeof(struct rtmsg)),
	};
}

static void add(struct answer *a, uint16_t type, const void *p, uint16_t len)
{
	struct nlattr attr = {.nla_type = type, .nla_len = (uint16_t)(NLA_HDRLEN + len)};
	uint8_t *at = a->attrs + (a->head.nlmsg_len - NLMSG_LENGTH(sizeof(struct rtmsg)));

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + NLA_HDRLEN, p, len);
	a->head.nlmsg_len += NLA_ALIGN(attr.nla_len);
	a->len = a->head.nlmsg_len;
}

static int parse(const struct answer *a, struct route_gateway *ret)
{
	return route_parse((const uint8_t *)a, a->len, ret);
}

static void test_gateways(void **state)
{
	static const uint8_t v4[] = {192, 0, 2, 1}, v6[16] = {0xfe, 0x80, [15] = 1};
	struct {
		uint16_t family;
		uint8_t address[16];
	} via = {10, {0xfe, 0x80, [15] = 9}};
	struct answer a = answer(2, RTN_UNICAST);
	struct route_gateway gateway;
	uint32_t oif = 4;

	(void)state;
	add(&a, RTA_OIF, &oif, 4);
	assert_int_equal(parse(&a, &gateway), -ENODATA); /* on the link itself */
	add(&a, RTA_GATEWAY, v4, 4);
	assert_int_equal(parse(&a, &gateway), 0);
	assert_int_equal(gateway.family, 2);
	assert_int_equal(gateway.if_index, 4);
	assert_memory_equal(gateway.address, v4, 4);
	a = answer(10, RTN_UNICAST);
	add(&a, RTA_GATEWAY, v6, 16);
	assert_int_equal(parse(&a, &gateway), 0);
	assert_memory_equal(gateway.address, v6, 16);
	a = answer(2, RTN_UNICAST); /* IPv4 by an IPv6 router, RFC 8950 */
	add(&a, RTA_VIA, &via, 18);
	assert_int_equal(parse(&a, &gateway), 0);
	assert_int_equal(gateway.family, 10);
	assert_int_equal(gateway.address[15], 9);
}

static void test_no_gateways(void **state)
{
	static const uint8_t v4[] = {192, 0, 2, 1};
	struct answer a = answer(2, RTN_UNREACHABLE);
	struct route_gateway gateway = {.family = 77};
	int32_t error = -ENETUNREACH;

	(void)state;
	add(&a, RTA_GATEWAY, v4, 4);
	assert_int_equal(parse(&a, &gateway), -ENETUNREACH);
	a = answer(2, RTN_UNICAST);
	add(&a, RTA_GATEWAY, v4, 3); /* cut short */
	assert_int_equal(parse(&a, &gateway), -ENODATA);
	a = answer(2, RTN_UNICAST);
	a.head.nlmsg_type = NLMSG_ERROR;
	memcpy(&a.route, &error, sizeof(error));
	assert_int_equal(parse(&a, &gateway), -ENETUNREACH);
	error = 0; /* an acknowledgement is no route */
	memcpy(&a.route, &error, sizeof(error));
	assert_int_equal(parse(&a, &gateway), -EBADMSG);
	a = answer(2, RTN_UNICAST);
	a.len = 20;
	assert_int_equal(parse(&a, &gateway), -EBADMSG);
	a.head.nlmsg_len = 3;
	assert_int_equal(parse(&a, &gateway), -EBADMSG);
	assert_int_equal(gateway.family, 77);
}

static void test_request(void **state)
{
	static const uint8_t address[16] = {1, 2, 3, 4};
	uint8_t buf[ROUTE_REQUEST_SIZE];
	struct nlmsghdr head;

	(void)state;
	assert_int_equal(route_put_request(buf, 2, address, 9), 16 + 12 + 8);
	memcpy(&head, buf, sizeof(head));
	assert_int_equal(head.nlmsg_type, RTM_GETROUTE);
	assert_int_equal(head.nlmsg_seq, 9);
	assert_memory_equal(buf + 32, address, 4);
	assert_int_equal(route_put_request(buf, 10, address, 9), 16 + 12 + 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),	    cmocka_unit_test(test_parse),
		cmocka_unit_test(test_ip_header),   cmocka_unit_test(test_gateways),
		cmocka_unit_test(test_no_gateways), cmocka_unit_test(test_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
