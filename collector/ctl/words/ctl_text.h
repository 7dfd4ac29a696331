/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How pantauctl writes states and times. Pure but for the time zone (TZ). */
#pragma once

#include <stdint.h>

#include "collector/core/words/figure_text.h"

/* Both return buf, of at least CTL_TEXT_MAX octets. */
enum { CTL_TEXT_MAX = FIGURE_TEXT_MAX };
/* "hidup"; "MATI": a terminal has no colours to tell by. status: the API's word. */
const char *ctl_status_word(enum words_lang lang, const char *status, char *buf);
/* "14:05:09", or with the date if not of today; "-" for 0. */
const char *ctl_time(int64_t time_ms, int64_t now_ms, char *buf);
