/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client wants drawn. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/codec/graph/graph_query.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_taken(void **state)
{
	static const struct {
		const char *query;
		enum graph_kind kind;
		enum graph_range range;
		enum words_lang lang;
		enum graph_theme theme;
		unsigned int width, height;
		const char *group, *object;
	} cases[] = {
		{"", GRAPH_PNG, GRAPH_6H, WORDS_EN, GRAPH_DARK, 0, 0, "traffic", ""},
		{"lang=id", GRAPH_PNG, GRAPH_6H, WORDS_ID, GRAPH_DARK, 0, 0, "traffic", ""},
		{"xlang=id&t=5", GRAPH_PNG, GRAPH_6H, WORDS_EN, GRAPH_DARK, 0, 0, "traffic", ""},
		{"range=year&format=svg&theme=light", GRAPH_SVG, GRAPH_YEAR, WORDS_EN, GRAPH_LIGHT,
		 0, 0, "traffic", ""},
		{"width=200&height=1000", GRAPH_PNG, GRAPH_6H, WORDS_EN, GRAPH_DARK, 200, 1000,
		 "traffic", ""},
		{"group=errors&object=ge-0%2F1", GRAPH_PNG, GRAPH_6H, WORDS_EN, GRAPH_DARK, 0, 0,
		 "errors", "ge-0/1"},
		{"group=&object=", GRAPH_PNG, GRAPH_6H, WORDS_EN, GRAPH_DARK, 0, 0, "traffic", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct graph_request request = {.end_s = 7};

		assert_int_equal(graph_query_parse(cases[i].query, WORDS_EN, &request), 0);
		assert_int_equal(request.kind, cases[i].kind);
		assert_int_equal(request.range, cases[i].range);
		assert_int_equal(request.lang, cases[i].lang);
		assert_int_equal(request.theme, cases[i].theme);
		assert_int_equal(request.width, cases[i].width);
		assert_int_equal(request.height, cases[i].height);
		assert_string_equal(request.group, cases[i].group);
		assert_string_equal(request.object, cases[i].object);
		assert_int_equal(request.end_s, 7);
	}
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
		"range=decade",
		"range=6H",
		"format=pdf",
		"format=",
		"lang=de",
		"theme=blue",
		"width=199",
		"width=2001",
		"width=x",
		"height=79",
		"height=1001",
		"range=%",
		"group=a234567890123456789012345",
		"object=%00",
		"lang=id%00",
		"theme=dark%20",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct graph_request request = {0};

		assert_int_equal(graph_query_parse(cases[i], WORDS_ID, &request), -EINVAL);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
