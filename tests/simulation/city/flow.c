/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integral of 1 + SWING * sin is t - SWING * PERIOD / tau * cos. */
#include "tests/simulation/city/flow.h"

#include <math.h>

#define PERIOD_S 1800.0
#define SWING	 0.4
#define TAU	 6.283185307179586

static double seconds(const struct flow *flow, int64_t at_us)
{
	double t = (double)at_us / 1e6 + flow->phase_s;

	return t - SWING * PERIOD_S / TAU * cos(TAU * t / PERIOD_S);
}

uint64_t flow_total(const struct flow *flow, int64_t at_us)
{
	if (flow->stopped || at_us <= flow->from_us)
		return flow->before;
	return flow->before +
	       (uint64_t)((seconds(flow, at_us) - seconds(flow, flow->from_us)) * flow->per_s);
}

static void settle(struct flow *flow, int64_t at_us)
{
	flow->before = flow_total(flow, at_us);
	flow->from_us = at_us;
}

void flow_stop(struct flow *flow, int64_t at_us)
{
	settle(flow, at_us);
	flow->stopped = true;
}

void flow_go_on(struct flow *flow, int64_t at_us)
{
	settle(flow, at_us);
	flow->stopped = false;
}

void flow_change(struct flow *flow, double per_s, int64_t at_us)
{
	settle(flow, at_us);
	flow->per_s = per_s;
}
