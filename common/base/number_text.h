/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole numbers in texts of which every character counts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Digits and nothing else, a number of least to most: strtoul(3) also takes blanks, signs and what stands
 * behind. NULL is no number; *ret stays on failure. */
bool number_text(const char *text, uint64_t least, uint64_t most, uint64_t *ret);
