/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantau-collector: options, giving up root, exit codes. See pantau-collector(8).
 *
 * Root is given up before anything but the configuration file is read, so that a reload
 * can read and bind whatever the start could.
 */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/collector.h"
#include "collector/io/ping/pinger.h"
#include "collector/io/setup/listen_check.h"
#include "collector/io/setup/setup.h"
#include "common/base/cleanup.h"
#include "common/icmp/icmp_socket.h"
#include "common/loop/bind_address.h"
#include "common/loop/endpoint_zone.h"
#include "common/system/directory.h"
#include "common/system/exit_status.h"
#include "common/system/log.h"
#include "common/system/privilege.h"

#define DEFAULT_PATH "/etc/pantau/pantau-collector.conf"

static const char USAGE[] =
	"Usage: pantau-collector [-c FILE] [-f]\n"
	"       pantau-collector --check-config [-c FILE]\n"
	"       pantau-collector --help-config | --help | --version\n"
	"\n"
	"Polls the devices of the inventory, receives their notifications, stores and serves\n"
	"what they say.\n"
	"\n"
	"  -c, --config FILE  the configuration (" DEFAULT_PATH ")\n"
	"  -f, --foreground   stay in the foreground (it always does; for scripts)\n"
	"      --check-config read everything, name every mistake, start nothing\n"
	"      --help-config  list every key with unit, default and meaning\n"
	"  -h, --help         this text\n"
	"  -V, --version      the version\n"
	"\n"
	"Exit status: 0 stopped as asked; 1 failed; 2 the configuration is wrong; 64 wrong use.\n";

enum action { ACTION_RUN, ACTION_CHECK };

struct options {
	const char *path;
	enum action action;
};

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *ret)
{
	static const struct option LONG[] = {
		{"config", required_argument, NULL, 'c'},
		{"foreground", no_argument, NULL, 'f'},
		{"check-config", no_argument, NULL, 'k'},
		{"help-config", no_argument, NULL, 'K'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*ret = (struct options){.path = DEFAULT_PATH};
	while ((c = getopt_long(argc, argv, "c:fhV", LONG, NULL)) != -1) {
		switch (c) {
		case 'c':
			ret->path = optarg;
			break;
		case 'f':
			break;
		case 'k':
			ret->action = ACTION_CHECK;
			break;
		case 'K':
			conf_print_keys(COLLECTOR_CONF_KEYS, STDOUT_FILENO);
			return EXIT_STATUS_OK;
		case 'h':
			fputs(USAGE, stdout);
			return EXIT_STATUS_OK;
		case 'V':
			puts("pantau-collector " PANTAU_VERSION);
			return EXIT_STATUS_OK;
		default:
			fputs("Try pantau-collector --help.\n", stderr);
			return EXIT_STATUS_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
			"pantau-collector: \"%s\" is no option; they begin with '-', and a "
			"configuration stands behind -c\nTry pantau-collector --help.\n",
			argv[optind]);
		return EXIT_STATUS_USAGE;
	}
	return -1;
}

static void print_errors(const struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		fprintf(stderr, "%s\n", errors->lines[i]);
	if (errors->dropped > 0)
		fprintf(stderr, "and %zu more\n", errors->dropped);
}

static void print_warnings(const struct collector_conf *conf)
{
	struct conf_errors warnings = {0};

	listen_check(conf, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		fprintf(stderr, "warning: %s\n", warnings.lines[i]);
	conf_errors_deinit(&warnings);
}

static int check_config(const char *path)
{
	cleanup_(setup_freep) struct setup *setup = NULL;
	struct conf_errors errors = {0};
	int r = setup_load(path, &setup, &errors);

	print_errors(&errors);
	if (r < 0 && errors.n == 0)
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
	conf_errors_deinit(&errors);
	if (r < 0)
		return EXIT_STATUS_CONFIG;
	print_warnings(&setup->conf);
	printf("%s: right; %zu devices, %zu credentials, %zu profiles\n", path, setup->inventory.n,
	       setup->credentials.n_credentials, setup->profiles->n);
	return EXIT_STATUS_OK;
}

/* Makes a directory that the daemon writes to; as root, for the user that it becomes. */
static int prepare_directory(const char *path, uid_t uid, gid_t gid)
{
	int r;

	if (geteuid() != 0 || uid == 0) {
		if (mkdir(path, 0750) == 0 || errno == EEXIST)
			return 0;
		r = -errno;
		log_error("main", "directory=%s err=\"%s\"", path, strerror(-r));
		return r;
	}
	r = directory_make(path, 0750);
	if (r == 0)
		r = directory_give(path, uid, gid);
	if (r == -ENOTDIR || r == -ELOOP)
		log_error("main",
			  "directory=%s err=\"a symbolic link that its user can have placed\" "
			  "right=\"name the directory itself\"",
			  path);
	else if (r < 0)
		log_error("main", "directory=%s err=\"%s\"", path, strerror(-r));
	return r;
}

static int find_user(const struct collector_conf *conf, uid_t *uid, gid_t *gid)
{
	const struct passwd *user;

	*uid = geteuid();
	*gid = getegid();
	if (geteuid() != 0 || conf->user[0] == '\0')
		return 0;
	user = getpwnam(conf->user);
	if (!user) /* setup_load_conf() made sure that there is one */
		return -ENOENT;
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	return 0;
}

/* Port 162, also at a reload. Root without a user keeps what other people's files and great
 * receive buffers need. */
static const int KEPT[] = {CAP_NET_BIND_SERVICE, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_NET_ADMIN};
enum { KEPT_BY_ANYBODY = 1 };

static int give_up_root(const struct collector_conf *conf)
{
	uid_t uid;
	gid_t gid;
	int r = find_user(conf, &uid, &gid);

	if (r == 0)
		r = prepare_directory(conf->state_dir, uid, gid);
	if (r == 0)
		r = prepare_directory(conf->rrd_dir, uid, gid);
	if (r == 0)
		r = prepare_directory(conf->run_dir, uid, gid);
	if (r < 0)
		return r;
	if (geteuid() != 0 || conf->user[0] == '\0') {
		r = privilege_keep(KEPT, geteuid() == 0 ? ARRAY_LEN(KEPT) : KEPT_BY_ANYBODY);
		/* Before threads are started: capabilities are each one's own. */
		if (r < 0)
			log_error("main", "capabilities err=\"%s\"", strerror(-r));
		return r;
	}
	r = privilege_drop(conf->user, conf->group[0] ? conf->group : NULL, KEPT, KEPT_BY_ANYBODY);
	if (r < 0)
		log_error("main", "user=%s err=\"%s\"", conf->user, strerror(-r));
	return r;
}

static const char *source_of(const struct collector_conf *conf, bool v6)
{
	return v6 ? conf->source_v6 : conf->source_v4;
}

static int bind_ping(const struct collector_conf *conf, const struct icmp_socket *sock)
{
	const char *source = source_of(conf, sock->v6);
	struct endpoint from;
	int r = 0;

	if (source[0])
		r = endpoint_zone_parse_address(source, 0, &from);
	if (r == 0 && source[0])
		r = bind_address(sock->fd, (const struct sockaddr *)&from.addr, from.len);
	return r < 0 ? r : 0;
}

/* Whoever may have one, while it may. Without them SNMP alone decides. */
static void open_pings(const struct collector_conf *conf, struct icmp_socket *pings)
{
	for (int v6 = 0; conf->ping_interval_ms > 0 && v6 < PINGER_SOCKETS; v6++) {
		int r = icmp_socket_open(v6, &pings[v6]);

		if (r == 0)
			r = bind_ping(conf, &pings[v6]);
		if (r == 0)
			continue;
		icmp_socket_close(&pings[v6]);
		log_warn("ping",
			 "family=%s err=\"%s\" effect=\"its devices are not pinged\" right=\"give "
			 "the collector CAP_NET_RAW, or its group to net.ipv4.ping_group_range; or "
			 "write ping-interval = 0\"",
			 v6 ? "ipv6" : "ipv4", strerror(-r));
	}
}

static int prepare(const char *path, struct icmp_socket *pings, struct conf_errors *errors)
{
	struct collector_conf conf = {0};
	int r = setup_load_conf(path, &conf, errors);

	if (r < 0)
		return r;
	log_open("pantau-collector", (enum log_target)conf.log_target,
		 (enum log_level)conf.log_level);
	open_pings(&conf, pings);
	r = give_up_root(&conf);
	if (r == 0)
		r = privilege_hide_memory(); /* before credentials are read */
	conf_free(COLLECTOR_CONF_KEYS, &conf);
	return r;
}

static int run(const char *path)
{
	cleanup_(collector_freep) struct collector *collector = NULL;
	struct conf_errors errors = {0};
	int status = EXIT_STATUS_FAILED;
	struct icmp_socket pings[PINGER_SOCKETS] = {{.fd = -1}, {.fd = -1}};
	int r = prepare(path, pings, &errors);

	if (r == 0)
		r = collector_new(path, pings, &collector, &errors);
	if (errors.n > 0)
		status = EXIT_STATUS_CONFIG;
	print_errors(&errors);
	conf_errors_deinit(&errors);
	if (r < 0) {
		log_error("main", "err=\"%s\" status=\"not started\"", strerror(-r));
		return status;
	}
	return collector_run(collector) < 0 ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}

int main(int argc, char **argv)
{
	struct options options;
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	umask(027);
	log_open("pantau-collector", LOG_TARGET_STDERR, LOG_LEVEL_INFO);
	return options.action == ACTION_CHECK ? check_config(options.path) : run(options.path);
}
