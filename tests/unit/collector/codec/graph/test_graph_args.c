/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rrd_graph_v is asked: escaped texts, scales, words of both languages. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/graph/graph_args.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct graph_source TRAFFIC = {
	.path = "/var/lib/a:b/traffic.rrd",
	.n_ds = 2,
	.ds = {"in", "out"},
	.has_max = true,
	.step_s = 60,
	.known = {true, false},
	.p95 = {1250000, NAN},
	.footer = "drawn",
};

static bool has(const struct graph_args *args, const char *word)
{
	for (int i = 0; i < args->n; i++)
		if (strcmp(args->argv[i], word) == 0)
			return true;
	return false;
}

static bool has_part(const struct graph_args *args, const char *part)
{
	for (int i = 0; i < args->n; i++)
		if (strstr(args->argv[i], part))
			return true;
	return false;
}

static void test_traffic(void **state)
{
	const struct graph_request request = {.kind = GRAPH_SVG,
					      .range = GRAPH_DAY,
					      .lang = WORDS_ID,
					      .end_s = 1700000000,
					      .capacity_in_bps = 100000000,
					      .capacity_out_bps = 100000000,
					      .group = "traffic",
					      .title = "Dinas: \"A\" \\ B"};
	struct graph_args args;

	(void)state;
	assert_int_equal(graph_args_build(&args, &request, &TRAFFIC), 0);
	assert_null(args.argv[args.n]);
	assert_true(has(&args, "SVG"));
	assert_true(has(&args, "1699913600"));
	assert_true(has(&args, "1700000000"));
	/* a word of its own needs no escape; a field inside an element does */
	assert_true(has(&args, "Dinas: \"A\" \\ B  ·  1 hari"));
	assert_true(has(&args, "DEF:a0=/var/lib/a\\:b/traffic.rrd:in:AVERAGE"));
	assert_true(has(&args, "DEF:m1=/var/lib/a\\:b/traffic.rrd:out:MAX"));
	assert_true(has(&args, "CDEF:v0=a0,8,*"));
	assert_true(has_part(&args, ":Masuk  "));
	assert_true(has(&args, "COMMENT:  10.00 Mb/s")); /* 1 250 000 octets/s */
	assert_true(has(&args, "COMMENT:           -")); /* not known, never zero */
	assert_true(has_part(&args, "GPRINT:avg0:"));
	assert_false(has_part(&args, "GPRINT:avg1:"));
	assert_true(has_part(&args, "HRULE:100000000"));
	assert_true(has_part(&args, "Kapasitas  100 Mbit/s"));
	/* grey only up to where a sample must have come */
	assert_true(has_part(&args, "CDEF:gap=v0,UN,TIME,1699999580,LT"));
	graph_args_deinit(&args);
}

static void test_english_week(void **state)
{
	const struct graph_request request = {.kind = GRAPH_PNG,
					      .range = GRAPH_WEEK,
					      .lang = WORDS_EN,
					      .theme = GRAPH_LIGHT,
					      .end_s = 1700000000,
					      .capacity_in_bps = 50000000,
					      .capacity_out_bps = 20000000,
					      .group = "traffic",
					      .title = "x"};
	struct graph_source source = TRAFFIC;
	struct graph_args args;

	(void)state;
	assert_int_equal(graph_args_build(&args, &request, &source), 0);
	assert_true(has(&args, "PNG"));
	assert_true(has_part(&args, "Capacity in  50 Mbit/s"));
	assert_true(has_part(&args, "Capacity out  20 Mbit/s"));
	assert_true(has_part(&args, "LINE1:x0")); /* peaks over the means */
	assert_false(has_part(&args, "Masuk"));
	graph_args_deinit(&args);
	source.has_max = false;
	assert_int_equal(graph_args_build(&args, &request, &source), 0);
	assert_false(has_part(&args, ":MAX"));
	assert_false(has_part(&args, "LINE1:x0"));
	graph_args_deinit(&args);
}

/* Any group, even one that this version does not know, with as many lines as a file may
 * have. */
static void test_other_groups(void **state)
{
	struct graph_request request = {.end_s = 1700000000, .group = "new", .title = "x"};
	struct graph_source source = {.path = "p", .n_ds = SAMPLE_DS_MAX, .step_s = 60};
	struct graph_args args;

	(void)state;
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++) {
		strcpy(source.ds[i], i ? "out_errors" : "nineteen_characters");
		source.p95[i] = NAN;
	}
	assert_int_equal(graph_args_build(&args, &request, &source), 0);
	assert_true(has(&args, "CDEF:v15=a15,1,*"));
	assert_true(has_part(&args, ":Galat keluar  "));
	graph_args_deinit(&args);
}

static void test_groups(void **state)
{
	(void)state;
	assert_true(graph_group_factor("traffic") == 8);
	assert_true(graph_group_factor("rtt") == 1);
	assert_string_equal(graph_group_unit("traffic"), "bit/s");
	assert_string_equal(graph_group_unit("whatever"), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traffic),
		cmocka_unit_test(test_english_week),
		cmocka_unit_test(test_other_groups),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
