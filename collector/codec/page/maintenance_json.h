/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planned work as the API's JSON, and what is wanted of it, from a URL's query. */
#pragma once

#include <jansson.h>

#include "collector/core/alert/maintenance.h"

/* A new reference, or NULL when out of memory. next_begin_ms: when it is or will be next. */
json_t *maintenance_json(const struct maintenance *maintenance, int64_t now_ms);
/* scope=, target= (not of all), begin_ms= (default now_ms), end_ms=, weekly=yes|no, reason=.
 * 0, or -EINVAL with what is wrong in *ret_error, which is constant text. */
int maintenance_query_parse(const char *text, int64_t now_ms, struct maintenance *ret,
			    const char **ret_error);
