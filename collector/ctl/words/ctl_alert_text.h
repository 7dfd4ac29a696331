/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as a table. Pure but for the time zone (TZ). */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "collector/core/words/words.h"

/* answer: the API's to GET alerts. The worst first, those that nobody answers before the others. */
void ctl_alert_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);
