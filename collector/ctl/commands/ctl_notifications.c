/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Did the trap arrive, and why was it refused? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_notification_text.h"

typedef void show_fn(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);

static int show(struct ctl *ctl, const char *path, show_fn *fn)
{
	json_t *answer;
	enum ctl_outcome outcome = ctl_ask(ctl, path, &answer);

	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	fn(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

/* Takes each "--unknown" out of the arguments, which has no value behind it. Returns whether there was one. */
static bool take_unknown(int *argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--unknown") != 0)
			argv[kept++] = argv[i];
	}
	if (kept == *argc)
		return false;
	*argc = kept;
	return true;
}

int ctl_notifications(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"limit", "device", "source", "before", NULL};
	char path[CTL_QUERY_MAX] = "notifications";
	const bool unknown = take_unknown(&argc, argv);

	if (unknown)
		strcat(path, "?unknown=yes");
	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "notifications");
	return show(ctl, path, ctl_notification_text);
}

int ctl_senders(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"limit", "before", NULL};
	char path[CTL_QUERY_MAX] = "senders";

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "senders");
	return show(ctl, path, ctl_sender_text);
}
