/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profiles of a directory with one file in the place of its namesake. */
#include "collector/ctl/commands/ctl_profiles.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/profile/profile_text.h"
#include "collector/core/device/profile.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/commands/ctl_file.h"
#include "collector/io/setup/profile_file.h"
#include "common/base/cleanup.h"

enum { PROFILE_OCTETS_MAX = 1 << 20 };

int ctl_profiles_complain(struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		fprintf(stderr, "%s\n", errors->lines[i]);
	conf_errors_deinit(errors);
	return EXIT_STATUS_CONFIG;
}

static int read_profile(const char *path, struct profile *ret, struct conf_errors *errors)
{
	cleanup_free uint8_t *text = NULL;
	size_t len;
	int r = ctl_file_read(path, PROFILE_OCTETS_MAX, &text, &len, errors);

	return r < 0 ? r : profile_text_parse(path, text, len, ret, errors);
}

static int add_profile(struct profile_set *set, const char *path, struct conf_errors *errors)
{
	struct profile *profiles = realloc(set->profiles, (set->n + 1) * sizeof(*profiles));
	int r;

	if (!profiles)
		return -ENOMEM;
	set->profiles = profiles;
	profiles[set->n] = (struct profile){0};
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

int ctl_profiles_load(const char *file, const char *dir, struct profile_set *ret, char **ret_name,
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
			conf_errors_add(errors, "%s: profile \"%s\": %s",
					profile_set_find(ret, at)->place, at, problem);
	}
	return r;
}
