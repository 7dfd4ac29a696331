/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which uptime is the device's, whether it restarted, how often 497 days passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/value/uptime.h"

#include <cmocka.h>

#define S      INT64_C(1000000)
#define DAY_S  INT64_C(86400)
#define WRAP_S INT64_C(42949672) /* of 2^32 hundredths; 96 hundredths more */

static void test_shown(void **state)
{
	static const struct {
		int64_t agent_s, host_s, engine_s, right_s; /* -1: it has none */
	} CASES[] = {
		{22, -1, -1, 22},
		{-1, -1, -1, -1},
		{25, 57 * DAY_S, -1, 57 * DAY_S},	    /* snmpd was restarted */
		{9 * DAY_S, 0, -1, 9 * DAY_S},		    /* one that stands at 0 */
		{-1, 57 * DAY_S, -1, 57 * DAY_S},	    /* no sysUpTime */
		{22, 22, WRAP_S + 22, WRAP_S + 22},	    /* both passed 497 days */
		{22, -1, 3 * WRAP_S + 24, 3 * WRAP_S + 24}, /* three times */
		{22, -1, 90 * DAY_S, 22},		    /* that counts something else */
		{90 * DAY_S, -1, 22, 90 * DAY_S},	    /* an engine that began anew */
		{100 * DAY_S, 300 * DAY_S, 100 * DAY_S, 300 * DAY_S},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const int64_t now_us = 5000 * S;
		struct uptime u = {0};
		int64_t s;

		if (CASES[i].host_s >= 0)
			uptime_take_host(&u, (uint32_t)(CASES[i].host_s * 100), now_us);
		if (CASES[i].engine_s >= 0)
			uptime_take_engine(&u, (uint32_t)CASES[i].engine_s, now_us);
		s = uptime_s(&u, CASES[i].agent_s < 0 ? -1 : CASES[i].agent_s * S, now_us);
		assert_in_range(s + 5, CASES[i].right_s + 2, CASES[i].right_s + 8);
		if (s >= 0) /* and it goes on */
			assert_int_equal(
				uptime_s(&u,
					 CASES[i].agent_s < 0 ? -1 : (CASES[i].agent_s + 60) * S,
					 now_us + 60 * S),
				s + 60);
	}
}

static void test_engine_is_void_after_a_restart(void **state)
{
	struct uptime u = {0};

	(void)state;
	uptime_take_engine(&u, WRAP_S + 500, 1000 * S);
	assert_in_range(uptime_s(&u, 500 * S, 1000 * S), WRAP_S + 499, WRAP_S + 501);
	uptime_agent_restarted(&u);
	assert_int_equal(uptime_s(&u, 3 * S, 1060 * S), 3);
}

static void test_same_machine(void **state)
{
	static const struct {
		const char *what;
		uint32_t before, after; /* ticks */
		int64_t passed_us;
		enum uptime_host right;
	} CASES[] = {
		{"goes on", 1000000, 1006000, 60 * S, UPTIME_HOST_SAME},
		{"a crystal of 0.02 %", 1000000, 1360072, 3600 * S, UPTIME_HOST_SAME},
		{"restarted 25 s ago", 1000000, 2500, 60 * S, UPTIME_HOST_OTHER},
		{"restarted soon after the last start", 500, 2000, 60 * S, UPTIME_HOST_OTHER},
		{"stands still", 1000000, 1000000, 60 * S, UPTIME_HOST_OTHER},
		{"passes 497 days", UINT32_MAX - 2999, 3000, 60 * S, UPTIME_HOST_SAME},
		{"starts as it would pass 497 days", UINT32_MAX - 5999, 3000, 60 * S,
		 UPTIME_HOST_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct uptime u = {0};

		assert_int_equal(uptime_take_host(&u, CASES[i].before, 1000 * S),
				 UPTIME_HOST_UNKNOWN);
		assert_int_equal(
			uptime_take_host(&u, CASES[i].after, 1000 * S + CASES[i].passed_us),
			CASES[i].right);
	}
}

/* What was seen to pass 497 days is not forgotten. */
static void test_wrap_is_kept(void **state)
{
	struct uptime u = {0};

	(void)state;
	uptime_take_host(&u, UINT32_MAX - 99, 1000 * S);
	assert_int_equal(uptime_take_host(&u, 500, 1006 * S), UPTIME_HOST_SAME);
	assert_in_range(uptime_s(&u, 3 * S, 1006 * S), WRAP_S + 4, WRAP_S + 6);
	assert_int_equal(uptime_take_host(&u, 1000, 1011 * S), UPTIME_HOST_SAME);
	assert_in_range(uptime_s(&u, 8 * S, 1011 * S), WRAP_S + 9, WRAP_S + 11);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_engine_is_void_after_a_restart),
		cmocka_unit_test(test_same_machine),
		cmocka_unit_test(test_wrap_is_kept),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
