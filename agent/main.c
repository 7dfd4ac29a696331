/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options, signals, exit codes; the rest is agent.c. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/core/conf/agent_conf.h"
#include "agent/io/setup/users_init.h"
#include "common/base/cleanup.h"
#include "common/base/number_text.h"
#include "common/conf/conf_file.h"
#include "common/loop/loop.h"
#include "common/system/exit_status.h"
#include "common/system/log.h"
#include "common/system/privilege.h"

enum action { ACTION_RUN, ACTION_CHECK, ACTION_ONCE, ACTION_KEYS, ACTION_INIT };

struct options {
	const char *conf;
	enum action action;
	bool foreground, debug, force;
	unsigned int watchdog_s; /* 0: none */
};

static const char USAGE[] =
	"Usage: pantau-agent [-c FILE] [-f] [-d] [-w SECONDS]\n"
	"       pantau-agent --check-config | --once | --help-config [-c FILE]\n"
	"       pantau-agent --init [--force] [-c FILE]\n"
	"\n"
	"  -c, --config FILE   configuration (/etc/pantau/pantau-agent.conf)\n"
	"  -f, --foreground    log to stderr, whatever log-target says\n"
	"  -d, --debug         log everything\n"
	"  -w, --watchdog SECONDS  end by SIGALRM if nothing moves for so long (5 to "
	"3600)\n"
	"      --init          make the users file with random keys, print the "
	"collector's credential\n"
	"      --force         with --init: although there is one; it is kept as *.old\n"
	"      --check-config  check the configuration and the users file, and exit\n"
	"      --once          print the links as a table, and exit\n"
	"      --help-config   print every key with its unit, default and range\n"
	"  -V, --version       print the version\n"
	"  -h, --help          print this\n"
	"\n"
	"Exit status: 0 ended as asked; 1 failed; 2 the configuration is wrong; 64 wrong use.\n";

enum { OPTION_CHECK = 256, OPTION_ONCE, OPTION_KEYS, OPTION_INIT, OPTION_FORCE };

static const struct option OPTIONS[] = {
	{"config", required_argument, NULL, 'c'},
	{"foreground", no_argument, NULL, 'f'},
	{"debug", no_argument, NULL, 'd'},
	{"watchdog", required_argument, NULL, 'w'},
	{"check-config", no_argument, NULL, OPTION_CHECK},
	{"once", no_argument, NULL, OPTION_ONCE},
	{"help-config", no_argument, NULL, OPTION_KEYS},
	{"init", no_argument, NULL, OPTION_INIT},
	{"force", no_argument, NULL, OPTION_FORCE},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static unsigned int parse_seconds(const char *text)
{
	uint64_t seconds;

	if (number_text(text, 5, 3600, &seconds))
		return (unsigned int)seconds;
	fprintf(stderr, "pantau-agent: --watchdog %s: give a number of seconds, 5 to 3600\n", text);
	exit(EXIT_STATUS_USAGE);
}

static void take_option(struct options *options, int option, const char *value)
{
	switch (option) {
	case 'c':
		options->conf = value;
		break;
	case 'f':
		options->foreground = true;
		break;
	case 'd':
		options->debug = true;
		break;
	case 'w':
		options->watchdog_s = parse_seconds(value);
		break;
	case OPTION_CHECK:
		options->action = ACTION_CHECK;
		break;
	case OPTION_ONCE:
		options->action = ACTION_ONCE;
		break;
	case OPTION_KEYS:
		options->action = ACTION_KEYS;
		break;
	case OPTION_INIT:
		options->action = ACTION_INIT;
		break;
	case OPTION_FORCE:
		options->force = true;
		break;
	case 'V':
		puts("pantau-agent " PANTAU_VERSION);
		exit(EXIT_STATUS_OK);
	case 'h':
		fputs(USAGE, stdout);
		exit(EXIT_STATUS_OK);
	default:
		fputs("Try pantau-agent --help.\n", stderr);
		exit(EXIT_STATUS_USAGE);
	}
}

static void parse_options(int argc, char **argv, struct options *ret)
{
	int option;

	*ret = (struct options){.conf = "/etc/pantau/pantau-agent.conf"};
	while ((option = getopt_long(argc, argv, "c:fdw:Vh", OPTIONS, NULL)) != -1)
		take_option(ret, option, optarg);
	if (optind < argc) {
		fprintf(stderr,
			"pantau-agent: \"%s\" is no option; they begin with '-', and a "
			"configuration "
			"stands behind -c\nTry pantau-agent --help.\n",
			argv[optind]);
		exit(EXIT_STATUS_USAGE);
	}
}

static int load(const struct options *options, struct agent_files **ret)
{
	struct conf_errors errors = {0};
	int r;

	/* A look at the links needs no secrets, so anybody may have one. */
	if (options->action == ACTION_ONCE)
		r = agent_files_load_conf(options->conf, ret, &errors);
	else
		r = agent_files_load(options->conf, ret, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	if (r < 0 && !errors.n)
		fprintf(stderr, "%s: %s\n", options->conf, strerror(-r));
	conf_errors_deinit(&errors);
	return r;
}

static void print_in_order(const struct options *options, const struct agent_files *files)
{
	struct conf_errors warnings = {0};

	agent_files_check_links(files, &warnings);
	agent_files_check_listen(files, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		fprintf(stderr, "warning: %s\n", warnings.lines[i]);
	conf_errors_deinit(&warnings);
	printf("%s: in order\n", options->conf);
}

/* There are no users yet, so only the configuration itself can be right. */
static enum exit_status init(const struct options *options)
{
	struct conf_errors errors = {0};
	struct agent_conf conf = {0};
	int r = conf_load(options->conf, AGENT_CONF_KEYS, &conf, &errors);

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	if (r < 0)
		return EXIT_STATUS_CONFIG;
	r = users_init(conf.users_file, conf.site_id, options->force, STDOUT_FILENO);
	if (r == -EEXIST)
		fprintf(stderr,
			"%s: is there already; --force makes another and keeps this as "
			"%s.old\n",
			conf.users_file, conf.users_file);
	else if (r == -EINVAL)
		fprintf(stderr, "%s: site-id: as a user's name it has at most 32 octets\n",
			options->conf);
	else if (r < 0)
		fprintf(stderr,
			"%s: %s; it, or standard output, cannot be written: nothing "
			"has changed\n",
			conf.users_file, strerror(-r));
	conf_free(AGENT_CONF_KEYS, &conf);
	return r < 0 ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}

static void on_signal(void *data, int signo)
{
	struct agent *agent = data;

	if (signo == SIGHUP)
		agent_reload(agent);
	else if (signo == SIGUSR1)
		agent_log_status(agent);
	else
		agent_stop(agent);
}

static const int SIGNALS[4] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};

static int watch_signals(struct loop *loop, struct agent *agent, struct loop_signal *watched[4])
{
	for (size_t i = 0; i < ARRAY_LEN(SIGNALS); i++) {
		int r = loop_signal_new(loop, SIGNALS[i], on_signal, agent, &watched[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

/* Until they are watched they wait: a manager may send one as soon as the agent says that it
 * is ready. Threads made meanwhile leave them to the loop for good. */
static void hold_signals(bool hold)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(SIGNALS); i++)
		sigaddset(&set, SIGNALS[i]);
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static enum exit_status run(const struct options *options, struct agent_files *files)
{
	enum log_target target;
	enum log_level level;

	cleanup_(loop_freep) struct loop *loop = NULL;
	cleanup_(agent_freep) struct agent *agent = NULL;
	struct loop_signal *signals[4] = {NULL};
	int r;

	target = (enum log_target)files->conf.log_target;
	level = (enum log_level)files->conf.log_level;
	if (options->foreground)
		target = LOG_TARGET_STDERR;
	if (options->debug)
		level = LOG_LEVEL_DEBUG;
	log_open("pantau-agent", target, level);
	signal(SIGPIPE, SIG_IGN);
	hold_signals(true);
	r = loop_new(&loop);
	if (r < 0) {
		agent_files_free(files);
		return EXIT_STATUS_FAILED;
	}
	r = agent_new(loop, options->conf, files, &agent);
	if (r >= 0)
		r = watch_signals(loop, agent, signals);
	hold_signals(false);
	if (r >= 0 && options->watchdog_s)
		agent_set_alarm(agent, options->watchdog_s);
	if (r >= 0)
		r = loop_run(loop);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		loop_signal_free(signals[i]);
	return r < 0 ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}

int main(int argc, char **argv)
{
	struct agent_files *files = NULL;
	struct options options;
	int r = 0;

	parse_options(argc, argv, &options);
	if (options.action == ACTION_KEYS) {
		conf_print_keys(AGENT_CONF_KEYS, STDOUT_FILENO);
		conf_print_keys(AGENT_USERS_KEYS, STDOUT_FILENO);
		return EXIT_STATUS_OK;
	}
	if (options.action == ACTION_INIT)
		return init(&options);
	if (options.action == ACTION_RUN && (r = privilege_hide_memory()) < 0) {
		fprintf(stderr, "pantau-agent: %s\n", strerror(-r));
		return EXIT_STATUS_FAILED;
	}
	if (load(&options, &files) < 0)
		return EXIT_STATUS_CONFIG;
	if (options.action == ACTION_RUN)
		return run(&options, files);
	if (options.action == ACTION_ONCE)
		r = agent_print_once(files);
	else
		print_in_order(&options, files);
	agent_files_free(files);
	if (r < 0)
		fprintf(stderr, "pantau-agent: %s\n", strerror(-r));
	return r < 0 ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}
