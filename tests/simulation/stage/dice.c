/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Source: splitmix64 (Steele, Lea, Flood, 2014). */
#include "tests/simulation/stage/dice.h"

#include <assert.h>
#include <string.h>

#include "common/base/fnv1a.h"

struct dice dice_of(uint64_t seed, const char *name)
{
	struct dice dice = {fnv1a(FNV1A_START ^ seed, name, strlen(name)) + seed};

	dice_next(&dice);
	return dice;
}

uint64_t dice_next(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t dice_below(struct dice *dice, uint64_t n)
{
	assert(n > 0);
	return dice_next(dice) % n;
}

int64_t dice_between(struct dice *dice, int64_t least, int64_t most)
{
	assert(least <= most);
	return least + (int64_t)dice_below(dice, (uint64_t)(most - least) + 1);
}

double dice_real(struct dice *dice)
{
	return (double)(dice_next(dice) >> 11) * 0x1p-53;
}

bool dice_chance(struct dice *dice, double p)
{
	return dice_real(dice) < p;
}
