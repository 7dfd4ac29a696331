/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Well-formed and other UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

#include <cmocka.h>

static void test_clean(void **state)
{
	static const struct {
		const char *text, *want;
		bool valid;
	} cases[] = {
		{"", "", true},
		{"wan0", "wan0", true},
		{"caf\xc3\xa9", "caf\xc3\xa9", true},
		{"\xe2\x82\xac", "\xe2\x82\xac", true},
		{"\xf0\x9f\x93\xb6", "\xf0\x9f\x93\xb6", true},
		{"caf\xe9", "caf?", false},
		{"\xc3", "?", false},
		{"\xc0\xaf", "??", false},	     /* overlong */
		{"\xe0\x80\xaf", "???", false},	     /* overlong */
		{"\xed\xa0\x80", "???", false},	     /* surrogate */
		{"\xf4\x90\x80\x80", "????", false}, /* above U+10FFFF */
		{"\xf5\x80\x80\x80", "????", false},
		{"\xe2\x82", "??", false},
		{"a\nb\x7f", "a?b?", true}, /* well-formed, but not for a line */
		{"a\xc2\x9b"
		 "2Jb",
		 "a?2Jb", true}, /* C1: an escape sequence */
		{"a\xc2\xa0"
		 "b",
		 "a\xc2\xa0"
		 "b",
		 true},
		{"\xe2\x80\xae"
		 "xcod",
		 "?xcod", true}, /* right to left */
		{"\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x81\xa6\xe2\x81\xaa",
		 "\xe2\x80\xa7???\xe2\x81\xaa", true},
		{"\xd8\x9c\xd8\x9d", "?\xd8\x9d", true},
		{"0123456789abcde", "0123456789abcde", true},
		{"0123456789abcdef", "0123456789abcde", true},
		{"0123456789abc\xe2\x82\xac", "0123456789abc", true}, /* no half characters */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[16];

		assert_int_equal(utf8_text_is_valid(cases[i].text, strlen(cases[i].text)),
				 cases[i].valid);
		assert_int_equal(utf8_text_clean(cases[i].text, buf, sizeof(buf)),
				 strlen(cases[i].want));
		assert_string_equal(buf, cases[i].want);
	}
}

/* Octets, not a text that a NUL ends. */
static void test_octets(void **state)
{
	char buf[8];

	(void)state;
	assert_true(utf8_text_is_valid("eth0\0", 5));
	assert_false(utf8_text_is_valid("e\0\xe9", 3));
	assert_int_equal(utf8_text_clean_octets("e\0\xe9x", 4, buf, sizeof(buf)), 4);
	assert_string_equal(buf, "e??x");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_clean),
						  cmocka_unit_test(test_octets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
