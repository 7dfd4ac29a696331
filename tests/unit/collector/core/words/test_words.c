/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking words up and filling them; and that whatever the API can call by a name has its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/graph/graph_args.h"
#include "collector/codec/page/words_json.h"
#include "collector/core/alert/alert.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"
#include "collector/core/judge/trouble_place.h"
#include "collector/core/notify/delivery.h"
#include "collector/core/person/person.h"
#include "collector/core/trap/sender_table.h"
#include "collector/core/trap/trap_map.h"
#include "collector/core/words/words.h"
#include "common/base/cleanup.h"
#include "common/snmp/link_mib.h"
#include "common/snmp/snmp_outcome.h"

#include <cmocka.h>

static void test_languages(void **state)
{
	static const struct {
		const char *locale;
		bool known;
		enum words_lang lang;
	} CASES[] = {
		{"id_ID.UTF-8", true, WORDS_ID},
		{"id", true, WORDS_ID},
		{"id.UTF-8", true, WORDS_ID},
		{"id@x", true, WORDS_ID},
		{"en_GB", true, WORDS_EN},
		{"C", false, 0},
		{"idn_XX", false, 0},
		{"", false, 0},
		{"POSIX", false, 0},
		{"i", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		enum words_lang lang = WORDS_LANG_N;

		assert_int_equal(words_lang_of_locale(CASES[i].locale, &lang), CASES[i].known);
		assert_int_equal(lang, CASES[i].known ? CASES[i].lang : WORDS_LANG_N);
	}
	for (enum words_lang i = 0; i < WORDS_LANG_N; i++) {
		enum words_lang lang = WORDS_LANG_N;

		assert_true(words_lang_parse(words_lang_name(i), &lang));
		assert_int_equal(lang, i);
		assert_false(words_lang_parse("de", &lang) || words_lang_parse("id_ID", &lang));
	}
}

static void test_lookup(void **state)
{
	(void)state;
	assert_string_equal(words_text(WORDS_ID, WORD_CAUSE_LINK_DOWN), "tautan putus");
	assert_string_equal(words_find(WORDS_EN, "cause", "link-down"), "link down");
	assert_string_equal(words_find(WORDS_EN, "notification", "link-down"), "link down");
	assert_null(words_find(WORDS_EN, "cause", "something-new"));
	assert_null(words_find(WORDS_EN, "cause", ""));
	assert_null(words_find(WORDS_EN, "caus", "e.link-down"));
	assert_string_equal(words_named(WORDS_EN, "cause", "something-new"), "something-new");
	for (int i = 0; i < WORD_N; i++) { /* each of them, first and last too */
		const char *key = words_key((enum word)i), *dot = strchr(key, '.');
		char family[64];

		snprintf(family, sizeof(family), "%.*s", (int)(dot - key), key);
		assert_ptr_equal(words_find(WORDS_ID, family, dot + 1),
				 words_text(WORDS_ID, (enum word)i));
	}
}

static void test_fill(void **state)
{
	static const struct {
		const char *text, *want;
		size_t size;
	} CASES[] = {
		{"link {link} down", "link wan0 down", 64},
		{"{n}", "7", 64},
		{"{n} {n} {link}", "7 7 wan0", 64},
		{"{other} {n", "{other} {n",
		 64}, /* not a place: the catalogue's check refuses it */
		{"{link}", "wa", 3},
		{"ab{n}", "ab", 3},
		{"a\xc3\xa9", "a", 3}, /* no half characters */
		{"", "", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char buf[64];

		words_fill(buf, CASES[i].size, CASES[i].text,
			   (const char *const[]){"link", "wan0", "n", "7", NULL});
		assert_string_equal(buf, CASES[i].want);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(words_width("caf\xc3\xa9"), 4);
	assert_int_equal(words_width(""), 0);
}

static void test_page(void **state)
{
	size_t len = 0;
	cleanup_free char *text = words_json(WORDS_ID, &len);
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "cause.no-answer")),
			    "tidak menjawab");
	assert_string_equal(json_string_value(json_object_get(json, "group.clients")), "klien");
	assert_null(json_object_get(json, "ctl.all_well"));
	json_decref(json);
}

/* ---- every name has its words ---- */

static const char *range_name(unsigned int i)
{
	return graph_range_name((enum graph_range)i);
}

#define NAMES(fn, type)                                                                            \
	static const char *fn##_at(unsigned int i)                                                 \
	{                                                                                          \
		return fn((enum type)i);                                                           \
	}
NAMES(device_status_name, device_status)
NAMES(device_cause_name, device_cause)
NAMES(trouble_place_name, trouble_place)
NAMES(device_remark_name, device_remark)
NAMES(inventory_kind_name, inventory_kind)
NAMES(severity_name, severity)
NAMES(person_role_name, person_role)
NAMES(delivery_state_name, delivery_state)
NAMES(notify_what_name, notify_what)
NAMES(alert_kind_name, alert_kind)
NAMES(alert_cause_name, alert_cause)
NAMES(event_kind_name, event_kind)
NAMES(event_source_name, event_source)
NAMES(notification_kind_name, notification_kind)
NAMES(sender_reason_name, sender_reason)
NAMES(snmp_outcome_name, snmp_outcome)

static void test_all_names(void **state)
{
	static const struct {
		const char *family;
		const char *(*name)(unsigned int i);
		unsigned int from, n;
	} FAMILIES[] = {
		{"status", device_status_name_at, 0, DEVICE_STATUS_N},
		{"cause", device_cause_name_at, 1, DEVICE_CAUSE_N},
		{"trouble_at", trouble_place_name_at, 1, TROUBLE_PLACE_N},
		{"remark", device_remark_name_at, 0, DEVICE_REMARK_N},
		{"failure", snmp_outcome_name_at, SNMP_OUTCOME_ANSWER + 1, SNMP_OUTCOME_CANCELLED},
		{"kind", inventory_kind_name_at, 0, INVENTORY_HOTSPOT + 1},
		{"severity", severity_name_at, 0, SEVERITY_N},
		{"person", person_role_name_at, 0, PERSON_ROLE_N},
		{"delivery", delivery_state_name_at, 0, DELIVERY_STATE_N},
		{"delivery_what", notify_what_name_at, 0, NOTIFY_WHAT_N},
		{"alert", alert_kind_name_at, 0, ALERT_KIND_N},
		{"alert_cause", alert_cause_name_at, 0, ALERT_CAUSE_N},
		{"medium", link_mib_medium, 0, LINK_MEDIUM_MAX + 1},
		{"role", link_mib_role, 0, LINK_ROLE_MAX + 1},
		{"oper", link_mib_oper, 0, LINK_OPER_MAX + 1},
		{"event", event_kind_name_at, 0, EVENT_KIND_N},
		{"source", event_source_name_at, 0, EVENT_SOURCE_PING + 1},
		{"notification", notification_kind_name_at, 0, NOTIFICATION_KIND_N},
		{"sender", sender_reason_name_at, 0, SENDER_REASON_N},
		{"range", range_name, 0, GRAPH_RANGE_N},
	};

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(FAMILIES); f++)
		for (unsigned int i = FAMILIES[f].from; i < FAMILIES[f].n; i++)
			if (!words_find(WORDS_ID, FAMILIES[f].family, FAMILIES[f].name(i)))
				fail_msg("there is no word for %s.%s", FAMILIES[f].family,
					 FAMILIES[f].name(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages), cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_fill),	  cmocka_unit_test(test_width),
		cmocka_unit_test(test_page),	  cmocka_unit_test(test_all_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
