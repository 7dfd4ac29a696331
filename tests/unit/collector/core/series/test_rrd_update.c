/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rrd_update: what a file of one-minute steps is told for a sample, after what it was told before. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/core/series/rrd_update.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

/* Times in ms from 1200 s on, which is a whole minute. */
static const struct {
	const char *what;
	int64_t last_ms;
	double last, value;
	int64_t start_ms, end_ms;
	const char *told[RRD_UPDATES_MAX];
} CASES[] = {
	{"a minute on the minute", 1200000, 5, 7, 1200000, 1260000, {"1260.000:7"}},
	/* the border between two steps gets an update of its own */
	{"a minute 250 ms behind it",
	 1200250,
	 5,
	 7,
	 1200250,
	 1260250,
	 {"1260.000:7", "1260.250:7"}},
	{"jitter is no gap", 1200000, 5, 7, 1202000, 1262000, {"1260.000:7", "1262.000:7"}},
	{"what was not measured is unknown",
	 1200000,
	 5,
	 7,
	 1320000,
	 1380000,
	 {"1259.000:U", "1320.000:U", "1380.000:7"}},
	{"a gap that begins within a second",
	 1200250,
	 5,
	 7,
	 1321000,
	 1381000,
	 {"1201.000:5", "1259.000:U", "1321.000:U", "1380.000:7", "1381.000:7"}},
	{"known becomes unknown at a whole second",
	 1200250,
	 5,
	 NAN,
	 1200250,
	 1260250,
	 {"1201.000:5", "1259.000:U", "1260.000:U"}},
	{"unknown stays unknown", 1200000, NAN, NAN, 1200000, 1260250, {"1260.000:U"}},
	{"unknown becomes known", 1260000, NAN, 7, 1260000, 1320000, {"1320.000:7"}},
	{"two steps in one sample", 1200000, 5, 7, 1200000, 1320000, {"1260.000:7", "1320.000:7"}},
	/* librrd makes what is beyond the heartbeat unknown by itself */
	{"more than the heartbeat in one sample",
	 1200000,
	 5,
	 7,
	 1200000,
	 1500000,
	 {"1259.000:U", "1500.000:7"}},
	/* as an unknown, it begins and ends at whole seconds: else the step in which it began
	 * would hold 3.25/4 of the truth */
	{"a silence from and to within a second",
	 1203250,
	 5,
	 7,
	 1203250,
	 1500250,
	 {"1204.000:5", "1259.000:U", "1500.000:7"}},
	{"what is left of it fits the heartbeat",
	 1203250,
	 5,
	 7,
	 1203250,
	 1430250,
	 {"1204.000:5", "1259.000:U", "1260.000:7", "1320.000:7", "1380.000:7", "1430.250:7"}},
};

static void test_plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct rrd_timeline line = {.step_ms = 60000,
						  .n_ds = 1,
						  .last_ms = CASES[i].last_ms,
						  .last_value = {CASES[i].last}};
		struct rrd_update update;
		int n = 0;

		rrd_update_plan(&update, &line, CASES[i].start_ms, CASES[i].end_ms,
				&CASES[i].value);
		for (; CASES[i].told[n]; n++)
			if (n >= update.n || strcmp(update.argv[n], CASES[i].told[n]) != 0)
				fail_msg("%s: %d is %s instead of %s", CASES[i].what, n,
					 n < update.n ? update.argv[n] : "nothing",
					 CASES[i].told[n]);
		if (update.n != n)
			fail_msg("%s: %d told, the last %s", CASES[i].what, update.n,
				 update.argv[update.n - 1]);
		assert_true(update.last_ms <= CASES[i].end_ms);
	}
}

/* The most that one sample of the most data sources can make. */
static void test_room(void **state)
{
	struct rrd_timeline line = {.step_ms = 60000, .n_ds = SAMPLE_DS_MAX, .last_ms = 1200250};
	double value[SAMPLE_DS_MAX];
	struct rrd_update update;

	(void)state;
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++) {
		line.last_value[i] = -1.23456789012e-300;
		value[i] = i ? -9.87654321098e+300 : NAN;
	}
	for (int64_t end_ms = 1201000; end_ms < 1700000; end_ms += 333)
		for (int64_t start_ms = 1200250; start_ms < end_ms; start_ms += 7001) {
			rrd_update_plan(&update, &line, start_ms, end_ms, value);
			assert_in_range(update.n, 1, RRD_UPDATES_MAX);
			for (int i = 0; i < update.n; i++)
				assert_true(strlen(update.argv[i]) < RRD_UPDATE_TEXT_MAX);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
