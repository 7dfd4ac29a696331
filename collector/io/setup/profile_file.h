/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory of profiles: NAME.conf, one profile each. */
#pragma once

#include "common/conf/conf_errors.h"

struct profile_set;

/* Reads all *.conf in dir. 0 and a complete set; -EINVAL with lines in errors (nothing is handed out);
 * -errno if the directory cannot be read (errors says so too). */
int profile_dir_load(const char *dir, struct profile_set *ret, struct conf_errors *errors);
