/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be asked of notifications and senders, and what is wrong use. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/page/notification_query.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_right(void **state)
{
	static const struct {
		const char *text;
		struct notification_query want;
	} cases[] = {
		{"", {.limit = 100}},
		{"limit=500&before=7", {.limit = 500, .before_id = 7}},
		{"device=opd-07",
		 {.which = NOTIFICATIONS_OF_DEVICE, .device_id = "opd-07", .limit = 100}},
		{"unknown=yes&limit=1", {.which = NOTIFICATIONS_OF_DEVICE, .limit = 1}},
		{"source=192.0.2.9",
		 {.which = NOTIFICATIONS_OF_SOURCE, .source = "192.0.2.9", .limit = 100}},
		{"source=2001:DB8:0::9",
		 {.which = NOTIFICATIONS_OF_SOURCE, .source = "2001:db8::9", .limit = 100}},
		{"source=fe80::09%25eth0",
		 {.which = NOTIFICATIONS_OF_SOURCE, .source = "fe80::9%eth0", .limit = 100}},
		{"source=%3A%3Affff:192.0.2.9",
		 {.which = NOTIFICATIONS_OF_SOURCE, .source = "192.0.2.9", .limit = 100}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notification_query got;
		const char *error = NULL;

		assert_int_equal(notification_query_parse(cases[i].text, &got, &error), 0);
		assert_null(error);
		assert_int_equal(got.which, cases[i].want.which);
		assert_int_equal(got.limit, cases[i].want.limit);
		assert_int_equal(got.before_id, cases[i].want.before_id);
		assert_string_equal(got.device_id, cases[i].want.device_id);
		assert_string_equal(got.source, cases[i].want.source);
	}
}

static void test_wrong(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"limit=0", "limit is"},
		{"limit=501", "limit is"},
		{"limit=", "limit is"},
		{"before=-1", "before is"},
		{"before=1e3", "before is"},
		{"colour=red", "known are"},
		{"limit=1&limit=2", "known are"},
		{"unknown", "known are"},
		{"unknown=no", "unknown is"},
		{"unknown=", "unknown is"},
		{"device=", "device is"},
		{"device=%ff", "device is"},
		{"device=abcdefghijklmnopqrstuvwxyz0123456", "device is"},
		{"source=opd-07", "source is"},
		{"source=", "source is"},
		{"source=192.0.2.9/24", "source is"},
		{"device=a&unknown=yes", "exclude"},
		{"source=192.0.2.9&device=a", "exclude"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notification_query got = {.limit = 4711};
		const char *error = "";

		assert_int_equal(notification_query_parse(cases[i].text, &got, &error), -EINVAL);
		if (!strstr(error, cases[i].error))
			fail_msg("%s: %s", cases[i].text, error);
		assert_int_equal(got.limit, 4711);
	}
}

static void test_senders(void **state)
{
	static const char *const WRONG[] = {"limit=201", "before=x", "before=0", "device=opd-07"};
	struct sender_query got;
	const char *error = NULL;

	(void)state;
	assert_int_equal(sender_query_parse("", &got, &error), 0);
	assert_true(got.limit == 100 && got.before == 0);
	assert_int_equal(sender_query_parse("before=9&limit=200", &got, &error), 0);
	assert_true(got.limit == 200 && got.before == 9);
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		error = NULL;
		assert_int_equal(sender_query_parse(WRONG[i], &got, &error), -EINVAL);
		assert_non_null(error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_senders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
