/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as pantauctl shows them: the worst first, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/ctl/words/ctl_alert_text.h"

#include <cmocka.h>

#define NOW_MS INT64_C(1795303900000) /* 2026-11-22 06:31:40 in Mojokerto */

static const char ANSWER[] =
	"{\"alerts\": ["
	"{\"id\": 9, \"kind\": \"link-down\", \"severity\": \"warning\", \"device\": \"hs-1\", "
	"\"link\": \"wan0\", \"begin_ms\": 1795303800000, \"cause\": \"line\"},"
	"{\"id\": 8, \"kind\": \"device-down\", \"severity\": \"critical\", \"device\": \"rsud\", "
	"\"begin_ms\": 1795303000000, \"cause\": \"power\", \"acknowledged_by\": \"rina\"},"
	"{\"id\": 7, \"kind\": \"link-down\", \"severity\": \"critical\", \"device\": \"core-1\", "
	"\"link\": \"t1\", \"begin_ms\": 1795303900000, \"cause\": \"line\", \"behind\": 173},"
	"{\"id\": 6, \"kind\": \"channel-failed\", \"severity\": \"critical\", \"link\": \"noc\", "
	"\"begin_ms\": 1795300000000, \"end_ms\": 1795300060000, \"cause\": \"unknown\"}"
	"], \"before\": 6}";

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "Asia/Jakarta", 1);
	tzset();
	return 0;
}

static const char *show(enum words_lang lang, const char *answer)
{
	static char buf[4096];
	json_t *json = json_loads(answer, 0, NULL);
	FILE *out = fmemopen(buf, sizeof(buf), "w");

	assert_non_null(json);
	ctl_alert_text(lang, NOW_MS, json, out);
	fclose(out);
	json_decref(json);
	return buf;
}

static void test_worst_first(void **state)
{
	static const char *const ORDER[] = {"core-1", "rsud", "hs-1", "05:26:40", "--before 6"};
	const char *text = show(WORDS_EN, ANSWER), *at = text;

	(void)state;
	for (size_t i = 0; i < sizeof(ORDER) / sizeof(ORDER[0]); i++) {
		at = strstr(at, ORDER[i]);
		if (!at)
			fail_msg("%s is not in its place in:\n%s", ORDER[i], text);
	}
	assert_non_null(strstr(text, "rina"));
	assert_non_null(strstr(text, "critical"));
	assert_non_null(strstr(text, "link down t1 +173 "));
}

static void test_in_indonesian(void **state)
{
	const char *text = show(WORDS_ID, ANSWER);

	(void)state;
	assert_non_null(strstr(text, "genting"));
	assert_non_null(strstr(text, "saluran"));
	assert_non_null(strstr(text, "listrik"));
	assert_string_equal(show(WORDS_ID, "{\"alerts\": [], \"before\": null}"),
			    "Tidak ada gangguan.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worst_first),
		cmocka_unit_test(test_in_indonesian),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
