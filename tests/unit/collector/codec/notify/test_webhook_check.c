/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates that would send nonsense are refused with the file, and with what would be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/notify/webhook.h"
#include "common/conf/conf.h"

#include <cmocka.h>

static const struct {
	const char *section; /* of the channel */
	size_t n;	     /* mistakes */
	const char *said;
} CASES[] = {
	{"", 0, NULL},
	{"body = \"{\\\"a\\\":{{title}},\\\"b\\\":[{{ token }},{{end}}]}\"", 0, NULL},
	{"body = \"t={{title}}\" body-type = form", 0, NULL},
	{"body = \"{{text}}\" body-type = text headers = {\"X-A: {{key}}\", \"B: b\"}", 0, NULL},
	{"body = \"{\\\"a\\\":{{judul}}}\"", 1,
	 "n.conf:1: channel \"a\": body: \"{{judul}}\" is no word; write one of title, text,"},
	{"body = \"{{password}}\" body-type = text", 1, "\"{{password}}\" is no word"},
	{"headers = {\"A: {{token}}\",\n \"B: {{nix}}\"}", 1,
	 "n.conf:2: channel \"a\": headers: \"{{nix}}\" is no word"},
	{"body = \"{\\\"a\\\":\\\"{{title}}\\\"}\"", 1,
	 "n.conf:1: channel \"a\": body: is no JSON when it is filled in; write {{words}} without "
	 "quotes"},
	{"body = \"t={{title}}\"", 1, "is no JSON"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct notify_conf conf = {0};
		struct conf_errors errors = {0};
		char text[512];

		snprintf(text, sizeof(text),
			 "channel \"a\" { type = webhook url = \"http://h/\" %s }",
			 CASES[i].section);
		assert_int_equal(conf_parse("n.conf", (const uint8_t *)text, strlen(text),
					    NOTIFY_CONF_KEYS, &conf, &errors),
				 0);
		webhook_check(&conf.channels[0], &errors);
		assert_int_equal(errors.n, CASES[i].n);
		if (CASES[i].said)
			assert_non_null(strstr(errors.lines[0], CASES[i].said));
		conf_errors_deinit(&errors);
		notify_conf_wipe(&conf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
