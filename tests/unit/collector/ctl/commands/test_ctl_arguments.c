/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collector/ctl/commands/ctl_arguments: what every command takes comes first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/ctl/commands/ctl_arguments.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_sort(void **state)
{
	static const struct {
		const char *given, *sorted;
	} cases[] = {
		{"", ""},
		{"status", "status"},
		{"status --json", "--json status"},
		{"-j events --limit 3", "-j events --limit 3"},
		{"events --limit 3 --lang id --device opd-07 -s unix:/x",
		 "--lang id -s unix:/x events --limit 3 --device opd-07"},
		{"devices --lang=en --q --kind opd", "--lang=en devices --q --kind opd"},
		{"check-config /etc/x -c", "check-config /etc/x -c"},
		{"status --help", "--help status"},
		{"profile test --recording x -- --json", "profile test --recording x -- --json"},
		{"events --languages --colour red", "events --languages --colour red"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[200] = "pantauctl ", sorted[200] = "";
		char *argv[16];
		int argc = 0;

		strcat(text, cases[i].given);
		for (char *arg = strtok(text, " "); arg; arg = strtok(NULL, " "))
			argv[argc++] = arg;
		ctl_arguments_sort(argc, argv);
		assert_string_equal(argv[0], "pantauctl");
		for (int k = 1; k < argc; k++)
			strcat(strcat(sorted, k > 1 ? " " : ""), argv[k]);
		assert_string_equal(sorted, cases[i].sorted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
