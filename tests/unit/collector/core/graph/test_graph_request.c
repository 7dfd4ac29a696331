/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges by name, and which requests are the same picture. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/graph/graph_request.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_ranges(void **state)
{
	static const char *const names[] = {"hour", "6h", "day", "week", "month", "year"};
	enum graph_range range = GRAPH_YEAR;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(graph_range_parse(names[i], &range), 0);
		assert_int_equal(range, i);
		assert_string_equal(graph_range_name(range), names[i]);
		assert_true(graph_range_s(range) / graph_range_step_s(range) >= 288);
	}
	assert_int_equal(graph_range_parse("", &range), -EINVAL);
	assert_int_equal(graph_range_parse("decade", &range), -EINVAL);
}

static void test_same(void **state)
{
	const struct graph_request hour = {.group = "traffic", .device_id = "opd-01", .end_s = 1};
	struct graph_request others[12], later = hour;

	(void)state;
	later.end_s = 2;
	assert_true(graph_request_is_same(&hour, &later));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		others[i] = hour;
	others[0].kind = GRAPH_SVG;
	others[1].range = GRAPH_6H;
	others[2].lang = WORDS_EN;
	others[3].theme = GRAPH_LIGHT;
	others[4].width = 400;
	others[5].height = 400;
	others[6].capacity_in_bps = 1;
	others[7].capacity_out_bps = 1;
	strcpy(others[8].group, "rtt");
	strcpy(others[9].device_id, "opd-02");
	strcpy(others[10].object, "lan0");
	strcpy(others[11].title, "Badan");
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(graph_request_is_same(&hour, &others[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
