/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "collector/codec/notify/utc_text.h"

#include <cmocka.h>

static void test_known(void **state)
{
	char buf[UTC_TEXT_SIZE];

	(void)state;
	assert_string_equal(utc_text(0, buf), "1970-01-01T00:00:00.000Z");
	assert_string_equal(utc_text(-5, buf), "1970-01-01T00:00:00.000Z");
	assert_string_equal(utc_text(INT64_C(951827696789), buf), "2000-02-29T12:34:56.789Z");
	assert_string_equal(utc_text(INT64_C(1795244701456), buf), "2026-11-21T07:05:01.456Z");
	assert_string_equal(utc_text(INT64_C(4107542400000), buf), "2100-03-01T00:00:00.000Z");
}

/* Each day of 500 years as the C library has it. */
static void test_each_day(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 500 * 366; day++) {
		const time_t at = (time_t)(day * 86400 + day % 86400);
		const struct utc_date got = utc_date((int64_t)at * 1000);
		struct tm tm;

		assert_non_null(gmtime_r(&at, &tm));
		assert_int_equal(got.year, tm.tm_year + 1900);
		assert_int_equal(got.month, tm.tm_mon + 1);
		assert_int_equal(got.day, tm.tm_mday);
		assert_int_equal(got.weekday, tm.tm_wday);
		assert_int_equal(got.hour * 3600 + got.minute * 60 + got.second, day % 86400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_known),
					   cmocka_unit_test(test_each_day)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
