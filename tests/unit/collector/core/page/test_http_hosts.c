/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/page/http_hosts: names that are ours, and those that only lead to us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/page/http_hosts.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const char *const NAMES[] = {"noc", "pantau.kota.example", NULL};

static void test_hosts(void **state)
{
	static const struct {
		const char *host;
		bool good;
	} cases[] = {
		{"", true},
		{"192.0.2.1", true},
		{"192.0.2.1:8080", true},
		{"[2001:db8::1]", true},
		{"[2001:db8::1]:8080", true},
		{"localhost:8080", true},
		{"LOCALHOST", true},
		{"noc", true},
		{"Pantau.Kota.Example:443", true},
		{"pantau.kota.example.", true},
		{"evil.example", false},
		{"evil.example:8080", false},
		{"noc.evil.example", false},
		{"192.0.2.1.evil.example", false},
		{"localhost.evil.example", false},
		{"[::1].evil.example", false},
		{"[evil.example]", false},
		{"[]", false},
		{"[", false},
		{":8080", false},
		{"192.0.2", false},
		{"3221225985", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (http_hosts_has(NAMES, cases[i].host) != cases[i].good)
			fail_msg("%s", cases[i].host);
	}
	assert_false(http_hosts_has(NULL, "noc"));
}

static void test_origins(void **state)
{
	static const struct {
		const char *host, *origin;
		bool good;
	} cases[] = {
		{"192.0.2.1:8080", "", true},
		{"192.0.2.1:8080", "http://192.0.2.1:8080", true},
		{"192.0.2.1:8080", "http://192.0.2.1", false},
		{"192.0.2.1:8080", "http://192.0.2.9:8080", false},
		{"192.0.2.1", "http://evil.example", false},
		{"192.0.2.1", "null", false},
		{"localhost", "https://pantau.kota.example", true}, /* behind a proxy */
		{"localhost", "https://pantau.kota.example.evil.example", false},
		{"", "http://evil.example", false},
		{"localhost", "http://", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (http_hosts_has_origin(NAMES, cases[i].host, cases[i].origin) != cases[i].good)
			fail_msg("%s at %s", cases[i].origin, cases[i].host);
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_true(http_hosts_is_name("pantau.kota.example"));
	assert_false(http_hosts_is_name(""));
	assert_false(http_hosts_is_name("pantau.kota.example:8080"));
	assert_false(http_hosts_is_name("http://pantau"));
	assert_false(http_hosts_is_name(".example"));
	assert_false(http_hosts_is_name("pantau.example."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
