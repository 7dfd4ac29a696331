/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks in text, right and wrong, and who is in which. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/endpoint.h"
#include "common/base/net_prefix.h"

#include <cmocka.h>

static void test_networks(void **state)
{
	static const struct {
		const char *network, *peer;
		bool in;
	} cases[] = {
		{"192.0.2.0/24", "192.0.2.255:1", true},
		{"192.0.2.0/24", "192.0.3.0:1", false},
		{"192.0.2.128/25", "192.0.2.127:1", false},
		{"192.0.2.128/25", "192.0.2.128:1", true},
		{"192.0.2.7", "192.0.2.7:1", true},
		{"192.0.2.7", "192.0.2.6:1", false},
		{"0.0.0.0/0", "203.0.113.9:1", true},
		{"0.0.0.0/0", "[2001:db8::1]:1", false},
		{"10.0.0.0/9", "10.127.255.255:1", true},
		{"10.0.0.0/9", "10.128.0.0:1", false},
		{"2001:db8::/32", "[2001:db8:ffff::1]:1", true},
		{"2001:db8::/32", "[2001:db9::1]:1", false},
		{"2001:db8::8/125", "[2001:db8::f]:1", true},
		{"2001:db8::8/125", "[2001:db8::10]:1", false},
		{"::/0", "192.0.2.1:1", false},
		{"192.0.2.0/24", "[::ffff:192.0.2.9]:1", true},
		{"192.0.2.0/24", "[::ffff:192.0.3.9]:1", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct endpoint peer;
		struct net_prefix prefix;

		assert_int_equal(net_prefix_parse(cases[i].network, &prefix), 0);
		assert_int_equal(endpoint_parse(cases[i].peer, &peer), 0);
		if (net_prefix_has(&prefix, (struct sockaddr *)&peer.addr) != cases[i].in)
			fail_msg("%s in %s", cases[i].peer, cases[i].network);
	}
}

static void test_no_networks(void **state)
{
	static const char *const texts[] = {
		"",
		"/24",
		"192.0.2.0/33",
		"192.0.2.0/",
		"192.0.2.0/-1",
		"192.0.2.0/ 8",
		"192.0.2/24",
		"2001:db8::/129",
		"kota",
		"192.0.2.0/24/8",
	};
	const struct sockaddr local = {.sa_family = AF_UNIX};
	struct net_prefix prefix = {.bits = 77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (net_prefix_parse(texts[i], &prefix) != -EINVAL)
			fail_msg("accepted: %s", texts[i]);
	}
	assert_int_equal(prefix.bits, 77);
	assert_int_equal(net_prefix_parse("0.0.0.0/0", &prefix), 0);
	assert_false(net_prefix_has(&prefix, &local));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_no_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
