/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people write them into a spreadsheet: decimals with a point or, as Indonesian
 * spreadsheets do, a comma. C locale.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether somebody may have meant thousands: 1.000 or 100,000, which others read as decimals, and
 * 1.000.000. Not 0.125.
 */
bool decimal_text_has_groups(const char *text);
/* The whole text must be a finite number; *ret stays on failure. */
bool decimal_text_parse(const char *text, double *ret);
/* 0 to 1e9 kbit/s, to whole bit/s. */
bool decimal_text_kbps(const char *text, uint64_t *ret_bps);
