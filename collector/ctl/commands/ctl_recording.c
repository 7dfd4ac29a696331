/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's own poll session against a recording, in virtual time and without any
 * network: which profile is chosen and why, what comes out, what is missing.
 */
#include "collector/ctl/commands/ctl_recording.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/codec/page/api_json.h"
#include "collector/codec/page/member.h"
#include "collector/codec/text/snmprec.h"
#include "collector/core/device/device.h"
#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_session.h"
#include "collector/core/poll/recording_device.h"
#include "collector/ctl/commands/ctl_file.h"
#include "collector/ctl/commands/ctl_live.h"
#include "collector/ctl/commands/ctl_profiles.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "collector/io/setup/profile_file.h"
#include "collector/io/setup/setup.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/snmp/snmp_oids.h"

enum {
	POLLS = 2,
	MAX_LINKS = 4096,
	MAX_VARBINDS = 64,
	MAX_OCTETS = 1400,
	INTERVAL_MS = 10000,
	OID_TEXT_MAX = 16 * PROFILE_OID_LEN_MAX,
};

#define BEGIN_US     INT64_C(1000000000) /* virtual */
#define DISCOVERY_US (3600 * INT64_C(1000000))

struct recording_args {
	const char *recording, *profile, *profiles_dir;
};

bool ctl_recording_asked(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--recording") == 0)
			return true;
	return false;
}

/* test [FILE|NAME] --recording FILE [--profiles DIR] */
static int parse_args(int argc, char **argv, struct recording_args *ret)
{
	*ret = (struct recording_args){0};
	if (argc < 1 || strcmp(argv[0], "test") != 0)
		return -EINVAL;
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--recording") == 0 && more)
			ret->recording = argv[++i];
		else if (strcmp(argv[i], "--profiles") == 0 && more)
			ret->profiles_dir = argv[++i];
		else if (argv[i][0] != '-' && !ret->profile)
			ret->profile = argv[i];
		else
			return -EINVAL;
	}
	return ret->recording ? 0 : -EINVAL;
}

/* ---- what is read ---- */

static bool is_file(const char *name)
{
	struct stat st;

	return strchr(name, '/') || (stat(name, &st) == 0 && S_ISREG(st.st_mode));
}

/* ret_name: of the profile to use, or "auto"; the caller's. */
static int read_profiles(const struct recording_args *args, const char *dir,
			 struct profile_set *ret, char **ret_name, struct conf_errors *errors)
{
	const char *name = args->profile ? args->profile : "auto";
	int r;

	if (args->profile && is_file(args->profile))
		return ctl_profiles_load(args->profile, dir, ret, ret_name, errors);
	r = profile_dir_load(dir, ret, errors);
	if (r == 0 && strcmp(name, "auto") != 0 && !profile_set_find(ret, name)) {
		conf_errors_add(errors, "%s: no profile and no file of this name", name);
		r = -EINVAL;
	}
	if (r == 0)
		*ret_name = strdup(name);
	return r;
}

/* From the configuration alone, or as the arguments say. */
static char *profiles_dir(const struct ctl *ctl, const struct recording_args *args,
			  struct conf_errors *errors)
{
	struct collector_conf conf = {0};
	char *dir;

	if (args->profiles_dir)
		return strdup(args->profiles_dir);
	if (setup_load_conf(ctl->config, &conf, errors) < 0)
		return NULL;
	dir = strdup(conf.profiles_dir);
	conf_free(COLLECTOR_CONF_KEYS, &conf);
	return dir;
}

/* ---- polling ---- */

static bool is_rate(const struct profile *profile, const struct device_metric *metric)
{
	for (size_t g = 0; profile && g < profile->n_groups; g++) {
		const struct profile_group *group = &profile->groups[g];

		if (strcmp(group->sample.name, metric->group) != 0)
			continue;
		for (size_t d = 0; d < group->sample.n_ds; d++)
			if (strcmp(group->sample.ds[d].name, metric->name) == 0)
				return group->ds[d].kind == PROFILE_COUNTER;
	}
	return false;
}

static int poll_twice(const struct recording_device *recording, struct poll_env *env,
		      struct poll_session *session)
{
	int r = 0;

	for (int i = 0; r == 0 && i < POLLS; i++) {
		int64_t now_us = BEGIN_US + i * (int64_t)INTERVAL_MS * 1000;

		wall_map_update(&env->wall, now_us,
				loop_wall_ms() + (i - POLLS + 1) * (int64_t)INTERVAL_MS);
		r = recording_device_poll(recording, session, env->max_varbinds, now_us);
	}
	return r;
}

/* The device as the collector would show it; NULL: out of memory. */
static json_t *poll_recording(const struct recording_device *recording,
			      const struct profile_set *profiles, const char *path,
			      const char *name, const struct profile **ret_profile)
{
	const struct ctl_live_target target = {.address = path};
	struct poll_env env = {.profiles = profiles,
			       .interval_ms = INTERVAL_MS,
			       .recorded = true,
			       .discovery_interval_us = DISCOVERY_US,
			       .max_links = MAX_LINKS,
			       .max_varbinds = MAX_VARBINDS,
			       .max_octets = MAX_OCTETS};
	struct device *device = ctl_live_new(&target, name);
	struct poll_session *session = NULL;
	json_t *json = NULL;
	int r = device ? poll_session_new(&env, device, false, &session) : -ENOMEM;

	if (r == 0)
		r = poll_twice(recording, &env, session);
	if (r != -ENOMEM) {
		*ret_profile = device->profile ? profile_set_find(profiles, device->profile) : NULL;
		/* What stands still is no rate of zero. */
		for (size_t i = 0; i < device->n_links; i++) {
			struct device_link *link = &device->links[i];

			link->in_bps = link->out_bps = NAN;
			link->in_errors_per_s = link->out_errors_per_s = NAN;
			link->in_discards_per_s = link->out_discards_per_s = NAN;
		}
		for (size_t i = 0; i < device->n_metrics; i++)
			if (is_rate(*ret_profile, &device->metrics[i]))
				device->metrics[i].value = NAN;
		device->status = r == 0 ? DEVICE_UP : DEVICE_DOWN;
		json = api_json_device_full(device, NULL);
		json_object_set_new(json, "address", json_string("")); /* it has none */
	}
	poll_session_free(session);
	poll_env_deinit(&env);
	ctl_live_free(device);
	return json;
}

/* ---- why this profile ---- */

static const char *format_oid(const snmp_oid_t *oid, size_t len, char buf[static OID_TEXT_MAX])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < len && used < OID_TEXT_MAX; i++)
		used += (size_t)snprintf(buf + used, OID_TEXT_MAX - used, "%s%lu", i ? "." : "",
					 oid[i]);
	return buf;
}

static json_t *fitting_json(const struct recording_device *recording, const struct profile *profile,
			    const struct snmp_varbind *id)
{
	const snmp_oid_t *oid = id ? id->v.oid.p : NULL;
	size_t len = id ? id->v.oid.len : 0, n = 0;
	char text[OID_TEXT_MAX];
	int prefix;

	if (!profile_is_candidate(profile, oid, len))
		return NULL;
	prefix = profile_prefix_len(profile, oid, len);
	for (size_t i = 0; i < profile->n_probe; i++)
		n += recording_device_has(recording, &profile->probe[i]);
	if (prefix == 0 && n < profile->n_probe)
		return NULL; /* one of the many that might be anything */
	return json_pack("{s:s, s:s, s:i, s:i, s:i}", "profile", profile->name, "prefix",
			 format_oid(oid, prefix > 0 ? (size_t)prefix : 0, text), "probes_answered",
			 (int)n, "probes", (int)profile->n_probe, "priority", profile->priority);
}

static json_t *all_fitting_json(const struct recording_device *recording,
				const struct profile_set *profiles)
{
	static const snmp_oid_t NAME[] = {SNMP_OID_SYS_OBJECT_ID, 0};
	const struct snmp_varbind *row =
		recording_device_find(recording, NAME, ARRAY_LEN(NAME), false);
	const struct snmp_varbind *id = row && row->type == SNMP_TYPE_OID &&
							row->name_len == ARRAY_LEN(NAME) &&
							memcmp(row->name, NAME, sizeof(NAME)) == 0
						? row
						: NULL;
	json_t *all = json_array();

	for (size_t i = 0; i < profiles->n; i++) {
		json_t *one = fitting_json(recording, &profiles->profiles[i], id);

		if (one)
			json_array_append_new(all, one);
	}
	return all;
}

static void print_fitting(const struct ctl *ctl, const json_t *all, const char *chosen)
{
	static const enum word HEADINGS[] = {WORD_TERM_PROFILE, WORD_TERM_SYS_OBJECT_ID,
					     WORD_TERM_PROBES, WORD_TERM_PRIORITY, WORD_N};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "llrrl", HEADINGS);
	const json_t *one;
	size_t i;

	json_array_foreach (all, i, one) {
		const char *name = member_text(one, "profile"),
			   *prefix = member_text(one, "prefix");
		char probes[CTL_TEXT_MAX] = "-", priority[CTL_TEXT_MAX];

		if ((int)member_integer(one, "probes") > 0)
			snprintf(probes, sizeof(probes), "%d/%d",
				 (int)member_integer(one, "probes_answered"),
				 (int)member_integer(one, "probes"));
		snprintf(priority, sizeof(priority), "%d", (int)member_integer(one, "priority"));
		if (table)
			ctl_table_row(
				table,
				(const char *const[]){
					name,
					prefix[0] ? prefix : words_text(ctl->lang, WORD_CTL_ANY),
					probes, priority,
					strcmp(name, chosen)
						? ""
						: words_text(ctl->lang, WORD_CTL_CHOSEN)});
	}
	if (table && json_array_size(all) > 0) {
		puts(words_text(ctl->lang, WORD_CTL_FITTING));
		ctl_table_print(table, stdout);
		putchar('\n');
	}
	ctl_table_free(table);
}

/* ---- what is missing ---- */

static void add_lack(void *data, const char *group, const char *name, const struct profile_oid *oid)
{
	char text[OID_TEXT_MAX];

	json_array_append_new(data, json_pack("{s:s, s:s, s:s}", "group", group, "name", name,
					      "oid", format_oid(oid->id, oid->len, text)));
}

static void print_lacks(const struct ctl *ctl, const json_t *lacks)
{
	static const enum word HEADINGS[] = {WORD_TERM_GROUP, WORD_TERM_NAME, WORD_TERM_OID};
	struct ctl_table *table = ctl_table_headed(ctl->lang, "lll", HEADINGS);
	const json_t *one;
	size_t i;

	json_array_foreach (lacks, i, one) {
		if (table)
			ctl_table_row(table, (const char *const[]){member_text(one, "group"),
								   member_text(one, "name"),
								   member_text(one, "oid")});
	}
	if (table && json_array_size(lacks) > 0) {
		printf("\n%s\n", words_text(ctl->lang, WORD_CTL_LACKING));
		ctl_table_print(table, stdout);
	}
	ctl_table_free(table);
}

/* ---- the command ---- */

static void say_how_many(const struct ctl *ctl, const char *file, enum word word, size_t n)
{
	char number[CTL_TEXT_MAX];

	if (n > 0)
		ctl_say(ctl, file, word,
			(const char *const[]){"n", figure_number(ctl->lang, (double)n, number),
					      NULL});
}

static int show(struct ctl *ctl, const struct snmprec *rec, const struct profile_set *profiles,
		const struct recording_args *args, const char *name)
{
	const struct recording_device recording = {
		.rows = rec->rows, .n = rec->n, .taken_us = BEGIN_US};
	bool automatic = strcmp(name, "auto") == 0;
	const struct profile *profile = NULL;
	json_t *device = poll_recording(&recording, profiles, args->recording, name, &profile);
	json_t *fitting = automatic ? all_fitting_json(&recording, profiles) : json_array();
	json_t *lacks = json_array();

	if (profile)
		recording_device_lacks(&recording, profile, add_lack, lacks);
	ctl->now_ms = loop_wall_ms();
	if (device && ctl->json) {
		json_object_set(device, "fitting", fitting);
		json_object_set(device, "lacking", lacks);
		ctl_show_device(ctl, device);
	} else if (device) {
		print_fitting(ctl, fitting, profile ? profile->name : "");
		ctl_show_device(ctl, device);
		print_lacks(ctl, lacks);
		printf("\n%s\n", words_text(ctl->lang, WORD_CTL_NO_RATES));
	}
	json_decref(fitting);
	json_decref(lacks);
	say_how_many(ctl, args->recording, WORD_CTL_UNREADABLE, rec->n_wrong);
	say_how_many(ctl, args->recording, WORD_CTL_REPEATED, rec->n_repeated);
	if (device && profile)
		return EXIT_SUCCESS;
	if (device)
		ctl_say(ctl, args->recording, WORD_CTL_NO_PROFILE, NULL);
	else
		fprintf(stderr, "pantauctl: %s: %s\n", args->recording, strerror(ENOMEM));
	return EXIT_STATUS_FAILED;
}

int ctl_profile_recording(struct ctl *ctl, int argc, char **argv)
{
	cleanup_free char *dir = NULL, *name = NULL;
	struct conf_errors errors = {0};
	struct profile_set profiles = {0};
	struct recording_args args;
	struct snmprec rec = {0};
	int r;

	if (parse_args(argc, argv, &args) < 0)
		return ctl_usage(ctl, "profile test");
	dir = profiles_dir(ctl, &args, &errors);
	r = dir ? read_profiles(&args, dir, &profiles, &name, &errors) : -EINVAL;
	if (r == 0) {
		cleanup_free uint8_t *text = NULL;
		size_t len;

		r = ctl_file_read(args.recording, SNMPREC_FILE_MAX, &text, &len, &errors);
		r = r < 0 ? r : snmprec_parse(args.recording, text, len, &rec, &errors);
	}
	if (r == 0 && name)
		(void)ctl_profiles_complain(&errors); /* of lines that were left out */
	if (r == 0 && name)
		r = show(ctl, &rec, &profiles, &args, name);
	else
		r = ctl_profiles_complain(&errors);
	snmprec_deinit(&rec);
	profile_set_deinit(&profiles);
	return r;
}
