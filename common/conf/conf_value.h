/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values of configuration files as text: numbers with units, yes and no, and the
 * known word that an unknown one was probably meant to be. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * text: a decimal integer, optionally negative, optionally with a suffix of its unit:
 *	"ms"	 ms, s, m (minutes), h, d; bare numbers are milliseconds
 *	"s"	 s, m, h, d; bare numbers are seconds
 *	"octets" K, M, G (powers of 1024); bare numbers are octets
 *	"kbps"	 k, M, G (powers of 1000); bare numbers are kbit/s
 *	other	 none
 * Returns 0; -EINVAL if it is no such number; -ERANGE if it does not fit.
 */
int conf_value_int(const char *text, const char *unit, int64_t *ret);

/* How a number of that unit may be written, for messages: "a number of milliseconds, or like 10s, 5m, 2h, 1d". */
const char *conf_value_int_form(const char *unit);

/* yes/no, true/false, on/off in any case. Returns 0 or -EINVAL. */
int conf_value_bool(const char *text, bool *ret);

/* Letters to change, add, drop or swap to make b of a; case does not count. At most 64 are looked at. */
unsigned int conf_value_distance(const char *a, const char *b);

/*
 * Keeps the nearest word: starts with *best NULL and *best_distance anything, then one
 * call per candidate. Only words near enough to be a slip are kept.
 */
void conf_value_nearer(const char *text, const char *candidate, const char **best,
		       unsigned int *best_distance);
