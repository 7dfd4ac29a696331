/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_terms.h"

#include <cmocka.h>

static void endpoints(void **state)
{
	static const struct {
		const char *text;
		bool right;
	} CASES[] = {
		{"192.0.2.10:162", true},
		{"0.0.0.0:1", true},
		{"[2001:db8::10]:65535", true},
		{"[::]:162", true},
		{"[fe80::10%eth0]:162", true},
		{"[fe80::10]:162", false},
		{"192.0.2.999:162", false},
		{"192.0.2:162", false},
		{"192.0.2.10", false},
		{"192.0.2.10:", false},
		{"192.0.2.10:0", false},
		{"192.0.2.10:65536", false},
		{"192.0.2.10:162x", false},
		{"192.0.2.10: 162", false},
		{"noc.example:162", false},
		{"2001:db8::10:162", false},
		{"[2001:db8::10]", false},
		{"[2001:db8::10:162", false},
		{"[:::]:162", false},
		{"[]:162", false},
		{"[192.0.2.10]:162", false},
		{":162", false},
		{"", false},
		{"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb]:162", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (conf_is_endpoint(CASES[i].text) != CASES[i].right)
			fail_msg("%s: expected %d", CASES[i].text, CASES[i].right);
}

static void addresses(void **state)
{
	(void)state;
	assert_true(conf_is_address("192.0.2.1", CONF_ADDRESS_V4));
	assert_true(conf_is_address("2001:db8::1", CONF_ADDRESS_V6));
	assert_true(conf_is_address("192.0.2.1", CONF_ADDRESS_ANY));
	assert_true(conf_is_address("::1", CONF_ADDRESS_ANY));
	assert_true(conf_is_address("fe80::1%eth0", CONF_ADDRESS_V6));
	assert_false(conf_is_address("fe80::1%eth0", CONF_ADDRESS_V4));
	assert_false(conf_is_address("fe80::1", CONF_ADDRESS_V6));
	assert_false(conf_is_address("::1", CONF_ADDRESS_V4));
	assert_false(conf_is_address("192.0.2.1", CONF_ADDRESS_V6));
	assert_false(conf_is_address("192.0.2", CONF_ADDRESS_ANY));
	assert_false(conf_is_address("1.2.3.4.5", CONF_ADDRESS_ANY));
	assert_false(conf_is_address("", CONF_ADDRESS_ANY));
	assert_false(conf_is_address("noc.example", CONF_ADDRESS_ANY));
	assert_false(conf_is_address("0.0.0.0", CONF_ADDRESS_V4));
	assert_false(conf_is_address("ff02::1", CONF_ADDRESS_V6));
}

static void paths(void **state)
{
	char longest[160] = "/";

	(void)state;
	assert_null(conf_check_absolute_path("/etc/pantau/inventory.csv"));
	assert_non_null(conf_check_absolute_path("inventory.csv"));
	assert_non_null(conf_check_absolute_path(""));
	assert_non_null(conf_check_absolute_path("/etc/pantau\n"));
	assert_null(conf_check_path_or_none(""));
	assert_null(conf_check_path_or_none("/etc/token"));
	assert_non_null(conf_check_path_or_none("token"));
	memset(longest + 1, 'a', 106);
	assert_null(conf_check_socket_path(longest));
	longest[107] = 'a'; /* unix(7): 108 octets with the NUL */
	assert_non_null(conf_check_socket_path(longest));
	assert_non_null(conf_check_socket_path("run/x"));
	assert_non_null(conf_check_socket_path("/run/"));
}

static void lines(void **state)
{
	char too_long[202] = "";

	(void)state;
	memset(too_long, 'x', 201);
	assert_null(conf_check_line("Kota Mojokerto"));
	assert_null(conf_check_line("Kelurahan \xc3\xa9"));
	assert_null(conf_check_line(""));
	assert_non_null(conf_check_line("a\nb"));
	assert_non_null(conf_check_line("a\x7f"));
	assert_non_null(conf_check_line("\xc3"));
	assert_non_null(conf_check_line(too_long));
	assert_null(conf_check_name("Kota"));
	assert_non_null(conf_check_name(""));
	assert_non_null(conf_check_name("a\tb"));
	assert_null(conf_user_problem("pantau"));
	assert_non_null(conf_user_problem(NULL));
	assert_non_null(conf_user_problem(""));
	assert_non_null(conf_user_problem("a name that is longer than 32 oct"));
}

static void networks(void **state)
{
	static const struct {
		const char *text;
		bool right;
	} CASES[] = {
		{"192.0.2.0/24", true},
		{"192.0.2.7", true},
		{"0.0.0.0/0", true},
		{"2001:db8::/32", true},
		{"2001:db8::1/128", true},
		{"192.0.2.0/33", false},
		{"2001:db8::/129", false},
		{"192.0.2.0/", false},
		{"192.0.2.0/-1", false},
		{"192.0.2.0/ 8", false},
		{"192.0.2/24", false},
		{"", false},
		{"/24", false},
		{"noc.example/24", false},
		{"192.0.2.0/4294967300", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		if (!conf_check_network(CASES[i].text) != CASES[i].right)
			fail_msg("%s: expected %d", CASES[i].text, CASES[i].right);
}

static void passphrases(void **state)
{
	static const struct {
		const char *text, *problem;
	} CASES[] = {
		{NULL, "missing"},
		{"", "missing"},
		{"1234567", "too short"},
		{"CHANGE ME", "the example's"},
		{"CHANGE ME: at least 8 characters", "the example's"},
		{"12345678", NULL},
		{"change me not", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const char *problem = conf_passphrase_problem(CASES[i].text);

		if (!CASES[i].problem)
			assert_null(problem);
		else
			assert_non_null(strstr(problem, CASES[i].problem));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints), cmocka_unit_test(addresses),
		cmocka_unit_test(paths),     cmocka_unit_test(lines),
		cmocka_unit_test(networks),  cmocka_unit_test(passphrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
