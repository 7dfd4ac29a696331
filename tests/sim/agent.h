/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A datagram to a simulated device becomes its answer: SNMPv1, v2c, v3 with authPriv. */
#pragma once

#include "tests/sim/ber.h"
#include "tests/sim/device.h"

struct agent_stats {
	uint64_t requests, answers, varbinds, malformed, wrong_community, reports;
};

/* False if the device says nothing. now_us: since the simulator began. */
bool agent_answer(struct device *device, int64_t now_us, const uint8_t *p, size_t len,
		  struct ber_msg *ret, struct agent_stats *stats);
