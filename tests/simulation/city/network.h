/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the city's network does to datagrams: by each device's line, and to all of them. */
#pragma once

#include <stdint.h>

#include "tests/simulation/stage/dice.h"
#include "tests/simulation/stage/net.h"

struct city;

/* A line's ways; 0 is a good line. */
struct line {
	struct dice dice;
	int64_t delay_us, jitter_us;
	double loss, twice, late; /* shares of datagrams */
	int64_t late_us;
	bool cut;	       /* nothing passes */
	uint32_t answers_from; /* the address that answers seem to come from; 0: the right one */
	unsigned int lost_in_a_row;
};

void network_open(struct city *city);
