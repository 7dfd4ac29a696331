/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Round-trip estimate of one device. Decides timeouts and how long a request counts as
 * outstanding; does not read a clock and does not send.
 * Source: RFC 6298 2 (alpha 1/8, beta 1/4, K 4), 5.5 (back-off).
 */
#include "common/engine/rtt_estimate.h"

#include <assert.h>

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

void rtt_estimate_add(struct rtt_estimate *rtt, int64_t sample_us)
{
	/* A minute is far beyond any timeout: what is above it is a suspended host. */
	int32_t sample = (int32_t)clamp(sample_us, 1, 60 * 1000 * 1000);
	int32_t error = sample - rtt->smooth_us;

	rtt->silent = 0;
	if (!rtt->smooth_us) {
		rtt->smooth_us = sample;
		rtt->var_us = sample / 2;
		return;
	}
	rtt->var_us += ((error < 0 ? -error : error) - rtt->var_us) / 4;
	rtt->smooth_us += error / 8;
	if (rtt->smooth_us < 1)
		rtt->smooth_us = 1;
}

void rtt_estimate_lost(struct rtt_estimate *rtt)
{
	if (rtt->silent < UINT8_MAX)
		rtt->silent++;
}

static int64_t expected_us(const struct rtt_estimate *rtt)
{
	return rtt->smooth_us + 4 * (int64_t)rtt->var_us;
}

int64_t rtt_estimate_timeout_us(const struct rtt_estimate *rtt, unsigned int transmission)
{
	int64_t base = rtt->smooth_us ? expected_us(rtt) : RTT_TIMEOUT_FIRST_US;

	base = clamp(base, RTT_TIMEOUT_MIN_US, RTT_TIMEOUT_MAX_US);
	return clamp(base << (transmission < 8 ? transmission : 8), RTT_TIMEOUT_MIN_US,
		     RTT_TIMEOUT_MAX_US);
}

int64_t rtt_estimate_patience_us(const struct rtt_estimate *rtt)
{
	assert(rtt->smooth_us >= 0 && rtt->var_us >= 0);
	/* Hundreds of dead devices must not eat the places of the living. */
	if (rtt->silent >= 2)
		return RTT_PATIENCE_MIN_US;
	if (!rtt->smooth_us)
		return RTT_PATIENCE_FIRST_US;
	return clamp(expected_us(rtt), RTT_PATIENCE_MIN_US, RTT_PATIENCE_MAX_US);
}
