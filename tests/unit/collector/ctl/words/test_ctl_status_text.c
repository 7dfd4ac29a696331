/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many are in which state, which is worst, and that nothing unknown is called good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/ctl/words/ctl_status_text.h"

#include <cmocka.h>

static char shown[8192];

#define NOW_MS INT64_C(1795303900000) /* 2026-11-22 06:31:40 in Mojokerto */

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "Asia/Jakarta", 1);
	tzset();
	return 0;
}

static const char *counts(enum words_lang lang, const char *status)
{
	json_t *json = json_loads(status, 0, NULL);
	FILE *out = fmemopen(shown, sizeof(shown), "w");

	assert_non_null(json);
	ctl_status_text(lang, json, out);
	fclose(out);
	json_decref(json);
	return shown;
}

static const char *worst_of(json_t *devices)
{
	FILE *out = fmemopen(shown, sizeof(shown), "w");

	assert_non_null(devices);
	ctl_worst_text(WORDS_EN, NOW_MS, devices, out);
	fputc('\0', out);
	fclose(out);
	json_decref(devices);
	return shown;
}

static const char *worst(const char *devices)
{
	return worst_of(json_loads(devices, 0, NULL));
}

static void test_counts(void **state)
{
	(void)state;
	/* each state that somebody is in, also the one that stands last */
	assert_string_equal(
		counts(WORDS_EN,
		       "{\"devices\":{\"total\":272,\"up\":0,\"down\":0,\"pending\":272},"
		       "\"kinds\":{\"core\":{\"total\":1,\"up\":0,\"down\":0,\"pending\":1},"
		       "\"opd\":{\"total\":51,\"up\":0,\"down\":0,\"pending\":51},"
		       "\"hotspot\":{\"total\":220,\"up\":0,\"down\":0,\"pending\":220}}}"),
		"kind     total  up  DOWN  not heard of yet\n"
		"core         1   0     0                 1\n"
		"OPD         51   0     0                51\n"
		"hotspot    220   0     0               220\n"
		"total      272   0     0               272\n");
	assert_string_equal(counts(WORDS_EN, "{\"devices\":{\"total\":9,\"up\":2,\"degraded\":1,"
					     "\"suspect\":1,\"down\":1,\"unreachable\":1,"
					     "\"auth-failed\":1,\"snmp-silent\":1,\"pending\":1}}"),
			    "kind   total  up  DOWN  AUTH FAILED  SNMP silent  suspect  degraded  "
			    "unreachable  not heard of yet\n"
			    "total      9   2     1            1            1        1         1  "
			    "          1                 1\n");
	assert_string_equal(counts(WORDS_ID, "{\"devices\":{\"total\":1,\"up\":1}}"),
			    "jenis   jumlah  hidup  MATI\n"
			    "jumlah       1      1     0\n");
}

static const char *service(const char *status)
{
	json_t *json = json_loads(status, 0, NULL);
	FILE *out = fmemopen(shown, sizeof(shown), "w");

	ctl_service_text(WORDS_EN, json, out);
	fputc('\0', out);
	fclose(out);
	json_decref(json);
	return shown;
}

static void test_service(void **state)
{
	(void)state;
	assert_string_equal(service("{\"remarks\":[]}"), "");
	assert_string_equal(service("{}"), "");
	/* of a newer collector: its own word */
	assert_string_equal(
		service("{\"remarks\":[\"store-failing\",\"something-new\"]}"),
		"The disk takes nothing: notifications are not acknowledged, events wait "
		"in memory. Make room on it, or see the log.\nsomething-new\n\n");
}

static void test_unknown_is_not_good(void **state)
{
	static const char UP[] = "{\"id\":\"a\",\"status\":\"up\"}";
	static const char PENDING[] = "{\"id\":\"b\",\"status\":\"pending\"}";
	char both[128];

	(void)state;
	snprintf(both, sizeof(both), "[%s,%s]", UP, PENDING);
	assert_string_equal(worst(both), "1 devices not heard of yet.\n");
	snprintf(both, sizeof(both), "[%s,%s]", PENDING, PENDING);
	assert_string_equal(worst(both), "2 devices not heard of yet.\n");
	snprintf(both, sizeof(both), "[%s]", UP);
	assert_string_equal(worst(both), "All known devices are up.\n");
	/* no word at all of what is behind something that is down: its cause is named */
	assert_string_equal(worst("[{\"id\":\"a\",\"status\":\"unreachable\"}]"), "");
	assert_string_equal(worst("[]"), "No devices yet. The collector's inventory is empty.\n");
}

static void test_worst_first(void **state)
{
	(void)state;
	assert_string_equal(
		worst("["
		      "{\"id\":\"h-2\",\"status\":\"down\",\"severity\":\"warning\","
		      "\"cause\":\"timeout\",\"since_ms\":1795303800000,\"name\":\"Taman\"},"
		      "{\"id\":\"o-1\",\"status\":\"suspect\",\"severity\":\"major\","
		      "\"since_ms\":1795303890000,\"name\":\"Dinas A\"},"
		      "{\"id\":\"o-4\",\"status\":\"degraded\",\"severity\":\"major\","
		      "\"since_ms\":1795303800000,\"name\":\"Dinas D\"},"
		      "{\"id\":\"h-1\",\"status\":\"down\",\"severity\":\"warning\","
		      "\"since_ms\":1795303700000,\"name\":\"Alun-alun\"},"
		      "{\"id\":\"o-2\",\"status\":\"auth-failed\",\"severity\":\"major\","
		      "\"since_ms\":1795303800000,\"name\":\"Dinas B\"},"
		      "{\"id\":\"o-3\",\"status\":\"down\",\"severity\":\"major\","
		      "\"since_ms\":1795303840000,\"name\":\"Dinas C\"},"
		      "{\"id\":\"o-5\",\"status\":\"unreachable\",\"severity\":\"major\"},"
		      "{\"id\":\"o-6\",\"status\":\"pending\",\"severity\":\"major\"},"
		      "{\"id\":\"o-7\",\"status\":\"up\",\"severity\":\"major\"},"
		      "{\"id\":\"core\",\"status\":\"degraded\",\"severity\":\"critical\","
		      "\"since_ms\":1795303840000,\"name\":\"Inti\"}]"),
		"id    state        cause    since     for         in  out  name\n"
		"core  degraded              06:30:40  1 min        -    -  Inti\n"
		"o-3   DOWN                  06:30:40  1 min        -    -  Dinas C\n"
		"h-1   DOWN                  06:28:20  3 min 20 s   -    -  Alun-alun\n"
		"h-2   DOWN         timeout  06:30:00  1 min 40 s   -    -  Taman\n"
		"o-2   AUTH FAILED           06:30:00  1 min 40 s   -    -  Dinas B\n"
		"o-1   suspect               06:31:30  10 s         -    -  Dinas A\n"
		"o-4   degraded              06:30:00  1 min 40 s   -    -  Dinas D\n"
		"1 devices not heard of yet.\n");
}

static void test_a_screen_of_them(void **state)
{
	json_t *devices = json_array();
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 173; i++)
		json_array_append_new(devices,
				      json_pack("{s:o,s:s,s:s}", "id", json_sprintf("h-%03d", i),
						"status", i == 172 ? "down" : "suspect", "severity",
						"warning"));
	worst_of(devices);
	for (const char *p = shown; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 1 + CTL_STATUS_WORST + 1);
	assert_non_null(strstr(shown, "\nh-172"));
	assert_ptr_equal(strstr(shown, "\nh-172"), strchr(shown, '\n'));
	assert_non_null(strstr(shown, "and 153 more\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_unknown_is_not_good),
		cmocka_unit_test(test_worst_first),
		cmocka_unit_test(test_a_screen_of_them),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
