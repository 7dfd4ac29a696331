/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/words/ctl_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
