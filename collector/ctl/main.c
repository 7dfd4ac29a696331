/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantauctl: the operator's command line. See pantauctl(1). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "collector/ctl/commands/ctl_arguments.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_help.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"
#include "common/system/log.h"

#define DEFAULT_SERVER "unix:/run/pantau/collector.sock"
#define DEFAULT_CONFIG "/etc/pantau/pantau-collector.conf"

static const struct {
	const char *name;
	ctl_command_fn *fn;
} COMMANDS[] = {
	{"alerts", ctl_alerts},
	{"ack", ctl_ack},
	{"maintenance", ctl_maintenance},
	{"unack", ctl_unack},
	{"note", ctl_note},
	{"cause", ctl_cause},
	{"silence", ctl_silence},
	{"status", ctl_status},
	{"devices", ctl_devices},
	{"device", ctl_device},
	{"events", ctl_events},
	{"export", ctl_export},
	{"flush", ctl_flush},
	{"reload", ctl_reload},
	{"check-config", ctl_check_config},
	{"profile", ctl_profile},
	{"notifications", ctl_notifications},
	{"senders", ctl_senders},
	{"deliveries", ctl_deliveries},
	{"test-notify", ctl_test_notify},
	{"user", ctl_user},
	{"token", ctl_token},
	{"audit", ctl_audit},
};

static int complain(const struct ctl *ctl, enum word word, const char *place, const char *value)
{
	ctl_say(ctl, NULL, word, (const char *const[]){place, value, NULL});
	fprintf(stderr, "%s\n", words_text(ctl->lang, WORD_HELP_TRY));
	return EXIT_STATUS_USAGE;
}

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct ctl *ctl)
{
	static const struct option LONG[] = {
		{"server", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"lang", required_argument, NULL, 'l'},
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	bool help = false; /* in the language of whatever comes behind */
	int c;

	while ((c = getopt_long(argc, argv, "+s:jl:c:hV", LONG, NULL)) != -1) {
		switch (c) {
		case 's':
			ctl->client.server = optarg;
			break;
		case 'j':
			ctl->json = true;
			break;
		case 'l':
			if (!words_lang_parse(optarg, &ctl->lang))
				return complain(ctl, WORD_CTL_NO_LANGUAGE, "lang", optarg);
			ctl->lang_chosen = true;
			break;
		case 'c':
			ctl->config = optarg;
			break;
		case 'h':
			help = true;
			break;
		case 'V':
			puts("pantauctl " PANTAU_VERSION);
			return EXIT_SUCCESS;
		default:
			fprintf(stderr, "%s\n", words_text(ctl->lang, WORD_HELP_TRY));
			return EXIT_STATUS_USAGE;
		}
	}
	if (!help)
		return -1;
	ctl_help_print(ctl->lang, DEFAULT_SERVER, DEFAULT_CONFIG, stdout);
	return EXIT_SUCCESS;
}

/* curl would take a path for a host's name. */
static bool is_server(const char *server)
{
	return strncmp(server, "unix:", 5) == 0 || strncmp(server, "http://", 7) == 0 ||
	       strncmp(server, "https://", 8) == 0;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	if (!is_server(ctl->client.server))
		return complain(ctl, WORD_CTL_NO_SERVER, "server", ctl->client.server);
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++) {
		if (strcmp(COMMANDS[i].name, argv[0]) == 0)
			return COMMANDS[i].fn(ctl, argc - 1, argv + 1);
	}
	return complain(ctl, WORD_CTL_NO_COMMAND, "command", argv[0]);
}

int main(int argc, char **argv)
{
	const char *server = getenv("PANTAU_SERVER");
	struct ctl ctl = {
		.client = {.server = server && server[0] ? server : DEFAULT_SERVER},
		.lang = WORDS_EN,
		.config = DEFAULT_CONFIG,
	};
	int status;

	ctl.lang_chosen =
		ctl_text_lang(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"), &ctl.lang);
	ctl_arguments_sort(argc, argv);
	status = parse_options(argc, argv, &ctl);
	if (status >= 0)
		return status;
	if (optind >= argc) {
		ctl_help_print(ctl.lang, DEFAULT_SERVER, DEFAULT_CONFIG, stderr);
		return EXIT_STATUS_USAGE;
	}
	log_open("pantauctl", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	status = run(&ctl, argc - optind, argv + optind);
	curl_global_cleanup();
	return status;
}
