/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day is the number YYYYMMDD: it sorts and compares as days do. */
#include "collector/core/calendar/holidays.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_OCTETS = 400, SPAN_MAX = 31 /* days of one line */ };

struct reader {
	const char *name;
	unsigned int line;
	struct holidays made;
	struct conf_errors *errors;
	bool wrong;
};

static unsigned int month_days(unsigned int year, unsigned int month)
{
	static const unsigned char DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return DAYS[month - 1] + (month == 2 && leap);
}

/* "2026-01-01"; returns behind it, or NULL. */
static const char *parse_date(const char *text, unsigned int *ret)
{
	unsigned int year, month, day;
	int n = 0;

	if (strspn(text, "0123456789-") != 10 ||
	    sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &n) != 3 || n != 10)
		return NULL;
	if (year < 2000 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return NULL;
	*ret = (year * 100 + month) * 100 + day;
	return text + n;
}

static unsigned int next_day(unsigned int date)
{
	unsigned int year = date / 10000, month = date / 100 % 100, day = date % 100;

	if (day < month_days(year, month))
		return date + 1;
	return month < 12 ? (year * 100 + month + 1) * 100 + 1 : ((year + 1) * 100 + 1) * 100 + 1;
}

static void mistake(struct reader *reader, const char *text, const char *what)
{
	reader->wrong = true;
	conf_errors_add(reader->errors, "%s:%u: \"%.40s\" %s", reader->name, reader->line, text,
			what);
}

static void take_line(struct reader *reader, const char *text)
{
	unsigned int first, last, n = 0;
	const char *at = parse_date(text, &first), *end = at;

	last = first;
	if (at && strncmp(at, "..", 2) == 0)
		end = parse_date(at + 2, &last);
	if (!at || !end || (*end != '\0' && !strchr(" \t", *end))) {
		mistake(reader, text,
			"is not a day and its name; write e.g. 2026-01-01 Tahun Baru, or "
			"2026-03-20..2026-03-24 Idul Fitri");
		return;
	}
	for (unsigned int date = first; date <= last; date = next_day(date)) {
		if (n++ == SPAN_MAX) {
			mistake(reader, text, "is longer than a month; write it in pieces");
			return;
		}
		if (reader->made.n == HOLIDAYS_MAX) {
			mistake(reader, text, "is one too many; remove the years that are over");
			return;
		}
		reader->made.days[reader->made.n++] = date;
	}
	if (n == 0)
		mistake(reader, text, "ends before it begins; exchange the two days");
}

static int compare(const void *a, const void *b)
{
	const unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static void sort_once(struct holidays *holidays)
{
	size_t n = 0;

	qsort(holidays->days, holidays->n, sizeof(*holidays->days), compare);
	for (size_t i = 0; i < holidays->n; i++) {
		if (n == 0 || holidays->days[n - 1] != holidays->days[i])
			holidays->days[n++] = holidays->days[i];
	}
	holidays->n = n;
}

static void read_lines(struct reader *reader, const char *text, size_t len)
{
	for (const char *end = text + len; text < end && !reader->wrong;) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const size_t n = (size_t)((stop ? stop : end) - text);
		char line[LINE_MAX_OCTETS];
		const char *at = line;

		reader->line++;
		snprintf(line, sizeof(line), "%.*s", (int)(n < sizeof(line) ? n : sizeof(line) - 1),
			 text);
		line[strcspn(line, "\r")] = '\0';
		at += strspn(line, "\xef\xbb\xbf \t");
		if (*at != '\0' && *at != '#')
			take_line(reader, at);
		text += n + (stop ? 1 : 0);
	}
}

int holidays_parse(const char *name, const char *text, size_t len, struct holidays *ret,
		   struct conf_errors *errors)
{
	struct reader reader = {.name = name, .errors = errors};

	reader.made.days = calloc(HOLIDAYS_MAX, sizeof(*reader.made.days));
	if (!reader.made.days)
		return -ENOMEM;
	read_lines(&reader, text, len);
	if (reader.wrong) {
		holidays_deinit(&reader.made);
		return -EINVAL;
	}
	sort_once(&reader.made);
	*ret = reader.made;
	return 0;
}

void holidays_deinit(struct holidays *holidays)
{
	free(holidays->days);
	*holidays = (struct holidays){0};
}

bool holidays_have(const struct holidays *holidays, unsigned int year, unsigned int month,
		   unsigned int day)
{
	const unsigned int date = (year * 100 + month) * 100 + day;

	return holidays->n > 0 &&
	       bsearch(&date, holidays->days, holidays->n, sizeof(*holidays->days), compare);
}

unsigned int holidays_last_year(const struct holidays *holidays)
{
	return holidays->n > 0 ? holidays->days[holidays->n - 1] / 10000 : 0;
}
