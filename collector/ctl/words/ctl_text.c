/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/words/ctl_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/cleanup.h"

static bool is_neutral(const char *locale)
{
	const size_t len = strcspn(locale, ".");

	return len == 0 || (len == 1 && locale[0] == 'C') ||
	       (len == 5 && strncmp(locale, "POSIX", 5) == 0);
}

bool ctl_text_lang(const char *lc_all, const char *lc_messages, const char *lang,
		   enum words_lang *ret)
{
	const bool by_all = lc_all && lc_all[0];
	const char *locale = by_all ? lc_all : lc_messages && lc_messages[0] ? lc_messages : lang;

	/* LC_ALL=C is what a script says that reads English */
	if (!locale || (!by_all && is_neutral(locale)))
		return false;
	*ret = WORDS_EN;
	words_lang_of_locale(locale, ret);
	return true;
}

const char *ctl_status_word(enum words_lang lang, const char *status, char *buf)
{
	snprintf(buf, CTL_TEXT_MAX, "%s", words_named(lang, "status", status));
	if (strcmp(status, "down") == 0 || strcmp(status, "auth-failed") == 0)
		for (char *p = buf; *p; p++)
			*p = (char)toupper((unsigned char)*p);
	return buf;
}

const char *ctl_time(int64_t time_ms, int64_t now_ms, char *buf)
{
	time_t t = (time_t)(time_ms / 1000), now = (time_t)(now_ms / 1000);
	struct tm then, today;

	if (time_ms <= 0 || !localtime_r(&t, &then) || !localtime_r(&now, &today))
		return strcpy(buf, "-");
	if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday)
		strftime(buf, CTL_TEXT_MAX, "%H:%M:%S", &then);
	else
		strftime(buf, CTL_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &then);
	return buf;
}

bool ctl_text_span(const char *text, int64_t *ret_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} UNITS[] = {{'m', 60000}, {'h', 3600000}, {'d', 86400000}};
	const size_t digits = strspn(text, "0123456789");

	if (digits < 1 || digits > 6 || text[digits] == '\0' || text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(UNITS); i++) {
		const int64_t ms = atoll(text) * UNITS[i].ms;

		if (text[digits] != UNITS[i].unit || ms <= 0 || ms > 366 * INT64_C(86400000))
			continue;
		*ret_ms = ms;
		return true;
	}
	return false;
}
