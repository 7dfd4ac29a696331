/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses in text: right and wrong ones, zones, and the one way in which each is written. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/endpoint.h"

#include <cmocka.h>

static uint16_t port_of(const struct endpoint *endpoint)
{
	const struct sockaddr_in6 *v6 = (const void *)&endpoint->addr;
	const struct sockaddr_in *v4 = (const void *)&endpoint->addr;

	return ntohs(endpoint->addr.ss_family == AF_INET6 ? v6->sin6_port : v4->sin_port);
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *text, *address; /* NULL: refused */
		uint16_t port;
		const char *zone;
	} CASES[] = {
		{"192.0.2.1:161", "192.0.2.1", 161, ""},
		{"0.0.0.0:65535", "0.0.0.0", 65535, ""},
		{"[2001:db8::1]:161", "2001:db8::1", 161, ""},
		{"[2001:DB8:0::1]:161", "2001:db8::1", 161, ""},
		{"[::]:1", "::", 1, ""},
		{"[::ffff:192.0.2.1]:162", "192.0.2.1", 162, ""},
		{"[fe80::1%eth0]:161", "fe80::1%eth0", 161, "eth0"},
		{"[fe80::1%3]:161", "fe80::1%3", 161, "3"},
		{"[febf::1%br-lan.10]:161", "febf::1%br-lan.10", 161, "br-lan.10"},
		{"[fe80::1%abcdefghijklmno]:161", "fe80::1%abcdefghijklmno", 161,
		 "abcdefghijklmno"},
		/* a link-local address is none without its zone, and no other one has a zone */
		{"[fe80::1]:161"},
		{"[fe80::1%]:161"},
		{"[fe80::1%abcdefghijklmnop]:161"},
		{"[fe80::1%eth0%1]:161"},
		{"[fe80::1%et h0]:161"},
		{"[fe80::1%et/h0]:161"},
		{"[fe80::1%eth0:1]:161"},
		{"[fe80::1%eth0]]:161"},
		{"[%eth0]:161"},
		{"[2001:db8::1%eth0]:161"},
		{"[::1%lo]:161"},
		{"192.0.2.1%eth0:161"},
		{"fe80::1%eth0:161"},
		{"192.0.2.1"},
		{"192.0.2.1:"},
		{"192.0.2.1:0"},
		{"192.0.2.1:65536"},
		{"192.0.2.1:99999999999999999999"},
		{"192.0.2.1:16a"},
		{"192.0.2.1:+5"},
		{"192.0.2.256:161"},
		{":161"},
		{""},
		{"[]:161"},
		{"[:161"},
		{"[::1]"},
		{"[::1:161"},
		{"::1:161"},
		{"[192.0.2.1]:161"},
		{"localhost:161"},
		{"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct endpoint endpoint;
		char address[ENDPOINT_ADDRESS_SIZE];
		int r = endpoint_parse(CASES[i].text, &endpoint);

		if (r != (CASES[i].address ? 0 : -EINVAL))
			fail_msg("%s: %d", CASES[i].text, r);
		if (r < 0)
			continue;
		assert_int_equal(port_of(&endpoint), CASES[i].port);
		assert_string_equal(endpoint.zone, CASES[i].zone);
		assert_string_equal(endpoint_address(&endpoint, address), CASES[i].address);
	}
}

static void test_addresses(void **state)
{
	static const char *const RIGHT[] = {"192.0.2.1", "::1", "2001:db8::1", "fe80::1%eth0"};
	static const char *const WRONG[] = {
		"",	   "192.0.2.1:161", "[::1]", "fe80::1",
		"192.0.2", "noc.example",   "%eth0", "1.2.3.4.5",
	};
	struct endpoint endpoint = {.len = 77};
	char address[ENDPOINT_ADDRESS_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		if (endpoint_parse_address(WRONG[i], 161, &endpoint) != -EINVAL)
			fail_msg("accepted: %s", WRONG[i]);
	}
	assert_int_equal(endpoint.len, 77); /* untouched */
	for (size_t i = 0; i < ARRAY_LEN(RIGHT); i++) {
		assert_int_equal(endpoint_parse_address(RIGHT[i], 161, &endpoint), 0);
		assert_int_equal(port_of(&endpoint), 161);
		assert_string_equal(endpoint_address(&endpoint, address), RIGHT[i]);
	}
}

static void test_hosts(void **state)
{
	static const struct {
		const char *text, *what;
	} CASES[] = {
		{"192.0.2.1", NULL},
		{"127.0.0.1", NULL},
		{"223.255.255.254", NULL},
		{"1.0.0.0", NULL},
		{"0.0.0.0", "is nobody's address"},
		{"0.1.2.3", "is nobody's address"},
		{"224.0.0.1", "is a multicast group"},
		{"239.255.255.255", "is a multicast group"},
		{"240.0.0.1", "is a reserved address"},
		{"255.255.255.254", "is a reserved address"},
		{"255.255.255.255", "is the broadcast address"},
		{"2001:db8::1", NULL},
		{"::1", NULL},
		{"fe80::1%eth0", NULL},
		{"::", "is nobody's address"},
		{"ff02::1", "is a multicast group"},
		{"::ffff:192.0.2.1", NULL},
		{"::ffff:224.0.0.1", "is a multicast group"},
		{"::ffff:0.0.0.0", "is nobody's address"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct endpoint endpoint;
		const char *what;

		assert_int_equal(endpoint_parse_address(CASES[i].text, 161, &endpoint), 0);
		what = endpoint_no_host(&endpoint);
		if (!what != !CASES[i].what)
			fail_msg("%s: %s", CASES[i].text, what ? what : "a host's");
		if (what)
			assert_string_equal(what, CASES[i].what);
	}
}

static void test_loopback(void **state)
{
	static const char *const OWN[] = {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"};
	static const char *const OTHERS[] = {"192.0.2.1", "128.0.0.1", "::", "2001:db8::1",
					     "::ffff:192.0.2.1"};
	struct endpoint endpoint;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(OWN); i++) {
		assert_int_equal(endpoint_parse_address(OWN[i], 161, &endpoint), 0);
		assert_true(endpoint_is_loopback(&endpoint));
	}
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
		assert_int_equal(endpoint_parse_address(OTHERS[i], 161, &endpoint), 0);
		assert_false(endpoint_is_loopback(&endpoint));
	}
}

static void test_names(void **state)
{
	static const char *const NAMES[] = {"localhost", "noc.example.go.id", "core-1:162", "a:"};
	static const char *const OTHERS[] = {"",	 "192.0.2.999", "192.0.2.1:162", "fe80::1",
					     "noc a",	 "[::1]:161",	"::ffff:1",	 "noc:a",
					     "http://a", "..."};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		assert_true(endpoint_is_name(NAMES[i]));
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		assert_false(endpoint_is_name(OTHERS[i]));
}

static void test_other_families(void **state)
{
	const struct endpoint local = {.addr.ss_family = AF_UNIX};
	char address[ENDPOINT_ADDRESS_SIZE];

	(void)state;
	assert_string_equal(endpoint_address(&local, address), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_endpoints), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_hosts),	  cmocka_unit_test(test_names),
		cmocka_unit_test(test_loopback),  cmocka_unit_test(test_other_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
