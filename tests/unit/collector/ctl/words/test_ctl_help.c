/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help in both languages, and what of it somebody gets who uses a command wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/ctl/words/ctl_help.h"

#include <cmocka.h>

static size_t widest(const char *text)
{
	size_t most = 0;

	while (*text) {
		const size_t len = strcspn(text, "\n");
		char line[512];
		size_t width;

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		width = words_width(line);
		most = width > most ? width : most;
		text += len + (text[len] == '\n');
	}
	return most;
}

static void test_help(void **state)
{
	static const char *const PARTS[] = {
		"\n  status                        ",
		"\n  notifications [--device ID | --source ADDRESS | --unknown] [--limit N]\n"
		"                [--before NUMBER]\n                                traps",
		"\n  -s, --server SERVER  unix:PATH or http://HOST:PORT (PANTAU_SERVER, or\n"
		"                       unix:/run/x.sock)\n",
	};
	char text[8192];

	(void)state;
	for (enum words_lang lang = 0; lang < WORDS_LANG_N; lang++) {
		FILE *out = fmemopen(text, sizeof(text), "w");

		ctl_help_print(lang, "unix:/run/x.sock", "/etc/x.conf", out);
		fclose(out);
		assert_true(widest(text) <= 80);
		assert_non_null(strstr(text, "(/etc/x.conf)"));
		assert_null(strpbrk(text, "{}"));
		for (size_t i = 0; lang == WORDS_EN && i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
			if (!strstr(text, PARTS[i]))
				fail_msg("%s is not in:\n%s", PARTS[i], text);
	}
}

static void test_usage(void **state)
{
	static const struct {
		const char *command, *text;
	} CASES[] = {
		{"reload", "Usage: pantauctl reload\nSee: pantauctl --help\n"},
		{"device",
		 "Usage: pantauctl device ID\n"
		 "       pantauctl device ID rescan\n"
		 "       pantauctl device probe ADDRESS [--port N] [--credential NAME]... "
		 "[--profile NAME]\nSee: pantauctl --help\n"},
		{"profile test",
		 "Usage: pantauctl profile test FILE ADDRESS [--port N] [--credential NAME]...\n"
		 "       pantauctl profile test [FILE|NAME] --recording RECORDING [--profiles "
		 "DIR]\n"
		 "See: pantauctl --help\n"},
		{"devic", "See: pantauctl --help\n"},
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		FILE *out = fmemopen(text, sizeof(text), "w");

		ctl_help_usage(WORDS_EN, CASES[i].command, out);
		fclose(out);
		assert_string_equal(text, CASES[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
