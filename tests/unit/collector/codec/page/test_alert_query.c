/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be asked of alerts and outages, what is wrong use, and what the answers hold. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/page/alert_json.h"
#include "collector/codec/page/alert_query.h"
#include "collector/codec/page/member.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_right(void **state)
{
	static const struct {
		const char *text;
		struct alert_filter want;
	} cases[] = {
		{"", {.kind = -1, .severity = -1, .acked = -1, .limit = 100}},
		{"state=all&limit=200&before=7",
		 {.which = ALERTS_ALL,
		  .kind = -1,
		  .severity = -1,
		  .acked = -1,
		  .limit = 200,
		  .before = 7}},
		{"device=opd-07&severity=critical&kind=link-down&acknowledged=no&state=ended",
		 {.which = ALERTS_ENDED,
		  .device_id = "opd-07",
		  .kind = ALERT_LINK_DOWN,
		  .severity = SEVERITY_CRITICAL,
		  .acked = 0,
		  .limit = 100}},
		{"acknowledged=yes&severity=info",
		 {.kind = -1, .severity = SEVERITY_INFO, .acked = 1, .limit = 100}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert_filter got;
		const char *error = NULL;

		assert_int_equal(alert_query_parse(cases[i].text, &got, &error), 0);
		assert_null(error);
		assert_int_equal(got.which, cases[i].want.which);
		assert_string_equal(got.device_id, cases[i].want.device_id);
		assert_int_equal(got.kind, cases[i].want.kind);
		assert_int_equal(got.severity, cases[i].want.severity);
		assert_int_equal(got.acked, cases[i].want.acked);
		assert_int_equal(got.before, cases[i].want.before);
		assert_int_equal(got.limit, cases[i].want.limit);
	}
}

static void test_wrong(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"limit=201", "limit is"},
		{"limit=0", "limit is"},
		{"before=0", "before is"},
		{"state=closed", "state is"},
		{"device=", "device is"},
		{"severity=high", "severity is"},
		{"acknowledged=1", "acknowledged is"},
		{"kind=fire", "kind is"},
		{"colour=red", "known are"},
		{"limit=1&limit=2", "known are"},
	};
	struct alert_filter got = {.limit = 0};
	const char *error;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		error = NULL;
		assert_int_equal(alert_query_parse(cases[i].text, &got, &error), -EINVAL);
		assert_non_null(error);
		assert_ptr_equal(strstr(error, cases[i].error), error);
		assert_int_equal(got.limit, 0);
	}
	assert_int_equal(outage_query_parse("kind=link-down", &got, &error), -EINVAL);
	assert_int_equal(outage_query_parse("device=opd-1", &got, &error), 0);
	assert_int_equal(got.which, ALERTS_ALL);
}

static void test_answers(void **state)
{
	static const struct {
		const char *path, *text, *error;
		struct alert_answer want;
	} cases[] = {
		{"17/ack", "", NULL, {.alert_id = 17}},
		{"17/ack", "note=a+b", NULL, {.alert_id = 17, .note = "a b"}},
		{"1/unack", "", NULL, {.alert_id = 1, .kind = ALERT_ANSWER_UNACK}},
		{"1/note",
		 "note=tiket%0a1",
		 NULL,
		 {.alert_id = 1, .kind = ALERT_ANSWER_NOTE, .note = "tiket?1"}},
		{"1/cause",
		 "cause=power",
		 NULL,
		 {.alert_id = 1, .kind = ALERT_ANSWER_CAUSE, .cause = ALERT_CAUSE_POWER}},
		{"1/silence",
		 "until_ms=9",
		 NULL,
		 {.alert_id = 1, .kind = ALERT_ANSWER_SILENCE, .until_ms = 9}},
		{"1/note", "", "note is", {0}},
		{"1/note", "note=", "note is", {0}},
		{"1/cause", "cause=fire", "cause is", {0}},
		{"1/silence", "", "until_ms is", {0}},
		{"1/silence", "until_ms=-1", "until_ms is", {0}},
		{"1/unack", "note=a", "write alerts", {0}},
		{"1/burn", "", "write alerts", {0}},
		{"1", "", "write alerts", {0}},
		{"0/ack", "", "write alerts", {0}},
		{"1x/ack", "", "write alerts", {0}},
		{"9999999999999999999/ack", "", "write alerts", {0}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert_answer got = {.alert_id = 0};
		const char *error = NULL;
		const int r = alert_answer_query_parse(cases[i].path, cases[i].text, &got, &error);

		assert_int_equal(r, cases[i].error ? -EINVAL : 0);
		if (cases[i].error)
			assert_ptr_equal(strstr(error, cases[i].error), error);
		assert_int_equal(got.alert_id, cases[i].want.alert_id);
		assert_int_equal(got.kind, cases[i].want.kind);
		assert_string_equal(got.note, cases[i].want.note);
		assert_int_equal(got.cause, cases[i].want.cause);
		assert_int_equal(got.until_ms, cases[i].want.until_ms);
	}
}

static void test_alert_json(void **state)
{
	const struct alert alert = {.id = 7,
				    .kind = ALERT_DEVICE_DOWN,
				    .severity = SEVERITY_MAJOR,
				    .device_id = "opd-1",
				    .begin_ms = 1000,
				    .cause = ALERT_CAUSE_POWER,
				    .n_behind = 3,
				    .acked_by = "rina",
				    .acked_ms = 2000,
				    .value = NAN,
				    .limit = NAN};
	json_t *json = alert_json(&alert, "Dinas");

	(void)state;
	assert_int_equal(member_integer(json, "id"), 7);
	assert_string_equal(member_text(json, "kind"), "device-down");
	assert_string_equal(member_text(json, "severity"), "major");
	assert_string_equal(member_text(json, "name"), "Dinas");
	assert_string_equal(member_text(json, "cause"), "power");
	assert_string_equal(member_text(json, "acknowledged_by"), "rina");
	assert_int_equal(member_integer(json, "behind"), 3);
	assert_true(json_is_null(json_object_get(json, "end_ms")));
	assert_true(json_is_null(json_object_get(json, "value")));
	assert_true(json_is_null(json_object_get(json, "link")));
	json_decref(json);
}

static void test_outage_json(void **state)
{
	const struct outage_row row = {.id = 9,
				       .outage = {.device_id = "hs-1",
						  .begin_ms = 1000,
						  .end_ms = 9000,
						  .alert_id = 7,
						  .behind = true,
						  .known = EVENT_SOURCE_TRAP},
				       .blind = {{2000, 3000}},
				       .n_blind = 1,
				       .blind_ms = 1000};
	json_t *json = alert_json_outage(&row, NULL);
	const json_t *blind = json_object_get(json, "blind");

	(void)state;
	assert_int_equal(member_integer(json, "alert"), 7);
	assert_string_equal(member_text(json, "known"), "trap");
	assert_true(member_bool(json, "behind"));
	assert_int_equal(member_integer(json, "blind_ms"), 1000);
	assert_int_equal(json_integer_value(json_array_get(json_array_get(blind, 0), 1)), 3000);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),	    cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_answers),	    cmocka_unit_test(test_alert_json),
		cmocka_unit_test(test_outage_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
