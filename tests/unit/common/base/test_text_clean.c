/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets of devices made text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "common/base/text_clean.h"

#include <cmocka.h>

struct case_ {
	const char *in;
	size_t len;
	size_t size;
	const char *out;
};

#define IN(s) (s), sizeof(s) - 1

static const struct case_ CASES[] = {
	{IN("wan0"), 64, "wan0"},
	{IN(""), 64, ""},
	{IN("eth0\0"), 64, "eth0"},
	{IN("  Fast  Ethernet\t0/1 \r\n"), 64, "Fast Ethernet 0/1"},
	{IN("\xc3\xa9t\xc3\xa9"), 64, "\xc3\xa9t\xc3\xa9"},
	{IN("\xe9t\xe9"), 64, "\xc3\xa9t\xc3\xa9"},   /* Latin-1 */
	{IN("\xc0\xaf"), 64, "\xc3\x80\xc2\xaf"},     /* overlong: not UTF-8 */
	{IN("\xed\xa0\x80"), 64, "\xc3\xad\xc2\xa0"}, /* surrogate; 0x80 is a control */
	{IN("\xf0\x9f\x93\xa1"), 64, "\xf0\x9f\x93\xa1"},
	{IN("\xf5"), 64, "\xc3\xb5"},
	{IN("abc\xc3"), 64, "abc\xc3\x83"},
	{IN("a\x1b[31mb\x7f"), 64, "a [31mb"},
	{IN("a\xc2\x9b"
	    "b\xe2\x80\xae"
	    "c"),
	 64, "a b c"}, /* unsafe, though well-formed */
	{IN("abcdef"), 4, "abc"},
	{IN("ab\xc3\xa9"), 4, "ab"}, /* no half characters */
	{IN("abc"), 1, ""},
};

static void test_cases(void **state)
{
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		size_t n =
			text_clean((const uint8_t *)CASES[i].in, CASES[i].len, buf, CASES[i].size);

		assert_string_equal(buf, CASES[i].out);
		assert_int_equal(n, strlen(buf));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
