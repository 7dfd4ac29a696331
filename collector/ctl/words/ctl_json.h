/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in the API's objects. */
#pragma once

#include <stdint.h>

#include <jansson.h>

#include "collector/ctl/words/ctl_text.h"

/* A member; "", the word of "", NAN or 0 where it is missing. */
const char *ctl_json_text(const json_t *json, const char *key);
const char *ctl_json_word(enum ctl_lang lang, const json_t *json, const char *key);
double ctl_json_number(const json_t *json, const char *key);
int64_t ctl_json_integer(const json_t *json, const char *key);
