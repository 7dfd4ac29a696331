/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The five-minute means of one day, for their 95th percentile as carriers bill it: at most 288
 * values, kept sorted, 4 octets each (kbit/s). All are kept, so nothing is estimated.
 */
#pragma once

#include <stdint.h>

enum { DAY_RATES_MAX = 288 };

struct day_rates {
	uint32_t n;
	uint32_t kbps[DAY_RATES_MAX]; /* ascending */
};

void day_rates_reset(struct day_rates *day);
/* A 289th value of a day (the clock was set back) is left out. */
void day_rates_add(struct day_rates *day, uint64_t bps);
/* The value below which 95 of 100 lie (nearest rank), in bit/s; 0 while there is none. */
uint64_t day_rates_p95(const struct day_rates *day);
