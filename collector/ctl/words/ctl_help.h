/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pantauctl can be asked, and how: --help, and what is said to whom uses a command wrongly. */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "collector/core/words/words.h"

/* server, config: the defaults. */
void ctl_help_print(enum words_lang lang, const char *server, const char *config, FILE *out);
/* One entry: what is written, and from that column on what it does. */
void ctl_help_entry(FILE *out, const char *syntax, const char *help, size_t column);
/* A paragraph. */
void ctl_help_text(FILE *out, const char *text);
/* Of the commands that begin so: "device probe"; "" is any. */
void ctl_help_usage(enum words_lang lang, const char *command, FILE *out);
