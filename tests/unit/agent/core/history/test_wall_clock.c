/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minutes by the wall clock on a monotonic time line, in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/history/wall_clock.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define S    INT64_C(1000000)
#define NOON INT64_C(1790000040000000) /* a whole minute */

/* Runs ticks of a second; steps are added to the wall clock when their second comes. */
struct run {
	struct wall_clock clock;
	int64_t now_us, wall_us;
	uint32_t minutes[64];
	size_t n_minutes;
	int32_t shift;
	int64_t step_ms;
	unsigned int days, fives, gaps;
};

static void run_start(struct run *run, int64_t wall_us)
{
	*run = (struct run){.now_us = 5 * S, .wall_us = wall_us};
	wall_clock_init(&run->clock, S, 7 * 3600);
}

static void run_for(struct run *run, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		struct wall_tick tick;

		wall_clock_tick(&run->clock, run->now_us, run->wall_us, &tick);
		if (tick.minute && run->n_minutes < ARRAY_LEN(run->minutes))
			run->minutes[run->n_minutes++] = tick.minute;
		run->shift += tick.shift_minutes;
		run->step_ms += tick.step_ms;
		run->days += tick.day;
		run->fives += tick.five;
		run->gaps += tick.gap;
		run->now_us += S;
		run->wall_us += S;
	}
}

static void a_minute_ends_once_a_minute(void **state)
{
	struct run run;
	uint32_t minute = (uint32_t)(NOON / 60 / S);

	(void)state;
	assert_int_equal(NOON % (60 * S), 0);
	run_start(&run, NOON + 10 * S);
	run_for(&run, 600);
	assert_int_equal(run.n_minutes, 10);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(run.minutes[i], minute + 1 + i);
	assert_int_equal(run.step_ms, 0);
	assert_int_equal(run.fives, 2);
}

static const struct {
	const char *name;
	int64_t step_ms;
	int32_t shift;
	size_t minutes; /* that end in the ten minutes around the step */
} STEPS[] = {
	{"back 2 s over a minute's end", -2000, 0, 9},
	{"forward 20 s", 20000, 0, 10},
	{"forward 40 s", 40000, 1, 9},
	{"back 40 s", -40000, -1, 10},
	{"forward an hour", 3600000, 60, 10},
	{"back an hour", -3600000, -60, 10},
	{"forward 56 years", INT64_C(1767225600000), 29453760, 10},
	{"slewed by 400 ms", 400, 0, 10},
};

/* No minute twice, none but one lost, and numbers that rise: after moving the earlier ones. */
static void a_step_neither_makes_nor_loses_minutes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
		struct run run;
		size_t before;

		run_start(&run, NOON + 1 * S);
		run_for(&run, 300); /* 300 s later is a minute's end: its tick is still to come */
		before = run.n_minutes;
		run.wall_us += STEPS[i].step_ms * 1000;
		run_for(&run, 300);
		if (run.shift != STEPS[i].shift)
			fail_msg("%s: moved by %d", STEPS[i].name, run.shift);
		for (size_t k = 0; k < before; k++)
			run.minutes[k] += (uint32_t)run.shift;
		for (size_t k = 1; k < run.n_minutes; k++) {
			if (run.minutes[k] <= run.minutes[k - 1])
				fail_msg("%s: minute %u after %u", STEPS[i].name, run.minutes[k],
					 run.minutes[k - 1]);
		}
		if (run.n_minutes < STEPS[i].minutes || run.n_minutes > STEPS[i].minutes + 1)
			fail_msg("%s: %zu minutes", STEPS[i].name, run.n_minutes);
		assert_int_equal(run.step_ms, STEPS[i].step_ms < 500 && STEPS[i].step_ms > -500
						      ? 0
						      : STEPS[i].step_ms);
	}
}

/* The machine sleeps, or the agent is stopped: both clocks go on, ticks do not. */
static void a_minute_whose_end_was_slept_through_is_none(void **state)
{
	static const struct {
		int asleep_s;
		unsigned int gaps;
		size_t n;
		uint32_t minutes[5]; /* after NOON */
	} CASES[] = {
		{0, 0, 4, {1, 2, 3, 4}},
		{9, 0, 4, {1, 2, 3, 4}},   /* busy, and none is lost */
		{40, 1, 4, {1, 2, 3, 4}},  /* within a minute */
		{52, 1, 3, {1, 2, 4}},	   /* awake 2 s after an end */
		{200, 1, 4, {1, 2, 6, 7}}, /* three ends, and 30 s of a fourth minute */
		{86400, 1, 4, {1, 2, 1443, 1444}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct run run;

		run_start(&run, NOON + 10 * S);
		run_for(&run, 120);
		run.now_us += CASES[i].asleep_s * S;
		run.wall_us += CASES[i].asleep_s * S;
		run_for(&run, CASES[i].asleep_s == 200 ? 120 : 112);
		assert_int_equal(run.gaps, CASES[i].gaps);
		assert_int_equal(run.n_minutes, CASES[i].n);
		for (size_t k = 0; k < CASES[i].n; k++)
			assert_int_equal(run.minutes[k], NOON / 60 / S + CASES[i].minutes[k]);
		assert_int_equal(run.days, CASES[i].asleep_s == 86400);
		assert_int_equal(run.step_ms, 0);
	}
}

static void a_day_begins_at_local_midnight(void **state)
{
	int64_t midnight = INT64_C(1790010000); /* 17:00 UTC is midnight at UTC+7 */
	struct run run;

	(void)state;
	midnight -= (midnight + 7 * 3600) % 86400;
	run_start(&run, (midnight - 5) * S);
	run_for(&run, 5);
	assert_int_equal(run.days, 0);
	run_for(&run, 1);
	assert_int_equal(run.days, 1);
	run.wall_us -= 4 * S; /* over midnight once more: the same day */
	run_for(&run, 10);
	assert_int_equal(run.days, 1);
}

/* Summer time begins and ends: an hour sooner or later, and each day begins once. */
static void a_day_begins_once_where_the_zone_changes(void **state)
{
	int64_t midnight = INT64_C(1790010000); /* at UTC+7 */
	struct run run;

	(void)state;
	midnight -= (midnight + 7 * 3600) % 86400;
	run_start(&run, (midnight - 2 * 3600) * S);
	run_for(&run, 1800);
	wall_clock_set_zone(&run.clock, 8 * 3600);
	run_for(&run, 1800);
	assert_int_equal(run.days, 0);
	run_for(&run, 1);
	assert_int_equal(run.days, 1);
	run_for(&run, 1800);
	wall_clock_set_zone(&run.clock, 7 * 3600); /* half past eleven once more */
	run_for(&run, 7200);
	assert_int_equal(run.days, 1);
	run_for(&run, 23 * 3600);
	assert_int_equal(run.days, 2);
}

static void a_tick_is_at_the_whole_second_and_never_in_a_burst(void **state)
{
	static const struct {
		int64_t wall_us, delay_us;
	} CASES[] = {
		{0, 1000000},	   {300, 999700},     {499999, 500001},
		{500001, 1499999}, {999700, 1000300}, {999999, 1000001},
	};
	struct wall_clock clock;

	(void)state;
	wall_clock_init(&clock, S, 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(wall_clock_delay(&clock, NOON + CASES[i].wall_us),
				 CASES[i].delay_us);
}

static void a_clock_before_1970_is_borne(void **state)
{
	struct run run;

	(void)state;
	run_start(&run, -100 * S);
	run_for(&run, 300);
	assert_true(run.n_minutes >= 2 && run.n_minutes <= 4);
	run.wall_us -= 500 * S;
	run_for(&run, 10);
}

static void a_step_is_told_in_milliseconds(void **state)
{
	static const struct {
		int64_t step_ms;
		uint32_t size;
	} CASES[] = {
		{1000, 1000},
		{-3600000, 3600000},
		{INT64_C(4294967294), 4294967294},
		{INT64_C(4294967296), UINT32_MAX},
		{INT64_C(1795317073385), UINT32_MAX}, /* from 1970 to today */
		{INT64_C(-1795317073385), UINT32_MAX},
		{INT64_MIN, UINT32_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(wall_clock_step_size(CASES[i].step_ms), CASES[i].size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minute_ends_once_a_minute),
		cmocka_unit_test(a_step_neither_makes_nor_loses_minutes),
		cmocka_unit_test(a_minute_whose_end_was_slept_through_is_none),
		cmocka_unit_test(a_day_begins_at_local_midnight),
		cmocka_unit_test(a_day_begins_once_where_the_zone_changes),
		cmocka_unit_test(a_tick_is_at_the_whole_second_and_never_in_a_burst),
		cmocka_unit_test(a_clock_before_1970_is_borne),
		cmocka_unit_test(a_step_is_told_in_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
