/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the keys of a file or section stand, "FILE:LINE", for checks that span keys. A
 * table that ends with CONF_END_PLACED fills one (common/conf/conf.h). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/cleanup.h"

struct conf_places;

/* file, line: where the file or section ends, which is where a missing key belongs. NULL
 * when out of memory. */
struct conf_places *conf_places_new(const char *file, unsigned int line);
struct conf_places *conf_places_free(struct conf_places *places);
/* One more value of key, which must outlive places. 0 or -ENOMEM. */
must_check_ int conf_places_add(struct conf_places *places, const char *key, const char *file,
				unsigned int line);

/* Whether the file has the key. */
bool conf_places_has(const struct conf_places *places, const char *key);
/* Of its first value; the end where the key is not given. */
const char *conf_places_key(const struct conf_places *places, const char *key);
/* Of its n-th value, from 0, or of where its n-th section begins; the end if there are not so many. */
const char *conf_places_value(const struct conf_places *places, const char *key, size_t n);
/* Of the end. */
const char *conf_places_end(const struct conf_places *places);
