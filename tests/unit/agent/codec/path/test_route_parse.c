/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_parse: octets by hand, each way in which they can be wrong. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/codec/path/route_parse.h"

#include <cmocka.h>

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
		cmocka_unit_test(test_gateways),
		cmocka_unit_test(test_no_gateways),
		cmocka_unit_test(test_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
