/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept in order as they come: five minutes apart, a move of a few hundred octets. */
#include "agent/core/link/day_rates.h"

#include <assert.h>
#include <string.h>

#include "common/base/percentile.h"

void day_rates_reset(struct day_rates *day)
{
	day->n = 0;
}

void day_rates_add(struct day_rates *day, uint64_t bps)
{
	uint64_t kbps = (bps + 500) / 1000;
	uint32_t value = kbps > UINT32_MAX ? UINT32_MAX : (uint32_t)kbps;
	uint32_t at = day->n;

	assert(day->n <= DAY_RATES_MAX);
	if (day->n == DAY_RATES_MAX)
		return;
	while (at && day->kbps[at - 1] > value)
		at--;
	memmove(&day->kbps[at + 1], &day->kbps[at], (day->n - at) * sizeof(day->kbps[0]));
	day->kbps[at] = value;
	day->n++;
}

uint64_t day_rates_p95(const struct day_rates *day)
{
	assert(day->n <= DAY_RATES_MAX);
	if (!day->n)
		return 0;
	return day->kbps[percentile_rank(day->n, 95) - 1] * UINT64_C(1000);
}
