/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of events, states and causes: stable, unique, and read back as written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"

#include <cmocka.h>

static void test_kinds_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_KIND_N; i++) {
		enum event_kind kind = EVENT_KIND_N;

		assert_true(event_kind_parse(event_kind_name((enum event_kind)i), &kind));
		assert_int_equal(kind, i);
	}
}

static void test_unknown_kind_leaves_result(void **state)
{
	enum event_kind kind = EVENT_AUTH_OK;

	(void)state;
	assert_false(event_kind_parse("device-upp", &kind));
	assert_int_equal(kind, EVENT_AUTH_OK);
	assert_string_equal(event_kind_name((enum event_kind)99), "unknown");
}

static void test_ends(void **state)
{
	static const struct {
		enum event_kind kind;
		bool end;
	} CASES[] = {
		{EVENT_DEVICE_DOWN, false},	 {EVENT_DEVICE_UP, true},
		{EVENT_LINK_DOWN, false},	 {EVENT_LINK_UP, true},
		{EVENT_LINK_FLAPPING, false},	 {EVENT_LINK_SETTLED, true},
		{EVENT_AUTH_FAILED, false},	 {EVENT_AUTH_OK, true},
		{EVENT_PATH_DOWN, false},	 {EVENT_PATH_UP, true},
		{EVENT_DEVICE_RESTARTED, false}, {EVENT_AGENT_RESTARTED, false},
		{EVENT_COLLECTOR_START, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(event_kind_is_end(CASES[i].kind), CASES[i].end);
}

static void test_states_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_STATUS_N; i++) {
		enum device_status status = DEVICE_STATUS_N;

		assert_true(
			device_status_parse(device_status_name((enum device_status)i), &status));
		assert_int_equal(status, i);
	}
	for (int i = 0; i < DEVICE_CAUSE_N; i++) {
		enum device_cause cause = DEVICE_CAUSE_N;

		assert_true(device_cause_parse(device_cause_name((enum device_cause)i), &cause));
		assert_int_equal(cause, i);
	}
}

static void test_inventory_words(void **state)
{
	enum inventory_kind kind;
	enum link_medium medium;

	(void)state;
	assert_true(inventory_kind_parse("hotspot", &kind));
	assert_int_equal(kind, INVENTORY_HOTSPOT);
	assert_false(inventory_kind_parse("Hotspot", &kind));
	assert_true(inventory_medium_parse("", &medium));
	assert_int_equal(medium, LINK_MEDIUM_UNKNOWN);
	assert_true(inventory_medium_parse("cellular", &medium));
	assert_int_equal(medium, LINK_MEDIUM_CELLULAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_round_trip),
		cmocka_unit_test(test_unknown_kind_leaves_result),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_states_round_trip),
		cmocka_unit_test(test_inventory_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
