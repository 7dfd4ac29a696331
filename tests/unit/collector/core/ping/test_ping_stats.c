/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ping_stats: round trip, jitter and loss of rows of echoes, by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/ping/ping_stats.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

enum { END = -2, LOST = -1 };

static const struct {
	const char *name;
	int64_t us[8];
	double rtt, jitter, loss;
} ROWS[] = {
	{"one", {1500, END}, 1.5, NAN, 0},
	{"steady", {2000, 2000, 2000, END}, 2, 0, 0},
	{"to and fro", {1000, 3000, 1000, END}, 5.0 / 3, 2, 0},
	{"one lost: no pair across it", {1000, LOST, 5000, 6000, END}, 4, 1, 25},
	{"all lost", {LOST, LOST, END}, NAN, NAN, 100},
	{"faster than the clock", {0, 0, END}, 0, 0, 0},
};

static void feed(struct ping_stats *stats, const int64_t *us)
{
	for (; *us != END; us++) {
		if (*us == LOST)
			ping_stats_lost(stats);
		else
			ping_stats_answered(stats, *us);
	}
}

static void assert_value(double is, double should)
{
	if (isnan(should))
		assert_true(isnan(is));
	else
		assert_true(fabs(is - should) < 1e-9);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
		struct ping_stats stats = ping_stats_new();
		double is[PING_VALUES];

		print_message("%s\n", ROWS[i].name);
		feed(&stats, ROWS[i].us);
		assert_true(ping_stats_take(&stats, is));
		assert_value(is[PING_RTT], ROWS[i].rtt);
		assert_value(is[PING_JITTER], ROWS[i].jitter);
		assert_value(is[PING_LOSS], ROWS[i].loss);
	}
}

static void test_intervals(void **state)
{
	struct ping_stats stats = ping_stats_new();
	double is[PING_VALUES];

	(void)state;
	assert_false(ping_stats_take(&stats, is));
	feed(&stats, (const int64_t[]){1000, LOST, 2000, END});
	assert_true(ping_stats_take(&stats, is));
	assert_false(ping_stats_take(&stats, is)); /* nothing is told twice */
	feed(&stats, (const int64_t[]){5000, END});
	assert_true(ping_stats_take(&stats, is));
	assert_value(is[PING_RTT], 5);
	assert_value(is[PING_JITTER], 3); /* the pair lies across the border */
	assert_value(is[PING_LOSS], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
