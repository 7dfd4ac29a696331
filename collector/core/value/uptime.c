/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides which of a device's uptimes is its own, and how often they passed 497 days. */
#include "collector/core/value/uptime.h"

#include <stdlib.h>

#define SECOND_US     INT64_C(1000000)
#define TICK_US	      INT64_C(10000)
#define WRAP_US	      (TICK_US << 32)
#define TOLERANCE_US  (2 * SECOND_US)	  /* of one reading against another ... */
#define TOLERANCE_DIV 1000		  /* ... and of crystals and of times that were set */
#define CLOSE_US      (86400 * SECOND_US) /* an engine's time tells wraps, not more */

/* How many wraps lie nearest to that difference. */
static int64_t wraps_in(int64_t us)
{
	return us > 0 ? (us + WRAP_US / 2) / WRAP_US : 0;
}

enum uptime_host uptime_take_host(struct uptime *uptime, uint32_t ticks, int64_t read_us)
{
	int64_t boot_us = read_us - ticks * TICK_US;
	int64_t later_us = boot_us - uptime->host_boot_us;
	int64_t most_us = TOLERANCE_US + (read_us - uptime->host_read_us) / TOLERANCE_DIV;
	bool known = uptime->has_host;

	uptime->has_host = true;
	uptime->host_read_us = read_us;
	later_us -= wraps_in(later_us) * WRAP_US;
	if (known && llabs(later_us) <= most_us) {
		uptime->host_boot_us += later_us;
		return UPTIME_HOST_SAME;
	}
	uptime->host_boot_us = boot_us;
	return known ? UPTIME_HOST_OTHER : UPTIME_HOST_UNKNOWN;
}

void uptime_take_engine(struct uptime *uptime, uint32_t seconds, int64_t read_us)
{
	uptime->has_engine = true;
	uptime->engine_boot_us = read_us - seconds * SECOND_US;
}

void uptime_agent_restarted(struct uptime *uptime)
{
	uptime->has_engine = false;
}

int64_t uptime_s(const struct uptime *uptime, int64_t agent_us, int64_t at_us)
{
	int64_t engine_us = at_us - uptime->engine_boot_us;
	int64_t host_us = at_us - uptime->host_boot_us;
	int64_t unwrapped_us = agent_us + wraps_in(engine_us - agent_us) * WRAP_US;
	int64_t best_us = agent_us;

	if (uptime->has_engine && agent_us >= 0 && llabs(unwrapped_us - engine_us) <= CLOSE_US)
		best_us = unwrapped_us;
	/* the machine is never younger than its agent */
	if (uptime->has_host && host_us > best_us)
		best_us = host_us;
	return best_us < 0 ? -1 : best_us / SECOND_US;
}
