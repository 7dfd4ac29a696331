/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is a whole number, and of which size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "common/base/number_text.h"

#include <cmocka.h>

enum { UNTOUCHED = 77 };

static void test_number(void **state)
{
	static const struct {
		const char *text;
		uint64_t least, most, want; /* want UNTOUCHED: refused */
	} CASES[] = {
		{"0", 0, 9, 0},
		{"161", 1, 65535, 161},
		{"00161", 1, 65535, 161},
		{"65535", 1, 65535, 65535},
		{"65536", 1, 65535, UNTOUCHED},
		{"0", 1, 65535, UNTOUCHED},
		{"9", 0, 5, UNTOUCHED},
		{"", 0, 9, UNTOUCHED},
		{NULL, 0, 9, UNTOUCHED},
		{" 5", 0, 9, UNTOUCHED},
		{"5 ", 0, 9, UNTOUCHED},
		{"+5", 0, 9, UNTOUCHED},
		{"-5", 0, UINT64_MAX, UNTOUCHED},
		{"5x", 0, 9, UNTOUCHED},
		{"0x5", 0, 9, UNTOUCHED},
		{"18446744073709551615", 0, UINT64_MAX, UINT64_MAX},
		{"18446744073709551616", 0, UINT64_MAX, UNTOUCHED},
		{"99999999999999999999999", 0, UINT64_MAX, UNTOUCHED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		uint64_t got = UNTOUCHED;

		assert_int_equal(number_text(CASES[i].text, CASES[i].least, CASES[i].most, &got),
				 CASES[i].want != UNTOUCHED);
		assert_true(got == CASES[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
