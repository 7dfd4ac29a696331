/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deliveries as a table, and what became of one. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "collector/core/words/words.h"

/* answer: of GET deliveries; the newest comes last. */
void ctl_delivery_text(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);
/* delivery NULL: nothing is known of it. */
void ctl_delivery_outcome(enum words_lang lang, const json_t *delivery, FILE *out);
bool ctl_delivery_has_arrived(const json_t *delivery);
/* Whether a receiver, or the network, has said something by now. */
bool ctl_delivery_is_answered(const json_t *delivery);
