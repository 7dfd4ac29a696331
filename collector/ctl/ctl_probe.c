/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantauctl device probe and profile test: which credential a device accepts, and what a
 * profile makes of it. They read the collector's files, so they need its rights.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/api_json.h"
#include "collector/core/profile.h"
#include "collector/ctl/ctl_commands.h"
#include "collector/ctl/ctl_live.h"
#include "collector/ctl/ctl_table.h"
#include "collector/io/profile_file.h"
#include "collector/io/setup.h"
#include "common/cleanup.h"
#include "common/loop.h"

enum { PAUSE_MS = 3000, PROFILE_OCTETS_MAX = 1 << 20 };

static int print_errors(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		fprintf(stderr, "%s\n", errors->lines[i]);
	conf_errors_deinit(errors);
	return CTL_EXIT_CONFIG;
}

struct probe_args {
	const char *address, *credential, *profile;
	long port;
};

/* ADDRESS [--port N] [--credential NAME] [--profile NAME] */
static int parse_args(int argc, char **argv, struct probe_args *ret)
{
	*ret = (struct probe_args){ .port = 161, .profile = "auto" };
	for (int i = 0; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--port") == 0 && more)
			ret->port = strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--credential") == 0 && more)
			ret->credential = argv[++i];
		else if (strcmp(argv[i], "--profile") == 0 && more)
			ret->profile = argv[++i];
		else if (argv[i][0] != '-' && !ret->address)
			ret->address = argv[i];
		else
			return -EINVAL;
	}
	return ret->address && ret->port > 0 && ret->port <= 65535 ? 0 : -EINVAL;
}

/* Tries each credential that may poll; the first that is accepted, or NULL. */
static const struct credential_conf *find_credential(const struct ctl *ctl, const struct setup *setup,
						     const struct probe_args *args)
{
	const char *const headings[] = { "credential", ctl_word(ctl->lang, "answer") };
	struct ctl_table *table = ctl_table_new("ll", headings);
	const struct credential_conf *found = NULL;

	for (size_t i = 0; i < setup->credentials.n_credentials && !found; i++) {
		const struct credential_conf *c = &setup->credentials.credentials[i];
		const struct ctl_live_target target = { args->address, (uint16_t)args->port, c };
		enum snmp_outcome outcome;

		if (!c->poll || (args->credential && strcmp(c->title, args->credential) != 0))
			continue;
		outcome = ctl_live_greet(&target);
		if (outcome == SNMP_OUTCOME_ANSWER)
			found = c;
		if (table)
			ctl_table_row(table, (const char *const[]){ c->title, snmp_outcome_name(outcome) });
	}
	if (table && !ctl->json)
		ctl_table_print(table, found ? stdout : stderr);
	ctl_table_free(table);
	return found;
}

static int show(struct ctl *ctl, const struct ctl_live_target *target, const struct profile_set *profiles,
		const char *profile)
{
	struct device *device = NULL;
	enum snmp_outcome outcome = ctl_live_poll(target, profiles, profile, PAUSE_MS, &device);
	json_t *json = device ? api_json_device_full(device, NULL) : NULL;

	ctl->now_ms = loop_wall_ms();
	if (json)
		ctl_show_device(ctl, json);
	ctl_live_free(device);
	if (outcome == SNMP_OUTCOME_ANSWER)
		return EXIT_SUCCESS;
	fprintf(stderr, "pantauctl: %s: %s\n", target->address, snmp_outcome_name(outcome));
	return CTL_EXIT_FAILED;
}

int ctl_device_probe(struct ctl *ctl, int argc, char **argv)
{
	cleanup_(setup_freep) struct setup *setup = NULL;
	struct conf_errors errors = { 0 };
	struct ctl_live_target target;
	struct probe_args args;

	if (parse_args(argc, argv, &args) < 0)
		return ctl_usage("device probe ADDRESS [--port N] [--credential NAME] [--profile NAME]");
	if (setup_load(ctl->config, &setup, &errors) < 0)
		return print_errors(&errors);
	target = (struct ctl_live_target){ args.address, (uint16_t)args.port,
					   find_credential(ctl, setup, &args) };
	if (!target.credential) {
		fprintf(stderr, "pantauctl: %s: %s\n", args.address, ctl_word(ctl->lang, "no-credential"));
		return CTL_EXIT_FAILED;
	}
	if (!ctl->json)
		putchar('\n');
	return show(ctl, &target, setup->profiles, args.profile);
}

/* ---- profile test ---- */

static int read_profile(const char *path, struct profile *ret, struct conf_errors *errors)
{
	cleanup_free uint8_t *text = malloc(PROFILE_OCTETS_MAX);
	FILE *file = fopen(path, "re");
	size_t len;

	if (!file || !text) {
		conf_errors_add(errors, "%s: %s", path, file ? "out of memory" : strerror(errno));
		if (file)
			fclose(file);
		return -EINVAL;
	}
	len = fread(text, 1, PROFILE_OCTETS_MAX, file);
	fclose(file);
	return profile_parse(path, text, len, ret, errors);
}

static int add_profile(struct profile_set *set, const char *path, struct conf_errors *errors)
{
	struct profile *profiles = realloc(set->profiles, (set->n + 1) * sizeof(*profiles));
	int r;

	if (!profiles)
		return -ENOMEM;
	set->profiles = profiles;
	memset(&profiles[set->n], 0, sizeof(*profiles));
	r = read_profile(path, &profiles[set->n], errors);
	if (r == 0)
		set->n++;
	return r;
}

/* Those of the directory that the file does not replace: it may use them. */
static int add_others(struct profile_set *set, const char *dir_path, struct conf_errors *errors)
{
	DIR *dir = opendir(dir_path);
	struct dirent *e;
	int r = 0;

	while (r == 0 && dir && (e = readdir(dir))) {
		const char *dot = strrchr(e->d_name, '.');
		cleanup_free char *path = NULL;
		size_t before = set->n;

		if (!dot || strcmp(dot, ".conf") != 0)
			continue;
		if (asprintf(&path, "%s/%s", dir_path, e->d_name) < 0) {
			path = NULL;
			r = -ENOMEM;
			break;
		}
		r = add_profile(set, path, errors);
		if (r == 0 && strcmp(set->profiles[before].name, set->profiles[0].name) == 0)
			profile_deinit(&set->profiles[--set->n]);
	}
	if (dir)
		closedir(dir);
	return r;
}

static int load_profiles(const char *file, const char *dir, struct profile_set *ret, char **ret_name,
			 struct conf_errors *errors)
{
	const char *at = NULL, *problem = NULL;
	int r = add_profile(ret, file, errors);

	if (r < 0)
		return r;
	*ret_name = strdup(ret->profiles[0].name);
	r = add_others(ret, dir, errors);
	if (r == 0) {
		r = profile_set_finish(ret, &at, &problem);
		if (r == -EINVAL)
			conf_errors_add(errors, "%s: profile \"%s\": %s", file, at, problem);
	}
	return r;
}

int ctl_profile(struct ctl *ctl, int argc, char **argv)
{
	cleanup_(setup_freep) struct setup *setup = NULL;
	cleanup_free char *name = NULL;
	struct conf_errors errors = { 0 };
	struct profile_set profiles = { 0 };
	struct ctl_live_target target;
	struct probe_args args;
	int r;

	if (argc < 3 || strcmp(argv[0], "test") != 0 || parse_args(argc - 2, argv + 2, &args) < 0)
		return ctl_usage("profile test FILE ADDRESS [--port N] [--credential NAME]");
	if (setup_load(ctl->config, &setup, &errors) < 0)
		return print_errors(&errors);
	r = load_profiles(argv[1], setup->conf.profiles_dir, &profiles, &name, &errors);
	target = (struct ctl_live_target){ args.address, (uint16_t)args.port, NULL };
	if (r == 0 && name)
		target.credential = find_credential(ctl, setup, &args);
	if (r < 0 || !name)
		r = print_errors(&errors);
	else if (!target.credential)
		r = CTL_EXIT_FAILED;
	else
		r = show(ctl, &target, &profiles, name);
	profile_set_deinit(&profiles);
	return r;
}
