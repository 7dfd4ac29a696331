/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's catalogue: {"status.down":"mati",...}. */
#pragma once

#include <stddef.h>

#include "collector/core/words/words.h"

/* All words but those that only pantauctl and the graphs have. malloc'd; NULL: out of memory. */
char *words_json(enum words_lang lang, size_t *ret_len);
