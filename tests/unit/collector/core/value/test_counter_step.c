/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters that are renewed every so often, polled at other times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/core/value/counter_step.h"

#include <cmocka.h>

#define S	 INT64_C(1000000)
#define PATIENCE (65 * S)

/* step 0: live; polls come up to a tenth of a second late. */
struct stepped {
	const char *name;
	int64_t interval_us, step_us;
	unsigned int polls; /* until a step is known; 0: never */
};

static const struct stepped CASES[] = {
	{"10 s, every 30 s", 10 * S, 30 * S, 250},
	{"5 s, every 30 s", 5 * S, 30 * S, 250},
	{"10 s, every 37 s", 10 * S, 37 * S, 250},
	{"10 s, every 14 s", 10 * S, 14 * S, 250},
	{"10 s, live", 10 * S, 0, 0},
	{"60 s, every 20 s", 60 * S, 20 * S, 0},
};

static void run(const struct stepped *c)
{
	struct counter_step step = {0};
	int64_t last = -1, whole_us;
	unsigned int known_at = 0;

	srand(1);
	for (unsigned int n = 1; n <= 1000; n++) {
		int64_t now_us = 77 * S + n * c->interval_us + rand() % 100 * 1000;
		int64_t shown = c->step_us ? now_us / c->step_us : now_us;
		uint32_t count = step.count;
		bool moved = last >= 0 && shown != last;

		if (last >= 0 && !counter_step_note(&step, now_us, moved, PATIENCE))
			assert_false(moved);
		last = shown;
		whole_us = counter_step_whole_us(&step, count);
		if (!moved || !counter_step_is_suspected(&step) || !whole_us)
			continue;
		if (llabs(whole_us - c->step_us) > c->step_us / 200)
			fail_msg("%s: poll %u: %lld", c->name, n, (long long)whole_us);
		known_at = known_at ? known_at : n;
	}
	if (c->polls ? !known_at || known_at > c->polls : known_at)
		fail_msg("%s: known at %u", c->name, known_at);
	assert_int_equal(counter_step_is_suspected(&step), c->polls != 0);
}

static void test_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		run(&CASES[i]);
}

/* What moves now and then moves in no steps: it is believed. */
static void test_irregular(void **state)
{
	struct counter_step step = {0};

	(void)state;
	srand(2);
	for (unsigned int n = 1; n <= 200; n++)
		(void)counter_step_note(&step, n * 10 * S, rand() % 3 == 0, PATIENCE);
	assert_false(counter_step_is_suspected(&step));
}

/* Across polls that were lost nobody knows how many steps there were. */
static void test_lost_polls(void **state)
{
	struct counter_step step = {0};
	int64_t now_us = 7 * S, last = 0;
	uint32_t count;

	(void)state;
	for (unsigned int n = 0; n < 400; n++) {
		now_us += 10 * S;
		(void)counter_step_note(&step, now_us, now_us / (30 * S) != last, PATIENCE);
		last = now_us / (30 * S);
	}
	count = step.count;
	assert_in_range(counter_step_whole_us(&step, count - 2), 59700000, 60300000);
	now_us += 50 * S;
	(void)counter_step_note(&step, now_us, true, PATIENCE);
	assert_int_equal(counter_step_whole_us(&step, count), 0);
}

/* Standing still for long is nothing that passes, and said at once from then on. */
static void test_quiet(void **state)
{
	struct counter_step step = {0};
	unsigned int n = 1;

	(void)state;
	assert_true(counter_step_note(&step, 10 * S, true, PATIENCE));
	while (!counter_step_note(&step, ++n * 10 * S, false, PATIENCE))
		assert_in_range(n, 2, 7);
	assert_int_equal(n, 8);
	assert_true(counter_step_note(&step, 90 * S, false, PATIENCE));
	assert_true(counter_step_note(&step, 100 * S, true, PATIENCE));
	assert_false(counter_step_is_suspected(&step));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_irregular),
		cmocka_unit_test(test_lost_polls),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
