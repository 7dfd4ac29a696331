/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not known is null on the way out and not known on the way in. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"

#include <cmocka.h>

static void test_put(void **state)
{
	json_t *json = json_object();
	char *text;

	(void)state;
	member_put_number(json, "number", 0.25);
	member_put_number(json, "no_number", NAN);
	member_put_number(json, "endless", INFINITY);
	member_put_rounded(json, "rounded", 2.5);
	member_put_rounded(json, "too_much", 9e18);
	member_put_positive(json, "time", 7);
	member_put_positive(json, "no_time", 0);
	member_put_integer(json, "zero", 0);
	member_put_bool(json, "yes", true);
	member_put_text(json, "text", "a\x1b\xe9");
	member_put_text(json, "empty", "");
	member_put_text(json, "no_text", NULL);
	member_put_known(json, "known", "x");
	member_put_known(json, "unknown", "");
	text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	assert_string_equal(text,
			    "{\"number\":0.25,\"no_number\":null,\"endless\":null,\"rounded\":3,"
			    "\"too_much\":null,\"time\":7,\"no_time\":null,\"zero\":0,\"yes\":true,"
			    "\"text\":\"a??\",\"empty\":\"\",\"no_text\":null,\"known\":\"x\","
			    "\"unknown\":null}");
	free(text);
	json_decref(json);
}

static void test_long_texts_are_cut(void **state)
{
	json_t *json = json_object(), *alone;
	char text[MEMBER_LONG_MAX + 10];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	member_put_text(json, "text", text);
	alone = member_text_json(text);
	assert_int_equal(strlen(member_text(json, "text")), MEMBER_TEXT_MAX - 1);
	assert_int_equal(json_string_length(alone), MEMBER_LONG_MAX - 1);
	json_decref(alone);
	json_decref(json);
}

static void test_get(void **state)
{
	json_t *json = json_pack("{s:s, s:f, s:i, s:b, s:n}", "t", "text", "n", 1.5, "i", 7, "b", 1,
				 "null");

	(void)state;
	assert_string_equal(member_text(json, "t"), "text");
	assert_string_equal(member_text(json, "n"), "");
	assert_string_equal(member_text(NULL, "t"), "");
	assert_true(member_number(json, "n") == 1.5 && member_number(json, "i") == 7);
	assert_true(isnan(member_number(json, "null")) && isnan(member_number(json, "t")));
	assert_int_equal(member_integer(json, "i"), 7);
	assert_int_equal(member_integer(json, "missing"), 0);
	assert_true(member_bool(json, "b"));
	assert_false(member_bool(json, "i"));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_long_texts_are_cut),
		cmocka_unit_test(test_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
