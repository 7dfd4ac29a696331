/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Percent-encoded text of a URL: its path segments and the fields of its query
 * ("range=day&lang=id", application/x-www-form-urlencoded as the URL standard decodes
 * it).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes %XX (and '+' as space if plus) into buf, with a NUL behind.
 * Returns the length; -EINVAL for a broken %XX, a NUL or invalid UTF-8; -ENAMETOOLONG. On
 * an error buf holds nothing of use.
 */
int query_text_decode(const char *text, size_t len, bool plus, char *buf, size_t size);

/*
 * The first field of that name. Returns its decoded length; -ENOENT if there is none;
 * -EINVAL or -ENAMETOOLONG as above.
 */
int query_text_get(const char *query, const char *name, char *buf, size_t size);

/* Whether each field is one of those names (NULL ends them), has a '=', and is there once. 0 or -EINVAL. */
int query_text_check(const char *query, const char *const *names);

/* A decimal field within [min, max]. Returns 0, -ENOENT or -EINVAL; ret untouched unless
 * 0. */
int query_text_get_int(const char *query, const char *name, int64_t min, int64_t max, int64_t *ret);
