/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How planned work is asked for, and shown. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/page/maintenance_json.h"
#include "collector/codec/page/member.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define WEEK (7 * 86400 * INT64_C(1000))

static void test_parse(void **state)
{
	static const struct {
		const char *text, *error;
	} CASES[] = {
		{"scope=device&target=opd-1&end_ms=900&reason=FO", NULL},
		{"scope=all&begin_ms=100&end_ms=900&weekly=yes&reason=FO", NULL},
		{"scope=all&target=opd-1&end_ms=900&reason=FO", "scope is"},
		{"scope=device&end_ms=900&reason=FO", "scope is"},
		{"scope=city&target=x&end_ms=900&reason=FO", "scope is"},
		{"scope=all&reason=FO", "begin_ms and"},
		{"scope=all&end_ms=9&weekly=often&reason=FO", "begin_ms and"},
		{"scope=all&end_ms=9", "reason is"},
		{"scope=all&end_ms=9&reason=", "reason is"},
		{"scope=all&end_ms=9&reason=a&colour=red", "known are"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct maintenance got = {.id = 0};
		const char *error = NULL;

		assert_int_equal(maintenance_query_parse(CASES[i].text, 50, &got, &error),
				 CASES[i].error ? -EINVAL : 0);
		if (CASES[i].error)
			assert_ptr_equal(strstr(error, CASES[i].error), error);
		else
			assert_int_equal(got.begin_ms, i == 0 ? 50 : 100);
	}
}

static void test_json(void **state)
{
	const struct maintenance weekly = {.id = 3,
					   .scope = MAINTENANCE_PROVIDER,
					   .target = "lintas",
					   .begin_ms = 100,
					   .end_ms = 200,
					   .weekly = true,
					   .reason = "FO",
					   .by = "rina"};
	json_t *json = maintenance_json(&weekly, WEEK + 150);

	(void)state;
	assert_string_equal(member_text(json, "scope"), "provider");
	assert_int_equal(member_integer(json, "next_begin_ms"), WEEK + 100);
	assert_true(member_bool(json, "now"));
	json_decref(json);
	json = maintenance_json(&weekly, WEEK + 200);
	assert_int_equal(member_integer(json, "next_begin_ms"), 2 * WEEK + 100);
	assert_false(member_bool(json, "now"));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
