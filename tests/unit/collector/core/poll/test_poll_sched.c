/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots, spread, back-off, waking, stalls: in virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/core/poll/poll_sched.h"

#include <cmocka.h>

#define S INT64_C(1000000)

static uint64_t hash_of(uint64_t i)
{
	i = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
	return i ^ i >> 31;
}

static void test_no_drift(void **state)
{
	struct poll_sched sched;
	struct poll_sched_entry entry;
	int64_t slot = -1, late, at;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	assert_int_equal(poll_sched_add(&sched, &entry, hash_of(1), 10 * S, 0, 1000 * S), 0);
	for (int i = 0; i < 1000; i++) {
		at = poll_sched_due_us(&sched);
		assert_null(poll_sched_pop(&sched, at - 1, &late));
		assert_ptr_equal(poll_sched_pop(&sched, at + 3000, &late), &entry);
		assert_int_equal(late, 3000);
		if (i == 1)
			slot = at;
		if (i > 1)
			assert_in_range(at, slot + (i - 1) * 10 * S - 10000,
					slot + (i - 1) * 10 * S + 10000);
		poll_sched_done(&sched, &entry, true, at + 500000);
	}
	poll_sched_deinit(&sched);
}

static void test_spread(void **state)
{
	enum { N = 10000 };
	struct poll_sched_entry *entries = calloc(N, sizeof(*entries));
	unsigned int per_100ms[100] = {0};
	struct poll_sched sched;
	int64_t late;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(poll_sched_add(&sched, &entries[i], hash_of(i), 10 * S, 10 * S, 0),
				 0);
	for (size_t i = 0; i < N; i++) {
		int64_t at = poll_sched_due_us(&sched);
		struct poll_sched_entry *e = poll_sched_pop(&sched, at, &late);

		assert_in_range(at, 0, 10 * S - 1);
		per_100ms[at / 100000]++;
		poll_sched_done(&sched, e, true, at);
	}
	for (size_t i = 0; i < 100; i++)
		assert_in_range(per_100ms[i], 50, 160); /* 100 expected */
	free(entries);
	poll_sched_deinit(&sched);
}

/* Lets n polls pass: how many moments they were at, and how many the fullest had. */
static unsigned int count_batches(struct poll_sched *sched, size_t n, unsigned int *ret_most)
{
	unsigned int batches = 0, polls = 0;
	int64_t at, last = -1, late;

	*ret_most = 0;
	for (size_t i = 0; i < n; i++) {
		at = poll_sched_due_us(sched);
		polls = at == last ? polls + 1 : 1;
		batches += at != last;
		*ret_most = polls > *ret_most ? polls : *ret_most;
		last = at;
		poll_sched_done(sched, poll_sched_pop(sched, at, &late), true, at);
	}
	return batches;
}

/* What is cheap is a batch; what is too much is a batch that fills the engine's window. */
static void test_batches(void **state)
{
	static const struct {
		size_t n;
		int64_t interval_s;
		unsigned int least, most; /* polls in a batch on average */
	} CASES[] = {
		{271, 10, 2, 4},     {271, 60, 1, 2},	   {2710, 10, 16, 32},
		{10000, 10, 16, 32}, {100000, 60, 16, 32}, {100000, 20, 16, 40},
	};
	struct poll_sched_entry *entries = calloc(100000, sizeof(*entries));

	(void)state;
	for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
		size_t n = CASES[c].n;
		unsigned int batches, most;
		struct poll_sched sched;

		poll_sched_init(&sched, 0, 300 * S);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(poll_sched_add(&sched, &entries[i], hash_of(i),
							CASES[c].interval_s * S,
							CASES[c].interval_s * S, 0),
					 0);
		count_batches(&sched, n, &most); /* the first polls are on no grid */
		batches = count_batches(&sched, n, &most);
		assert_in_range(n / batches, CASES[c].least, CASES[c].most);
		assert_in_range(most, 1, 3 * CASES[c].most);
		poll_sched_deinit(&sched);
	}
	free(entries);
}

/* Others come and go, the grid with them: a device's polls stay an interval apart. */
static void test_grid_changes(void **state)
{
	enum { N = 20000 };
	struct poll_sched_entry *entries = calloc(N, sizeof(*entries));
	struct poll_sched_entry *watched = &entries[0], *e;
	int64_t at, late, last = 0, grid, finest = 0;
	struct poll_sched sched;
	size_t n = 1;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	assert_int_equal(poll_sched_add(&sched, watched, hash_of(77), 10 * S, 0, 0), 0);
	grid = sched.grid_us;
	while (last < 200 * S) {
		at = poll_sched_due_us(&sched);
		e = poll_sched_pop(&sched, at, &late);
		poll_sched_done(&sched, e, true, at);
		if (e == watched && at > 30 * S) {
			assert_in_range(at - last, 9 * S + 890000, 10 * S + 110000);
			last = at;
		} else if (e == watched) {
			last = at;
		}
		for (int i = 0; i < 8 && at < 100 * S && n < N; i++, n++)
			assert_int_equal(
				poll_sched_add(&sched, &entries[n], hash_of(n), 10 * S, 10 * S, at),
				0);
		if (n == N)
			finest = sched.grid_us;
		if (at > 100 * S && n > 1)
			poll_sched_remove(&sched, &entries[--n]);
	}
	assert_in_range(finest, 1, grid / 4);
	assert_int_equal(n, 1);
	assert_int_equal(sched.grid_us, grid);
	free(entries);
	poll_sched_deinit(&sched);
}

static void test_back_off(void **state)
{
	static const int64_t PAUSES[] = {5,   10,  20,	40, 80,
					 160, 300, 300, 300}; /* at most; slots may be nearer */
	struct poll_sched sched;
	struct poll_sched_entry entry;
	int64_t late, now = 1000 * S, at;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	assert_int_equal(poll_sched_add(&sched, &entry, hash_of(3), 10 * S, 0, now), 0);
	for (size_t i = 0; i < sizeof(PAUSES) / sizeof(PAUSES[0]); i++) {
		assert_ptr_equal(poll_sched_pop(&sched, now, &late), &entry);
		poll_sched_done(&sched, &entry, false, now);
		at = poll_sched_due_us(&sched);
		assert_true(at - now <= PAUSES[i] * S + 10000);
		assert_true(at - now > (PAUSES[i] - 10) * S - 10000);
		now = at;
	}
	assert_int_equal(sched.backed_off, 1);
	/* one answer, and it is back in its slots */
	assert_ptr_equal(poll_sched_pop(&sched, now, &late), &entry);
	poll_sched_done(&sched, &entry, true, now);
	assert_true(poll_sched_due_us(&sched) - now <= 15 * S);
	assert_int_equal(sched.backed_off, 0);
	poll_sched_deinit(&sched);
}

static void test_wake(void **state)
{
	struct poll_sched sched;
	struct poll_sched_entry entry;
	int64_t late;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	assert_int_equal(poll_sched_add(&sched, &entry, hash_of(3), 60 * S, 0, 0), 0);
	for (int i = 0; i < 8; i++) {
		int64_t at = poll_sched_due_us(&sched);

		poll_sched_pop(&sched, at, &late);
		poll_sched_done(&sched, &entry, false, at);
	}
	poll_sched_wake(&sched, &entry, 5000 * S);
	assert_int_equal(poll_sched_due_us(&sched), 5000 * S);
	assert_int_equal(entry.failures, 0);
	assert_ptr_equal(poll_sched_pop(&sched, 5000 * S, &late), &entry);
	/* heard of again while the cycle runs: another follows */
	poll_sched_wake(&sched, &entry, 5000 * S + 100);
	assert_int_equal(poll_sched_due_us(&sched), INT64_MAX);
	poll_sched_done(&sched, &entry, true, 5001 * S);
	assert_int_equal(poll_sched_due_us(&sched), 5001 * S);
	poll_sched_remove(&sched, &entry);
	assert_int_equal(sched.n, 0);
	poll_sched_deinit(&sched);
}

static void test_stall_is_no_burst(void **state)
{
	enum { N = 1000 };
	static struct poll_sched_entry entries[N];
	struct poll_sched sched;
	int64_t late, now = 9 * S;
	unsigned int at_once = 0;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(poll_sched_add(&sched, &entries[i], hash_of(i), 10 * S, 10 * S, 0),
				 0);
	now += 600 * S; /* stopped for ten minutes */
	while (poll_sched_pop(&sched, now, &late))
		at_once++;
	assert_true(at_once <= 1);
	assert_int_equal(sched.slots_missed, N);
	assert_true(poll_sched_due_us(&sched) <= now + S);
	poll_sched_deinit(&sched);
}

static void test_long_cycle(void **state)
{
	struct poll_sched sched;
	struct poll_sched_entry entry;
	int64_t late, at;

	(void)state;
	poll_sched_init(&sched, 0, 300 * S);
	assert_int_equal(poll_sched_add(&sched, &entry, hash_of(5), 10 * S, 0, 0), 0);
	at = poll_sched_due_us(&sched);
	poll_sched_pop(&sched, at, &late);
	poll_sched_done(&sched, &entry, true, at + 25 * S);
	assert_true(poll_sched_due_us(&sched) > at + 25 * S);
	assert_true(poll_sched_due_us(&sched) <= at + 35 * S);
	assert_true(sched.slots_missed >= 1);
	poll_sched_deinit(&sched);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_drift),	  cmocka_unit_test(test_spread),
		cmocka_unit_test(test_back_off),	  cmocka_unit_test(test_wake),
		cmocka_unit_test(test_stall_is_no_burst), cmocka_unit_test(test_long_cycle),
		cmocka_unit_test(test_batches),		  cmocka_unit_test(test_grid_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
