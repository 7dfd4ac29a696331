/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives as they are configured, and as rrdcreate(1) gets them for a step. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/series/rrd_rra.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_formats(void **state)
{
	static const struct {
		const char *text;
		int64_t step_s;
		const char *want;
	} cases[] = {
		{"AVERAGE:0.5:1m:7d", 60, "RRA:AVERAGE:0.5:1:10080"},
		{"AVERAGE:0.5:5m:100d", 60, "RRA:AVERAGE:0.5:5:28800"},
		{"MAX:0.5:1d:10y", 60, "RRA:MAX:0.5:1440:3650"},
		{"AVERAGE:0.5:5m:100d", 300, "RRA:AVERAGE:0.5:1:28800"},
		/* a row is never shorter than a step, and keeps its time */
		{"AVERAGE:0.5:1m:7d", 300, "RRA:AVERAGE:0.5:1:2016"},
		{"AVERAGE:0.5:1m:1h", 10, "RRA:AVERAGE:0.5:6:60"},
		{"AVERAGE:0.5:90s:1h", 60, "RRA:AVERAGE:0.5:2:30"},
		{"MIN:0:30s:1w", 30, "RRA:MIN:0:1:20160"},
		{"LAST:0.25:1h:1y", 60, "RRA:LAST:0.25:60:8760"},
	};
	char text[RRD_RRA_TEXT_MAX];
	struct rrd_rra rra;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(rrd_rra_parse(cases[i].text, &rra), 0);
		assert_null(rrd_rra_check(cases[i].text));
		rrd_rra_format(&rra, cases[i].step_s, text);
		assert_string_equal(text, cases[i].want);
	}
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"AVERAGE",
		"AVERAGE:0.5:1m",
		"AVERAGE:0.5:1m:7d:",
		"AVERAGE:0.5:1m:7d x",
		"average:0.5:1m:7d",
		"RRA:AVERAGE:0.5:1:10080",
		"AVERAGE:1:1m:7d",
		"AVERAGE:-0.1:1m:7d",
		"AVERAGE:nan:1m:7d",
		"AVERAGE:0.5:1:10080",
		"AVERAGE:0.5:0m:7d",
		"AVERAGE:0.5:1d:1m",
		"AVERAGE:0.5:1s:100000000y",
		"AVERAGE:0.5:1m:7x",
		"AVERAGE:0.5::7d",
		"HWPREDICT:0.5:1m:7d",
	};
	struct rrd_rra rra = {.row_s = 7};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(rrd_rra_parse(cases[i], &rra), -EINVAL);
		assert_non_null(rrd_rra_check(cases[i]));
		assert_int_equal(rra.row_s, 7);
	}
}

static void test_defaults(void **state)
{
	const char *const *lists[] = {rrd_rra_default_traffic(), rrd_rra_default_other()};
	struct rrd_rra rra;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t n = 0;

		for (; lists[i][n]; n++)
			assert_int_equal(rrd_rra_parse(lists[i][n], &rra), 0);
		assert_in_range(n, 1, RRD_RRA_MAX);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
