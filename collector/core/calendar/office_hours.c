/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the hours from left to right; what a day was given last does not replace what it had. */
#include "collector/core/calendar/office_hours.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/cleanup.h"

enum { DAY_MIN = 24 * 60, TEXT_MAX = 400, DAYS = 7 };

static const char *const NAMES[][DAYS] = {
	{"sun", "mon", "tue", "wed", "thu", "fri", "sat"},
	{"min", "sen", "sel", "rab", "kam", "jum", "sab"},
};

static const char HOURS_WRONG[] = "has no hours; write e.g. Mon-Thu 07:00-15:30, Fri 07:00-14:30";

/* Three letters and more of its name. */
static bool parse_day(const char *text, size_t len, unsigned int *ret)
{
	for (size_t lang = 0; len >= 3 && lang < ARRAY_LEN(NAMES); lang++) {
		for (unsigned int day = 0; day < DAYS; day++) {
			if (strncasecmp(text, NAMES[lang][day], 3) == 0) {
				*ret = day;
				return true;
			}
		}
	}
	return false;
}

/* "Mon" or "Mon-Thu"; a range may pass the end of the week. */
static bool parse_days(const char *text, unsigned int *from, unsigned int *to)
{
	const char *dash = strchr(text, '-');
	const size_t len = dash ? (size_t)(dash - text) : strlen(text);

	if (!parse_day(text, len, from))
		return false;
	*to = *from;
	return !dash || parse_day(dash + 1, strlen(dash + 1), to);
}

static bool parse_minute(const char *text, unsigned int *ret, const char **end)
{
	unsigned int hour, minute;
	int n = 0;

	if (text[0] == '-' || text[0] == '+' ||
	    sscanf(text, "%2u%*1[:.]%2u%n", &hour, &minute, &n) != 2 || n == 0)
		return false;
	*ret = hour * 60 + minute;
	*end = text + n;
	return minute < 60 && *ret <= DAY_MIN;
}

static bool add_span(struct office_day *day, unsigned int from, unsigned int to)
{
	if (day->n == OFFICE_HOURS_SPANS_MAX)
		return false;
	day->spans[day->n].from_min = from;
	day->spans[day->n++].to_min = to;
	return true;
}

/* "07:00-15:30" on each day of the range. */
static const char *take_span(struct office_hours *hours, const char *text, unsigned int first,
			     unsigned int last)
{
	unsigned int from, to;
	const char *end;

	if (!parse_minute(text, &from, &end) || *end != '-' || !parse_minute(end + 1, &to, &end) ||
	    *end != '\0')
		return "is no span of hours; write e.g. 07:00-15:30";
	if (from >= to)
		return "ends before it begins; write the hours after midnight with their own day";
	for (unsigned int day = first;; day = (day + 1) % DAYS) {
		if (!add_span(&hours->days[day], from, to))
			return "is the fifth span of a day; write at most four";
		if (day == last)
			return NULL;
	}
}

static const char *say(const char *word, const char *what)
{
	static _Thread_local char text[160];

	snprintf(text, sizeof(text), "\"%.40s\" %s", word, what);
	return text;
}

/* "Fri 07:00-11:00 13:00-14:30" */
static const char *take_item(struct office_hours *hours, char *item)
{
	char *at = NULL, *days = strtok_r(item, " \t", &at), *span;
	unsigned int first, last;
	const char *wrong;

	if (!days)
		return NULL;
	if (!parse_days(days, &first, &last))
		return say(days, "is no day; write Mon, Tue, Wed, Thu, Fri, Sat, Sun or Sen, Sel, "
				 "Rab, Kam, Jum, Sab, Min");
	span = strtok_r(NULL, " \t", &at);
	if (!span)
		return say(days, HOURS_WRONG);
	for (; span; span = strtok_r(NULL, " \t", &at)) {
		wrong = take_span(hours, span, first, last);
		if (wrong)
			return say(span, wrong);
	}
	return NULL;
}

const char *office_hours_parse(const char *text, struct office_hours *ret)
{
	struct office_hours hours = {.always = text[strspn(text, " \t")] == '\0'};
	char copy[TEXT_MAX], *at = NULL;
	const char *wrong = NULL;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return "is too long";
	for (char *item = strtok_r(copy, ",;", &at); item && !wrong;
	     item = strtok_r(NULL, ",;", &at))
		wrong = take_item(&hours, item);
	if (!wrong)
		*ret = hours;
	return wrong;
}

bool office_hours_cover(const struct office_hours *hours, unsigned int weekday, unsigned int minute)
{
	const struct office_day *day = &hours->days[weekday % DAYS];

	assert(weekday < DAYS && minute < DAY_MIN);
	for (size_t i = 0; i < day->n; i++) {
		if (minute >= day->spans[i].from_min && minute < day->spans[i].to_min)
			return true;
	}
	return hours->always;
}
