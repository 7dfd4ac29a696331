/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles to try out: a file of the operator's beside those of a directory, which it may
 * use. */
#pragma once

#include "common/conf/conf_errors.h"

struct profile_set;

/* The directory's profiles, with the file's in the place of the one of its name.
 * ret_name: the file's profile; the caller's. Returns 0, -EINVAL with lines in errors, or
 * -ENOMEM; ret is the caller's to free in any case. */
int ctl_profiles_load(const char *file, const char *dir, struct profile_set *ret, char **ret_name,
		      struct conf_errors *errors);
/* Prints the lines and frees them; returns the exit status. */
int ctl_profiles_complain(struct conf_errors *errors);
