/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What passes through a port, as an exact function of time: the truth that everything is held
 * against. Waves of half an hour around a mean that can be changed or stopped.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct flow {
	double per_s, phase_s;
	uint64_t before; /* passed before from_us */
	int64_t from_us;
	bool stopped;
};

/* Passed until then, which is not before its last change. Never falls. */
uint64_t flow_total(const struct flow *flow, int64_t at_us);
void flow_stop(struct flow *flow, int64_t at_us);
void flow_go_on(struct flow *flow, int64_t at_us);
void flow_change(struct flow *flow, double per_s, int64_t at_us);
