/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notifications and senders as tables of at most 80 columns, the newest last. Pure but for the time zone (TZ). */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "collector/core/words/words.h"

/* answer: the API's to GET notifications and GET senders. */
void ctl_notification_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);
void ctl_sender_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);
