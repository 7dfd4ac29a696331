/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/ping/ping_stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define US_PER_MS 1000.0

struct ping_stats ping_stats_new(void)
{
	return (struct ping_stats){.last_us = -1};
}

void ping_stats_answered(struct ping_stats *stats, int64_t rtt_us)
{
	assert(rtt_us >= 0);
	if (stats->last_us >= 0) {
		stats->jitter_us += llabs(rtt_us - stats->last_us);
		stats->pairs++;
	}
	stats->answered++;
	stats->sum_us += rtt_us;
	stats->last_us = rtt_us;
}

void ping_stats_lost(struct ping_stats *stats)
{
	stats->lost++;
	stats->last_us = -1;
}

static double mean_ms(int64_t sum_us, unsigned int n)
{
	return n ? (double)sum_us / n / US_PER_MS : NAN;
}

bool ping_stats_take(struct ping_stats *stats, double ret[static PING_VALUES])
{
	const unsigned int n = stats->answered + stats->lost;

	if (n == 0)
		return false;
	ret[PING_RTT] = mean_ms(stats->sum_us, stats->answered);
	ret[PING_JITTER] = mean_ms(stats->jitter_us, stats->pairs);
	ret[PING_LOSS] = 100.0 * stats->lost / n;
	*stats = (struct ping_stats){.last_us = stats->last_us};
	return true;
}
