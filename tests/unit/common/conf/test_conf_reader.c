/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/conf/conf_reader: what a text says, or the one thing that is wrong with it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_reader.h"

#include <cmocka.h>

#define QUOTES(line, key)                                                                          \
	"f:" line ": " key ": more than one word; write " key                                      \
	" = \"...\", and \\\" for a quote in it"

static int put_words(const struct conf_settings *all, const struct conf_setting *s, char *to,
		     size_t size)
{
	int n = 0;

	for (size_t i = s->first; i < s->first + s->n; i++)
		n += snprintf(to + n, size - (size_t)n, "[%s]%u", all->words[i].text,
			      all->words[i].line);
	return n;
}

/* One line a setting: LINE KEY, what kind, words with their lines; a section's end and what is inside. */
static void put_settings(const struct conf_settings *all, char *to, size_t size)
{
	static const char *const KINDS[] = {"=", "={}", "{", "()"};
	int n = 0;

	*to = '\0';
	for (const struct conf_setting *s = all->settings; s < all->settings + all->n; s++) {
		n += snprintf(to + n, size - (size_t)n, "%u %s %s%s", s->key.line, s->key.text,
			      s->append ? "+" : "", KINDS[s->kind]);
		if (s->title.text)
			n += snprintf(to + n, size - (size_t)n, "<%s>", s->title.text);
		if (s->kind == CONF_SETTING_SECTION)
			n += snprintf(to + n, size - (size_t)n, "%zu}%u", s->inside, s->end);
		n += put_words(all, s, to + n, size - (size_t)n);
		n += snprintf(to + n, size - (size_t)n, "\n");
	}
}

static void test_settings(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"", ""},
		{"a = b", "1 a =[b]1\n"},
		{"a=b c = d\ne\n=\nf", "1 a =[b]1\n1 c =[d]1\n2 e =[f]4\n"},
		{"a = {b, \"c d\",\n e,} f = {}", "1 a ={}[b]1[c d]1[e]2\n2 f ={}\n"},
		{"a += {b}\na += c", "1 a +={}[b]1\n2 a +=[c]2\n"},
		{"s \"t u\" {\n a = b\n v x { c = d }\n}\ns {}",
		 "1 s {<t u>3}4\n2 a =[b]2\n3 v {<x>1}3\n3 c =[d]3\n5 s {0}5\n"},
		{"include(\"x.conf\")\nf()\nf(a,b)",
		 "1 include ()[x.conf]1\n2 f ()\n3 f ()[a]3[b]3\n"},
		{"\"a\" = 'b'", "1 a =[b]1\n"},
		/* Comments, and what only looks like one. */
		{"# x\na = b# y\n// z = {\nc = d /* e = f\n */ g = h /**/ # \"",
		 "2 a =[b]2\n4 c =[d]4\n5 g =[h]5\n"},
		{"a = \"# b\" c = '/* d' e = f//g h = i/*j",
		 "1 a =[# b]1\n1 c =[/* d]1\n1 e =[f//g]1\n"
		 "1 h =[i/*j]1\n"},
		/* Escapes: C's in double quotes, two of them in single ones. */
		{"a = \"\\\"b\\\\\\n\\t\\x41\\101\\e\\.\\'\"", "1 a =[\"b\\\n\tAA\033.']1\n"},
		{"a = 'b\\n\\'\\\\\\\"'", "1 a =[b\\n'\\\\\"]1\n"},
		{"a = \"b\\\nc\" d = 'e\\\nf' g = \"h\ni\"",
		 "1 a =[bc]1\n2 d =[ef]2\n3 g =[h\ni]3\n"},
		{"a = b\\n\\\\c d = \"\"", "1 a =[b\\n\\\\c]1\n1 d =[]1\n"},
		/* A variable stands for itself where nothing could be replaced. */
		{"a = '${b}' c = \"$d {e}\" f = \"${g\"",
		 "1 a =[${b}]1\n1 c =[$d {e}]1\n1 f =[${g]1\n"},
		/* Windows. */
		{"\xef\xbb\xbf"
		 "a = b\r\nc = \"d\"\r\n",
		 "1 a =[b]1\n2 c =[d]2\n"},
		{"a = [::]:161 b = {br-*,*,c}", "1 a =[[::]:161]1\n1 b ={}[br-*]1[*]1[c]1\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_(conf_settings_deinit) struct conf_settings all = {0};
		struct conf_errors errors = {0};
		char says[512];

		assert_int_equal(
			conf_reader_read(&all, "f", cases[i].text, strlen(cases[i].text), &errors),
			0);
		put_settings(&all, says, sizeof(says));
		assert_string_equal(says, cases[i].says);
		assert_int_equal(errors.n, 0);
	}
}

/* One mistake, one line; and nothing of a value in it. */
static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *line;
	} cases[] = {
		{"a b", "f:1: a: neither '=' nor '{' behind it; write KEY = VALUE"},
		{"\na\nb = c", "f:2: a: neither '=' nor '{' behind it; write KEY = VALUE"},
		{"a \"b\"\nc = d", "f:1: a: neither '=' nor '{' behind it; write KEY = VALUE"},
		{"a: b", "f:1: a:: neither '=' nor '{' behind it; write KEY = VALUE"},
		{"a =\nb = c", "f:1: a: no value behind the '='; write KEY = VALUE"},
		{"a =", "f:1: a: no value behind the '='; write KEY = VALUE"},
		{"s x { a = }", "f:1: a: no value behind the '='; write KEY = VALUE"},
		{"= b", "f:1: a sign where a key is expected; write KEY = VALUE"},
		{"{}", "f:1: a '{' behind no key; write SECTION \"TITLE\" { ... }"},
		{"a = \"b\" {\n}", "f:1: a '{' behind no key; write SECTION \"TITLE\" { ... }"},
		{"a = b }", "f:1: a '}' that closes nothing; remove it"},
		{"s x {\n}\n}", "f:3: a '}' that closes nothing; remove it"},
		{"s x {\na = b\nt y { }\n", "f:1: s: is never closed; add a '}'"},
		{"a = \"b\"; c = d", "f:1: a ';', which ends nothing here; remove it"},
		{"a + = b", "f:1: a: a '+' without its '='; write KEY += {VALUE}"},
		/* Values that should be in quotes. */
		{"a = b c\nd = e", QUOTES("1", "a")},
		{"x = y\na = b c d", QUOTES("2", "a")},
		{"a = b, c", QUOTES("1", "a")},
		{"a = b=c", QUOTES("1", "a")},
		{"a = b+c", QUOTES("1", "a")},
		{"a = it's so\nd = 'e'", QUOTES("1", "a")},
		{"a = \"b\"c\"\nd = e", QUOTES("1", "a")},
		{"a = \"b\" secret \"c", "f:1: a string is never closed; add a \""},
		{"a = {b's, c}", QUOTES("1", "a")},
		{"a = {b c}", "f:1: a: a ',' or '}' is missing, or a ',' too many"},
		{"a = {b,\nc\nd = e", "f:2: a: a ',' or '}' is missing, or a ',' too many"},
		{"a = {,b}", "f:1: a: a ',' or '}' is missing, or a ',' too many"},
		{"a = {b", "f:1: a: a ',' or '}' is missing, or a ',' too many"},
		{"f(a", "f:1: f: a ',' or ')' is missing, or a ',' too many"},
		/* A quote that is missing is seen lines later, and told where it is missing. */
		{"\na = \"b\nc = \"d\"\n", "f:2: a string from here to line 3; close it here"},
		{"a = {\"b, c}\nd = 1\ne = \"\"\n",
		 "f:1: a string from here to line 3; close it here"},
		{"a = \"b\nc = d\n", "f:1: a: a string is never closed; add a \""},
		{"a = 'b\n", "f:1: a: a string is never closed; add a '"},
		{"a = b\n/* c\n", "f:2: a comment is never closed; add */"},
		/* Escapes and variables. */
		{"a = \"\\400\"", "f:1: a: \\ before a number; write \\\\ for a \\"},
		{"a = \"\\9\"", "f:1: a: \\ before a number; write \\\\ for a \\"},
		{"a = \"\\0\"", "f:1: a: \\ before a number; write \\\\ for a \\"},
		{"a = \"b${C}d\"", "f:1: a: ${...} is not replaced; write it in single quotes"},
		{"a = ${C}", "f:1: a: ${...} is not replaced; write it in single quotes"},
		{"a = b${C}d", "f:1: a: ${...} is not replaced; write it in single quotes"},
		{"a{a{a{a{a{a{a{a{a{a{", "f:1: a: a section too deep in others; is a '}' missing?"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_(conf_settings_deinit) struct conf_settings all = {0};
		struct conf_errors errors = {0};

		assert_int_equal(
			conf_reader_read(&all, "f", cases[i].text, strlen(cases[i].text), &errors),
			-EINVAL);
		assert_int_equal(errors.n, 1);
		assert_string_equal(errors.lines[0], cases[i].line);
		conf_errors_deinit(&errors);
	}
}

/* What a secret must not be made of. */
static void test_doubts(void **state)
{
	static const struct {
		const char *text;
		enum conf_doubt doubt;
		bool quoted;
	} cases[] = {
		{"a = \"b c\"", CONF_DOUBT_NONE, true},
		{"a = \"b\\\\ \\\" c\"", CONF_DOUBT_NONE, true},
		{"a = \"b\\c\"", CONF_DOUBT_ESCAPE, true},
		{"a = \"b\\new\"", CONF_DOUBT_ESCAPE, true},
		{"a = \"b\\101\"", CONF_DOUBT_ESCAPE, true},
		{"a = 'b\\c\\new'", CONF_DOUBT_NONE, true},
		{"a = b\\c", CONF_DOUBT_NONE, false},
		{"a = b#c", CONF_DOUBT_COMMENT, false},
		{"a = b #c", CONF_DOUBT_NONE, false},
		{"a = \"b\"#c", CONF_DOUBT_NONE, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_(conf_settings_deinit) struct conf_settings all = {0};
		struct conf_errors errors = {0};

		assert_int_equal(
			conf_reader_read(&all, "f", cases[i].text, strlen(cases[i].text), &errors),
			0);
		assert_int_equal(all.n_words, 1);
		assert_int_equal(all.words[0].doubt, cases[i].doubt);
		assert_int_equal(all.words[0].quoted, cases[i].quoted);
	}
}

/* Several files become one list; the end is that of the first. */
static void test_files(void **state)
{
	cleanup_(conf_settings_deinit) struct conf_settings all = {0};
	struct conf_errors errors = {0};

	(void)state;
	assert_int_equal(conf_reader_read(&all, "f", "a = b\n\n", 7, &errors), 0);
	assert_int_equal(conf_reader_read(&all, "g", "c = d", 5, &errors), 0);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.settings[0].file, "f");
	assert_string_equal(all.settings[1].file, "g");
	assert_int_equal(all.end, 3);
	assert_int_equal(conf_reader_read(&all, "h", "a\0b", 3, &errors), -EINVAL);
	assert_string_equal(errors.lines[0], "h: holds a NUL octet; is it a text file?");
	conf_errors_deinit(&errors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_doubts),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
