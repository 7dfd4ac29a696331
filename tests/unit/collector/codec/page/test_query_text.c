/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Query fields and percent-encoding. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/page/query_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_fields(void **state)
{
	static const struct {
		const char *query, *name;
		int want;
		const char *value;
	} cases[] = {
		{"", "a", -ENOENT, NULL},
		{"a=1", "a", 1, "1"},
		{"a=", "a", 0, ""},
		{"a", "a", -ENOENT, NULL},
		{"ab=1", "a", -ENOENT, NULL},
		{"b=2&a=1", "a", 1, "1"},
		{"a=1&a=2", "a", 1, "1"},
		{"&&a=1&", "a", 1, "1"},
		{"a=x+y%2Bz", "a", 5, "x y+z"},
		{"a=%C3%A9", "a", 2, "\xc3\xa9"},
		{"a=%c3%a9", "a", 2, "\xc3\xa9"},
		{"a=%", "a", -EINVAL, NULL},
		{"a=%4", "a", -EINVAL, NULL},
		{"a=%4&b=1", "a", -EINVAL, NULL},
		{"a=%zz", "a", -EINVAL, NULL},
		{"a=%00", "a", -EINVAL, NULL},
		{"a=%FF", "a", -EINVAL, NULL},
		{"a=%C0%AF", "a", -EINVAL, NULL},
		{"a=1234567", "a", 7, "1234567"},
		{"a=12345678", "a", -ENAMETOOLONG, NULL},
		{"a=b=c", "a", 3, "b=c"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[8];
		const int got = query_text_get(cases[i].query, cases[i].name, buf, sizeof(buf));

		assert_int_equal(got, cases[i].want);
		if (got >= 0)
			assert_string_equal(buf, cases[i].value);
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *query;
		int want;
		int64_t value;
	} cases[] = {
		{"n=5", 0, 5},
		{"n=1", 0, 1},
		{"n=1000", 0, 1000},
		{"n=0", -EINVAL, -1},
		{"n=1001", -EINVAL, -1},
		{"n=", -EINVAL, -1},
		{"n=-5", -EINVAL, -1},
		{"n=5x", -EINVAL, -1},
		{"n=0x5", -EINVAL, -1},
		{"m=5", -ENOENT, -1},
		{"n=99999999999999999999", -EINVAL, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t n = -1;

		assert_int_equal(query_text_get_int(cases[i].query, "n", 1, 1000, &n),
				 cases[i].want);
		assert_int_equal(n, cases[i].value);
	}
}

static void test_names(void **state)
{
	static const char *const names[] = {"a", "ab", NULL};
	static const struct {
		const char *query;
		int want;
	} cases[] = {
		{"", 0},
		{"a=1", 0},
		{"ab=&a=x", 0},
		{"a=1&", 0},
		{"a", -EINVAL},
		{"a=1&a=1", -EINVAL},
		{"b=1", -EINVAL},
		{"A=1", -EINVAL},
		{"abc=1", -EINVAL},
		{"=1", -EINVAL},
		{"a=1&&ab=2", -EINVAL},
		{"%61=1", -EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(query_text_check(cases[i].query, names), cases[i].want);
}

static void test_path_keeps_plus(void **state)
{
	char buf[16];

	(void)state;
	assert_int_equal(query_text_decode("a+b%20c", 7, false, buf, sizeof(buf)), 5);
	assert_string_equal(buf, "a+b c");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_path_keeps_plus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
