/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles from their text: common/conf's syntax, one profile a file. pantau-profile(5) has the
 * keys. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/conf/conf_errors.h"

struct profile;
struct profile_text;

/* The one profile of a file, before "use" is resolved; it is named by its section's title. What is
 * kept of text is taken out of it; the caller frees the rest (conf_free). 0; -EINVAL with lines in
 * errors; -ENOMEM. */
int profile_text_take(struct profile_text *text, struct profile *ret, struct conf_errors *errors);
/* The same from memory; name stands for the file in messages. */
int profile_text_parse(const char *name, const uint8_t *text, size_t len, struct profile *ret,
		       struct conf_errors *errors);
/* The first key that text does not mention, or NULL: for the test that the manual names every key. */
const char *profile_text_missing_in(const char *text);
