/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures in both languages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/words/figure_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

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
	char buf[FIGURE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_string_equal(figure_rate(WORDS_EN, CASES[i].bps, buf), CASES[i].en);
		assert_string_equal(figure_rate(WORDS_ID, CASES[i].bps, buf), CASES[i].id);
	}
	assert_string_equal(figure_number(WORDS_ID, 0.25, buf), "0,25");
	assert_string_equal(figure_number(WORDS_EN, 12.34, buf), "12.3");
	assert_string_equal(figure_number(WORDS_EN, 7, buf), "7");
	assert_string_equal(figure_number(WORDS_EN, INFINITY, buf), "-");
}

static void test_durations(void **state)
{
	static const struct {
		int64_t ms;
		const char *en, *id;
	} CASES[] = {
		{0, "0 s", "0 dtk"},
		{999, "0 s", "0 dtk"},
		{59999, "59 s", "59 dtk"},
		{60000, "1 min", "1 mnt"},
		{61000, "1 min 1 s", "1 mnt 1 dtk"},
		{3600000, "1 h", "1 jam"},
		{3659000, "1 h", "1 jam"},
		{7500000, "2 h 5 min", "2 jam 5 mnt"},
		{86400000 + 59000, "1 d", "1 hari"},
		{90000000, "1 d 1 h", "1 hari 1 jam"},
		{INT64_MAX, "106751991167 d 7 h", "106751991167 hari 7 jam"},
		{-1, "-", "-"},
	};
	char buf[FIGURE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_string_equal(figure_duration(WORDS_EN, CASES[i].ms, buf), CASES[i].en);
		assert_string_equal(figure_duration(WORDS_ID, CASES[i].ms, buf), CASES[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
