/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How people of either language write figures: decimal comma or point, units. */
#pragma once

#include <stdint.h>

#include "collector/core/words/words.h"

/* All return buf, of at least FIGURE_TEXT_MAX octets. What is not known (NAN, a negative duration) is "-". */
enum { FIGURE_TEXT_MAX = 64 };
const char *figure_rate(enum words_lang lang, double bps, char *buf);	  /* "12,3 Mbit/s" */
const char *figure_number(enum words_lang lang, double value, char *buf); /* "3", "0,25" */
const char *figure_duration(enum words_lang lang, int64_t ms, char *buf); /* "2 jam 5 mnt" */
