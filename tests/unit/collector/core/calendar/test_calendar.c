/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hours of the week, days of the year, and a moment in both. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/calendar/calendar.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define AT(hour, minute) ((hour)*60 + (minute))

static void test_hours(void **state)
{
	struct office_hours hours;

	(void)state;
	assert_null(office_hours_parse(
		"Sen-Kam 07:00-15:30, fri 07.00-11.00 13:00-14:30; Sat 08:00-24:00", &hours));
	assert_true(office_hours_cover(&hours, 1, AT(7, 0)));
	assert_true(office_hours_cover(&hours, 4, AT(15, 29)));
	assert_false(office_hours_cover(&hours, 4, AT(15, 30)));
	assert_false(office_hours_cover(&hours, 1, AT(6, 59)));
	assert_true(office_hours_cover(&hours, 5, AT(10, 59)));
	assert_false(office_hours_cover(&hours, 5, AT(12, 0)));
	assert_true(office_hours_cover(&hours, 5, AT(14, 0)));
	assert_true(office_hours_cover(&hours, 6, AT(23, 59)));
	assert_false(office_hours_cover(&hours, 0, AT(9, 0)));
	/* Past the end of the week. */
	assert_null(office_hours_parse("Sabtu-Mon 00:00-24:00", &hours));
	assert_true(office_hours_cover(&hours, 0, 0));
	assert_true(office_hours_cover(&hours, 1, 0));
	assert_false(office_hours_cover(&hours, 2, 0));
	assert_null(office_hours_parse(" ", &hours));
	assert_true(office_hours_cover(&hours, 0, AT(3, 0)));
}

static void test_hours_refused(void **state)
{
	static const struct {
		const char *text, *wrong;
	} CASES[] = {
		{"Mnt 07:00-15:30", "\"Mnt\" is no day"},
		{"Mo 07:00-15:30", "\"Mo\" is no day"},
		{"Mon-Foo 07:00-15:30", "\"Mon-Foo\" is no day"},
		{"Mon", "\"Mon\" has no hours"},
		{"Mon 7-15", "\"7-15\" is no span of hours"},
		{"Mon 07:60-15:00", "\"07:60-15:00\" is no span"},
		{"Mon 07:00-24:01", "\"07:00-24:01\" is no span"},
		{"Mon 07:00-15:30x", "\"07:00-15:30x\" is no span"},
		{"Mon 22:00-06:00", "\"22:00-06:00\" ends before it begins"},
		{"Mon 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00",
		 "\"09:00-10:00\" is the fifth span"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct office_hours hours;
		const char *wrong = office_hours_parse(CASES[i].text, &hours);

		assert_non_null(wrong);
		assert_memory_equal(wrong, CASES[i].wrong, strlen(CASES[i].wrong));
	}
}

static int parse(const char *text, struct holidays *ret, struct conf_errors *errors)
{
	return holidays_parse("h.txt", text, strlen(text), ret, errors);
}

static void test_days(void **state)
{
	struct conf_errors errors = {0};
	struct holidays holidays = {0};

	(void)state;
	assert_int_equal(parse("\xef\xbb\xbf# SKB\r\n\r\n2026-12-30..2027-01-01 Tahun Baru\r\n"
			       "2026-01-01\tTahun Baru\n2026-12-31\n2028-02-29 kabisat",
			       &holidays, &errors),
			 0);
	assert_int_equal(holidays.n, 5);
	assert_true(holidays_have(&holidays, 2026, 1, 1));
	assert_true(holidays_have(&holidays, 2026, 12, 31));
	assert_true(holidays_have(&holidays, 2027, 1, 1));
	assert_false(holidays_have(&holidays, 2027, 1, 2));
	assert_int_equal(holidays_last_year(&holidays), 2028);
	holidays_deinit(&holidays);
	assert_int_equal(parse("", &holidays, &errors), 0);
	assert_false(holidays_have(&holidays, 2026, 1, 1));
	assert_int_equal(holidays_last_year(&holidays), 0);
	holidays_deinit(&holidays);
}

static void test_days_refused(void **state)
{
	static const struct {
		const char *text, *wrong;
	} CASES[] = {
		{"\n1 Januari 2026\n", "h.txt:2: \"1 Januari 2026\" is not a day and its name"},
		{"2026-02-29\n", "h.txt:1: \"2026-02-29\" is not a day"},
		{"2026-1-1\n", "h.txt:1: \"2026-1-1\" is not a day"},
		{"2026-01-01..2026-13-01\n", "h.txt:1: \"2026-01-01..2026-13-01\" is not a day"},
		{"2026-01-02..2026-01-01\n", "h.txt:1: \"2026-01-02..2026-01-01\" ends before"},
		{"2026-01-01..2026-03-01\n", "h.txt:1: \"2026-01-01..2026-03-01\" is longer"},
		{"2026-01-01x\n", "h.txt:1: \"2026-01-01x\" is not a day"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct holidays holidays = {0};

		assert_int_equal(parse(CASES[i].text, &holidays, &errors), -EINVAL);
		assert_int_equal(errors.n, 1);
		assert_memory_equal(errors.lines[0], CASES[i].wrong, strlen(CASES[i].wrong));
		conf_errors_deinit(&errors);
	}
}

static void test_moment(void **state)
{
	struct local_time monday = {
		.year = 2026, .month = 1, .day = 5, .weekday = 1, .minute = AT(7, 0)};
	struct conf_errors errors = {0};
	struct calendar calendar = {0};

	(void)state;
	assert_null(office_hours_parse("Mon-Fri 07:00-15:30", &calendar.hours));
	assert_true(calendar_is_office_time(&calendar, &monday));
	monday.minute--;
	assert_false(calendar_is_office_time(&calendar, &monday));
	monday.minute = AT(12, 0);
	assert_int_equal(parse("2026-01-05 libur\n", &calendar.holidays, &errors), 0);
	assert_false(calendar_is_office_time(&calendar, &monday));
	monday.day += 7;
	assert_true(calendar_is_office_time(&calendar, &monday));
	monday.day -= 7;
	assert_null(office_hours_parse("", &calendar.hours));
	assert_true(calendar_is_office_time(&calendar, &monday));
	holidays_deinit(&calendar.holidays);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours),  cmocka_unit_test(test_hours_refused),
		cmocka_unit_test(test_days),   cmocka_unit_test(test_days_refused),
		cmocka_unit_test(test_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
