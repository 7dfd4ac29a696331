/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones between names and this machine's numbers, by the one interface that every machine has. */
#include <errno.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/loop/endpoint_zone.h"

#include <cmocka.h>

static uint32_t scope_of(const struct endpoint *endpoint)
{
	return ((const struct sockaddr_in6 *)&endpoint->addr)->sin6_scope_id;
}

static int need_loopback(void **state)
{
	static unsigned int lo;

	lo = if_nametoindex("lo");
	*state = &lo;
	return lo ? 0 : -1;
}

static void test_names_and_numbers(void **state)
{
	const unsigned int lo = *(unsigned int *)*state;
	struct endpoint endpoint;
	char number[64];

	assert_int_equal(endpoint_zone_parse("[fe80::1%lo]:161", &endpoint), 0);
	assert_int_equal(scope_of(&endpoint), lo);
	snprintf(number, sizeof(number), "fe80::1%%%u", lo);
	assert_int_equal(endpoint_zone_parse_address(number, 161, &endpoint), 0);
	assert_int_equal(scope_of(&endpoint), lo);
	assert_int_equal(endpoint_zone_parse("192.0.2.1:161", &endpoint), 0);
	assert_int_equal(endpoint_zone_parse("[2001:db8::1]:161", &endpoint), 0);
	assert_int_equal(scope_of(&endpoint), 0);
}

static void test_unknown(void **state)
{
	struct endpoint endpoint;
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];

	(void)state;
	assert_int_equal(endpoint_zone_parse("[fe80::1%nowhere0]:161", &endpoint), -ENODEV);
	assert_int_equal(endpoint_zone_parse_address("fe80::1%2000000000", 161, &endpoint),
			 -ENODEV);
	assert_int_equal(endpoint_zone_parse_address("fe80::1%0", 161, &endpoint), -ENODEV);
	assert_int_equal(endpoint_zone_parse("[fe80::1]:161", &endpoint), -EINVAL);
	assert_string_equal(endpoint_zone_problem("[fe80::1%nowhere0]:161", -ENODEV, problem),
			    "this machine has no interface nowhere0");
	assert_string_equal(endpoint_zone_problem("fe80::1%nowhere0", -ENODEV, problem),
			    "this machine has no interface nowhere0");
	assert_string_equal(endpoint_zone_problem("[fe80::1%lo]:161", -EADDRINUSE, problem),
			    strerror(EADDRINUSE));
	assert_string_equal(endpoint_zone_problem("192.0.2.1:161", -ENODEV, problem),
			    strerror(ENODEV));
}

/* An address from the kernel is written as it is configured. */
static void test_from_the_kernel(void **state)
{
	const unsigned int lo = *(unsigned int *)*state;
	struct sockaddr_in6 from = {.sin6_family = AF_INET6, .sin6_scope_id = lo};
	struct sockaddr_storage addr = {0};
	char address[ENDPOINT_ADDRESS_SIZE];
	struct endpoint endpoint;

	from.sin6_addr = (struct in6_addr){.s6_addr = {0xfe, 0x80, [15] = 7}};
	memcpy(&addr, &from, sizeof(from));
	endpoint = endpoint_zone_of(&addr, sizeof(from));
	assert_string_equal(endpoint_address(&endpoint, address), "fe80::7%lo");
	from.sin6_scope_id = 2000000000;
	memcpy(&addr, &from, sizeof(from));
	endpoint = endpoint_zone_of(&addr, sizeof(from));
	assert_string_equal(endpoint_address(&endpoint, address), "fe80::7%2000000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_numbers),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_from_the_kernel),
	};

	return cmocka_run_group_tests(tests, need_loopback, NULL);
}
