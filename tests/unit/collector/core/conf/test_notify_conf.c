/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The example is right but for its secrets and names every key; what is wrong is named with what would be right. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/severity.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static int parse(const char *text, struct notify_conf *conf, struct conf_errors *errors)
{
	int r = conf_parse("n.conf", (const uint8_t *)text, strlen(text), NOTIFY_CONF_KEYS, conf,
			   errors);

	if (r == 0)
		r = notify_conf_check(conf, errors);
	return r;
}

static char *example(void)
{
	char path[512], *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "%s/notify.conf.example", getenv("PANTAU_CONF_DIR"));
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

/* In place of each secret of the example, one of somebody's own. */
static void fill_in(char *text)
{
	for (char *at = text; (at = strstr(at, "CHANGE ME"));)
		memcpy(at, "SECRET-it", 9);
}

static void test_example(void **state)
{
	cleanup_free char *text = example();
	struct conf_errors errors = {0};
	struct notify_conf conf = {0};

	(void)state;
	assert_null(conf_key_missing_in(NOTIFY_CONF_KEYS, text));
	assert_int_equal(parse(text, &conf, &errors), -EINVAL);
	for (size_t i = 0; i < errors.n; i++)
		assert_non_null(strstr(errors.lines[i], "is the example's; write your own"));
	assert_int_equal(errors.n, 4);
	conf_errors_deinit(&errors);
	notify_conf_wipe(&conf);

	fill_in(text);
	assert_int_equal(parse(text, &conf, &errors), 0);
	assert_int_equal(conf.n_channels, 7);
	assert_int_equal(conf.channels[2].preset, PRESET_FONNTE);
	assert_int_equal(conf.rules[0].severity, SEVERITY_WARNING);
	assert_int_equal(conf.rules[0].escalate_ms, 900000);
	assert_int_equal(notify_conf_channel(&conf, "siem"), 4);
	assert_int_equal(notify_conf_summary_minute(&conf), 7 * 60);
	assert_string_equal(channel_type_name(CHANNEL_ALERTMANAGER), "alertmanager");
	notify_conf_wipe(&conf);
}

#define RULE	 "rule \"r\" { channels = {\"c\"} }\n"
#define TELEGRAM "channel \"c\" { type = telegram token = \"1:a\" chat = \"1\" }\n"

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *wrong;
	} CASES[] = {
		{"channel \"c\" { token = \"1:a\" }\n" RULE,
		 "n.conf:1: channel \"c\": type: is missing"},
		{"channel \"c\" { type = telegram chat = \"1\" }\n" RULE,
		 "n.conf:1: channel \"c\": token: is missing; write the bot's token"},
		{"channel \"C 1\" { type = telegram token = \"1:a\" chat = \"1\" }\n"
		 "rule \"r\" { channels = {\"C 1\"} }\n",
		 "n.conf:1: channel \"C 1\": is not a name"},
		{TELEGRAM "rule \"r\" { channels = {\"d\"} }\n",
		 "n.conf:2: rule \"r\": channels: \"d\" is no channel; write the name of a "
		 "section"},
		{TELEGRAM "rule \"r\" { severity = major }\n",
		 "n.conf:2: rule \"r\": channels: is missing; write who is told"},
		{TELEGRAM "rule \"r\" { channels = {\"c\"} escalate-after = 5m }\n",
		 "n.conf:2: rule \"r\": escalate-to: is missing"},
		{TELEGRAM,
		 "n.conf:2: rule: there is none, so that nobody is told; write a section"},
		{TELEGRAM TELEGRAM RULE, "n.conf:2: channel: there is a \"c\" already"},
		{"summary-at = \"07:00\"\n" TELEGRAM RULE, "n.conf:1: summary-to: is missing"},
		{"summary-at = \"7 pagi\"\n" TELEGRAM RULE, "n.conf:1: summary-at: \"7 pagi\""},
		{"channel \"c\" { type = mail host = \"m\" from = \"a@b\" to = {\"c@d\"}\n"
		 "security = none user = \"u\" password = \"very-secret\" }\n" RULE,
		 "n.conf:2: channel \"c\": password: would travel in clear text"},
		{"channel \"c\" { type = mail host = \"m\" from = \"a@b\" to = {\"c, d@e\"} "
		 "}\n" RULE,
		 "n.conf:1: to: \"c, d@e\""},
		{"channel \"c\" { type = webhook url = \"ftp://x/y\" }\n" RULE,
		 "n.conf:1: url: \"ftp://x/y\""},
		{"channel \"c\" { type = webhook url = \"http:///y\" }\n" RULE,
		 "n.conf:1: url: \"http:///y\""},
		{"channel \"c\" { type = webhook url = \"https://x\" headers = {\"a b: c\"} "
		 "}\n" RULE,
		 "n.conf:1: headers: \"a b: c\""},
		{"channel \"c\" { type = webhook url = \"https://x\" ok-from = 300 }\n" RULE,
		 "n.conf:1: channel \"c\": ok-from: is above ok-to"},
		{"channel \"c\" { type = webhook preset = fonnte token = \"t\" }\n" RULE,
		 "n.conf:1: channel \"c\": target: is missing"},
		{"channel \"c\" { type = command command = {\"sirene\"} }\n" RULE,
		 "n.conf:1: channel \"c\": command: has no program by its absolute path"},
		{"channel \"c\" { type = syslog }\n" RULE,
		 "n.conf:1: channel \"c\": host: is missing"},
		{TELEGRAM RULE "heartbeat \"h\" { }\n",
		 "n.conf:3: heartbeat \"h\": url: is missing"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct notify_conf conf = {0};

		assert_int_equal(parse(CASES[i].text, &conf, &errors), -EINVAL);
		if (errors.n != 1 ||
		    strncmp(errors.lines[0], CASES[i].wrong, strlen(CASES[i].wrong)) != 0)
			fail_msg("%zu: %zu lines, \"%s\" instead of \"%s\"", i, errors.n,
				 errors.lines[0], CASES[i].wrong);
		assert_null(strstr(errors.lines[0], "very-secret"));
		conf_errors_deinit(&errors);
		notify_conf_wipe(&conf);
	}
}

/* A collector that tells nobody is a right one. */
static void test_empty(void **state)
{
	struct conf_errors errors = {0};
	struct notify_conf conf = {0};

	(void)state;
	assert_int_equal(parse("", &conf, &errors), 0);
	assert_int_equal(notify_conf_summary_minute(&conf), -1);
	notify_conf_wipe(&conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
