/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/check/check_range.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* strtod() also takes "inf", "nan" and hexadecimal. */
static bool parse_number(const char *text, size_t len, double *ret)
{
	char copy[CHECK_RANGE_MAX], *end;
	double value;

	if (len == 0 || len >= sizeof(copy) || strspn(text, "0123456789.-+eE") < len)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	value = strtod(copy, &end);
	if (*end || !isfinite(value))
		return false;
	*ret = value;
	return true;
}

bool check_range_parse(const char *text, struct check_range *ret)
{
	struct check_range range = {.end = INFINITY, .inside = text[0] == '@'};
	const char *start = text + range.inside, *colon = strchr(start, ':');
	const char *end = colon ? colon + 1 : start;

	if (strlen(text) >= CHECK_RANGE_MAX)
		return false;
	if (colon == start + 1 && *start == '~')
		range.start = -INFINITY;
	else if (colon && colon != start &&
		 !parse_number(start, (size_t)(colon - start), &range.start))
		return false;
	if ((*end || !colon) && !parse_number(end, strlen(end), &range.end))
		return false;
	if (range.start > range.end)
		return false;
	*ret = range;
	return true;
}

bool check_range_alerts(const struct check_range *range, double value)
{
	assert(!isnan(value) && range->start <= range->end);
	return (value >= range->start && value <= range->end) == range->inside;
}
