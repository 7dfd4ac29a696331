/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/conf/conf_value: numbers with units, switches, near misses. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_value.h"

#include <cmocka.h>

static void test_int(void **state)
{
	static const struct {
		const char *text, *unit;
		int r;
		int64_t value;
	} cases[] = {
		{"0", "", 0, 0},
		{"-17", "", 0, -17},
		{"9223372036854775807", "", 0, INT64_MAX},
		{"9223372036854775808", "", -ERANGE, 0},
		{"99999999999999999999999", "", -ERANGE, 0},
		{"", "", -EINVAL, 0},
		{"-", "", -EINVAL, 0},
		{"+1", "", -EINVAL, 0},
		{" 1", "", -EINVAL, 0},
		{"1 ", "", -EINVAL, 0},
		{"0x10", "", -EINVAL, 0},
		{"1.5", "", -EINVAL, 0},
		{"10s", "", -EINVAL, 0},
		{"250", "ms", 0, 250},
		{"250ms", "ms", 0, 250},
		{"10s", "ms", 0, 10000},
		{"5m", "ms", 0, 300000},
		{"2h", "ms", 0, 7200000},
		{"1d", "ms", 0, 86400000},
		{"1w", "ms", -EINVAL, 0},
		{"10 s", "ms", -EINVAL, 0},
		{"9223372036854775807s", "ms", -ERANGE, 0},
		{"-10s", "ms", 0, -10000},
		{"10s", "s", 0, 10},
		{"1d", "s", 0, 86400},
		{"10ms", "s", -EINVAL, 0},
		{"64K", "octets", 0, 65536},
		{"1G", "octets", 0, 1073741824},
		{"64k", "octets", -EINVAL, 0},
		{"512k", "kbps", 0, 512},
		{"100M", "kbps", 0, 100000},
		{"1G", "kbps", 0, 1000000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t value = 0;

		assert_int_equal(conf_value_int(cases[i].text, cases[i].unit, &value), cases[i].r);
		assert_int_equal(value, cases[i].value);
	}
}

static void test_bool(void **state)
{
	static const struct {
		const char *text;
		int r;
		bool value;
	} cases[] = {
		{"yes", 0, true},      {"True", 0, true},    {"ON", 0, true},
		{"no", 0, false},      {"false", 0, false},  {"off", 0, false},
		{"1", -EINVAL, false}, {"", -EINVAL, false}, {"ya", -EINVAL, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool value = false;

		assert_int_equal(conf_value_bool(cases[i].text, &value), cases[i].r);
		assert_int_equal(value, cases[i].value);
	}
}

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned int distance;
	} cases[] = {
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"listen", "Listen", 0},
		{"lsiten", "listen", 1},
		{"listne", "listen", 1},
		{"liste", "listen", 1},
		{"listenn", "listen", 1},
		{"kitten", "sitting", 3},
		{"ab", "ba", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(conf_value_distance(cases[i].a, cases[i].b), cases[i].distance);
}

static void test_nearer(void **state)
{
	static const char *const known[] = {"listen", "interval", "timeout", "as"};
	static const struct {
		const char *text, *near;
	} cases[] = {
		{"intervall", "interval"},
		{"time-out", "timeout"},
		{"lisen", "listen"},
		{"colour", NULL},
		{"x", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *best = NULL;
		unsigned int distance = 0;

		for (size_t j = 0; j < ARRAY_LEN(known); j++)
			conf_value_nearer(cases[i].text, known[j], &best, &distance);
		if (cases[i].near)
			assert_string_equal(best, cases[i].near);
		else
			assert_null(best);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_nearer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
