/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events as the API and the database have them: kind and parameters, from which every reader
 * makes the text in its own language. The API adds the text in English for programs that want
 * no more than a line.
 */
#pragma once

#include <jansson.h>

#include "collector/core/judge/event.h"

/* name: the device's, or NULL if there is none of that id. NULL: out of memory. */
json_t *event_json(const struct event *event, const char *name);
/* What event_json() wrote; members that are missing or not known to this version are left out. */
void event_json_read(const json_t *json, struct event *ret);

/* {"cause":"no-answer","behind":3}: what is told. malloc'd; NULL: out of memory. */
char *event_json_print_params(const struct event_params *params);
/* Whatever is no such text gives parameters that tell nothing. */
void event_json_parse_params(const char *text, struct event_params *ret);
