/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/judge/keep_clock: clocks that jump, that come back, and that are right after all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/judge/keep_clock.h"

#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define DAY    (1440 * MINUTE)
#define START  INT64_C(1800000000000)

/* Looks at it each minute for so long; returns how often it was right. */
static int watch(struct keep_clock *clock, int64_t *wall_ms, int64_t *now_ms, int64_t for_ms,
		 bool synchronised)
{
	int right = 0;

	for (int64_t t = 0; t < for_ms; t += MINUTE) {
		*wall_ms += MINUTE;
		*now_ms += MINUTE;
		right += keep_clock_is_right(clock, *wall_ms, *now_ms * 1000, synchronised);
	}
	return right;
}

static void test_jump_and_back(void **state)
{
	struct keep_clock clock = {.right_ms = START};
	int64_t wall = START, now = 1000;

	(void)state;
	assert_int_equal(watch(&clock, &wall, &now, 10 * MINUTE, false), 10);
	wall += 900 * DAY;
	assert_int_equal(watch(&clock, &wall, &now, 3 * DAY, false), 0);
	/* after a restart it is still wrong: it is not compared with what it said itself */
	clock = (struct keep_clock){.right_ms = clock.right_ms};
	now = 1000;
	assert_int_equal(watch(&clock, &wall, &now, 3 * DAY, false), 0);
	wall -= 900 * DAY;
	assert_int_equal(watch(&clock, &wall, &now, 10 * MINUTE, false), 10);
	wall -= 400 * DAY; /* a dead battery */
	assert_int_equal(watch(&clock, &wall, &now, 3 * DAY, false), 0);
}

static void test_away(void **state)
{
	struct keep_clock clock = {.right_ms = START};
	int64_t wall = START + 29 * DAY, now = 1000;

	(void)state;
	assert_int_equal(watch(&clock, &wall, &now, MINUTE, false), 1);
	clock = (struct keep_clock){.right_ms = START};
	wall = START + 31 * DAY;
	assert_int_equal(watch(&clock, &wall, &now, MINUTE, true), 0);
	clock = (struct keep_clock){0};
	assert_int_equal(watch(&clock, &wall, &now, MINUTE, false), 1);
}

/* Two months off, then synchronised: a day later it counts; a jump meanwhile begins the day anew. */
static void test_right_after_all(void **state)
{
	struct keep_clock clock = {.right_ms = START};
	int64_t wall = START + 60 * DAY, now = 1000;

	(void)state;
	assert_int_equal(watch(&clock, &wall, &now, DAY / 2, true), 0);
	wall += 10 * DAY;
	assert_int_equal(watch(&clock, &wall, &now, DAY, true), 0);
	assert_int_equal(watch(&clock, &wall, &now, 2 * MINUTE, true), 2);
	wall += 90 * MINUTE;
	assert_int_equal(watch(&clock, &wall, &now, MINUTE, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jump_and_back),
		cmocka_unit_test(test_away),
		cmocka_unit_test(test_right_after_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
