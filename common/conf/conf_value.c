/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a number, a switch and a near miss are in configuration files; knows
 * nothing of keys and files.
 * Source: optimal string alignment distance (Damerau 1964).
 */
#include "common/conf/conf_value.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "common/base/cleanup.h"

#define DISTANCE_MAX 64

static const struct {
	const char *unit;
	const char *suffix;
	int64_t factor;
} SUFFIXES[] = {
	{"ms", "ms", 1},
	{"ms", "s", 1000},
	{"ms", "m", 60 * 1000},
	{"ms", "h", 3600 * 1000},
	{"ms", "d", INT64_C(86400) * 1000},
	{"s", "s", 1},
	{"s", "m", 60},
	{"s", "h", 3600},
	{"s", "d", 86400},
	{"octets", "K", 1024},
	{"octets", "M", 1024 * 1024},
	{"octets", "G", 1024 * 1024 * 1024},
	{"kbps", "k", 1},
	{"kbps", "M", 1000},
	{"kbps", "G", 1000 * 1000},
};

static const struct {
	const char *unit;
	const char *form;
} FORMS[] = {
	{"ms", "a number of milliseconds, or like 500ms, 10s, 5m, 2h, 1d"},
	{"s", "a number of seconds, or like 10s, 5m, 2h, 1d"},
	{"octets", "a number of octets, or like 64K, 16M, 1G"},
	{"kbps", "a number of kbit/s, or like 512k, 100M, 1G"},
};

const char *conf_value_int_form(const char *unit)
{
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++)
		if (strcmp(FORMS[i].unit, unit) == 0)
			return FORMS[i].form;
	return "a whole number";
}

static int factor_of(const char *suffix, const char *unit, int64_t *ret)
{
	if (!*suffix) {
		*ret = 1;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		if (strcmp(SUFFIXES[i].unit, unit) == 0 &&
		    strcmp(SUFFIXES[i].suffix, suffix) == 0) {
			*ret = SUFFIXES[i].factor;
			return 0;
		}
	}
	return -EINVAL;
}

int conf_value_int(const char *text, const char *unit, int64_t *ret)
{
	bool negative = *text == '-';
	const char *p = text + negative;
	int64_t value = 0, factor;

	if (!isdigit((unsigned char)*p))
		return -EINVAL;
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *p - '0', &value))
			return -ERANGE;
	if (factor_of(p, unit, &factor) < 0)
		return -EINVAL;
	if (__builtin_mul_overflow(value, factor, &value))
		return -ERANGE;
	*ret = negative ? -value : value;
	return 0;
}

int conf_value_bool(const char *text, bool *ret)
{
	static const char *const yes[] = {"yes", "true", "on"}, *const no[] = {"no", "false",
									       "off"};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		bool is_yes = strcasecmp(text, yes[i]) == 0;

		if (is_yes || strcasecmp(text, no[i]) == 0) {
			*ret = is_yes;
			return 0;
		}
	}
	return -EINVAL;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* One row of the matrix needs the two rows above it: before (i - 2) and above (i - 1). */
static unsigned int cell(const unsigned int *before, const unsigned int *above,
			 const unsigned int *row, size_t j, const char *a, const char *b)
{
	bool same = tolower((unsigned char)a[0]) == tolower((unsigned char)b[0]);
	unsigned int d = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + !same);

	/* A swap of two neighbours; before is NULL in the first row. */
	if (before && j > 1 && tolower((unsigned char)a[0]) == tolower((unsigned char)b[-1]) &&
	    tolower((unsigned char)a[-1]) == tolower((unsigned char)b[0]))
		d = least(d, before[j - 2] + 1);
	return d;
}

unsigned int conf_value_distance(const char *a, const char *b)
{
	unsigned int rows[3][DISTANCE_MAX + 1];
	size_t na = strnlen(a, DISTANCE_MAX), nb = strnlen(b, DISTANCE_MAX);

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned int *row = rows[i % 3];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++)
			row[j] = cell(i > 1 ? rows[(i - 2) % 3] : NULL, rows[(i - 1) % 3], row, j,
				      a + i - 1, b + j - 1);
	}
	return rows[na % 3][nb];
}

void conf_value_nearer(const char *text, const char *candidate, const char **best,
		       unsigned int *best_distance)
{
	unsigned int distance = conf_value_distance(text, candidate);

	/* A slip changes up to a third of a word, and always leaves something of it. */
	if (distance > 1 + strlen(text) / 3 || distance >= strlen(candidate))
		return;
	if (*best && distance >= *best_distance)
		return;
	*best = candidate;
	*best_distance = distance;
}
