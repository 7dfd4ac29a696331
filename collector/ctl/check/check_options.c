/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/check/check_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/words/ctl_help.h"
#include "common/base/cleanup.h"

#define DEFAULT_SERVER "unix:/run/pantau/collector.sock"

enum { COLUMN = 30, TIMEOUT_MS = 10000, TIMEOUT_MAX_S = 300 };

/* Options without a letter. */
enum { OPTION_KIND = 256, OPTION_GROUP, OPTION_PROVIDER, OPTION_KELURAHAN, OPTION_COLLECTOR };

static const struct option LONG[] = {
	{"server", required_argument, NULL, 's'},
	{"token-file", required_argument, NULL, 'k'},
	{"timeout", required_argument, NULL, 't'},
	{"warning", required_argument, NULL, 'w'},
	{"critical", required_argument, NULL, 'c'},
	{"lang", required_argument, NULL, 'l'},
	{"device", required_argument, NULL, 'd'},
	{"link", required_argument, NULL, 'L'},
	{"path", required_argument, NULL, 'P'},
	{"kind", required_argument, NULL, OPTION_KIND},
	{"group", required_argument, NULL, OPTION_GROUP},
	{"provider", required_argument, NULL, OPTION_PROVIDER},
	{"kelurahan", required_argument, NULL, OPTION_KELURAHAN},
	{"collector", no_argument, NULL, OPTION_COLLECTOR},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static const struct {
	const char *syntax;
	enum word help;
} HELP[] = {
	{"-d, --device ID", WORD_CHECK_HELP_DEVICE},
	{"-L, --link NAME", WORD_CHECK_HELP_LINK},
	{"-P, --path NAME", WORD_CHECK_HELP_PATH},
	{"--group NAME", WORD_CHECK_HELP_GROUP},
	{"--provider NAME", WORD_CHECK_HELP_PROVIDER},
	{"--kelurahan NAME", WORD_CHECK_HELP_KELURAHAN},
	{"--kind KIND", WORD_CHECK_HELP_KIND},
	{"--collector", WORD_CHECK_HELP_COLLECTOR},
	{"-w, --warning [FIGURE=]RANGE", WORD_CHECK_HELP_WARNING},
	{"-c, --critical [FIGURE=]RANGE", WORD_CHECK_HELP_CRITICAL},
	{"-s, --server SERVER", WORD_CHECK_HELP_SERVER},
	{"-k, --token-file FILE", WORD_CHECK_HELP_TOKEN},
	{"-t, --timeout SECONDS", WORD_CHECK_HELP_TIMEOUT},
	{"-l, --lang LANG", WORD_CHECK_HELP_LANG},
	{"-v, --verbose", WORD_CHECK_HELP_VERBOSE},
	{"-h, --help", WORD_HELP_HELP},
	{"-V, --version", WORD_HELP_VERSION},
};

static int print_help(enum words_lang lang)
{
	const char *const values[] = {"server", DEFAULT_SERVER, NULL};
	char line[CHECK_LINE_MAX];

	printf("%s: check_pantau [OPTION...]\n\n", words_text(lang, WORD_HELP_USAGE));
	ctl_help_text(stdout, words_text(lang, WORD_CHECK_HELP_ABOUT));
	putchar('\n');
	for (size_t i = 0; i < ARRAY_LEN(HELP); i++)
		ctl_help_entry(
			stdout, HELP[i].syntax,
			words_fill(line, sizeof(line), words_text(lang, HELP[i].help), values),
			COLUMN);
	putchar('\n');
	ctl_help_text(stdout, words_text(lang, WORD_CHECK_HELP_EXIT));
	return CHECK_UNKNOWN;
}

int check_options_refuse(enum words_lang lang, enum word word, const char *const *values)
{
	char text[CHECK_LINE_MAX];

	printf("UNKNOWN - %s\n%s\n", words_fill(text, sizeof(text), words_text(lang, word), values),
	       words_text(lang, WORD_CHECK_HELP_TRY));
	return CHECK_UNKNOWN;
}

static int read_threshold(struct check_options *options, const char *text, enum check_state state)
{
	char most[16];

	if (options->n_thresholds == CHECK_THRESHOLDS) {
		snprintf(most, sizeof(most), "%d", CHECK_THRESHOLDS);
		return check_options_refuse(options->lang, WORD_CHECK_MANY_THRESHOLDS,
					    (const char *const[]){"n", most, NULL});
	}
	if (!check_threshold_parse(text, state, &options->thresholds[options->n_thresholds]))
		return check_options_refuse(options->lang, WORD_CHECK_BAD_RANGE,
					    (const char *const[]){"text", text, NULL});
	options->n_thresholds++;
	return -1;
}

static int read_timeout(struct check_options *options, const char *text)
{
	char *end;
	const long seconds = strtol(text, &end, 10);

	if (*end || seconds < 1 || seconds > TIMEOUT_MAX_S)
		return check_options_refuse(options->lang, WORD_CHECK_BAD_TIMEOUT,
					    (const char *const[]){"text", text, NULL});
	options->timeout_ms = seconds * 1000;
	return -1;
}

static void read_group(struct check_options *options, int option)
{
	options->of_group = true;
	if (option == OPTION_KIND)
		options->group.kind = optarg;
	if (option == OPTION_GROUP)
		options->group.group = optarg;
	if (option == OPTION_PROVIDER)
		options->group.provider = optarg;
	if (option == OPTION_KELURAHAN)
		options->group.kelurahan = optarg;
}

/* Returns -1 to go on. */
static int read_option(struct check_options *options, int option)
{
	switch (option) {
	case 's':
		snprintf(options->server, sizeof(options->server), "%s", optarg);
		return -1;
	case 'k':
		options->token_file = optarg;
		return -1;
	case 't':
		return read_timeout(options, optarg);
	case 'w':
		return read_threshold(options, optarg, CHECK_WARNING);
	case 'c':
		return read_threshold(options, optarg, CHECK_CRITICAL);
	case 'l':
		if (words_lang_parse(optarg, &options->lang))
			return -1;
		return check_options_refuse(options->lang, WORD_CTL_NO_LANGUAGE,
					    (const char *const[]){"lang", optarg, NULL});
	case 'd':
		options->device = optarg;
		return -1;
	case 'L':
		options->link = optarg;
		return -1;
	case 'P':
		options->path = optarg;
		return -1;
	case OPTION_COLLECTOR:
		options->of_collector = true;
		return -1;
	case 'v':
		return -1;
	case 'h':
		return print_help(options->lang);
	case 'V':
		puts("check_pantau " PANTAU_VERSION);
		return CHECK_UNKNOWN;
	case '?':
		puts(words_text(options->lang, WORD_CHECK_HELP_TRY));
		return CHECK_UNKNOWN;
	default:
		read_group(options, option);
		return -1;
	}
}

static int check_whole(const struct check_options *options)
{
	const int objects = (options->device != NULL) + options->of_group + options->of_collector;

	if (objects != 1)
		return check_options_refuse(options->lang, WORD_CHECK_NO_OBJECT,
					    (const char *const[]){NULL});
	if ((options->link || options->path) &&
	    (!options->device || (options->link && options->path)))
		return check_options_refuse(options->lang, WORD_CHECK_TWO_OBJECTS,
					    (const char *const[]){NULL});
	return -1;
}

int check_options_read(int argc, char **argv, struct check_options *ret)
{
	int option, status;

	*ret = (struct check_options){
		.server = DEFAULT_SERVER, .lang = WORDS_EN, .timeout_ms = TIMEOUT_MS};
	while ((option = getopt_long(argc, argv, "s:k:t:w:c:l:d:L:P:vhV", LONG, NULL)) != -1) {
		status = read_option(ret, option);
		if (status >= 0)
			return status;
	}
	if (optind < argc)
		return check_options_refuse(ret->lang, WORD_CHECK_NO_OBJECT,
					    (const char *const[]){NULL});
	return check_whole(ret);
}
