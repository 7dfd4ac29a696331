/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest rank over known values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/percentile.h"

#include <cmocka.h>

static void test_values(void **state)
{
	static const struct {
		double values[8];
		size_t n;
		unsigned int percent;
		double want;
	} cases[] = {
		{{0}, 0, 95, NAN},
		{{NAN, NAN}, 2, 95, NAN},
		{{7}, 1, 95, 7},
		{{3, 1, 2}, 3, 95, 3},
		{{3, 1, 2}, 3, 50, 2},
		{{NAN, 3, NAN, 1, 2}, 5, 50, 2},
		{{5, 15, 20, 35, 40}, 5, 30, 15},
		{{5, 15, 20, 35, 40}, 5, 40, 15},
		{{5, 15, 20, 35, 40}, 5, 100, 40},
		{{5, 15, 20, 35, 40}, 5, 1, 5},
		{{INFINITY, 1}, 2, 50, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double values[8], got;

		memcpy(values, cases[i].values, sizeof(values));
		got = percentile_of(values, cases[i].n, cases[i].percent);
		assert_true(isnan(cases[i].want) ? isnan(got) : got == cases[i].want);
	}
}

static void test_rank(void **state)
{
	(void)state;
	assert_int_equal(percentile_rank(0, 95), 0);
	assert_int_equal(percentile_rank(1, 1), 1);
	assert_int_equal(percentile_rank(19, 95), 19); /* 18.05 */
	assert_int_equal(percentile_rank(20, 95), 19);
	assert_int_equal(percentile_rank(21, 95), 20); /* 19.95 */
	assert_int_equal(percentile_rank(288, 100), 288);
}

/* A day of 5-minute means: the 14 highest of 288 do not count (288 * 0.05 = 14.4). */
static void test_day(void **state)
{
	double values[288];

	(void)state;
	for (int i = 0; i < 288; i++)
		values[i] = (i * 7) % 288 + 1;
	assert_true(percentile_of(values, 288, 95) == 274);
	for (int i = 0; i < 20; i++)
		values[i] = 20 - i;
	assert_true(percentile_of(values, 20, 95) == 19);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
