/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prometheus' text: families together, escaped labels, whole numbers whole. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/metrics/metrics_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_page(void **state)
{
	static const struct stats_figure figures[] = {
		{"pantau_z", "Last.", STAT_GAUGE, NULL, NULL, 0.25},
		{"pantau_b_total", "Replies.", STAT_COUNTER, "class", "5xx", 1},
		{"pantau_a_total", "First.", STAT_COUNTER, NULL, NULL, 12345678901234},
		{"pantau_b_total", "Replies.", STAT_COUNTER, "class", "2xx", 7},
		{"pantau_unknown", "Left out.", STAT_GAUGE, NULL, NULL, NAN},
		{"pantau_name", "Escapes.", STAT_GAUGE, "name", "a\"b\\c\nd", INFINITY},
	};
	static const char want[] =
		"# HELP pantau_a_total First.\n# TYPE pantau_a_total counter\n"
		"pantau_a_total 12345678901234\n"
		"# HELP pantau_b_total Replies.\n# TYPE pantau_b_total counter\n"
		"pantau_b_total{class=\"2xx\"} 7\npantau_b_total{class=\"5xx\"} 1\n"
		"# HELP pantau_name Escapes.\n# TYPE pantau_name gauge\n"
		"pantau_name{name=\"a\\\"b\\\\c\\nd\"} +Inf\n"
		"# HELP pantau_z Last.\n# TYPE pantau_z gauge\npantau_z 0.25\n";
	struct metrics_text *text = metrics_text_new();
	size_t len = 0;
	char *page;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(figures); i++)
		metrics_text_emit(text, &figures[i]);
	page = metrics_text_print(text, &len);
	assert_non_null(page);
	assert_string_equal(page, want);
	assert_int_equal(len, strlen(want));
	free(page);
	metrics_text_free(text);
}

static void test_many(void **state)
{
	const struct stats_figure figure = {"pantau_x", "X.", STAT_GAUGE, NULL, NULL, 1};
	struct metrics_text *text = metrics_text_new();
	size_t len = 0;
	char *page;

	(void)state;
	for (int i = 0; i < 500; i++)
		metrics_text_emit(text, &figure);
	page = metrics_text_print(text, &len);
	assert_non_null(page);
	assert_int_equal(len, strlen("# HELP pantau_x X.\n# TYPE pantau_x gauge\n") +
				      500 * strlen("pantau_x 1\n"));
	free(page);
	metrics_text_free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
