/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of profile_text: a profile file as it is written, section by section, and the table of
 * its keys. pantau-profile(5) explains them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/conf/conf.h"

struct profile_text_value {
	char *title, *after, *times, *decimals, *unit, *min, *max;
	char **oid, **plus, **minus, **total, **nothing, **map;
	int kind, rows;
	bool free_share;
	struct conf_places *places;
};

struct profile_text_group {
	char *title, *instead_of, *object, *objects;
	char **where, **equals, **minus_where, **minus_equals;
	int object_index;
	int64_t interval_ms;
	struct profile_text_value *values;
	size_t n_values;
	struct conf_places *places;
};

struct profile_text_hardware {
	char *title;
	char **where, **equals, **model, **firmware, **serial;
	struct conf_places *places;
};

struct profile_text_column {
	char *title;
	char **oid;
	struct conf_places *places;
};

struct profile_text_profile {
	char *title, *description;
	char **match, **probe, **use, **changed, **skip_types, **skip_names;
	int64_t priority;
	char *uptime, *clock_us, *epoch;
	struct profile_text_column *columns;
	size_t n_columns;
	struct profile_text_group *groups;
	size_t n_groups;
	struct profile_text_hardware *hardware;
	size_t n_hardware;
	struct conf_places *places;
};

struct profile_text {
	struct profile_text_profile *profiles;
	size_t n_profiles;
	struct conf_places *places;
};

extern const struct conf_key PROFILE_TEXT_KEYS[];

/* One item of map: "FROM=TO". */
bool profile_text_map(const char *text, double *ret_from, double *ret_to);
