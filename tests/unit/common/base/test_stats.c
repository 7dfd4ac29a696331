/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of rows makes of a struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/stats.h"

#include <cmocka.h>

struct module {
	bool failing;
	unsigned int waiting;
	size_t kept;
	int64_t longest_us;
	uint64_t big, small;
	struct {
		uint64_t by_colour[3];
	} count;
};

static const char *colour(size_t i)
{
	static const char *const NAMES[] = {"red", NULL, "blue"};

	return NAMES[i];
}

static const struct stats_row ROWS[] = {
	STATS_GAUGE(struct module, failing, "p_failing", "Failing."),
	STATS_GAUGE(struct module, waiting, "p_waiting", "Waiting."),
	STATS_GAUGE(struct module, kept, "p_kept", "Kept."),
	STATS_SECONDS(struct module, longest_us, "p_longest", "Longest."),
	STATS_COUNTER(struct module, big, "p_big", "Big."),
	STATS_COUNTER(struct module, small, "p_small", "Small."),
	STATS_COUNTERS(struct module, count.by_colour, "p_balls", "Balls.", "colour", colour),
};

struct text {
	char buf[1024];
	size_t len;
};

static void print(void *data, const struct stats_figure *figure)
{
	struct text *text = data;

	text->len += (size_t)snprintf(
		text->buf + text->len, sizeof(text->buf) - text->len, "%s %s %s%s%s=%.6f %s\n",
		figure->type == STAT_COUNTER ? "counter" : "gauge", figure->name,
		figure->label_name ? figure->label_name : "", figure->label_value ? ":" : "",
		figure->label_value ? figure->label_value : "", figure->value, figure->help);
	assert_true(text->len < sizeof(text->buf));
}

static void test_rows(void **state)
{
	const struct module module = {
		.failing = true,
		.waiting = UINT32_MAX,
		.kept = 7,
		.longest_us = 2500000,
		.big = UINT64_C(1) << 40,
		.small = 3,
		.count = {{10, 20, 30}},
	};
	struct text text = {0};

	(void)state;
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &module, print, &text);
	assert_string_equal(text.buf, "gauge p_failing =1.000000 Failing.\n"
				      "gauge p_waiting =4294967295.000000 Waiting.\n"
				      "gauge p_kept =7.000000 Kept.\n"
				      "gauge p_longest_seconds =2.500000 Longest.\n"
				      "counter p_big_total =1099511627776.000000 Big.\n"
				      "counter p_small_total =3.000000 Small.\n"
				      "counter p_balls_total colour:red=10.000000 Balls.\n"
				      "counter p_balls_total colour:blue=30.000000 Balls.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
