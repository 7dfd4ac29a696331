/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/sim/shape: what was counted must be the integral of the rate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "tests/sim/shape.h"

#include <cmocka.h>

#define RATE 125000

static void test_flat_is_exact(void **state)
{
	(void)state;
	assert_int_equal(shape_octets(SHAPE_FLAT, RATE, 77, 1000000), RATE);
	assert_int_equal(shape_octets(SHAPE_FLAT, RATE, 0, 0), 0);
	assert_int_equal(shape_octets(SHAPE_FLAT, RATE, 0, -1000000), -RATE);
	assert_int_equal(shape_octets(SHAPE_FLAT, 3333333, 0, 1500001), 5000002);
	assert_int_equal(shape_octets(SHAPE_FLAT, 3333333, 0, -1500001), -5000002);
	/* A 400 Gbit/s link for three years does not overflow. */
	assert_int_equal(shape_octets(SHAPE_FLAT, 50000000000, 0, INT64_C(94608000000000)),
			 INT64_C(4730400000000000000));
}

static void check_integral(enum shape shape)
{
	const int64_t step_us = 100000;
	double sum = 0;

	for (int64_t t = -7200000000; t < 7200000000; t += step_us) {
		double rate = shape_rate(shape, RATE, 13, t + step_us / 2);
		int64_t before = shape_octets(shape, RATE, 13, t);
		int64_t after = shape_octets(shape, RATE, 13, t + step_us);

		assert_true(after >= before);
		/* A step may hold a burst's edge. */
		assert_true(fabs((double)(after - before) - rate * 0.1) < 0.34 * RATE);
		sum += rate * 0.1;
	}
	assert_true(fabs(sum - (double)(shape_octets(shape, RATE, 13, 7200000000) -
					shape_octets(shape, RATE, 13, -7200000000))) < sum * 1e-4);
}

static void test_integrals(void **state)
{
	(void)state;
	check_integral(SHAPE_FLAT);
	check_integral(SHAPE_DAILY);
	check_integral(SHAPE_BURST);
}

static void test_mean(void **state)
{
	(void)state;
	/* Whole days and whole bursts average to the mean. */
	assert_true(llabs(shape_octets(SHAPE_DAILY, RATE, 5, INT64_C(86400000000)) -
			  RATE * INT64_C(86400)) < 10);
	assert_true(llabs(shape_octets(SHAPE_BURST, RATE, 5, 120000000) - RATE * INT64_C(120)) <
		    10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flat_is_exact),
		cmocka_unit_test(test_integrals),
		cmocka_unit_test(test_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
