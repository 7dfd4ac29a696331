/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values from the authors' test suite (test_fnv.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/fnv1a.h"

#include <cmocka.h>

static void test_vectors(void **state)
{
	static const struct {
		const char *text;
		uint64_t hash;
	} CASES[] = {
		{"", 0xcbf29ce484222325},
		{"a", 0xaf63dc4c8601ec8c},
		{"foobar", 0x85944171f73967e8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_true(fnv1a(FNV1A_START, CASES[i].text, strlen(CASES[i].text)) ==
				    CASES[i].hash &&
			    fnv1a_text(FNV1A_START, CASES[i].text) == CASES[i].hash);
}

static void test_goes_on(void **state)
{
	(void)state;
	assert_true(fnv1a(fnv1a(FNV1A_START, "foo", 3), "bar", 3) ==
		    fnv1a(FNV1A_START, "foobar", 6));
}

/* Fields are not the same as what they make when put together. */
static void test_fields(void **state)
{
	const uint64_t ab_c = fnv1a_field(fnv1a_field(FNV1A_START, "ab", 2), "c", 1);

	(void)state;
	assert_true(ab_c == fnv1a(FNV1A_START,
				  "ab\xff"
				  "c\xff",
				  5));
	assert_true(ab_c != fnv1a_field(fnv1a_field(FNV1A_START, "a", 1), "bc", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
