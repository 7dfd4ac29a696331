/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults of the product that are known and not mended yet: what they make wrong is counted and
 * does not fail a run. Who mends one removes its line.
 */
#pragma once

#include <stdbool.h>

struct box;
struct city;

/* Whether it is a known fault that this does not hold for the box (NULL: the NOC). */
bool known_excuses(const struct city *city, const char *invariant, const struct box *box);
/* How often each was met so far, one a line. */
void known_list(void);
