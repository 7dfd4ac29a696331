/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads every file of the directory, so that all mistakes are told at once; what a file says is
 * profile_text.c's. */
#include "collector/io/setup/profile_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/profile/profile_keys.h"
#include "collector/codec/profile/profile_text.h"
#include "collector/core/device/profile.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_file.h"

static int load_one(const char *path, struct profile *ret, struct conf_errors *errors)
{
	struct profile_text file = {0};
	int e = conf_load(path, PROFILE_TEXT_KEYS, &file, errors);

	if (e < 0)
		return e;
	e = profile_text_take(&file, ret, errors);
	conf_free(PROFILE_TEXT_KEYS, &file);
	return e;
}

static bool is_profile_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && entry->d_name[0] != '.' && !strcmp(entry->d_name + len - 5, ".conf");
}

static int add_file(struct profile_set *set, const char *dir, const char *name,
		    struct conf_errors *errors)
{
	struct profile *profiles = realloc(set->profiles, (set->n + 1) * sizeof(*profiles));
	cleanup_free char *path = NULL;
	int r;

	if (!profiles)
		return -ENOMEM;
	set->profiles = profiles;
	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = load_one(path, &profiles[set->n], errors);
	set->n += r >= 0;
	return r;
}

static int read_dir(DIR *dir, const char *path, struct profile_set *set, struct conf_errors *errors)
{
	const struct dirent *entry;
	int result = 0, r;

	while ((entry = readdir(dir))) {
		r = is_profile_file(entry) ? add_file(set, path, entry->d_name, errors) : 0;
		if (r < 0)
			result = r;
	}
	return result;
}

int profile_dir_load(const char *path, struct profile_set *ret, struct conf_errors *errors)
{
	struct profile_set set = {0};
	const char *profile = "", *problem = "";
	DIR *dir = opendir(path);
	int r;

	if (!dir) {
		r = -errno;
		conf_errors_add(errors, "%s: %s; a directory with profiles", path, strerror(-r));
		return r;
	}
	r = read_dir(dir, path, &set, errors);
	closedir(dir);
	if (r >= 0 && !set.n) {
		conf_errors_add(errors, "%s: no profile (*.conf) in it", path);
		r = -EINVAL;
	}
	if (r >= 0) {
		r = profile_set_finish(&set, &profile, &problem);
		if (r < 0)
			conf_errors_add(errors, "%s: profile \"%s\": %s",
					profile_set_find(&set, profile)->place, profile,
					r == -ENOMEM ? strerror(ENOMEM) : problem);
	}
	if (r < 0)
		profile_set_deinit(&set);
	else
		*ret = set;
	return r;
}
