/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/engine/rtt_estimate: RFC 6298's numbers, bounds, back-off, patience. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "common/base/cleanup.h"
#include "common/engine/rtt_estimate.h"

#include <cmocka.h>

static void test_first_samples(void **state)
{
	struct rtt_estimate rtt = {0};

	(void)state;
	assert_int_equal(rtt_estimate_timeout_us(&rtt, 0), 1000000);
	rtt_estimate_add(&rtt, 400000);
	assert_int_equal(rtt.smooth_us, 400000); /* RFC 6298 2.2 */
	assert_int_equal(rtt.var_us, 200000);
	assert_int_equal(rtt_estimate_timeout_us(&rtt, 0), 1200000);
	rtt_estimate_add(&rtt, 480000); /* 2.3 */
	assert_int_equal(rtt.var_us, 200000 + (80000 - 200000) / 4);
	assert_int_equal(rtt.smooth_us, 410000);
}

static void test_timeouts(void **state)
{
	static const struct {
		int32_t smooth_us, var_us;
		unsigned int transmission;
		int64_t timeout_us;
	} CASES[] = {
		{0, 0, 0, 1000000},	    {0, 0, 1, 2000000},	      {0, 0, 2, 2000000},
		{500, 100, 0, 200000},	    {500, 100, 1, 400000},    {500, 100, 2, 800000},
		{500, 100, 3, 1600000},	    {500, 100, 4, 2000000},   {500, 100, 200, 2000000},
		{200000, 50000, 0, 400000}, {3000000, 0, 0, 2000000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct rtt_estimate rtt = {CASES[i].smooth_us, CASES[i].var_us, 0};

		assert_int_equal(rtt_estimate_timeout_us(&rtt, CASES[i].transmission),
				 CASES[i].timeout_us);
	}
}

static void test_patience(void **state)
{
	struct rtt_estimate rtt = {0};

	(void)state;
	assert_int_equal(rtt_estimate_patience_us(&rtt), RTT_PATIENCE_FIRST_US);
	rtt_estimate_lost(&rtt);
	assert_int_equal(rtt_estimate_patience_us(&rtt), RTT_PATIENCE_FIRST_US);
	rtt_estimate_lost(&rtt); /* dead by all appearance */
	assert_int_equal(rtt_estimate_patience_us(&rtt), RTT_PATIENCE_MIN_US);
	for (int i = 0; i < 1000; i++)
		rtt_estimate_lost(&rtt);
	assert_int_equal(rtt_estimate_patience_us(&rtt), RTT_PATIENCE_MIN_US);
	rtt_estimate_add(&rtt, 10000); /* it speaks */
	assert_int_equal(rtt_estimate_patience_us(&rtt), 30000);
	rtt_estimate_add(&rtt, 5000000);
	assert_int_equal(rtt_estimate_patience_us(&rtt), RTT_PATIENCE_MAX_US);
}

static void test_absurd_samples(void **state)
{
	struct rtt_estimate rtt = {0};

	(void)state;
	rtt_estimate_add(&rtt, -5);
	assert_int_equal(rtt.smooth_us, 1);
	rtt_estimate_add(&rtt, INT64_MAX);
	assert_true(rtt.smooth_us > 0 && rtt.var_us > 0);
	for (int i = 0; i < 1000; i++)
		rtt_estimate_add(&rtt, 1);
	assert_true(rtt.smooth_us >= 1);
	assert_int_equal(rtt_estimate_timeout_us(&rtt, 0), RTT_TIMEOUT_MIN_US);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_samples),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_absurd_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
