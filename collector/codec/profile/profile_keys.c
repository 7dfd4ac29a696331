/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a profile may say.
 *
 *	profile NAME {
 *		match = {"1.3.6.1.4.1.14988.1"}
 *		column in-octets { oid = {"1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.2.2.1.10"} }
 *		group clients { value total { oid = "..." rows = sum unit = "clients" } }
 *	}
 */
#include "collector/codec/profile/profile_keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/core/device/profile.h"
#include "common/base/number_text.h"

static const char *check_oid(const char *text)
{
	struct profile_oid oid;

	return oid_text_parse(text, &oid) < 0
		       ? "a numeric OID such as 1.3.6.1.2.1.2.2.1.10, or OID*FACTOR"
		       : NULL;
}

static bool parse_number(const char *text, const char *end, double *ret)
{
	char *stop;

	*ret = strtod(text, &stop);
	return stop != text && stop == end && isfinite(*ret);
}

static const char *check_number(const char *text)
{
	double number;

	return !text[0] || parse_number(text, text + strlen(text), &number) ? NULL : "a number";
}

bool profile_text_map(const char *text, double *ret_from, double *ret_to)
{
	const char *equals = strchr(text, '=');

	return equals && parse_number(text, equals, ret_from) &&
	       parse_number(equals + 1, equals + strlen(equals), ret_to);
}

/* FROM=TO */
static const char *check_map(const char *text)
{
	double from, to;

	return profile_text_map(text, &from, &to) ? NULL : "NUMBER=NUMBER, such as 3=1";
}

static const char *check_after(const char *text)
{
	return strlen(text) > PROFILE_AFTER_MAX ? "at most 23 octets" : NULL;
}

static const char *check_type(const char *text)
{
	uint64_t type;

	return !number_text(text, 0, UINT32_MAX, &type) ? "a number of IANAifType, such as 24"
							: NULL;
}

static const struct conf_name KINDS[] = {
	{"gauge", PROFILE_GAUGE},
	{"counter", PROFILE_COUNTER},
	{NULL, 0},
};
static const struct conf_name INDEXES[] = {
	{"no", PROFILE_INDEX_NO},
	{"numbers", PROFILE_INDEX_NUMBERS},
	{"text", PROFILE_INDEX_TEXT},
	{"link", PROFILE_INDEX_LINK},
	{NULL, 0},
};
static const struct conf_name ROWS[] = {
	{"one", PROFILE_ROWS_ONE},   {"sum", PROFILE_ROWS_SUM}, {"count", PROFILE_ROWS_COUNT},
	{"mean", PROFILE_ROWS_MEAN}, {"max", PROFILE_ROWS_MAX}, {NULL, 0},
};

static const struct conf_key VALUE_KEYS[] = {
	CONF_STR_LIST(struct profile_text_value, oid, "oid",
		      "scalar with its instance, or column; OID*FACTOR scales it; of several the "
		      "first that says something",
		      check_oid),
	CONF_STR(struct profile_text_value, after, "after", "",
		 "what stands before the number in a text", check_after),
	CONF_STR_LIST_OR_NONE(struct profile_text_value, plus, "plus", "what is added to it",
			      check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_value, minus, "minus", "what is taken off",
			      check_oid),
	CONF_STR(struct profile_text_value, times, "times", NULL,
		 "what it is multiplied by: the unit of a row", check_oid),
	CONF_STR(struct profile_text_value, decimals, "decimals", NULL,
		 "how many of its digits are behind the point", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_value, total, "total",
			      "the value is a percentage of the sum of these", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_value, nothing, "nothing",
			      "numbers that say that there is no value", check_number),
	CONF_STR_LIST_OR_NONE(struct profile_text_value, map, "map",
			      "what a number stands for; any other is no value", check_map),
	CONF_BOOL(struct profile_text_value, free_share, "free", false,
		  "what is read is the free or idle part; 100 less it is stored"),
	CONF_ENUM(struct profile_text_value, kind, "kind", PROFILE_GAUGE, KINDS,
		  "gauge, or counter (its rate is stored)"),
	CONF_ENUM(struct profile_text_value, rows, "rows", PROFILE_ROWS_ONE, ROWS,
		  "how rows of a column become one value"),
	CONF_STR(struct profile_text_value, unit, "unit", "",
		 "clients, %, C, dBm, ms, octets/s ...", NULL),
	CONF_STR(struct profile_text_value, min, "min", "",
		 "below it the value of a row is unknown", check_number),
	CONF_STR(struct profile_text_value, max, "max", "",
		 "above it the value of a row is unknown", check_number),
	CONF_END_PLACED(struct profile_text_value, places),
};
static const struct conf_key GROUP_KEYS[] = {
	CONF_STR(struct profile_text_group, instead_of, "instead-of", NULL,
		 "name of the group that it stands for where the device has none of that", NULL),
	CONF_STR(struct profile_text_group, object, "object", NULL,
		 "column that names the object of a row; none: the device itself", check_oid),
	CONF_STR(struct profile_text_group, objects, "objects", NULL,
		 "column, of another table too, that names objects which may have no row",
		 check_oid),
	CONF_ENUM(struct profile_text_group, object_index, "object-index", PROFILE_INDEX_NO,
		  INDEXES,
		  "the row's index names the object, as numbers, as text or as the link "
		  "of that ifIndex"),
	CONF_STR_LIST_OR_NONE(struct profile_text_group, where, "where",
			      "only rows that have these columns", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_group, equals, "equals",
			      "... and in each of them one of these values: a|b", NULL),
	CONF_STR_LIST_OR_NONE(struct profile_text_group, minus_where, "minus-where",
			      "rows that have these columns are taken off the others", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_group, minus_equals, "minus-equals",
			      "... and in each of them one of these values: a|b", NULL),
	CONF_INT(struct profile_text_group, interval_ms, "interval", 0, 0, 86400000, "ms",
		 "how often it is read; 0: at every poll"),
	CONF_SECTION(struct profile_text_group, values, n_values, "value", VALUE_KEYS,
		     struct profile_text_value, "a data source, by its name in the RRD file"),
	CONF_END_PLACED(struct profile_text_group, places),
};
static const struct conf_key COLUMN_KEYS[] = {
	CONF_STR_LIST(struct profile_text_column, oid, "oid",
		      "the column, and what to take where a row lacks it, best first", check_oid),
	CONF_END_PLACED(struct profile_text_column, places),
};
static const struct conf_key HARDWARE_KEYS[] = {
	CONF_STR_LIST_OR_NONE(struct profile_text_hardware, where, "where",
			      "only rows that have these columns", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_hardware, equals, "equals",
			      "... and in each of them one of these values: a|b", NULL),
	CONF_STR_LIST_OR_NONE(struct profile_text_hardware, model, "model", "what it is",
			      check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_hardware, firmware, "firmware",
			      "version of its software", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_hardware, serial, "serial", "its serial number",
			      check_oid),
	CONF_END_PLACED(struct profile_text_hardware, places),
};
static const struct conf_key PROPROFILE_TEXT_KEYS[] = {
	CONF_STR(struct profile_text_profile, description, "description", "",
		 "what devices it is for", NULL),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, match, "match",
			      "prefixes of sysObjectID", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, probe, "probe",
			      "something must exist below each of these", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, use, "use",
			      "profiles whose links and groups are taken over", NULL),
	CONF_INT(struct profile_text_profile, priority, "priority", 0, -100, 100, "",
		 "the greater wins where several fit; below 0: fits any device"),
	CONF_STR(struct profile_text_profile, uptime, "uptime", NULL, "instead of sysUpTime.0",
		 check_oid),
	CONF_STR(struct profile_text_profile, clock_us, "clock-us", NULL,
		 "the device's monotonic clock in microseconds", check_oid),
	CONF_STR(struct profile_text_profile, epoch, "epoch", NULL,
		 "changes when counters begin anew", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, changed, "changed",
			      "scalars whose change means: read the interfaces anew", check_oid),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, skip_types, "skip-types",
			      "ifType numbers that are not watched", check_type),
	CONF_STR_LIST_OR_NONE(struct profile_text_profile, skip_names, "skip-names",
			      "patterns of names that are not watched", NULL),
	CONF_SECTION(struct profile_text_profile, columns, n_columns, "column", COLUMN_KEYS,
		     struct profile_text_column,
		     "a column of the interface table, by what it means"),
	CONF_SECTION(struct profile_text_profile, groups, n_groups, "group", GROUP_KEYS,
		     struct profile_text_group, "values beside the links, stored together"),
	CONF_SECTION(struct profile_text_profile, hardware, n_hardware, "hardware", HARDWARE_KEYS,
		     struct profile_text_hardware, "where the device says what it is"),
	CONF_END_PLACED(struct profile_text_profile, places),
};
const struct conf_key PROFILE_TEXT_KEYS[] = {
	CONF_SECTION(struct profile_text, profiles, n_profiles, "profile", PROPROFILE_TEXT_KEYS,
		     struct profile_text_profile, "one kind of device"),
	CONF_END_PLACED(struct profile_text, places),
};
