/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How pantauctl writes words, figures and times: Bahasa Indonesia or English, decimal comma
 * or point. Pure but for the time zone (TZ).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ctl_lang { CTL_LANG_ID, CTL_LANG_EN };

/* From --lang or LC_ALL, LC_MESSAGES, LANG's value; anything but "id..." is English. NULL: English. */
enum ctl_lang ctl_lang_of(const char *locale);

/* The word for one of the API's ("down", "device-up", "wrong-key", "opd") or of a heading ("since"); the word itself if
 * there is none. */
const char *ctl_word(enum ctl_lang lang, const char *word);

/* All return buf, of at least CTL_TEXT_MAX octets. Unknown (NAN, 0 times, negative durations) is "-". */
enum { CTL_TEXT_MAX = 64 };
const char *ctl_rate(enum ctl_lang lang, double bps, char *buf);     /* "12,3 Mbit/s" */
const char *ctl_number(enum ctl_lang lang, double value, char *buf); /* "3", "0,25" */
const char *ctl_duration(enum ctl_lang lang, int64_t ms, char *buf); /* "2 j 5 mnt" */
const char *ctl_time(int64_t time_ms, int64_t now_ms,
		     char *buf); /* "14:05:09" or with the date if not of today */
