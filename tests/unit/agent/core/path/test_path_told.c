/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which changes of a path become events, and since when it is as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "agent/core/path/path_told.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_changes(void **state)
{
	static const struct {
		struct path_told told;
		enum path_state now;
		bool want_told;
		enum path_state want_last;
		int64_t want_since_ms; /* 1000: as the probes say */
	} cases[] = {
		/* nothing was told yet: that it is up is no news */
		{{PATH_UNKNOWN}, PATH_UP, false, PATH_UNKNOWN, 1000},
		{{PATH_UNKNOWN}, PATH_DOWN, true, PATH_DOWN, 1000},
		{{PATH_UNKNOWN}, PATH_DEGRADED, true, PATH_DEGRADED, 1000},
		{{PATH_DOWN}, PATH_UP, true, PATH_UP, 1000},
		{{PATH_UP}, PATH_DOWN, true, PATH_DOWN, 1000},
		{{PATH_DEGRADED}, PATH_DOWN, true, PATH_DOWN, 1000},
		/* told already: once is enough */
		{{PATH_DOWN}, PATH_DOWN, false, PATH_DOWN, 1000},
		{{PATH_UP}, PATH_UP, false, PATH_UP, 1000},
		/* of an earlier start: as bad as it was left, so since then */
		{{PATH_DOWN, 400}, PATH_DOWN, false, PATH_DOWN, 400},
		{{PATH_DEGRADED, 400}, PATH_DEGRADED, false, PATH_DEGRADED, 400},
		{{PATH_DEGRADED, 400}, PATH_DOWN, true, PATH_DOWN, 1000},
		{{PATH_DOWN, 400}, PATH_UP, true, PATH_UP, 1000},
		/* it may have been down in between */
		{{PATH_UP, 400}, PATH_UP, false, PATH_UP, 1000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct path_stats stats = {.state = cases[i].now, .state_since_ms = 1000};
		struct path_told told = cases[i].told;

		assert_int_equal(path_told_changed(&told, &stats), cases[i].want_told);
		assert_int_equal(told.state, cases[i].want_last);
		assert_int_equal(stats.state_since_ms, cases[i].want_since_ms);
		assert_int_equal(told.since_ms, 0);
	}
}

/* Only the first change after a start can be the end of what was before it. */
static void test_second_time(void **state)
{
	struct path_stats stats = {.state = PATH_DOWN, .state_since_ms = 1000};
	struct path_told told = {PATH_DOWN, 400};

	(void)state;
	path_told_changed(&told, &stats);
	stats = (struct path_stats){.state = PATH_UP, .state_since_ms = 2000};
	assert_true(path_told_changed(&told, &stats));
	stats = (struct path_stats){.state = PATH_DOWN, .state_since_ms = 3000};
	assert_true(path_told_changed(&told, &stats));
	assert_int_equal(stats.state_since_ms, 3000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_second_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
