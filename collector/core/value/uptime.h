/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a device has been up, by all that it says of it. sysUpTime is its agent's, which may be
 * restarted alone, and begins anew after 497 days; hrSystemUptime (RFC 2790) is the machine's, and
 * begins anew as often; snmpEngineTime (RFC 3411) counts seconds for 68 years. One struct per device;
 * times are monotonic microseconds of ours.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct uptime {
	bool has_host, has_engine;
	int64_t host_boot_us, host_read_us; /* the machine's start, as of that reading */
	int64_t engine_boot_us;
};

enum uptime_host {
	UPTIME_HOST_UNKNOWN, /* nothing to compare with */
	UPTIME_HOST_SAME,    /* the machine has been up since the last reading */
	UPTIME_HOST_OTHER,
};

/* hrSystemUptime, read at that time. */
enum uptime_host uptime_take_host(struct uptime *uptime, uint32_t ticks, int64_t read_us);
/* snmpEngineTime. */
void uptime_take_engine(struct uptime *uptime, uint32_t seconds, int64_t read_us);
/* The agent began anew: what its engine said before is void. */
void uptime_agent_restarted(struct uptime *uptime);

/* agent_us: what sysUpTime shows at that time; -1 unknown. Returns seconds, -1 unknown. */
int64_t uptime_s(const struct uptime *uptime, int64_t agent_us, int64_t at_us);
