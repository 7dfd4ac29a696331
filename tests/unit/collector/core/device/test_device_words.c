/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a device's state, cause or remark is: page and pantauctl have words for it in
 * both languages, and the manual says what a remark means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/core/device/device.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/engine/snmp_engine.h"

#include <cmocka.h>

enum { CATALOG_MAX = 65536 };
static char catalogs[2][CATALOG_MAX], manual[CATALOG_MAX];

static int read_text(const char *path, char buf[static CATALOG_MAX])
{
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	buf[fread(buf, 1, CATALOG_MAX - 1, file)] = '\0';
	fclose(file);
	return 0;
}

static int read_texts(void **state)
{
	static const char *const LANGS[] = {"id", "en"};
	char path[512];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s.json", getenv("PANTAU_CATALOGS"), LANGS[i]);
		if (read_text(path, catalogs[i]) < 0)
			return -1;
	}
	return read_text(getenv("PANTAU_MANUAL"), manual);
}

static void assert_words(const char *prefix, const char *ctl_prefix, const char *name)
{
	char key[80], quoted[90];

	snprintf(key, sizeof(key), "%s%s", ctl_prefix, name);
	for (enum ctl_lang lang = CTL_LANG_ID; lang <= CTL_LANG_EN; lang++)
		if (ctl_word(lang, key) == key)
			fail_msg("pantauctl has no word for %s", key);
	snprintf(quoted, sizeof(quoted), "\"%s.%s\": \"", prefix, name);
	for (size_t i = 0; i < 2; i++)
		if (!strstr(catalogs[i], quoted))
			fail_msg("the page has no word for %s", quoted);
}

/* Who reads the page and types the command reads of one thing: only capitals may differ. */
static void assert_same_words(const char *prefix, const char *name)
{
	static const enum ctl_lang LANGS[] = {CTL_LANG_ID, CTL_LANG_EN};
	char quoted[90];

	snprintf(quoted, sizeof(quoted), "\"%s.%s\": \"", prefix, name);
	for (size_t i = 0; i < 2; i++) {
		const char *word = ctl_word(LANGS[i], name), *at = strstr(catalogs[i], quoted);

		assert_non_null(at);
		at += strlen(quoted);
		if (strncasecmp(at, word, strlen(word)) != 0 || at[strlen(word)] != '"')
			fail_msg("pantauctl says \"%s\", the page %.40s", word, at);
	}
}

static void test_same_words(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_STATUS_N; i++)
		if (i != DEVICE_PENDING) /* too long for a column: "not heard of yet" */
			assert_same_words("status", device_status_name((enum device_status)i));
	for (int i = 1; i < DEVICE_CAUSE_N; i++)
		assert_same_words("cause", device_cause_name((enum device_cause)i));
}

static void test_words(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_STATUS_N; i++)
		assert_words("status", "", device_status_name((enum device_status)i));
	for (int i = 1; i < DEVICE_CAUSE_N; i++)
		assert_words("cause", "", device_cause_name((enum device_cause)i));
	for (int i = 0; i < DEVICE_REMARK_N; i++)
		assert_words("remark", "remark.", device_remark_name((enum device_remark)i));
	for (int i = SNMP_OUTCOME_ANSWER + 1; i < SNMP_OUTCOME_CANCELLED; i++)
		assert_words("failure", "failure.", snmp_outcome_name((enum snmp_outcome)i));
}

static void test_manual(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_REMARK_N; i++)
		if (!strstr(manual, device_remark_name((enum device_remark)i)))
			fail_msg("the manual does not tell what %s means",
				 device_remark_name((enum device_remark)i));
}

static void test_descriptions(void **state)
{
	char text[2048];

	(void)state;
	assert_string_equal(device_remarks_describe(0, text, sizeof(text)), "");
	device_remarks_describe(1u << REMARK_NO_BULK | 1u << REMARK_NO_UPTIME, text, sizeof(text));
	assert_non_null(
		strstr(text, "unevenly long; does not bear GETBULK")); /* what matters more */
	assert_true(strlen(device_remarks_describe((1u << DEVICE_REMARK_N) - 1, text,
						   sizeof(text))) < 2040);
	assert_int_equal(strlen(device_remarks_describe(UINT32_MAX, text, 10)),
			 9); /* no further than there is room */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_same_words),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_descriptions),
	};

	return cmocka_run_group_tests(tests, read_texts, NULL);
}
