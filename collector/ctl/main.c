/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantauctl: the operator's command line. See pantauctl(1). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "collector/ctl/commands/ctl_arguments.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "common/base/cleanup.h"
#include "common/system/log.h"

#define DEFAULT_SERVER "unix:/run/pantau/collector.sock"
#define DEFAULT_CONFIG "/etc/pantau/pantau-collector.conf"

static const char USAGE[] =
	"Usage: pantauctl [-s SERVER] [--json] [--lang id|en] COMMAND [ARGUMENT...]\n"
	"\n"
	"  status                        how many devices are in which state, and which are in "
	"trouble\n"
	"  devices [--kind K] [--status S] [--q TEXT]\n"
	"                                all devices, or those\n"
	"  device ID                     everything about one device\n"
	"  events [--limit N] [--device ID] [--before EVENT]\n"
	"                                what happened, the newest last\n"
	"  notifications [--device ID | --source ADDRESS | --unknown] [--limit N]\n"
	"                [--before NUMBER]\n"
	"                                traps and informs that were taken, the newest last\n"
	"  senders [--limit N] [--before NUMBER]\n"
	"                                whose are refused or of no device, and why\n"
	"  reload                        take over the configuration's changes\n"
	"  device probe ADDRESS [--port N] [--credential NAME]... [--profile NAME]\n"
	"                                which credential it accepts, and what it tells\n"
	"  profile test FILE ADDRESS [--port N] [--credential NAME]...\n"
	"                                what a profile makes of a device\n"
	"  profile test [FILE|NAME] --recording RECORDING [--profiles DIR]\n"
	"                                and of a recorded one (snmprec), without any network\n"
	"  check-config [FILE]           name every mistake in the configuration's files\n"
	"\n"
	"  -s, --server SERVER  unix:PATH or http://HOST:PORT (PANTAU_SERVER, or\n"
	"                       " DEFAULT_SERVER ")\n"
	"  -j, --json           the API's JSON instead of tables\n"
	"  -l, --lang LANG      id or en (LC_ALL, LC_MESSAGES, LANG)\n"
	"  -c, --config FILE    for the last three (" DEFAULT_CONFIG ")\n"
	"  -h, --help           this text\n"
	"  -V, --version        the version\n"
	"\n"
	"Exit status: 0 done; 1 failed; 2 the configuration is wrong; 3 the collector does not\n"
	"answer; 64 wrong use.\n";

static const struct {
	const char *name;
	ctl_command_fn *fn;
} COMMANDS[] = {
	{"status", ctl_status},	  {"devices", ctl_devices},
	{"device", ctl_device},	  {"events", ctl_events},
	{"reload", ctl_reload},	  {"check-config", ctl_check_config},
	{"profile", ctl_profile}, {"notifications", ctl_notifications},
	{"senders", ctl_senders},
};

static const char *first_set(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = getenv(names[i]);

		if (value && value[0])
			return value;
	}
	return NULL;
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
				return ctl_usage("--lang id|en ...");
			break;
		case 'c':
			ctl->config = optarg;
			break;
		case 'h':
			fputs(USAGE, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("pantauctl " PANTAU_VERSION);
			return EXIT_SUCCESS;
		default:
			fputs("Try pantauctl --help.\n", stderr);
			return EXIT_STATUS_USAGE;
		}
	}
	return -1;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++) {
		if (strcmp(COMMANDS[i].name, argv[0]) == 0)
			return COMMANDS[i].fn(ctl, argc - 1, argv + 1);
	}
	fprintf(stderr, "pantauctl: no command \"%s\"\nTry pantauctl --help.\n", argv[0]);
	return EXIT_STATUS_USAGE;
}

int main(int argc, char **argv)
{
	static const char *const LANGS[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	static const char *const SERVERS[] = {"PANTAU_SERVER"};
	const char *server = first_set(SERVERS, ARRAY_LEN(SERVERS)),
		   *locale = first_set(LANGS, ARRAY_LEN(LANGS));
	struct ctl ctl = {
		.client = {.server = server ? server : DEFAULT_SERVER},
		.lang = WORDS_EN,
		.config = DEFAULT_CONFIG,
	};
	int status;

	if (locale)
		words_lang_of_locale(locale, &ctl.lang);
	ctl_arguments_sort(argc, argv);
	status = parse_options(argc, argv, &ctl);
	if (status >= 0)
		return status;
	if (optind >= argc) {
		fputs(USAGE, stderr);
		return EXIT_STATUS_USAGE;
	}
	log_open("pantauctl", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	status = run(&ctl, argc - optind, argv + optind);
	curl_global_cleanup();
	return status;
}
