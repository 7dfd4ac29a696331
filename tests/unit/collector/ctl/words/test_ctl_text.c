/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pantauctl writes: states and times, tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_language(void **state)
{
	static const struct {
		const char *lc_all, *lc_messages, *lang;
		bool chosen;
		enum words_lang want;
	} CASES[] = {
		{NULL, NULL, NULL, false, 0},
		{"", "", "", false, 0},
		{NULL, NULL, "C.UTF-8", false, 0}, /* the machine's, nobody's choice */
		{NULL, "POSIX", "id_ID", false, 0},
		{NULL, NULL, "id_ID.UTF-8", true, WORDS_ID},
		{NULL, NULL, "Cx", true, WORDS_EN},
		{"C", NULL, "id_ID.UTF-8", true, WORDS_EN},
		{"", "en_GB", "id_ID.UTF-8", true, WORDS_EN},
		{NULL, NULL, "de_DE.UTF-8", true, WORDS_EN},
		{"id", "en_GB", "en_GB", true, WORDS_ID},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		enum words_lang lang = WORDS_LANG_N;

		assert_int_equal(
			ctl_text_lang(CASES[i].lc_all, CASES[i].lc_messages, CASES[i].lang, &lang),
			CASES[i].chosen);
		assert_int_equal(lang, CASES[i].chosen ? CASES[i].want : WORDS_LANG_N);
	}
}

static void test_states(void **state)
{
	char buf[CTL_TEXT_MAX];

	(void)state;
	assert_string_equal(ctl_status_word(WORDS_ID, "degraded", buf), "terganggu");
	assert_string_equal(ctl_status_word(WORDS_ID, "down", buf), "MATI");
	assert_string_equal(ctl_status_word(WORDS_EN, "auth-failed", buf), "AUTH FAILED");
	assert_string_equal(ctl_status_word(WORDS_EN, "something-new", buf), "something-new");
}

static void test_times(void **state)
{
	char buf[CTL_TEXT_MAX];

	(void)state;
	setenv("TZ", "Asia/Jakarta", 1);
	tzset();
	/* 2026-11-21 23:30:00 UTC is the 22nd in Mojokerto */
	assert_string_equal(ctl_time(1795303800000, 1795303900000, buf), "06:30:00");
	assert_string_equal(ctl_time(1795303800000 - 8 * 3600000, 1795303900000, buf),
			    "2026-11-21 22:30:00");
	assert_string_equal(ctl_time(0, 1795303900000, buf), "-");
}

static void print(const struct ctl_table *table, char *buf, size_t size)
{
	FILE *out = fmemopen(buf, size, "w");

	ctl_table_print(table, out);
	fclose(out);
}

static void test_table(void **state)
{
	const char *const headings[] = {"id", "n", "name"};
	struct ctl_table *table = ctl_table_new("lrl", headings);
	char buf[256];

	(void)state;
	ctl_table_row(table, (const char *const[]){"opd-07", "5", "caf\xc3\xa9"});
	ctl_table_row(table, (const char *const[]){"a", "12345", "\x1b[2Jx\xc2\x9by"});
	ctl_table_row(table, (const char *const[]){"\xc3\xa9\xc3\xa9", "", NULL});
	print(table, buf, sizeof(buf));
	assert_string_equal(buf, "id          n  name\n"
				 "opd-07      5  caf\xc3\xa9\n"
				 "a       12345  ?[2Jx?y\n"
				 "\xc3\xa9\xc3\xa9             \n");
	ctl_table_free(table);
}

static void test_headed_table(void **state)
{
	static const enum word HEADINGS[] = {WORD_TERM_NAME, WORD_TERM_VALUE, WORD_N};
	struct ctl_table *table = ctl_table_headed(WORDS_ID, "lrl", HEADINGS);
	char buf[256];

	(void)state;
	ctl_table_row(table, (const char *const[]){"x", "1", "ms"});
	print(table, buf, sizeof(buf));
	assert_string_equal(buf, "nama  nilai  \n"
				 "x         1  ms\n");
	ctl_table_free(table);
}

static void test_table_fits(void **state)
{
	const char *const headings[] = {"id", "n", "name"};
	struct ctl_table *table = ctl_table_new("lrl", headings);
	char buf[512];

	(void)state;
	ctl_table_line(table, "2001:db8:1234:5678:a1b2:c3ff:fed4:e5f6\x1b");
	ctl_table_row(table, (const char *const[]){"", "5", "0123456789abcdef"});
	ctl_table_row(table, (const char *const[]){"opd-07", "12345", "0123456789abcd\xc3\xa9"});
	ctl_table_row(table, (const char *const[]){"a", "1", "0123456789abcde\xc3\xa9z"});
	ctl_table_row(table, (const char *const[]){"b", "1", "0123456789abcd"});
	ctl_table_fit(table, 32, 2); /* there is room */
	ctl_table_fit(table, 29, 2);
	print(table, buf, sizeof(buf));
	assert_string_equal(buf, "id          n  name\n"
				 "2001:db8:1234:5678:a1b2:c3ff:fed4:e5f6?\n"
				 "            5  0123456789abc\xe2\x80\xa6\n"
				 "opd-07  12345  0123456789abc\xe2\x80\xa6\n"
				 "a           1  0123456789abc\xe2\x80\xa6\n"
				 "b           1  0123456789abcd\n");
	ctl_table_fit(table, 1, 2); /* never to nothing */
	print(table, buf, sizeof(buf));
	assert_non_null(strstr(buf, "opd-07  12345  0123456789a\xe2\x80\xa6\n"));
	ctl_table_fit(table, 1, 0);
	print(table, buf, sizeof(buf));
	assert_non_null(strstr(buf, "opd-07  12345  0123456789a\xe2\x80\xa6\n"));
	ctl_table_free(table);
}

static void test_spans(void **state)
{
	static const char *const WRONG[] = {"",	   "m",	  "5",	  "0m",	     "5s",
					    "5mm", "-5m", "367d", "9999999d"};
	int64_t ms = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		assert_false(ctl_text_span(WRONG[i], &ms));
	assert_int_equal(ms, 1);
	assert_true(ctl_text_span("90m", &ms));
	assert_int_equal(ms, 5400000);
	assert_true(ctl_text_span("366d", &ms));
	assert_int_equal(ms, 366 * INT64_C(86400000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),     cmocka_unit_test(test_states),
		cmocka_unit_test(test_times),	     cmocka_unit_test(test_table),
		cmocka_unit_test(test_headed_table), cmocka_unit_test(test_table_fits),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
