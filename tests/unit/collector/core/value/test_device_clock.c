/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dating readings and telling restarts, with sysUpTime and with a microsecond clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/core/value/device_clock.h"

#include <cmocka.h>

#define S  INT64_C(1000000)
#define MS INT64_C(1000)

/* A device's clock that runs at its own pace, and answers that take their time. */
struct world {
	struct device_clock clock;
	struct device_moment when; /* of the last answer */
	int64_t now_us, boot_us;
	double pace; /* of the device's clock */
	uint32_t ticks_offset;
	int64_t renewed_us; /* every so much of it, its sysUpTime is; 0: always */
};

static int64_t uptime_us(const struct world *w)
{
	int64_t us = (int64_t)((double)(w->now_us - w->boot_us) * w->pace);

	return w->renewed_us ? us - us % w->renewed_us : us;
}

/* An answer that was taken now, after there_us on the way, and arrives back_us later. */
static enum device_clock_outcome answer(struct world *w, int64_t there_us, int64_t back_us,
					int64_t *ret_local_us)
{
	const struct device_clock_reading r = {
		.has_ticks = true,
		.ticks = (uint32_t)(uptime_us(w) / 10000) + w->ticks_offset,
		.earliest_us = w->now_us - there_us,
		.latest_us = w->now_us + back_us,
	};
	enum device_clock_outcome outcome;

	outcome = device_clock_update(&w->clock, &r, &w->when);
	*ret_local_us = w->when.local_us;
	return outcome;
}

/* For readings that are put together by hand. */
static enum device_clock_outcome update(struct device_clock *clock,
					const struct device_clock_reading *r, int64_t *ret_local_us)
{
	struct device_moment when;
	enum device_clock_outcome outcome = device_clock_update(clock, r, &when);

	*ret_local_us = when.local_us;
	return outcome;
}

static struct world world(void)
{
	return (struct world){.now_us = 5000 * S, .boot_us = 1234567, .pace = 1};
}

static void test_dates_late_answers(void **state)
{
	static const double PACES[] = {1, 1.00005, 0.99995};

	(void)state;
	for (size_t p = 0; p < 3; p++) {
		struct world w = world();
		int64_t local, error, worst = 0;

		w.pace = PACES[p];
		assert_int_equal(answer(&w, 200, 100, &local), DEVICE_CLOCK_FIRST);
		for (int i = 1; i < 500; i++) {
			/* every seventh comes 2 s late, some are long on their way there */
			int64_t there = i % 11 ? 200 + i % 5 * 20 : 900 * MS;
			int64_t back = i % 7 ? 150 : 2 * S;

			/* as poll_sched spreads its slots over the ticks of sysUpTime */
			w.now_us += 10 * S + i * 6180 % 10000 - (i - 1) * 6180 % 10000;
			assert_int_equal(answer(&w, there, back, &local), DEVICE_CLOCK_CONTINUES);
			error = llabs(local - w.now_us);
			worst = error > worst ? error : worst;
			if (there < MS && back < MS)
				assert_true(error <= 300);
		}
		assert_true(worst <= 8 * MS); /* 0.1 % of 10 s, and some */
	}
}

/* Every answer is late, by anything up to 2 s: the intervals are still those of the device's clock. */
static void test_all_late(void **state)
{
	struct world w = world();
	int64_t local, last_true = 0, dt, error;
	struct device_moment last = {0};

	(void)state;
	for (int i = 0; i < 300; i++) {
		w.now_us += 10 * S + i * 6180 % 10000;
		answer(&w, 300, (i * 7919 % 2000) * MS + 5, &local);
		if (i) {
			dt = device_clock_interval_us(&w.clock, &last, &w.when, &error);
			assert_true(llabs(dt - (w.now_us - last_true)) <= 11 * MS);
			assert_true(error >= llabs(dt - (w.now_us - last_true)));
		}
		last = w.when;
		last_true = w.now_us;
	}
}

static void test_never_backwards(void **state)
{
	struct world w = world();
	int64_t local, last = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		w.now_us += 20 * MS;
		answer(&w, 100, i % 3 ? 100 : 3 * S, &local);
		assert_true(local >= last);
		last = local;
	}
}

struct restart_case {
	const char *name;
	int64_t up_before_us, pause_us, boot_after_us; /* boot_after: in the pause; -1 none */
	enum device_clock_outcome outcome;
};

static const struct restart_case RESTARTS[] = {
	{"goes on", 1000 * S, 60 * S, -1, DEVICE_CLOCK_CONTINUES},
	{"restart", 1000 * S, 60 * S, 30 * S, DEVICE_CLOCK_RESTARTED},
	{"restart at once", 1000 * S, 60 * S, 0, DEVICE_CLOCK_RESTARTED},
	{"restart of one that was young", 20 * S, 60 * S, 10 * S, DEVICE_CLOCK_RESTARTED},
	{"restart of one that was just up", 3 * S, 60 * S, 1 * S, DEVICE_CLOCK_RESTARTED},
	{"restart in a long silence", 1000 * S, 100000 * S, 50000 * S, DEVICE_CLOCK_RESTARTED},
	{"a long silence", 1000 * S, 100000 * S, -1, DEVICE_CLOCK_CONTINUES},
};

static void test_restarts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(RESTARTS) / sizeof(RESTARTS[0]); i++) {
		const struct restart_case *c = &RESTARTS[i];
		struct world w = world();
		enum device_clock_outcome outcome;
		int64_t local;

		w.boot_us = w.now_us - c->up_before_us;
		answer(&w, 200, 200, &local);
		if (c->boot_after_us >= 0)
			w.boot_us = w.now_us + c->boot_after_us;
		w.now_us += c->pause_us;
		outcome = answer(&w, 200, 200, &local);
		if (outcome != c->outcome)
			fail_msg("%s: %d instead of %d", c->name, outcome, c->outcome);
	}
}

static void test_wrap_is_no_restart(void **state)
{
	struct world w = world();
	int64_t local, before;

	(void)state;
	w.ticks_offset = (uint32_t) - (uint32_t)(uptime_us(&w) / 10000) - 100;
	answer(&w, 200, 200, &before);
	w.now_us += 10 * S;
	assert_int_equal(answer(&w, 200, 200, &local), DEVICE_CLOCK_CONTINUES);
	assert_in_range(local - before, 10 * S - 500, 10 * S + 500);
	w.now_us += 10 * S;
	assert_int_equal(answer(&w, 200, 200, &local), DEVICE_CLOCK_CONTINUES);
}

static void test_jump_then_distrust(void **state)
{
	struct world w = world();
	int64_t local;

	(void)state;
	answer(&w, 200, 200, &local);
	w.now_us += 10 * S;
	w.ticks_offset = 1000000; /* another device answers, or ours slept */
	assert_int_equal(answer(&w, 200, 200, &local), DEVICE_CLOCK_JUMPED);
	w.now_us += 10 * S;
	assert_int_equal(answer(&w, 200, 200, &local), DEVICE_CLOCK_CONTINUES);
	w.pace = 0.01; /* seconds instead of hundredths */
	for (int i = 0; i < 6; i++) {
		w.now_us += 100 * S;
		answer(&w, 200, 200, &local);
	}
	w.now_us += 10 * S;
	assert_int_equal(answer(&w, 200, 200, &local), DEVICE_CLOCK_NONE);
	assert_in_range(local, w.now_us - 500, w.now_us + 500);
}

static void test_boots_tell(void **state)
{
	struct device_clock clock = {0};
	struct device_clock_reading r = {.has_ticks = true,
					 .ticks = 100,
					 .boots = 7,
					 .earliest_us = 10 * S,
					 .latest_us = 10 * S + 300};
	int64_t local;

	(void)state;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_FIRST);
	r.ticks += 1000;
	r.earliest_us += 10 * S;
	r.latest_us += 10 * S;
	r.boots = 8; /* the uptime looks well, but the engine started anew */
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_RESTARTED);
}

static void test_fine_clock(void **state)
{
	struct device_clock clock = {0};
	struct device_clock_reading r = {.has_us = true,
					 .has_ticks = true,
					 .has_epoch = true,
					 .epoch = 5,
					 .device_us = 77 * S,
					 .ticks = 500,
					 .earliest_us = 10 * S,
					 .latest_us = 10 * S + 300};
	int64_t local;

	(void)state;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_FIRST);
	/* the agent was restarted, the router not: uptime back, epoch and clock go on */
	r.device_us += 10 * S;
	r.ticks = 3;
	r.earliest_us += 10 * S;
	r.latest_us += 12 * S; /* two seconds late */
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_CONTINUES);
	assert_in_range(local, 20 * S - 2500, 20 * S + 2500);
	assert_in_range(device_clock_local_us(&clock, 86 * S), 19 * S - 2500, 19 * S + 2500);
	r.device_us += 10 * S;
	r.earliest_us = r.latest_us = 30 * S;
	r.epoch = 6;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_RESTARTED);
}

/* Where little is asked at once, most answers come without the device's time. */
static void test_answers_without_it_between(void **state)
{
	struct device_clock clock = {0};
	int64_t local_us;

	(void)state;
	for (int64_t s = 0; s < 1000; s += 10) {
		struct device_clock_reading r = {.has_ticks = true,
						 .ticks = (uint32_t)(700 + s) * 100,
						 .earliest_us = s * S,
						 .latest_us = s * S + 3000};

		assert_int_equal(update(&clock, &r, &local_us),
				 s ? DEVICE_CLOCK_CONTINUES : DEVICE_CLOCK_FIRST);
		r.has_ticks = false;
		r.earliest_us += 6 * S;
		r.latest_us += 6 * S;
		update(&clock, &r, &local_us);
		assert_in_range(local_us, r.earliest_us, r.latest_us);
	}
	assert_false(device_clock_is_distrusted(&clock));
}

static void test_no_clock(void **state)
{
	struct device_clock clock = {0};
	const struct device_clock_reading r = {.earliest_us = 10 * S, .latest_us = 10 * S + 300};
	int64_t local;

	(void)state;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_NONE);
	assert_in_range(local, 10 * S, 10 * S + 300);
}

/* A device without a clock thinks for rtt_us, then reads. */
static struct device_moment read_after(struct device_clock *clock, int64_t now_us, int64_t rtt_us)
{
	const struct device_clock_reading r = {.earliest_us = now_us, .latest_us = now_us + rtt_us};
	struct device_moment when;

	device_clock_update(clock, &r, &when);
	return when;
}

/* What all answers take cancels out, but not where that has changed. */
static void test_no_clock_and_slower_of_late(void **state)
{
	static const int64_t FAST_US = 10000, SLOW_US = 1200000;
	struct device_clock clock = {0};
	struct device_moment last = {0}, now;
	int64_t rtt_us, last_rtt_us = 0, us, error_us;

	(void)state;
	for (int i = 1; i < 300; i++) {
		rtt_us = i < 100 || i > 200 ? FAST_US : SLOW_US;
		now = read_after(&clock, i * 10 * S, rtt_us);
		us = device_clock_interval_us(&clock, &last, &now, &error_us);
		if (last.local_us)
			assert_in_range(llabs(us - (10 * S + rtt_us - last_rtt_us)), 0, error_us);
		if (i == 99 || i == 199 || i == 299)
			assert_in_range(error_us, 0, 10000); /* has settled */
		last = now;
		last_rtt_us = rtt_us;
	}
}

/* SNMPv3 tells a restart where there is no uptime. */
/* An interval between two answers: its length is within what it is said to be off at most. */
static int64_t check_interval(struct world *w, int64_t interval_us, int64_t back_us)
{
	const struct device_moment from = w->when;
	const int64_t from_us = w->now_us;
	int64_t at_us, us, error_us;

	w->now_us += interval_us;
	(void)answer(w, 5 * MS, back_us, &at_us);
	us = device_clock_interval_us(&w->clock, &from, &w->when, &error_us);
	assert_in_range(llabs(us - (w->now_us - from_us)), 0, error_us);
	return error_us;
}

/* sysUpTime in whole seconds, or from a cache that is renewed every five: it goes on exactly like
 * our clock while the interval is a multiple of that, and says nothing of a late answer's time. */
static void test_coarse_clock(void **state)
{
	static const int64_t RENEWED_US[] = {1 * S, 5 * S};

	(void)state;
	for (size_t i = 0; i < sizeof(RENEWED_US) / sizeof(RENEWED_US[0]); i++) {
		struct world w = world();
		int64_t at_us;

		w.renewed_us = RENEWED_US[i];
		(void)answer(&w, 5 * MS, 5 * MS, &at_us);
		for (int n = 0; n < 20; n++)
			assert_in_range(check_interval(&w, 10 * S, 5 * MS), 1, 20 * MS);
		assert_true(device_clock_is_coarse(&w.clock));
		assert_false(device_clock_is_distrusted(&w.clock));
		assert_in_range(check_interval(&w, 10 * S + 700 * MS, 2000 * MS), 500 * MS, 5 * S);
		assert_in_range(check_interval(&w, 8 * S + 300 * MS, 1500 * MS), 500 * MS, 5 * S);
	}
}

/* A whole second is shown now and then by every clock. */
static void test_whole_second_by_chance(void **state)
{
	struct world w = world();
	int64_t at_us;

	(void)state;
	w.now_us = w.boot_us + 5000 * S;
	(void)answer(&w, 5 * MS, 5 * MS, &at_us);
	assert_true(device_clock_is_coarse(&w.clock)); /* nothing else was seen yet */
	(void)check_interval(&w, 10 * S + 10 * MS, 5 * MS);
	for (int n = 0; n < 50; n++)
		(void)check_interval(&w, 10 * S, 5 * MS);
	assert_false(device_clock_is_coarse(&w.clock));
	assert_in_range(check_interval(&w, 10 * S + 700 * MS, 2000 * MS), 1, 10 * MS);
}

/* A cache that is renewed every 1.37 s: what it takes from one interval it gives to another, which
 * is noticed; then our clock alone counts. */
static void test_clock_from_a_cache(void **state)
{
	struct world w = world();
	int64_t at_us;
	int n = 0;

	(void)state;
	w.renewed_us = 1370 * MS;
	(void)answer(&w, 5 * MS, 5 * MS, &at_us);
	while (!device_clock_is_distrusted(&w.clock) && n++ < 100)
		(void)check_interval(&w, 10 * S, 5 * MS);
	assert_in_range(n, 3, 30);
	assert_in_range(check_interval(&w, 10 * S, 2000 * MS), 500 * MS, 3 * S);
}

static void test_boots_without_clock(void **state)
{
	struct device_clock clock = {0};
	struct device_clock_reading r = {
		.boots = 7, .earliest_us = 10 * S, .latest_us = 10 * S + 300};
	int64_t local;

	(void)state;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_NONE);
	r.earliest_us += 10 * S;
	r.latest_us += 10 * S;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_NONE);
	r.boots = 8;
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_RESTARTED);
	assert_int_equal(update(&clock, &r, &local), DEVICE_CLOCK_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_late),
		cmocka_unit_test(test_dates_late_answers),
		cmocka_unit_test(test_never_backwards),
		cmocka_unit_test(test_restarts),
		cmocka_unit_test(test_wrap_is_no_restart),
		cmocka_unit_test(test_jump_then_distrust),
		cmocka_unit_test(test_boots_tell),
		cmocka_unit_test(test_fine_clock),
		cmocka_unit_test(test_answers_without_it_between),
		cmocka_unit_test(test_no_clock),
		cmocka_unit_test(test_no_clock_and_slower_of_late),
		cmocka_unit_test(test_coarse_clock),
		cmocka_unit_test(test_whole_second_by_chance),
		cmocka_unit_test(test_clock_from_a_cache),
		cmocka_unit_test(test_boots_without_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
