/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates between two readings: wraps, resets, speeds, missing readings. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/value/counter.h"

#include <cmocka.h>

#define S     1000000
#define MAX32 UINT32_MAX

struct case_ {
	const char *name;
	struct counter_reading prev, cur;
	int64_t dt_us;
	double max_per_s;
	enum counter_outcome outcome;
	double rate;
};

#define C32(v)                                                                                     \
	{                                                                                          \
		(v), COUNTER_32                                                                    \
	}
#define C64(v)                                                                                     \
	{                                                                                          \
		(v), COUNTER_64                                                                    \
	}
#define PLAIN(v)                                                                                   \
	{                                                                                          \
		(v), COUNTER_PLAIN                                                                 \
	}
#define NONE                                                                                       \
	{                                                                                          \
		0, COUNTER_NONE                                                                    \
	}

static const struct case_ CASES[] = {
	{"64 bits grow", C64(1000), C64(2000), 10 * S, NAN, COUNTER_OK, 100},
	{"an idle link is 0, not unknown", C64(1000), C64(1000), 10 * S, NAN, COUNTER_OK, 0},
	{"beyond 32 bits", C64(MAX32 - 10ull), C64(MAX32 + 990ull), 10 * S, NAN, COUNTER_OK, 100},
	{"64 bits below 2^32 go back: no wrap", C64(4000000000u), C64(5), 10 * S, 1e9,
	 COUNTER_RESET, 0},
	{"64 bits near the end go back", C64(UINT64_MAX - 5), C64(5), 10 * S, NAN, COUNTER_RESET,
	 0},
	{"64 bits beyond the link", C64(0), C64(20000), 10 * S, 1000, COUNTER_IMPLAUSIBLE, 0},
	{"within the slack", C64(0), C64(12000), 10 * S, 1000, COUNTER_OK, 1200},
	{"32 bits grow", C32(1000), C32(3000), 20 * S, 12.5e6, COUNTER_OK, 100},
	{"32 bits wrap", C32(MAX32 - 499), C32(500), 10 * S, 12.5e6, COUNTER_OK, 100},
	{"32 bits wrap, speed unknown", C32(MAX32 - 499), C32(500), 10 * S, NAN, COUNTER_RESET, 0},
	{"32 bits cleared at a high value", C32(4000000000u), C32(5), 10 * S, 12.5e6, COUNTER_RESET,
	 0},
	{"32 bits cleared at a low value", C32(100000), C32(5), 10 * S, 12.5e6, COUNTER_RESET, 0},
	{"32 bits, 1 Gbit/s, 60 s: might have wrapped", C32(5), C32(10), 60 * S, 125e6,
	 COUNTER_AMBIGUOUS, 0},
	{"32 bits, 1 Gbit/s, 20 s", C32(0), C32(2000000000), 20 * S, 125e6, COUNTER_OK, 1e8},
	{"32 bits grow, speed unknown", C32(0), C32(1000), 10 * S, NAN, COUNTER_OK, 100},
	{"32 bits beyond the link", C32(0), C32(200000000), 10 * S, 12.5e6, COUNTER_IMPLAUSIBLE, 0},
	{"a gauge that counts", PLAIN(10), PLAIN(110), 10 * S, NAN, COUNTER_OK, 10},
	{"a gauge never wraps", PLAIN(MAX32), PLAIN(10), 10 * S, 1e9, COUNTER_RESET, 0},
	{"first reading", NONE, C64(7), 10 * S, NAN, COUNTER_FIRST, 0},
	{"missing now", C64(7), NONE, 10 * S, NAN, COUNTER_MISSING, 0},
	{"another width", C32(7), C64(70000), 10 * S, NAN, COUNTER_FIRST, 0},
	{"no time between", C64(7), C64(8), 0, NAN, COUNTER_UNCHANGED, 0},
	{"time went back", C64(7), C64(8), -S, NAN, COUNTER_UNCHANGED, 0},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct case_ *c = &CASES[i];
		double rate = -1;
		enum counter_outcome outcome =
			counter_rate(&c->prev, &c->cur, c->dt_us, c->max_per_s, &rate);

		if (outcome != c->outcome)
			fail_msg("%s: %s instead of %s", c->name, counter_outcome_name(outcome),
				 counter_outcome_name(c->outcome));
		if (outcome == COUNTER_OK ? fabs(rate - c->rate) > c->rate * 1e-9 : rate != -1)
			fail_msg("%s: rate %f", c->name, rate);
	}
}

static void test_wrap_time(void **state)
{
	(void)state;
	/* RFC 2863 3.1.6 has 57 minutes at 10 Mbit/s, 5.7 at 100, 34 s at 1 Gbit/s; less the slack */
	assert_in_range(counter_wrap_us(1.25e6), 2740 * (int64_t)S, 2755 * (int64_t)S);
	assert_in_range(counter_wrap_us(125e6), 27 * S, 28 * S);
	assert_int_equal(counter_wrap_us(0), INT64_MAX);
	assert_int_equal(counter_wrap_us(NAN), INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_wrap_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
