/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact percentile of the five-minute means of one day, as carriers bill it: at most 288
 * values, kept sorted, 4 octets each (kbit/s). Bounded, so nothing is estimated.
 */
#pragma once

#include <stdint.h>

enum { PERCENTILE_MAX = 288 };

struct percentile {
	uint32_t n;
	uint32_t kbps[PERCENTILE_MAX]; /* ascending */
};

void percentile_reset(struct percentile *p);
/* A 289th value of a day (the clock was set back) is left out. */
void percentile_add(struct percentile *p, uint64_t bps);
/* The value below which 95 of 100 lie (nearest rank), in bit/s; 0 while there is none. */
uint64_t percentile_95(const struct percentile *p);
