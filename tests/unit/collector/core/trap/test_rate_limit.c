/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts, refill, many sources, clocks that stand still. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/trap/rate_limit.h"

#include <cmocka.h>

static unsigned int take(struct rate_limit *limit, uint64_t source, int64_t now_ms, unsigned int n)
{
	unsigned int taken = 0;

	while (n-- > 0)
		taken += rate_limit_take(limit, source, now_ms);
	return taken;
}

static void test_burst_then_rate(void **state)
{
	struct rate_limit *limit;

	(void)state;
	assert_int_equal(rate_limit_new(50, 500, 100, &limit), 0);
	assert_int_equal(take(limit, 1, 1000, 2000), 500);
	assert_int_equal(take(limit, 1, 1000, 10), 0);
	assert_int_equal(take(limit, 1, 2000, 2000), 50);
	assert_int_equal(take(limit, 1, 1500, 10), 0); /* the clock went back */
	assert_int_equal(take(limit, 1, 3600000, 2000), 500);
	rate_limit_set(limit, 1, 10);
	assert_int_equal(take(limit, 1, 7200000, 2000), 10);
	rate_limit_free(limit);
}

static void test_sources_do_not_share(void **state)
{
	struct rate_limit *limit;

	(void)state;
	assert_int_equal(rate_limit_new(1, 3, 1024, &limit), 0);
	for (uint64_t source = 0; source < 100; source++)
		assert_int_equal(take(limit, source, 5000, 10), 3);
	rate_limit_free(limit);
}

/* More sources than places: a noisy one that goes on is never forgotten for a new one. */
static void test_noisy_source_stays_limited(void **state)
{
	struct rate_limit *limit;
	unsigned int taken = 0;

	(void)state;
	assert_int_equal(rate_limit_new(1, 10, 8, &limit), 0);
	for (int64_t t = 1; t <= 1000; t++) {
		taken += rate_limit_take(limit, 7, t);
		rate_limit_take(limit, 1000 + (uint64_t)t, t);
	}
	assert_true(taken <= 11);
	rate_limit_free(limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_rate),
		cmocka_unit_test(test_sources_do_not_share),
		cmocka_unit_test(test_noisy_source_stays_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
