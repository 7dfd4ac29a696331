/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantauctl device probe and profile test: which credential a device accepts, and what a
 * profile makes of it. They read the collector's files, so they need its rights.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/codec/page/api_json.h"
#include "collector/core/device/profile.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/commands/ctl_live.h"
#include "collector/ctl/commands/ctl_profiles.h"
#include "collector/ctl/commands/ctl_recording.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/io/setup/setup.h"
#include "common/base/cleanup.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"

enum { PAUSE_MS = 3000 };

enum { CREDENTIALS_MAX = 16 };

struct probe_args {
	const char *address, *profile;
	const char *credentials[CREDENTIALS_MAX]; /* the only ones to try, if any */
	size_t n_credentials;
	uint16_t port;
};

/* ADDRESS [--port N] [--credential NAME]... [--profile NAME] */
static int parse_args(int argc, char **argv, struct probe_args *ret)
{
	bool bad_port = false;

	*ret = (struct probe_args){.port = 161, .profile = "auto"};
	for (int i = 0; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--port") == 0 && more)
			bad_port = endpoint_parse_port(argv[++i], &ret->port) < 0;
		else if (strcmp(argv[i], "--credential") == 0 && more &&
			 ret->n_credentials < CREDENTIALS_MAX)
			ret->credentials[ret->n_credentials++] = argv[++i];
		else if (strcmp(argv[i], "--profile") == 0 && more)
			ret->profile = argv[++i];
		else if (argv[i][0] != '-' && !ret->address)
			ret->address = argv[i];
		else
			return -EINVAL;
	}
	return ret->address && !bad_port ? 0 : -EINVAL;
}

/* The credential of this name that may poll, or NULL. */
static const struct credential_conf *credential_named(const struct setup *setup, const char *name)
{
	for (size_t i = 0; i < setup->credentials.n_credentials; i++) {
		const struct credential_conf *c = &setup->credentials.credentials[i];

		if (c->poll && strcmp(c->title, name) == 0)
			return c;
	}
	return NULL;
}

/* Said once, or it would seem that each credential failed. A name that is none must not be
 * passed over: another secret would be sent than was meant. */
static bool all_known(const struct ctl *ctl, const struct setup *setup,
		      const struct probe_args *args)
{
	struct endpoint endpoint;

	if (endpoint_zone_parse_address(args->address, args->port, &endpoint) < 0) {
		ctl_say(ctl, args->address, WORD_CTL_NO_ADDRESS, NULL);
		return false;
	}
	for (size_t i = 0; i < args->n_credentials; i++) {
		if (credential_named(setup, args->credentials[i]))
			continue;
		ctl_say(ctl, setup->conf.credentials, WORD_CTL_NO_SUCH_CREDENTIAL,
			(const char *const[]){"name", args->credentials[i], NULL});
		return false;
	}
	return true;
}

/* The n-th one to try, of those named or of all; NULL: no more. */
static const struct credential_conf *candidate(const struct setup *setup,
					       const struct probe_args *args, size_t n)
{
	const struct credential_conf *all = setup->credentials.credentials;

	if (args->n_credentials > 0)
		return n < args->n_credentials ? credential_named(setup, args->credentials[n])
					       : NULL;
	for (size_t i = 0; i < setup->credentials.n_credentials; i++)
		if (all[i].poll && n-- == 0)
			return &all[i];
	return NULL;
}

/* Tries each credential that is allowed; the first that is accepted, or NULL. */
static const struct credential_conf *find_credential(const struct ctl *ctl,
						     const struct setup *setup,
						     const struct probe_args *args)
{
	static const enum word HEADINGS[] = {WORD_TERM_CREDENTIAL, WORD_TERM_ANSWER};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "ll", HEADINGS);
	const struct credential_conf *found = NULL, *c;

	for (size_t i = 0; !found && (c = candidate(setup, args, i)); i++) {
		const struct ctl_live_target target = {args->address, args->port, c};
		char what[64 + ENDPOINT_ADDRESS_SIZE], address[ENDPOINT_ADDRESS_SIZE];
		struct endpoint from;
		enum snmp_outcome outcome = ctl_live_greet(&target, &from);

		snprintf(what, sizeof(what), "%s", snmp_outcome_name(outcome));
		if (outcome == SNMP_OUTCOME_OTHER_SOURCE)
			snprintf(what, sizeof(what), "%s %s", snmp_outcome_name(outcome),
				 endpoint_address(&from, address));
		if (outcome == SNMP_OUTCOME_ANSWER)
			found = c;
		if (table)
			ctl_table_row(table, (const char *const[]){c->title, what});
	}
	if (table && !ctl->json)
		ctl_table_print(table, found ? stdout : stderr);
	ctl_table_free(table);
	return found;
}

static int show(struct ctl *ctl, const struct ctl_live_target *target,
		const struct profile_set *profiles, const char *profile)
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
	return EXIT_STATUS_FAILED;
}

/* Times as the collector's own commands show them. */
static int load(struct ctl *ctl, struct setup **ret, struct conf_errors *errors)
{
	int r = setup_load(ctl->config, ret, errors);

	if (r < 0)
		return r;
	if (!ctl->lang_chosen)
		ctl->lang = (*ret)->conf.language;
	if ((*ret)->conf.timezone && (*ret)->conf.timezone[0])
		setenv("TZ", (*ret)->conf.timezone, 1);
	tzset();
	return 0;
}

int ctl_device_probe(struct ctl *ctl, int argc, char **argv)
{
	cleanup_(setup_freep) struct setup *setup = NULL;
	struct conf_errors errors = {0};
	struct ctl_live_target target;
	struct probe_args args;

	if (parse_args(argc, argv, &args) < 0)
		return ctl_usage(ctl, "device probe");
	if (load(ctl, &setup, &errors) < 0)
		return ctl_profiles_complain(&errors);
	if (!all_known(ctl, setup, &args))
		return EXIT_STATUS_FAILED;
	target = (struct ctl_live_target){args.address, args.port,
					  find_credential(ctl, setup, &args)};
	if (!target.credential) {
		ctl_say(ctl, args.address, WORD_CTL_NO_CREDENTIAL, NULL);
		return EXIT_STATUS_FAILED;
	}
	if (!ctl->json)
		putchar('\n');
	return show(ctl, &target, setup->profiles, args.profile);
}

/* ---- profile test ---- */

int ctl_profile(struct ctl *ctl, int argc, char **argv)
{
	cleanup_(setup_freep) struct setup *setup = NULL;
	cleanup_free char *name = NULL;
	struct conf_errors errors = {0};
	struct profile_set profiles = {0};
	struct ctl_live_target target;
	struct probe_args args;
	int r;

	if (ctl_recording_asked(argc, argv))
		return ctl_profile_recording(ctl, argc, argv);
	if (argc < 3 || strcmp(argv[0], "test") != 0 || parse_args(argc - 2, argv + 2, &args) < 0)
		return ctl_usage(ctl, "profile test");
	if (load(ctl, &setup, &errors) < 0)
		return ctl_profiles_complain(&errors);
	if (!all_known(ctl, setup, &args))
		return EXIT_STATUS_FAILED;
	r = ctl_profiles_load(argv[1], setup->conf.profiles_dir, &profiles, &name, &errors);
	target = (struct ctl_live_target){args.address, args.port, NULL};
	if (r == 0 && name)
		target.credential = find_credential(ctl, setup, &args);
	if (r < 0 || !name)
		r = ctl_profiles_complain(&errors);
	else if (!target.credential)
		r = EXIT_STATUS_FAILED;
	else
		r = show(ctl, &target, &profiles, name);
	profile_set_deinit(&profiles);
	return r;
}
