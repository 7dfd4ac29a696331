/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the rate between two readings of a counter, or why there is none. Decides nothing
 * about time: the interval is given. Source: RFC 2578 7.1.6 and 7.1.10, RFC 2863 3.1.6.
 */
#include "collector/core/value/counter.h"

#include <math.h>

#define TWO_POW_32 4294967296.0
#define US_PER_S   1e6

const char *counter_outcome_name(enum counter_outcome outcome)
{
	static const char *const NAMES[COUNTER_OUTCOME_N] = {
		[COUNTER_OK] = "ok",
		[COUNTER_FIRST] = "first",
		[COUNTER_MISSING] = "missing",
		[COUNTER_UNCHANGED] = "unchanged",
		[COUNTER_RESET] = "reset",
		[COUNTER_AMBIGUOUS] = "ambiguous",
		[COUNTER_IMPLAUSIBLE] = "implausible",
	};

	return (unsigned int)outcome < COUNTER_OUTCOME_N ? NAMES[outcome] : "?";
}

/* How much a counter of 32 bits grew, if that can be told at all. */
static enum counter_outcome growth_32(uint64_t prev, uint64_t cur, double most, uint64_t *ret)
{
	if (most >= TWO_POW_32)
		return COUNTER_AMBIGUOUS; /* may have wrapped more than once, even if it rose */
	if (cur < prev && isnan(most))
		return COUNTER_RESET; /* a wrap and a clear look alike */
	*ret = (uint32_t)(cur - prev);
	if (cur < prev && (double)*ret > most)
		return COUNTER_RESET;
	return COUNTER_OK;
}

enum counter_outcome counter_rate(const struct counter_reading *prev,
				  const struct counter_reading *cur, int64_t dt_us,
				  double max_per_s, double *ret_rate)
{
	enum counter_outcome outcome = COUNTER_OK;
	double dt_s = (double)dt_us / US_PER_S;
	double most = max_per_s * COUNTER_SLACK * dt_s; /* NAN if unknown */
	uint64_t grown = cur->value - prev->value;

	if (cur->width == COUNTER_NONE)
		return COUNTER_MISSING;
	if (prev->width != cur->width)
		return COUNTER_FIRST;
	if (dt_us <= 0)
		return COUNTER_UNCHANGED;
	if (cur->width == COUNTER_32)
		outcome = growth_32(prev->value, cur->value, most, &grown);
	else if (cur->value < prev->value)
		outcome = COUNTER_RESET; /* 64 bits last 58 years at 80 Gbit/s */
	if (outcome != COUNTER_OK)
		return outcome;
	if ((double)grown > most)
		return COUNTER_IMPLAUSIBLE;
	*ret_rate = (double)grown / dt_s;
	return COUNTER_OK;
}

int64_t counter_wrap_us(double max_per_s)
{
	double us = TWO_POW_32 / (max_per_s * COUNTER_SLACK) * US_PER_S;

	return max_per_s > 0 && us < 9e18 ? (int64_t)us : INT64_MAX;
}
