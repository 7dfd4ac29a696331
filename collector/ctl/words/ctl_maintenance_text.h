/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planned work as a table. Pure but for the time zone (TZ). */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "collector/core/words/words.h"

/* answer: the API's to GET maintenance. */
void ctl_maintenance_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);
