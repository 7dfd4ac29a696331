/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers that come again with the same seed. Each thing that needs some has dice of
 * its own, thrown by its name, so that taking one thing out changes nothing for the others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

struct dice dice_of(uint64_t seed, const char *name);
uint64_t dice_next(struct dice *dice);
/* 0 .. n - 1; n > 0 */
uint64_t dice_below(struct dice *dice, uint64_t n);
/* least .. most, both included */
int64_t dice_between(struct dice *dice, int64_t least, int64_t most);
/* 0 <= x < 1 */
double dice_real(struct dice *dice);
bool dice_chance(struct dice *dice, double p);
