/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many devices are in which state, and which are in trouble. Pure but for the time zone (TZ). */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "collector/core/words/words.h"

enum { CTL_STATUS_WORST = 20 }; /* as many devices in trouble are shown: a screen */

/* status: the API's to GET status. A state that no device is in has no column. */
void ctl_status_text(enum words_lang lang, const json_t *status, FILE *out);

/* What is wrong with the collector itself, a line each, and an empty one; nothing if nothing is. */
void ctl_service_text(enum words_lang lang, const json_t *status, FILE *out);

/* devices: the API's to GET devices. All of them, in that order. */
void ctl_device_list_text(enum words_lang lang, int64_t now_ms, const json_t *devices, FILE *out);
/* Those in trouble, the worst first; how many wait for their first answer; or that all is well,
 * which is said only if each one is known to be up. */
void ctl_worst_text(enum words_lang lang, int64_t now_ms, const json_t *devices, FILE *out);
