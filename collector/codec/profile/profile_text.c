/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turns what a profile file says into struct profile, as the poller wants it. Which keys there
 * are is profile_keys.c's; what makes a profile complete is decided in core/device/profile.c.
 */
#include "collector/codec/profile/profile_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/profile/profile_keys.h"
#include "collector/codec/text/oid_text.h"
#include "collector/core/device/profile.h"
#include "common/base/cleanup.h"
#include "common/base/number_text.h"

/* ---- units: samples point to them, so they outlive everything ---- */

static const char *unit_of(const char *text)
{
	static const char *const UNITS[] = {
		"",	 "clients",  "%",	  "C",	     "dBm",    "dB",  "ms",
		"s",	 "octets/s", "packets/s", "bits/s",  "octets", "MHz", "V",
		"W",	 "mA",	     "Hz",	  "VA",	     "A",      "rpm", "count",
		"users", "sessions", "load",	  "packets", "aps",
	};

	for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
		if (!strcmp(UNITS[i], text ? text : ""))
			return UNITS[i];
	return NULL;
}

/* ---- the file as the poller wants it ---- */

/* place: "FILE:LINE" */
#define COMPLAIN(errors, place, fmt, ...)                                                          \
	(conf_errors_add(errors, "%s: " fmt, place, __VA_ARGS__), -EINVAL)

static size_t count_list(char **list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static char **take_list(char ***list)
{
	return steal_ptr(*list);
}

static void set_oid(struct profile_oid *oid, const char *text)
{
	if (text && text[0])
		(void)oid_text_parse(text, oid); /* was checked with the file */
}

struct oid_list {
	const char *key;
	char **list;
	size_t most;
};

static int set_oids(struct conf_errors *errors, const struct conf_places *places,
		    const struct oid_list *from, struct profile_oid *oids, size_t *ret_n)
{
	size_t n = count_list(from->list);

	if (n > from->most)
		return COMPLAIN(errors, conf_places_value(places, from->key, from->most),
				"%s: %zu given; %zu at most", from->key, n, from->most);
	for (size_t i = 0; i < n; i++)
		set_oid(&oids[i], from->list[i]);
	*ret_n = n;
	return 0;
}

static double number_or_nan(const char *text)
{
	return text && text[0] ? strtod(text, NULL) : NAN;
}

static bool is_ds_name(const char *name)
{
	size_t len =
		strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	return len && !name[len] && len <= SAMPLE_DS_NAME_MAX;
}

/* The terms of a value, by what they do to it. */
static int add_terms(struct profile_group *group, enum profile_term_use use, char **list)
{
	struct profile_oid oid;
	int e;

	for (char **text = list; text && *text; text++) {
		set_oid(&oid, *text);
		e = profile_group_add_term(group, use, &oid);
		if (e < 0)
			return e;
	}
	return 0;
}

static int fill_numbers(struct conf_errors *errors, struct profile_ds *to,
			const struct profile_text_value *from)
{
	size_t n = count_list(from->nothing), n_map = count_list(from->map);

	if (n > PROFILE_NOTHING_MAX)
		return COMPLAIN(errors,
				conf_places_value(from->places, "nothing", PROFILE_NOTHING_MAX),
				"value \"%s\": %zu numbers; %d at most", from->title, n,
				PROFILE_NOTHING_MAX);
	if (n_map > PROFILE_MAP_MAX)
		return COMPLAIN(errors, conf_places_value(from->places, "map", PROFILE_MAP_MAX),
				"value \"%s\": %zu numbers; %d at most", from->title, n_map,
				PROFILE_MAP_MAX);
	for (size_t i = 0; i < n; i++)
		to->nothing[i] = number_or_nan(from->nothing[i]);
	for (size_t i = 0; i < n_map; i++)
		(void)profile_text_map(from->map[i], &to->map[i].from,
				       &to->map[i].to); /* was checked */
	to->n_nothing = (uint8_t)n;
	to->n_map = (uint8_t)n_map;
	return 0;
}

static int fill_value(struct conf_errors *errors, struct profile_group *group, size_t i,
		      const struct profile_text_value *from)
{
	struct sample_ds *ds = &group->sample.ds[i];
	struct profile_ds *to = &group->ds[i];
	const struct {
		enum profile_term_use use;
		char **list;
	} TERMS[] = {
		{PROFILE_TERM_VALUE, from->oid},
		{PROFILE_TERM_PLUS, from->plus},
		{PROFILE_TERM_MINUS, from->minus},
		{PROFILE_TERM_TIMES, (char *[]){from->times, NULL}},
		{PROFILE_TERM_DECIMALS, (char *[]){from->decimals, NULL}},
		{PROFILE_TERM_TOTAL, from->total},
	};

	if (!is_ds_name(from->title))
		return COMPLAIN(errors, conf_places_end(from->places),
				"value \"%s\": not a name for a data source; 1 to %d of "
				"A-Z a-z 0-9 _",
				from->title, SAMPLE_DS_NAME_MAX);
	ds->unit = unit_of(from->unit);
	if (!ds->unit)
		return COMPLAIN(errors, conf_places_key(from->places, "unit"),
				"value \"%s\": unit \"%s\" is not known; such as "
				"clients, %%, C, dBm, octets/s, count",
				from->title, from->unit);
	snprintf(ds->name, sizeof(ds->name), "%s", from->title);
	to->min = number_or_nan(from->min);
	to->max = number_or_nan(from->max);
	to->kind = (uint8_t)from->kind;
	to->rows = (uint8_t)from->rows;
	to->free_share = from->free_share;
	snprintf(to->after, sizeof(to->after), "%s", from->after);
	for (size_t j = 0; j < ARRAY_LEN(TERMS); j++)
		if (add_terms(group, TERMS[j].use, TERMS[j].list) < 0)
			return COMPLAIN(errors, conf_places_end(from->places),
					"value \"%s\": more than %d OIDs in the group", from->title,
					PROFILE_TERMS_MAX);
	return fill_numbers(errors, &group->ds[group->sample.n_ds - 1], from);
}

/* Conditions: a list of columns and one of what they must have, in the same order. */
struct where_keys {
	const char *columns_key, *equals_key;
	char **columns, **equals;
	const struct conf_places *places;
	const char *kind, *title;
};

static int fill_where(struct conf_errors *errors, const struct where_keys *keys,
		      struct profile_where *where, size_t *ret_n)
{
	size_t n = count_list(keys->columns), n_equals = count_list(keys->equals);

	if (n > PROFILE_WHERE_MAX)
		return COMPLAIN(
			errors,
			conf_places_value(keys->places, keys->columns_key, PROFILE_WHERE_MAX),
			"%s \"%s\": %zu conditions; %d at most", keys->kind, keys->title, n,
			PROFILE_WHERE_MAX);
	if (n_equals > n)
		return COMPLAIN(errors, conf_places_value(keys->places, keys->equals_key, n),
				"%s \"%s\": %s without %s", keys->kind, keys->title,
				keys->equals_key, keys->columns_key);
	for (size_t i = 0; i < n; i++) {
		set_oid(&where[i].column, keys->columns[i]);
		where[i].equals = i < n_equals ? steal_ptr(keys->equals[i]) : NULL;
		*ret_n = i + 1;
	}
	return 0;
}

static int fill_group(struct conf_errors *errors, struct profile_group *to,
		      struct profile_text_group *from)
{
	int e;
	const struct where_keys where = {"where",      "equals", from->where, from->equals,
					 from->places, "group",	 from->title},
				minus = {"minus-where",	     "minus-equals", from->minus_where,
					 from->minus_equals, from->places,   "group",
					 from->title};

	if (strlen(from->title) > 19)
		return COMPLAIN(errors, conf_places_end(from->places),
				"group \"%s\": name too long; 19 characters at most", from->title);
	if (from->n_values > SAMPLE_DS_MAX)
		return COMPLAIN(errors, conf_places_value(from->places, "value", SAMPLE_DS_MAX),
				"group \"%s\": %zu values; %d at most", from->title, from->n_values,
				SAMPLE_DS_MAX);
	e = fill_where(errors, &where, to->where, &to->n_where);
	if (e < 0)
		return e;
	e = fill_where(errors, &minus, to->minus_where, &to->n_minus_where);
	if (e < 0)
		return e;
	to->sample.name = steal_ptr(from->title);
	to->instead_of = steal_ptr(from->instead_of);
	to->object_index = from->object_index;
	to->interval_ms = from->interval_ms;
	set_oid(&to->object, from->object);
	set_oid(&to->objects, from->objects);
	for (size_t i = 0; i < from->n_values; i++) {
		to->sample.n_ds = i + 1;
		e = fill_value(errors, to, i, &from->values[i]);
		if (e < 0)
			return e;
	}
	return 0;
}

static int fill_groups(struct conf_errors *errors, struct profile *to,
		       struct profile_text_profile *from)
{
	int e = 0;

	if (from->n_groups > PROFILE_GROUPS_MAX)
		return COMPLAIN(errors,
				conf_places_value(from->places, "group", PROFILE_GROUPS_MAX),
				"%zu groups; %d at most", from->n_groups, PROFILE_GROUPS_MAX);
	to->groups = calloc(from->n_groups ? from->n_groups : 1, sizeof(*to->groups));
	if (!to->groups)
		return -ENOMEM;
	for (size_t i = 0; i < from->n_groups && !e; i++) {
		to->n_groups++;
		e = fill_group(errors, &to->groups[i], &from->groups[i]);
	}
	return e;
}

/* A scalar is the column above its instance. */
static void set_column(struct profile_oid *oid, const char *text)
{
	set_oid(oid, text);
	if (oid->len > 1 && !oid->id[oid->len - 1])
		oid->len--;
}

static int fill_hardware(struct conf_errors *errors, struct profile_hardware *to,
			 const struct profile_text_hardware *from)
{
	const struct where_keys where = {"where",      "equals",   from->where, from->equals,
					 from->places, "hardware", from->title};
	char **const FIELDS[] = {[PROFILE_MODEL] = from->model,
				 [PROFILE_FIRMWARE] = from->firmware,
				 [PROFILE_SERIAL] = from->serial};
	int e = fill_where(errors, &where, to->where, &to->n_where);

	if (e < 0)
		return e;
	for (size_t f = 0; f < ARRAY_LEN(FIELDS); f++) {
		for (char **oid = FIELDS[f]; *oid; oid++) {
			if (to->n_columns == ARRAY_LEN(to->columns))
				return COMPLAIN(errors, conf_places_end(from->places),
						"hardware \"%s\": more than %zu columns",
						from->title, ARRAY_LEN(to->columns));
			to->columns[to->n_columns].field = (uint8_t)f;
			set_column(&to->columns[to->n_columns++].oid, *oid);
		}
	}
	return 0;
}

static int fill_hardwares(struct conf_errors *errors, struct profile *to,
			  const struct profile_text_profile *from)
{
	int e = 0;

	if (from->n_hardware > PROFILE_HARDWARE_MAX)
		return COMPLAIN(errors,
				conf_places_value(from->places, "hardware", PROFILE_HARDWARE_MAX),
				"%zu hardware sections; %d at most", from->n_hardware,
				PROFILE_HARDWARE_MAX);
	for (size_t i = 0; i < from->n_hardware && !e; i++) {
		to->n_hardware = i + 1;
		e = fill_hardware(errors, &to->hardware[i], &from->hardware[i]);
	}
	return e;
}

static int fill_column(struct conf_errors *errors, struct profile_links *links,
		       const struct profile_text_column *from)
{
	enum profile_link_field field;

	if (profile_link_field_parse(from->title, &field) < 0)
		return COMPLAIN(errors, conf_places_end(from->places),
				"column \"%s\": no such meaning; such as name, oper, in-octets",
				from->title);
	if (!count_list(from->oid))
		return COMPLAIN(errors, conf_places_end(from->places),
				"column \"%s\": needs oid = {\"...\"}", from->title);
	for (char **oid = from->oid; *oid; oid++) {
		if (links->n_columns >= PROFILE_CANDIDATES_MAX)
			return COMPLAIN(errors, conf_places_key(from->places, "oid"),
					"column \"%s\": more than %d columns", from->title,
					PROFILE_CANDIDATES_MAX);
		links->columns[links->n_columns].field = field;
		set_oid(&links->columns[links->n_columns++].oid, *oid);
	}
	links->set = true;
	return 0;
}

static int fill_links(struct conf_errors *errors, struct profile_links *links,
		      struct profile_text_profile *from)
{
	size_t n = count_list(from->skip_types);
	int e = 0;

	links->skip_types = calloc(n ? n : 1, sizeof(*links->skip_types));
	if (!links->skip_types)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		uint64_t type = 0; /* checked */

		number_text(from->skip_types[i], 0, UINT32_MAX, &type);
		links->skip_types[i] = (uint32_t)type;
	}
	links->n_skip_types = n;
	links->skip_names = take_list(&from->skip_names);
	for (size_t i = 0; i < from->n_columns && !e; i++)
		e = fill_column(errors, links, &from->columns[i]);
	return e;
}

static int fill_identity(struct profile *to, struct profile_text_profile *from)
{
	to->place = strdup(conf_places_end(from->places));
	to->name = steal_ptr(from->title);
	to->description = steal_ptr(from->description);
	to->use = take_list(&from->use);
	to->priority = (int)from->priority;
	to->n_match = count_list(from->match);
	to->match = calloc(to->n_match ? to->n_match : 1, sizeof(*to->match));
	if (!to->match || !to->place)
		return -ENOMEM;
	for (size_t i = 0; i < to->n_match; i++)
		set_oid(&to->match[i], from->match[i]);
	set_oid(&to->uptime, from->uptime);
	set_oid(&to->clock_us, from->clock_us);
	set_oid(&to->epoch, from->epoch);
	return 0;
}

int profile_text_take(struct profile_text *file, struct profile *ret, struct conf_errors *errors)
{
	struct profile profile = {0};
	int e;

	if (file->n_profiles != 1) {
		e = COMPLAIN(errors, conf_places_value(file->places, "profile", 1),
			     "%zu profiles; exactly one: profile NAME { ... }", file->n_profiles);
	} else {
		struct profile_text_profile *from = &file->profiles[0];
		const struct oid_list probe = {"probe", from->probe, PROFILE_PROBES_MAX},
				      changed = {"changed", from->changed, PROFILE_CHANGED_MAX};
		const char *problem;

		e = fill_identity(&profile, from);
		if (!e)
			e = set_oids(errors, from->places, &probe, profile.probe, &profile.n_probe);
		if (!e)
			e = set_oids(errors, from->places, &changed, profile.changed,
				     &profile.n_changed);
		if (!e)
			e = fill_links(errors, &profile.links, from);
		if (!e)
			e = fill_groups(errors, &profile, from);
		if (!e)
			e = fill_hardwares(errors, &profile, from);
		if (!e && profile_finish(&profile, &problem) < 0)
			e = COMPLAIN(errors, profile.place, "profile \"%s\": %s", profile.name,
				     problem);
		if (e == -ENOMEM)
			conf_errors_add(errors, "%s: out of memory", conf_places_end(file->places));
	}
	if (e < 0)
		profile_deinit(&profile);
	else
		*ret = profile;
	return e;
}

int profile_text_parse(const char *name, const uint8_t *text, size_t len, struct profile *ret,
		       struct conf_errors *errors)
{
	struct profile_text file = {0};
	int e = conf_parse(name, text, len, PROFILE_TEXT_KEYS, &file, errors);

	if (e < 0)
		return e;
	e = profile_text_take(&file, ret, errors);
	conf_free(PROFILE_TEXT_KEYS, &file);
	return e;
}

const char *profile_text_missing_in(const char *text)
{
	return conf_key_missing_in(PROFILE_TEXT_KEYS, text);
}
