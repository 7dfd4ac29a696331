/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/words/ctl_help.h"

#include <string.h>

#include "common/base/cleanup.h"

enum { WIDTH = 80, COMMAND_COLUMN = 32, OPTION_COLUMN = 23, LINE_MAX_OCTETS = 512 };

struct entry {
	const char *syntax;
	enum word help;
};

static const struct entry COMMANDS[] = {
	{"status", WORD_HELP_STATUS},
	{"devices [--kind core|opd|hotspot] [--status STATUS] [--q TEXT]", WORD_HELP_DEVICES},
	{"device ID", WORD_HELP_DEVICE},
	{"device ID rescan", WORD_HELP_DEVICE_RESCAN},
	{"alerts [--state open|ended|all] [--device ID] [--severity SEVERITY] [--kind KIND] "
	 "[--acknowledged yes|no] [--limit N] [--before ALERT]",
	 WORD_HELP_ALERTS},
	{"ack ALERT [NOTE]", WORD_HELP_ACK},
	{"unack ALERT", WORD_HELP_UNACK},
	{"note ALERT NOTE", WORD_HELP_NOTE},
	{"cause ALERT CAUSE", WORD_HELP_CAUSE},
	{"silence ALERT 90m|2h|3d|off", WORD_HELP_SILENCE},
	{"maintenance", WORD_HELP_MAINTENANCE},
	{"maintenance add all|device ID|group NAME|provider NAME|kelurahan NAME "
	 "now|YYYY-MM-DDTHH:MM 90m|2h|3d REASON [weekly]",
	 WORD_HELP_MAINTENANCE_ADD},
	{"maintenance end NUMBER", WORD_HELP_MAINTENANCE_END},
	{"events [--limit N] [--device ID] [--before EVENT]", WORD_HELP_EVENTS},
	{"notifications [--device ID | --source ADDRESS | --unknown] [--limit N] [--before NUMBER]",
	 WORD_HELP_NOTIFICATIONS},
	{"senders [--limit N] [--before NUMBER]", WORD_HELP_SENDERS},
	{"deliveries [--channel NAME] [--alert ID] [--limit N] [--before NUMBER]",
	 WORD_HELP_DELIVERIES},
	{"test-notify CHANNEL", WORD_HELP_TEST_NOTIFY},
	{"user [add NAME viewer|operator|admin | remove NAME]", WORD_HELP_USER},
	{"token [add USER PURPOSE [--days N] | revoke ID]", WORD_HELP_TOKEN},
	{"audit [--limit N] [--before NUMBER]", WORD_HELP_AUDIT},
	{"export nagios|icinga2 [--plugin PATH] [--plugin-server SERVER] [--plugin-token-file "
	 "FILE]",
	 WORD_HELP_EXPORT},
	{"flush [ID]", WORD_HELP_FLUSH},
	{"reload", WORD_HELP_RELOAD},
	{"device probe ADDRESS [--port N] [--credential NAME]... [--profile NAME]",
	 WORD_HELP_DEVICE_PROBE},
	{"profile test FILE ADDRESS [--port N] [--credential NAME]...", WORD_HELP_PROFILE_TEST},
	{"profile test [FILE|NAME] --recording RECORDING [--profiles DIR]",
	 WORD_HELP_PROFILE_RECORDING},
	{"check-config [FILE]", WORD_HELP_CHECK_CONFIG},
};

static const struct entry OPTIONS[] = {
	{"-s, --server SERVER", WORD_HELP_SERVER},
	{"-j, --json", WORD_HELP_JSON},
	{"-l, --lang LANG", WORD_HELP_LANG},
	{"-c, --config FILE", WORD_HELP_CONFIG},
	{"-h, --help", WORD_HELP_HELP},
	{"-V, --version", WORD_HELP_VERSION},
};

/* From that column on, where the line is already; further lines begin at indent. */
static void wrap(FILE *out, const char *text, size_t column, size_t indent)
{
	for (bool first = true; *text; first = false) {
		const size_t len = strcspn(text, " ");
		char word[LINE_MAX_OCTETS];
		size_t width;

		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		width = words_width(word);
		if (!first && column + 1 + width > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fputs(word, out);
		column += width;
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}

void ctl_help_entry(FILE *out, const char *syntax, const char *help, size_t column)
{
	const size_t len = strlen(syntax);

	fputs("  ", out);
	if (2 + len < column) {
		fprintf(out, "%-*s", (int)(column - 2), syntax);
	} else {
		wrap(out, syntax, 2, 2 + strcspn(syntax, " ") + 1);
		fprintf(out, "%*s", (int)column, "");
	}
	wrap(out, help, column, column);
}

void ctl_help_text(FILE *out, const char *text)
{
	wrap(out, text, 0, 0);
}

void ctl_help_print(enum words_lang lang, const char *server, const char *config, FILE *out)
{
	const char *const values[] = {"server", server, "config", config, NULL};
	char line[LINE_MAX_OCTETS];

	fprintf(out, "%s: pantauctl [-s SERVER] [--json] [--lang id|en] COMMAND [ARGUMENT...]\n\n",
		words_text(lang, WORD_HELP_USAGE));
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++)
		ctl_help_entry(out, COMMANDS[i].syntax, words_text(lang, COMMANDS[i].help),
			       COMMAND_COLUMN);
	fputc('\n', out);
	for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++)
		ctl_help_entry(
			out, OPTIONS[i].syntax,
			words_fill(line, sizeof(line), words_text(lang, OPTIONS[i].help), values),
			OPTION_COLUMN);
	fputc('\n', out);
	ctl_help_text(out, words_text(lang, WORD_HELP_EXIT));
}

void ctl_help_usage(enum words_lang lang, const char *command, FILE *out)
{
	const char *lead = words_text(lang, WORD_HELP_USAGE), *separator = ":";

	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++) {
		if (strncmp(COMMANDS[i].syntax, command, strlen(command)) != 0 ||
		    !strchr(" ", COMMANDS[i].syntax[strlen(command)]))
			continue;
		fprintf(out, "%s%s pantauctl %s\n", lead, separator, COMMANDS[i].syntax);
		lead = "      ";
		separator = "";
	}
	fprintf(out, "%s\n", words_text(lang, WORD_HELP_TRY));
}
