/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's i18n.js writes them in the same way. */
#include "collector/core/words/figure_text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"

static const char *unknown(char *buf)
{
	return strcpy(buf, "-");
}

/* The C locale writes the point. */
static const char *point(enum words_lang lang, char *buf)
{
	char *dot = strchr(buf, '.');

	if (dot)
		*dot = words_text(lang, WORD_FIGURE_POINT)[0];
	return buf;
}

const char *figure_number(enum words_lang lang, double value, char *buf)
{
	assert((unsigned int)lang < WORDS_LANG_N);
	if (!isfinite(value))
		return unknown(buf);
	if (value == floor(value) && fabs(value) < 1e15)
		snprintf(buf, FIGURE_TEXT_MAX, "%.0f", value);
	else
		snprintf(buf, FIGURE_TEXT_MAX, fabs(value) < 10 ? "%.2f" : "%.1f", value);
	return point(lang, buf);
}

const char *figure_rate(enum words_lang lang, double bps, char *buf)
{
	static const char *const UNITS[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	size_t unit = 0;

	if (!isfinite(bps) || bps < 0)
		return unknown(buf);
	while (bps >= 999.95 && unit + 1 < ARRAY_LEN(UNITS)) {
		bps /= 1000;
		unit++;
	}
	snprintf(buf, FIGURE_TEXT_MAX, unit == 0 || bps >= 100 ? "%.0f %s" : "%.1f %s", bps,
		 UNITS[unit]);
	return point(lang, buf);
}

static size_t put_count(enum words_lang lang, int64_t n, enum word unit, char *buf, size_t used)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)n);
	words_fill(buf + used, FIGURE_TEXT_MAX - used, words_text(lang, unit),
		   (const char *const[]){"n", number, NULL});
	return used + strlen(buf + used);
}

/* The largest unit, and the next one if there is any of it. */
const char *figure_duration(enum words_lang lang, int64_t ms, char *buf)
{
	static const struct {
		int64_t ms;
		enum word word;
	} UNITS[] = {{86400000, WORD_TIME_D},
		     {3600000, WORD_TIME_H},
		     {60000, WORD_TIME_M},
		     {1000, WORD_TIME_S}};
	size_t i = 0, used;

	if (ms < 0)
		return unknown(buf);
	while (i + 1 < ARRAY_LEN(UNITS) && ms < UNITS[i].ms)
		i++;
	used = put_count(lang, ms / UNITS[i].ms, UNITS[i].word, buf, 0);
	ms %= UNITS[i].ms;
	if (++i < ARRAY_LEN(UNITS) && ms >= UNITS[i].ms) {
		buf[used++] = ' ';
		put_count(lang, ms / UNITS[i].ms, UNITS[i].word, buf, used);
	}
	return buf;
}
