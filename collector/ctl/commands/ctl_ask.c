/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the collector, and says what went wrong. */
#include "collector/ctl/commands/ctl_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/ctl/words/ctl_help.h"
#include "common/base/cleanup.h"

int ctl_complain(const struct ctl *ctl, enum ctl_outcome outcome)
{
	bool nobody = outcome == CTL_UNREACHABLE || outcome == CTL_DENIED;

	if (nobody)
		fprintf(stderr, "pantauctl: %s (%s)\n",
			words_text(ctl->lang,
				   outcome == CTL_DENIED ? WORD_CTL_DENIED : WORD_CTL_NOT_RUNNING),
			ctl->client.error);
	else
		fprintf(stderr, "pantauctl: %s\n", ctl->client.error);
	return nobody ? EXIT_STATUS_NO_ANSWER : EXIT_STATUS_FAILED;
}

int ctl_usage(const struct ctl *ctl, const char *command)
{
	ctl_help_usage(ctl->lang, command, stderr);
	return EXIT_STATUS_USAGE;
}

void ctl_say(const struct ctl *ctl, const char *about, enum word word, const char *const *values)
{
	static const char *const NONE[] = {NULL};
	char line[512];

	fprintf(stderr, "pantauctl: %s%s%s\n", about ? about : "", about ? ": " : "",
		words_fill(line, sizeof(line), words_text(ctl->lang, word),
			   values ? values : NONE));
}

int ctl_print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(json);
	return EXIT_SUCCESS;
}

enum ctl_outcome ctl_ask_clock(struct ctl *ctl, json_t **ret_status)
{
	json_t *status;
	enum ctl_outcome outcome = ctl_client_get(&ctl->client, "status", &status);

	if (outcome != CTL_OK) {
		json_decref(status);
		return outcome;
	}
	ctl->now_ms = member_integer(status, "now_ms");
	if (!ctl->lang_chosen)
		words_lang_parse(member_text(status, "language"), &ctl->lang);
	if (member_text(status, "timezone")[0])
		setenv("TZ", member_text(status, "timezone"), 1);
	*ret_status = status;
	return CTL_OK;
}

enum ctl_outcome ctl_ask(struct ctl *ctl, const char *path, json_t **ret)
{
	json_t *status;
	enum ctl_outcome outcome = ctl_ask_clock(ctl, &status);

	*ret = NULL;
	if (outcome != CTL_OK)
		return outcome;
	json_decref(status);
	return ctl_client_get(&ctl->client, path, ret);
}

static int append_query(char *path, size_t size, const char *key, const char *value)
{
	cleanup_free char *escaped = ctl_client_escape(value);
	size_t used = strlen(path);

	if (!escaped || used + strlen(key) + strlen(escaped) + 3 > size)
		return -1;
	snprintf(path + used, size - used, "%s%s=%s", strchr(path, '?') ? "&" : "?", key, escaped);
	return 0;
}

int ctl_read_filters(const struct ctl *ctl, int argc, char **argv, const char *const *keys,
		     char path[static CTL_QUERY_MAX])
{
	for (int i = 0; i < argc; i += 2) {
		bool known = false;

		for (size_t k = 0; keys[k]; k++) {
			if (strncmp(argv[i], "--", 2) != 0 || strcmp(argv[i] + 2, keys[k]) != 0)
				continue;
			known = i + 1 < argc &&
				append_query(path, CTL_QUERY_MAX, keys[k], argv[i + 1]) == 0;
		}
		if (!known) {
			ctl_say(ctl, NULL, WORD_CTL_NO_OPTION,
				(const char *const[]){"option", argv[i], NULL});
			return -1;
		}
	}
	return 0;
}
