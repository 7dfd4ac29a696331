/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ping_plan: slots, losses, hurry, and answers of all kinds, in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/ping/ping_plan.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define S    INT64_C(1000000)
#define BASE (1000 * S)

enum { INTERVAL_S = 12 };

static struct ping_plan plan_of(struct ping_target *targets, size_t n)
{
	struct ping_plan plan;

	ping_plan_init(&plan, BASE, INTERVAL_S * S);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ping_plan_add(&plan, &targets[i], i * 0x9e3779b97f4a7c15u, BASE),
				 0);
	return plan;
}

/* The next step and when. */
static enum ping_step step(struct ping_plan *plan, int64_t *ret_us, struct ping_target **ret)
{
	enum ping_step what;

	*ret_us = ping_plan_due_us(plan);
	assert_int_equal(ping_plan_next(plan, *ret_us - 1, ret), PING_STEP_NONE);
	what = ping_plan_next(plan, *ret_us, ret);
	assert_int_not_equal(what, PING_STEP_NONE);
	return what;
}

static void answer(struct ping_plan *plan, struct ping_target *target, int64_t at_us)
{
	int64_t rtt_us;

	assert_int_equal(ping_plan_answered(plan, target, target->seq, at_us, &rtt_us),
			 PING_ANSWER_RIGHT);
	assert_int_equal(rtt_us, at_us - target->sent_us);
}

/* ---- when ---- */

/* All answer: five echoes a minute each, none of two close together, spread over all batches. */
static void test_even(void **state)
{
	enum { N = 10000, MINUTES = 10 };
	struct ping_target *targets = calloc(N, sizeof(*targets)), *target;
	struct ping_plan plan = plan_of(targets, N);
	unsigned int *sent = calloc(N, sizeof(*sent)), batch = 0, most = 0, batches = 0;
	int64_t now_us, last_us = 0;

	(void)state;
	while (ping_plan_due_us(&plan) <= BASE + (2 * INTERVAL_S + MINUTES * 60) * S) {
		assert_int_equal(step(&plan, &now_us, &target), PING_STEP_SEND);
		answer(&plan, target, now_us + 3000);
		if (now_us <= BASE + 2 * INTERVAL_S * S)
			continue; /* the grid became finer while they were added */
		batch = now_us == last_us ? batch + 1 : 1;
		batches += batch == 1;
		most = batch > most ? batch : most;
		last_us = now_us;
		sent[target - targets]++;
	}
	for (size_t i = 0; i < N; i++)
		assert_int_equal(sent[i], MINUTES * 5);
	assert_in_range(most, 42, 70); /* 41.7 would be wholly even; places are by chance */
	assert_int_equal(batches, MINUTES * 60 * 20);
	ping_plan_deinit(&plan);
	free(targets);
	free(sent);
}

/* A hurried one stands for the slot that it is near. */
static void test_hurried_for_slot(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t first_us, now_us;

	(void)state;
	step(&plan, &first_us, &found);
	answer(&plan, &target, first_us + 1000);
	ping_plan_hurry(&plan, &target, first_us + (INTERVAL_S - 1) * S);
	step(&plan, &now_us, &found);
	assert_int_equal(now_us, first_us + (INTERVAL_S - 1) * S);
	answer(&plan, &target, now_us + 1000);
	assert_int_equal(ping_plan_due_us(&plan), first_us + 2 * INTERVAL_S * S);
	ping_plan_hurry(&plan, &target, first_us + (INTERVAL_S + 5) * S);
	step(&plan, &now_us, &found);
	answer(&plan, &target, now_us + 1000);
	assert_int_equal(ping_plan_due_us(&plan), first_us + 2 * INTERVAL_S * S);
	ping_plan_deinit(&plan);
}

/* Slots keep their place: over a slow answer, and after a pause of the whole machine. */
static void test_slots_do_not_drift(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t first_us, now_us;

	(void)state;
	assert_int_equal(step(&plan, &first_us, &found), PING_STEP_SEND);
	for (int i = 1; i < 100; i++) {
		answer(&plan, &target, first_us + (i - 1) * INTERVAL_S * S + i * 5000);
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_SEND);
		assert_int_equal(now_us, first_us + i * INTERVAL_S * S);
	}
	answer(&plan, &target, now_us + 3600 * S + 1); /* asleep, as far as we know */
	assert_int_equal(ping_plan_due_us(&plan), now_us + (3600 + INTERVAL_S) * S);
	ping_plan_deinit(&plan);
}

static void test_losses(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t first_us, now_us;

	(void)state;
	step(&plan, &first_us, &found);
	/* quick ones, one a second, as long as that can tell something new */
	for (int i = 1; i < PING_PLAN_QUICK_MAX; i++) {
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_LOST);
		assert_int_equal(now_us, first_us + i * S);
		assert_int_equal(target.sent_us, first_us + (i - 1) * S);
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_SEND);
		assert_int_equal(now_us, first_us + i * S);
	}
	assert_int_equal(step(&plan, &now_us, &found), PING_STEP_LOST);
	for (int i = 1; i < 5; i++) {
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_SEND);
		assert_int_equal(now_us, first_us + i * INTERVAL_S * S);
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_LOST);
	}
	step(&plan, &now_us, &found);
	answer(&plan, &target, now_us + 1000);
	step(&plan, &now_us, &found);
	step(&plan, &now_us, &found);
	assert_int_equal(step(&plan, &first_us, &found), PING_STEP_SEND); /* and again quickly */
	assert_int_equal(first_us, now_us);
	ping_plan_deinit(&plan);
}

/* By satellite: four round trips are waited for, five seconds at most. */
static void test_timeouts(void **state)
{
	static const struct {
		int64_t rtt_us, timeout_us;
	} CASES[] = {{200, S}, {250000, S}, {600000, 2400000}, {1000000, 4 * S}};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct ping_target target, *found;
		struct ping_plan plan = plan_of(&target, 1);
		int64_t sent_us, now_us;

		step(&plan, &now_us, &found);
		answer(&plan, &target, now_us + CASES[i].rtt_us);
		step(&plan, &sent_us, &found);
		assert_int_equal(step(&plan, &now_us, &found), PING_STEP_LOST);
		assert_int_equal(now_us - sent_us, CASES[i].timeout_us);
		ping_plan_deinit(&plan);
	}
}

/* A city in doubt: a thousand a second, whoever asks how often. */
static void test_hurry(void **state)
{
	enum { N = 3000 };
	struct ping_target *targets = calloc(N, sizeof(*targets)), *target;
	struct ping_plan plan = plan_of(targets, N);
	int64_t now_us;

	(void)state;
	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < N; i++)
			ping_plan_hurry(&plan, &targets[i], BASE + 1);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(step(&plan, &now_us, &target), PING_STEP_SEND);
		assert_in_range(now_us, BASE + 1, BASE + S);
		ping_plan_hurry(&plan, target, now_us); /* one is under way */
		answer(&plan, target, now_us + 100);
	}
	assert_in_range(now_us, BASE + S / 2, BASE + S);
	ping_plan_deinit(&plan);
	free(targets);
}

/* ---- what comes back ---- */

static void test_answers(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t now_us, rtt_us = -7;
	uint16_t seq;

	(void)state;
	step(&plan, &now_us, &found);
	seq = target.seq;
	assert_int_equal(
		ping_plan_answered(&plan, &target, (uint16_t)(seq + 1), now_us + 1, &rtt_us),
		PING_ANSWER_STRANGE);
	assert_int_equal(ping_plan_answered(&plan, &target, seq, now_us - 1, &rtt_us),
			 PING_ANSWER_RIGHT);
	assert_int_equal(rtt_us, 0); /* never negative */
	assert_int_equal(ping_plan_answered(&plan, &target, seq, now_us + 5, &rtt_us),
			 PING_ANSWER_DUPLICATE);
	step(&plan, &now_us, &found);
	assert_int_equal(step(&plan, &now_us, &found), PING_STEP_LOST);
	/* too late, once; it teaches patience */
	assert_int_equal(ping_plan_answered(&plan, &target, target.seq, now_us + S, &rtt_us),
			 PING_ANSWER_LATE);
	assert_true(target.smooth_us > 200000);
	assert_int_equal(ping_plan_answered(&plan, &target, target.seq, now_us + S, &rtt_us),
			 PING_ANSWER_DUPLICATE);
	step(&plan, &now_us, &found);
	assert_int_equal(
		ping_plan_answered(&plan, &target, (uint16_t)(target.seq - 1), now_us + 1, &rtt_us),
		PING_ANSWER_LATE);
	assert_true(target.waiting);
	assert_int_equal(ping_plan_answered(&plan, &target, (uint16_t)(target.seq - 16), now_us + 1,
					    &rtt_us),
			 PING_ANSWER_STRANGE);
	ping_plan_deinit(&plan);
}

static void test_sequence_wraps(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t now_us, rtt_us;

	(void)state;
	target.seq = 0xffff;
	step(&plan, &now_us, &found);
	assert_int_equal(target.seq, 0);
	assert_int_equal(ping_plan_answered(&plan, &target, 0xffff, now_us + 1, &rtt_us),
			 PING_ANSWER_LATE);
	answer(&plan, &target, now_us + 2);
	ping_plan_deinit(&plan);
}

/* No buffer, say: it counts for nothing, and the next comes at its slot. */
static void test_unsent(void **state)
{
	struct ping_target target, *found;
	struct ping_plan plan = plan_of(&target, 1);
	int64_t first_us, now_us;

	(void)state;
	step(&plan, &first_us, &found);
	ping_plan_unsent(&plan, &target, first_us);
	assert_int_equal(target.losses, 0);
	assert_int_equal(step(&plan, &now_us, &found), PING_STEP_SEND);
	assert_int_equal(now_us, first_us + INTERVAL_S * S);
	ping_plan_sent(&target, now_us + 40);
	answer(&plan, &target, now_us + 100);
	ping_plan_deinit(&plan);
}

/* Devices come and go: numbers are used again, and nobody has that of one that is gone. */
static void test_numbers(void **state)
{
	enum { N = 64 }; /* the table's first room */
	struct ping_target targets[N], more[2];
	struct ping_plan plan = plan_of(targets, N);

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		assert_ptr_equal(ping_plan_find(&plan, i), &targets[i]);
	ping_plan_remove(&plan, &targets[7]);
	assert_null(ping_plan_find(&plan, 7));
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(ping_plan_add(&plan, &more[i], i, BASE), 0);
	assert_int_equal(more[0].number, 7);
	assert_int_equal(more[1].number, N);
	assert_ptr_equal(ping_plan_find(&plan, N), &more[1]);
	assert_null(ping_plan_find(&plan, N + 1));
	assert_null(ping_plan_find(&plan, UINT32_MAX));
	ping_plan_deinit(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_even),
		cmocka_unit_test(test_hurried_for_slot),
		cmocka_unit_test(test_slots_do_not_drift),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_sequence_wraps),
		cmocka_unit_test(test_unsent),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
