/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plugin of Nagios and Icinga: ranges, what is printed, how objects are judged. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/check/check_object.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

/* The guidelines' own table, and what is none. */
static void test_ranges(void **state)
{
	static const struct {
		const char *text;
		bool right;
		double quiet, alert; /* NAN: none */
	} CASES[] = {
		{"10", true, 0, -0.1},	 {"10", true, 10, 10.1},     {"10:", true, 10, 9.9},
		{"10:", true, 1e12, -5}, {"~:10", true, -1e9, 10.5}, {"10:20", true, 15, 20.5},
		{"10:20", true, 20, 9},	 {"@10:20", true, 9.9, 10},  {"@10:20", true, 20.1, 20},
		{"-5:-1", true, -3, 0},	 {"1e3:", true, 1000, 999},  {":5", true, 3, -1},
		{"", false, 0, 0},	 {":", true, 5, -1},	     {"~", false, 0, 0},
		{"a", false, 0, 0},	 {"10:a", false, 0, 0},	     {"20:10", false, 0, 0},
		{"0x10", false, 0, 0},	 {"inf", false, 0, 0},	     {"10 ", false, 0, 0},
		{"1:2:3", false, 0, 0},	 {"1e999", false, 0, 0},     {"@", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct check_range range;

		if (check_range_parse(CASES[i].text, &range) != CASES[i].right)
			fail_msg("\"%s\"", CASES[i].text);
		if (!CASES[i].right)
			continue;
		assert_false(check_range_alerts(&range, CASES[i].quiet));
		assert_true(check_range_alerts(&range, CASES[i].alert));
	}
}

static struct check_threshold threshold(const char *text, enum check_state state)
{
	struct check_threshold ret;

	assert_true(check_threshold_parse(text, state, &ret));
	return ret;
}

static char *print(struct check_result *result, enum check_state want)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(check_result_print(result, out), want);
	fclose(out);
	assert_true(len <= CHECK_OUTPUT_MAX);
	return text;
}

static void test_thresholds(void **state)
{
	struct check_threshold ret;

	(void)state;
	assert_true(check_threshold_parse("in_bps=@5:7", CHECK_CRITICAL, &ret));
	assert_string_equal(ret.figure, "in_bps");
	assert_string_equal(ret.text, "@5:7");
	assert_true(check_threshold_parse("80", CHECK_WARNING, &ret));
	assert_string_equal(ret.figure, "");
	assert_false(check_threshold_parse("=80", CHECK_WARNING, &ret));
	assert_false(check_threshold_parse("load=", CHECK_WARNING, &ret));
}

static void test_print(void **state)
{
	const struct check_threshold thresholds[] = {threshold("80", CHECK_WARNING),
						     threshold("load=95", CHECK_CRITICAL),
						     threshold("rtt=10", CHECK_WARNING)};
	cleanup_(check_result_freep) struct check_result *result =
		check_result_new(WORDS_EN, thresholds, 3, "load");
	cleanup_free char *text = NULL;

	(void)state;
	check_result_say(result, "Kantor | \n`satu`");
	check_result_figure(result, &(struct check_figure){"load", "%", 90.5, 0, 100});
	check_result_figure(result, &(struct check_figure){"rtt", "ms", 3, NAN, NAN});
	check_result_figure(result, &(struct check_figure){"cli'ents=", "", NAN, 0, NAN});
	check_result_line(result, "eth0: up");
	text = print(result, CHECK_WARNING);
	assert_string_equal(text, "WARNING - Kantor     satu  | 'load'=90.5%;80;95;0;100 "
				  "'rtt'=3ms;10;;; 'cli_ents_'=U;;;0;\neth0: up\n");
}

/* A threshold must not be silently of no effect: a wrong name, a figure that nobody knows. */
static void test_thresholds_without_effect(void **state)
{
	const struct check_threshold wrong[] = {threshold("lod=80", CHECK_WARNING)},
				     unknown[] = {threshold("80", CHECK_CRITICAL)};
	struct check_result *result = check_result_new(WORDS_EN, wrong, 1, "load");
	char *text;

	(void)state;
	check_result_say(result, "x");
	check_result_figure(result, &(struct check_figure){"load", "%", 1, 0, 100});
	text = print(result, CHECK_UNKNOWN);
	assert_non_null(strstr(text, "there is no figure \"lod\" for 80"));
	free(text);
	check_result_free(result);
	result = check_result_new(WORDS_EN, unknown, 1, "load");
	check_result_figure(result, &(struct check_figure){"load", "%", NAN, 0, 100});
	free(print(result, CHECK_UNKNOWN));
	check_result_free(result);
}

/* Nagios reads 8,192 octets; what is cut is cut at a character, and said. */
static void test_bounds(void **state)
{
	struct check_result *result = check_result_new(WORDS_EN, NULL, 0, NULL);
	char name[80], *text;

	(void)state;
	for (int i = 0; i < 900; i++) {
		check_result_say(result, "kantor é");
		check_result_line(result, "a line of some length that is not short, no");
		snprintf(name, sizeof(name), "figure-%d", i);
		check_result_figure(result, &(struct check_figure){name, "ms", i, 0, NAN});
	}
	text = print(result, CHECK_OK);
	assert_non_null(strstr(text, "and 810 more\n"));
	free(text);
	check_result_free(result);
}

/* ---- objects ---- */

#define DEVICE_JSON(status, oper)                                                                  \
	"{\"id\":\"opd-01\",\"name\":\"DPRD\",\"status\":\"" status                                \
	"\",\"cause\":\"no-answer\",\"in_bps\":2e6,\"out_bps\":1e6,\"capacity_in_bps\":1e7,"       \
	"\"capacity_out_bps\":1e7,\"clients\":null,\"trouble_at\":\"line\",\"links\":[{"           \
	"\"name\":\"wan0\",\"oper\":\"" oper "\",\"present\":true,\"load\":0.25,\"in_bps\":2e6,"   \
	"\"out_bps\":1e6}],\"metrics\":[{\"group\":\"ping\",\"object\":\"\",\"name\":\"rtt\","     \
	"\"value\":1.5},{\"group\":\"path\",\"object\":\"core\",\"name\":\"loss\",\"value\":5},"   \
	"{\"group\":\"path\",\"object\":\"gateway\",\"name\":\"loss\",\"value\":null}]}"

typedef void object_fn(struct check_result *, const json_t *);

static char *judge(const char *json, object_fn *fn, enum check_state want)
{
	cleanup_(check_result_freep) struct check_result *result =
		check_result_new(WORDS_EN, NULL, 0, NULL);
	json_t *object = json_loads(json, 0, NULL);
	char *text;

	assert_non_null(object);
	fn(result, object);
	text = print(result, want);
	json_decref(object);
	return text;
}

static void as_device(struct check_result *result, const json_t *json)
{
	check_object_device(result, WORDS_EN, json);
}

static void as_link(struct check_result *result, const json_t *json)
{
	check_object_link(result, WORDS_EN, json, "wan0");
}

static void as_no_link(struct check_result *result, const json_t *json)
{
	check_object_link(result, WORDS_EN, json, "wan9");
}

static void as_core(struct check_result *result, const json_t *json)
{
	check_object_path(result, WORDS_EN, json, "core");
}

static void as_gateway(struct check_result *result, const json_t *json)
{
	check_object_path(result, WORDS_EN, json, "gateway");
}

static void as_no_path(struct check_result *result, const json_t *json)
{
	check_object_path(result, WORDS_EN, json, "moon");
}

static void as_group(struct check_result *result, const json_t *json)
{
	check_object_group(result, WORDS_EN, json,
			   &(struct check_group){.provider = "A", .kind = "hotspot"});
}

static void as_all(struct check_result *result, const json_t *json)
{
	check_object_group(result, WORDS_EN, json, &(struct check_group){.kind = "core"});
}

static void as_collector(struct check_result *result, const json_t *json)
{
	check_object_collector(result, WORDS_EN, json);
}

#define MANY                                                                                       \
	"[{\"id\":\"a\",\"kind\":\"hotspot\",\"provider\":\"A\",\"status\":\"up\",\"clients\":4}," \
	"{\"id\":\"b\",\"kind\":\"hotspot\",\"provider\":\"A\",\"status\":\"degraded\","           \
	"\"name\":\"Pasar\",\"cause\":\"link-down\"},"                                             \
	"{\"id\":\"c\",\"kind\":\"hotspot\",\"provider\":\"B\",\"status\":\"down\"}]"

static void test_objects(void **state)
{
	static const struct {
		const char *json;
		object_fn *fn;
		enum check_state state;
		const char *says;
	} CASES[] = {
		{DEVICE_JSON("up", "up"), as_device, CHECK_OK, "OK - DPRD, up"},
		{DEVICE_JSON("degraded", "down"), as_device, CHECK_WARNING, "\nwan0: down, in "},
		{DEVICE_JSON("down", "unknown"), as_device, CHECK_CRITICAL, "down: no answer"},
		{DEVICE_JSON("down", "unknown"), as_device, CHECK_CRITICAL, "the line that leads"},
		{DEVICE_JSON("unreachable", "unknown"), as_device, CHECK_UNKNOWN,
		 "'rtt'=1.5ms;;;0;"},
		{DEVICE_JSON("snmp-silent", "unknown"), as_device, CHECK_WARNING, "SNMP silent"},
		{DEVICE_JSON("pending", "unknown"), as_device, CHECK_UNKNOWN, ""},
		{DEVICE_JSON("of-a-newer-collector", "up"), as_device, CHECK_UNKNOWN, ""},
		{"{}", as_device, CHECK_UNKNOWN, "'in_bps'=U;;;0;"},
		{DEVICE_JSON("up", "up"), as_link, CHECK_OK, "'load'=25%;;;0;100"},
		{DEVICE_JSON("degraded", "up"), as_link, CHECK_OK, "DPRD wan0: up"},
		{DEVICE_JSON("degraded", "down"), as_link, CHECK_CRITICAL, "DPRD wan0: down"},
		{DEVICE_JSON("down", "unknown"), as_link, CHECK_UNKNOWN, "\ndown: no answer"},
		{DEVICE_JSON("up", "up"), as_no_link, CHECK_UNKNOWN, "opd-01 has no link wan9"},
		{DEVICE_JSON("up", "up"), as_core, CHECK_OK, "'loss'=5%;;;0;100"},
		{DEVICE_JSON("up", "up"), as_gateway, CHECK_UNKNOWN, "'loss'=U"},
		{DEVICE_JSON("up", "up"), as_no_path, CHECK_UNKNOWN, "opd-01 has no path moon"},
		{MANY, as_group, CHECK_WARNING, "1 of 2 up | 'not_up'=50%;;;0;100 'up'=1;;;0;2"},
		{MANY, as_group, CHECK_WARNING, "\nb Pasar: degraded: link down\n"},
		{MANY, as_all, CHECK_UNKNOWN, "no device of the inventory matches"},
		{"[]", as_group, CHECK_UNKNOWN, ""},
		{"{\"version\":\"1\",\"now_ms\":70000,\"started_ms\":10000,\"remarks\":[],"
		 "\"devices\":{\"total\":3,\"up\":2},\"counters\":{}}",
		 as_collector, CHECK_OK, "'uptime'=60s;;;0; 'devices'=3;;;0; 'up'=2;;;0;3"},
		{"{\"remarks\":[\"store-failing\"]}", as_collector, CHECK_CRITICAL, "The disk"},
		{"{\"remarks\":[\"clock-doubtful\"]}", as_collector, CHECK_WARNING, "The clock"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		cleanup_free char *text = judge(CASES[i].json, CASES[i].fn, CASES[i].state);

		if (!strstr(text, CASES[i].says))
			fail_msg("%zu: \"%s\" does not say \"%s\"", i, text, CASES[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges), cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_print),  cmocka_unit_test(test_thresholds_without_effect),
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
