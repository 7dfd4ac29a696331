/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event in the reader's language, made of its kind and parameters. The page's parts.js says the same. */
#pragma once

#include <stddef.h>

#include "collector/core/judge/event.h"
#include "collector/core/words/words.h"

enum { EVENT_TEXT_MAX = 512 };

/* All return buf; size is EVENT_TEXT_MAX or as much as there is room for. */
/* What happened: "tautan wan0 putus". */
char *event_text_what(enum words_lang lang, const struct event *event, char *buf, size_t size);
/* What else is known of it: "tidak menjawab · 3 perangkat di belakangnya ikut tak terjangkau"; or "". */
char *event_text_details(enum words_lang lang, const struct event_params *params, char *buf,
			 size_t size);
/* Both, after the device's name, which may be NULL: "Dinas Kesehatan: mati · tidak menjawab". */
char *event_text(enum words_lang lang, const char *name, const struct event *event, char *buf,
		 size_t size);
