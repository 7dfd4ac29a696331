/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a simulated device's counters truly did between two moments, from the function
 * that fleet_sim documents (tests/sim/shape.h) and not from anything that was polled.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/shape.h"

struct fleet_link {
	uint32_t addr;	/* of the device, host order */
	unsigned int n; /* its link, from 0 */
	enum shape shape;
	uint64_t rate; /* of the device, as its "rate=" says */
};

/* The link with that ifName; -1: the fleet has none such. */
int fleet_link_number(const char *name);
/* Mean octets per second between two moments of the simulator's clock. */
double fleet_truth(const struct fleet_link *link, bool out, double from_us, double to_us);
