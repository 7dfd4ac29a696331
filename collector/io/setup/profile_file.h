/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads profiles from files: conf/profiles/NAME.conf, common/conf's syntax, one profile each.
 * pantau-profile(5) has the keys.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/conf/conf_errors.h"

struct profile;
struct profile_set;

/* Reads all *.conf in dir. 0 and a complete set; -EINVAL with lines in errors (nothing is handed out);
 * -errno if the directory cannot be read (errors says so too). */
int profile_dir_load(const char *dir, struct profile_set *ret, struct conf_errors *errors);
/* One profile from memory, before "use" is resolved. The profile is named by its section's title. */
int profile_parse(const char *file, const uint8_t *text, size_t len, struct profile *ret,
		  struct conf_errors *errors);
/* The first key that text does not mention, or NULL: for the test that the manual names every key. */
const char *profile_key_missing_in(const char *text);
