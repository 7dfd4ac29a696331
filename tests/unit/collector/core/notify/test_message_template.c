/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in their places, each escaped for where it stands. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/notify/message_template.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct template_word WORDS[] = {
	{"name", "Dinas \"A\"\n{{token}}", false},
	{"since_ms", "1767571200000", true},
	{"token", "s3cret", false},
};

static void test_fill(void **state)
{
	static const struct {
		const char *text;
		enum template_escape escape;
		const char *filled;
	} CASES[] = {
		{"", TEMPLATE_TEXT, ""},
		{"plain } text { }}", TEMPLATE_TEXT, "plain } text { }}"},
		{"<{{name}}>", TEMPLATE_TEXT, "<Dinas \"A\" {{token}}>"},
		{"{{ name }}", TEMPLATE_FORM, "Dinas%20%22A%22%0A%7B%7Btoken%7D%7D"},
		{"{\"n\": {{name}}, \"t\": {{since_ms}}}", TEMPLATE_JSON,
		 "{\"n\": \"Dinas \\u0022A\\u0022\\u000a{{token}}\", \"t\": 1767571200000}"},
		{"{{other}}{{token}}", TEMPLATE_TEXT, "s3cret"},
		{"a{{name", TEMPLATE_TEXT, "a"},
		{"{{}}b", TEMPLATE_TEXT, "b"},
	};
	char buf[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		int n = message_template_fill(CASES[i].text, WORDS, ARRAY_LEN(WORDS),
					      CASES[i].escape, buf, sizeof(buf));

		assert_string_equal(buf, CASES[i].filled);
		assert_int_equal(n, strlen(buf));
	}
}

/* All of it, or nothing. */
static void test_room(void **state)
{
	char buf[9];

	(void)state;
	assert_int_equal(message_template_fill("{{token}}12", WORDS, 3, TEMPLATE_TEXT, buf, 9), 8);
	assert_string_equal(buf, "s3cret12");
	assert_int_equal(message_template_fill("{{token}}123", WORDS, 3, TEMPLATE_TEXT, buf, 9),
			 -E2BIG);
	assert_string_equal(buf, "");
}

static void test_check(void **state)
{
	static const char *const NAMES[] = {"name", "token"};
	char wrong[64];

	(void)state;
	assert_true(message_template_is_right("{{name}} {{ token }} }}", NAMES, 2, wrong, 64));
	assert_false(message_template_is_right("{{name}} {{nama}}", NAMES, 2, wrong, 64));
	assert_string_equal(wrong, "{{nama}}");
	assert_false(message_template_is_right("{{name", NAMES, 2, wrong, 64));
	assert_string_equal(wrong, "{{");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
