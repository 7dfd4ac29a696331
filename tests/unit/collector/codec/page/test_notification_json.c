/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and senders as clients see them, odd ones too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/notification_json.h"
#include "collector/core/trap/trap_map.h"
#include "common/base/cleanup.h"
#include "pantau_mib.h"

#include <cmocka.h>

static void assert_json(json_t *json, const char *want)
{
	char *got = json_dumps(json, JSON_COMPACT);

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
	json_decref(json);
}

static struct notification_row row(const char *text)
{
	return (struct notification_row){.id = 5,
					 .received_ms = 2000,
					 .event_ms = 1000,
					 .device_id = "opd-1",
					 .source = "192.0.2.1",
					 .version = "v3",
					 .security_name = "pantau",
					 .inform = true,
					 .oid = "1.3.6.1.6.3.1.1.5.3",
					 .kind = "link-down",
					 .site_id = "opd-1",
					 .number = 41,
					 .key = {77, true},
					 .text = text};
}

static void test_whole(void **state)
{
	const struct notification_row r = row("1.3.1 = 5\n1.3.2 = \"a = \\\"b\\\"\"\n");

	(void)state;
	assert_json(notification_json(&r),
		    "{\"id\":5,\"received_ms\":2000,\"event_ms\":1000,\"device\":\"opd-1\","
		    "\"source\":\"192.0.2.1\","
		    "\"version\":\"v3\",\"inform\":true,\"security_name\":\"pantau\",\"oid\":\"1.3."
		    "6.1.6.3.1.1.5.3\","
		    "\"name\":\"linkDown\",\"kind\":\"link-down\",\"site\":\"opd-1\",\"number\":41,"
		    "\"link\":null,\"varbinds\":[{\"oid\":\"1.3.1\",\"value\":\"5\"},"
		    "{\"oid\":\"1.3.2\",\"value\":\"\\\"a = "
		    "\\\\\\\"b\\\\\\\"\\\"\"}],\"varbinds_cut\":false}");
}

static void test_unknown_is_null(void **state)
{
	const struct notification_row r = {.id = 1,
					   .received_ms = 2000,
					   .device_id = "",
					   .source = "::1",
					   .version = "v1",
					   .security_name = "",
					   .oid = "1.3.6.1.4.1.9.0.1",
					   .kind = "other",
					   .site_id = "",
					   .text = ""};

	(void)state;
	assert_json(
		notification_json(&r),
		"{\"id\":1,\"received_ms\":2000,\"event_ms\":null,\"device\":null,\"source\":\"::"
		"1\","
		"\"version\":\"v1\",\"inform\":false,\"security_name\":null,\"oid\":\"1.3.6.1.4.1."
		"9.0.1\","
		"\"name\":null,\"kind\":\"other\",\"site\":null,\"number\":null,\"link\":null,"
		"\"varbinds\":[],"
		"\"varbinds_cut\":false}");
}

static void assert_link(const char *text, const char *want)
{
	const struct notification_row r = row(text);
	json_t *json = notification_json(&r);
	const json_t *link = json_object_get(json, "link");

	if (want)
		assert_string_equal(json_string_value(link), want);
	else
		assert_true(json_is_null(link));
	json_decref(json);
}

static void test_link(void **state)
{
	static const snmp_oid_t IF_NAME[] = {PANTAU_OID_EVENT_IF_NAME};
	char oid[96], text[256];

	(void)state;
	assert_link("1.3.6.1.2.1.2.2.1.1.7 = 7\n1.3.6.1.2.1.2.2.1.2.7 = \"eth7\"\n"
		    "1.3.6.1.2.1.31.1.1.1.1.7 = \"wan0\"\n",
		    "wan0");
	assert_link("1.3.6.1.2.1.2.2.1.1.7 = 7\n1.3.6.1.2.1.2.2.1.2.7 = \"eth7\"\n", "eth7");
	assert_link("1.3.6.1.2.1.31.1.1.1.1.7 = \"\"\n1.3.6.1.2.1.2.2.1.2.7 = \"eth7\"\n", "eth7");
	assert_link("1.3.6.1.2.1.2.2.1.1.7 = 7\n1.3.6.1.2.1.2.2.1.7.7 = 1\n", "#7");
	assert_link("1.3.6.1.2.1.2.2.1.10.7 = 7\n", NULL);
	/* a Pantau agent's own */
	trap_oid_text(IF_NAME, ARRAY_LEN(IF_NAME), oid, sizeof(oid));
	snprintf(text, sizeof(text), "1.3.6.1.2.1.2.2.1.1.7 = 7\n%s.41 = \"hotspots\"\n", oid);
	assert_link(text, "hotspots");
}

static void assert_bindings(const char *text, const char *want, bool want_cut)
{
	const struct notification_row r = row(text);
	json_t *json = notification_json(&r);

	assert_int_equal(json_is_true(json_object_get(json, "varbinds_cut")), want_cut);
	assert_json(json_incref(json_object_get(json, "varbinds")), want);
	json_decref(json);
}

static void test_bindings(void **state)
{
	(void)state;
	assert_bindings("1.3 = 1\n...\n", "[{\"oid\":\"1.3\",\"value\":\"1\"}]", true);
	assert_bindings("...\n1.3 = 1\n", "[{\"oid\":\"1.3\",\"value\":\"1\"}]", false);
	assert_bindings("1.3 = \n\n1.4",
			"[{\"oid\":\"1.3\",\"value\":\"\"},{\"oid\":\"1.4\",\"value\":\"\"}]",
			false);
	assert_bindings("1.3 = \xff\x1b\n", "[{\"oid\":\"1.3\",\"value\":\"\?\?\"}]", false);
	/* as it was stored before communities were left out */
	assert_bindings("1.3.6.1.6.3.18.1.4.0 = \"rahasia\"\n",
			"[{\"oid\":\"1.3.6.1.6.3.18.1.4.0\",\"value\":\"(hidden)\"}]", false);
}

/* As much as is stored of one is told. */
static void test_long_value(void **state)
{
	static char text[8190];
	struct notification_row r = row(text);
	const json_t *value;
	json_t *json;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "1.3 = ", 6);
	json = notification_json(&r);
	value = json_object_get(json_array_get(json_object_get(json, "varbinds"), 0), "value");
	assert_int_equal(json_string_length(value), sizeof(text) - 1 - 6);
	json_decref(json);
}

static void test_sender(void **state)
{
	const struct sender sender = {.source = "192.0.2.9",
				      .turn = 12,
				      .first_ms = 1,
				      .last_ms = 2,
				      .count = 7,
				      .refused = 3,
				      .reason = SENDER_WRONG_KEY};

	(void)state;
	assert_json(sender_json(&sender, NULL),
		    "{\"turn\":12,\"source\":\"192.0.2.9\",\"device\":null,\"first_ms\":1,\"last_"
		    "ms\":2,\"count\":7,"
		    "\"refused\":3,\"reason\":\"wrong-key\",\"accepted_ms\":null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	   cmocka_unit_test(test_unknown_is_null),
		cmocka_unit_test(test_link),	   cmocka_unit_test(test_bindings),
		cmocka_unit_test(test_long_value), cmocka_unit_test(test_sender),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
