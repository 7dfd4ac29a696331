/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people write them into a spreadsheet: decimals with a point or, as Indonesian
 * spreadsheets do, a comma. C locale.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The whole text must be a finite number; *ret stays on failure. */
bool decimal_text_parse(const char *text, double *ret);
/* 0 to 1e9 kbit/s, to whole bit/s. */
bool decimal_text_kbps(const char *text, uint64_t *ret_bps);
