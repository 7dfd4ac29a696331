/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a configuration, one line per mistake, so that an operator sees all
 * of them at once: "FILE:LINE: KEY: what is wrong; what would be right". Pure.
 */
#pragma once

#include <stddef.h>

#include "common/base/cleanup.h"

enum { CONF_ERRORS_MAX = 200 }; /* lines kept; a file of another kind would give one per line */

struct conf_errors {
	char **lines;
	size_t n;
	size_t dropped; /* found beyond CONF_ERRORS_MAX, or when memory was short */
};

void conf_errors_add(struct conf_errors *errors, const char *fmt, ...) printf_(2, 3);
/* Moves the lines from index first on to the end of errors; dropped too if first is 0. */
void conf_errors_move(struct conf_errors *errors, struct conf_errors *from, size_t first);
void conf_errors_deinit(struct conf_errors *errors);
