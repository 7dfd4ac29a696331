/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pantauctl writes: words, figures and times in both languages, tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"

#include <cmocka.h>

static void test_languages(void **state)
{
	static const struct {
		const char *locale;
		enum ctl_lang lang;
	} CASES[] = {
		{"id_ID.UTF-8", CTL_LANG_ID}, {"id", CTL_LANG_ID}, {"id.UTF-8", CTL_LANG_ID},
		{"en_GB.UTF-8", CTL_LANG_EN}, {"C", CTL_LANG_EN},  {NULL, CTL_LANG_EN},
		{"idn_XX", CTL_LANG_EN},      {"", CTL_LANG_EN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(ctl_lang_of(CASES[i].locale), CASES[i].lang);
	assert_string_equal(ctl_word(CTL_LANG_ID, "link-down"), "tautan putus");
	assert_string_equal(ctl_word(CTL_LANG_EN, "link-down"), "link down");
	assert_string_equal(ctl_word(CTL_LANG_ID, "something-new"), "something-new");
}

static void test_rates(void **state)
{
	static const struct {
		double bps;
		const char *en, *id;
	} CASES[] = {
		{0, "0 bit/s", "0 bit/s"},
		{999, "999 bit/s", "999 bit/s"},
		{1000, "1.0 kbit/s", "1,0 kbit/s"},
		{12345678, "12.3 Mbit/s", "12,3 Mbit/s"},
		{999999, "1.0 Mbit/s", "1,0 Mbit/s"},
		{123e6, "123 Mbit/s", "123 Mbit/s"},
		{10e9, "10.0 Gbit/s", "10,0 Gbit/s"},
		{1e18, "1000000 Tbit/s", "1000000 Tbit/s"},
		{NAN, "-", "-"},
		{-1, "-", "-"},
	};
	char buf[CTL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_string_equal(ctl_rate(CTL_LANG_EN, CASES[i].bps, buf), CASES[i].en);
		assert_string_equal(ctl_rate(CTL_LANG_ID, CASES[i].bps, buf), CASES[i].id);
	}
	assert_string_equal(ctl_number(CTL_LANG_ID, 0.25, buf), "0,25");
	assert_string_equal(ctl_number(CTL_LANG_EN, 12.34, buf), "12.3");
	assert_string_equal(ctl_number(CTL_LANG_EN, 7, buf), "7");
	assert_string_equal(ctl_number(CTL_LANG_EN, INFINITY, buf), "-");
}

static void test_times(void **state)
{
	char buf[CTL_TEXT_MAX];

	(void)state;
	setenv("TZ", "Asia/Jakarta", 1);
	tzset();
	assert_string_equal(ctl_duration(CTL_LANG_EN, 59999, buf), "59 s");
	assert_string_equal(ctl_duration(CTL_LANG_ID, 61000, buf), "1 mnt 1 dtk");
	assert_string_equal(ctl_duration(CTL_LANG_EN, 7500000, buf), "2 h 5 min");
	assert_string_equal(ctl_duration(CTL_LANG_ID, 90000000, buf), "1 hari 1 jam");
	assert_string_equal(ctl_duration(CTL_LANG_EN, -1, buf), "-");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),  cmocka_unit_test(test_rates),
		cmocka_unit_test(test_times),	   cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
