/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events on the wire and in the database, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/event_json.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct event FULL = {
	.id = 7,
	.kind = EVENT_DEVICE_DOWN,
	.device_id = "opd-1",
	.link = "wan0",
	.time_ms = 1000,
	.seen_ms = 1001,
	.source = EVENT_SOURCE_TRAP,
	.begins = 3,
	.params = {DEVICE_CAUSE_NO_ANSWER, 12, 5, 61000, "ke \"FO\""},
};

static void test_api(void **state)
{
	json_t *json = event_json(&FULL, "Dinas");
	cleanup_free char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);

	(void)state;
	assert_string_equal(
		text, "{\"id\":7,\"kind\":\"device-down\",\"device\":\"opd-1\",\"name\":\"Dinas\","
		      "\"link\":\"wan0\",\"time_ms\":1000,\"seen_ms\":1001,\"source\":\"trap\","
		      "\"begins\":3,\"params\":{\"cause\":\"no-answer\",\"behind\":12,\"count\":5,"
		      "\"duration_ms\":61000,\"detail\":\"ke \\\"FO\\\"\"},"
		      "\"text\":\"Dinas: down · no answer · 12 behind it unreachable too · "
		      "after 1 min 1 s · 5 lost\"}");
	json_decref(json);
}

static void test_there_and_back(void **state)
{
	static const struct event EMPTY = {.id = 1, .kind = EVENT_COLLECTOR_START};
	const struct event *const EVENTS[] = {&FULL, &EMPTY};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(EVENTS); i++) {
		json_t *json = event_json(EVENTS[i], NULL);
		cleanup_free char *params = event_json_print_params(&EVENTS[i]->params);
		struct event event;

		event_json_read(json, &event);
		assert_memory_equal(&event, EVENTS[i], sizeof(event));
		event.params = (struct event_params){0};
		event_json_parse_params(params, &event.params);
		assert_memory_equal(&event, EVENTS[i], sizeof(event));
		json_decref(json);
	}
}

static void test_params(void **state)
{
	static const struct {
		const char *text;
		struct event_params want;
	} CASES[] = {
		{"{}", {0}},
		{"", {0}},
		{"the collector started", {0}},
		{"[1]", {0}},
		{"{\"cause\":\"of a newer version\",\"behind\":1}", {.behind = 1}},
		{"{\"behind\":-1,\"count\":99999999999,\"duration_ms\":-5}", {0}},
		{"{\"behind\":\"3\",\"detail\":7}", {0}},
		{"{\"detail\":\"caf\xc3\"}", {.detail = "caf?"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct event_params params;

		event_json_parse_params(CASES[i].text, &params);
		assert_memory_equal(&params, &CASES[i].want, sizeof(params));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_api),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
