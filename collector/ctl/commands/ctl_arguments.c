/* SPDX-License-Identifier: GPL-3.0-or-later */
/* getopt(3) would have to know the commands' own options, too, to sort them by itself. */
#include "collector/ctl/commands/ctl_arguments.h"

#include <string.h>

#include "common/base/cleanup.h"

static const struct {
	const char *name, *letter;
	int values;
} OPTIONS[] = {
	{"--server", "-s", 1}, {"--json", "-j", 0}, {"--lang", "-l", 1},
	{"--config", "-c", 1}, {"--help", "-h", 0}, {"--version", "-V", 0},
};

/* How many arguments from here on are such an option; 0: none is. */
static int length_of(const char *arg)
{
	const size_t name = strcspn(arg, "=");

	for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++) {
		if (strcmp(arg, OPTIONS[i].name) == 0 || strcmp(arg, OPTIONS[i].letter) == 0)
			return 1 + OPTIONS[i].values;
		if (arg[name] == '=' && strlen(OPTIONS[i].name) == name &&
		    strncmp(arg, OPTIONS[i].name, name) == 0)
			return 1;
	}
	return 0;
}

void ctl_arguments_sort(int argc, char **argv)
{
	int front = 1;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0;) {
		int n = length_of(argv[i]);

		if (n > argc - i)
			return; /* lacks its value, which the command will say */
		for (int moved = 0; moved < n; moved++, i++, front++) {
			char *arg = argv[i];

			memmove(&argv[front + 1], &argv[front],
				(size_t)(i - front) * sizeof(*argv));
			argv[front] = arg;
		}
		if (n == 0)
			i++;
	}
}
