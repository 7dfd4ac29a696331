/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How pantauctl writes states and times. Pure but for the time zone (TZ). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/words/figure_text.h"

/* The language that the environment asks for, by the values of these variables (NULL: not set). false, and
 * *ret stays: it asks for none, as the machine's own "C" in LANG does not. A language that there
 * is not is English. */
bool ctl_text_lang(const char *lc_all, const char *lc_messages, const char *lang,
		   enum words_lang *ret);

/* "90m", "2h", "3d": at most 366 days. False: it is none, ret is untouched. */
bool ctl_text_span(const char *text, int64_t *ret_ms);

/* Both return buf, of at least CTL_TEXT_MAX octets. */
enum { CTL_TEXT_MAX = FIGURE_TEXT_MAX };
/* "hidup"; "MATI": a terminal has no colours to tell by. status: the API's word. */
const char *ctl_status_word(enum words_lang lang, const char *status, char *buf);
/* "14:05:09", or with the date if not of today; "-" for 0. */
const char *ctl_time(int64_t time_ms, int64_t now_ms, char *buf);
