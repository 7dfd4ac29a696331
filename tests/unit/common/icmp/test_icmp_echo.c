/* SPDX-License-Identifier: GPL-3.0-or-later */
/* icmp_echo: octets by hand, each way in which they can be wrong. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/icmp/icmp_echo.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_ip_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
