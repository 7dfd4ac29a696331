/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides when a device took a reading and whether its counters still count from the same
 * zero. The clocks' offset is an interval: each answer bounds it (the reading was taken
 * between sending and receiving, and the device's clock shows up to one unit less than the
 * time), the bounds intersect, and between answers they widen by the drift that crystals
 * have. Source: RFC 3418 sysUpTime, RFC 2863 3.1.5 and RFC 3414 2.2.2 for what a restart is.
 */
#include "collector/core/device_clock.h"

#define TICK_US	    10000
#define TICKS_WRAP  ((int64_t)1 << 32)
#define DRIFT_PPM   100		/* of two crystals against each other */
#define TOLERANCE_US 2000000	/* agents that keep sysUpTime in a cache, and coarse ones */
#define TOLERANCE_DIV 50	/* and 2 % of the interval */
#define DISTRUST_AFTER 3	/* jumps in a row: this sysUpTime does not count hundredths */

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t middle(int64_t lo, int64_t hi)
{
	return lo + (hi - lo) / 2;
}

static int64_t unit_us(const struct device_clock *clock)
{
	return clock->fine ? 1 : TICK_US;
}

static void restart(struct device_clock *clock, const struct device_clock_reading *r,
		    int64_t device_us, int64_t *ret_local_us)
{
	clock->valid = true;
	clock->fine = r->has_us;
	clock->has_epoch = r->has_epoch;
	clock->epoch = r->epoch;
	clock->boots = r->boots;
	clock->device_us = device_us;
	clock->offset_lo = r->earliest_us - device_us - unit_us(clock);
	clock->offset_hi = r->latest_us - device_us;
	clock->local_us = middle(r->earliest_us, r->latest_us);
	*ret_local_us = clock->local_us;
}

/* Narrows the offset by this reading and dates it. */
static void narrow(struct device_clock *clock, const struct device_clock_reading *r,
		   int64_t device_us, int64_t *ret_local_us)
{
	int64_t drift = (r->latest_us - clock->local_us) * DRIFT_PPM / 1000000 + 1;
	int64_t lo = r->earliest_us - device_us - unit_us(clock);
	int64_t hi = r->latest_us - device_us;
	int64_t earliest, latest;

	clock->offset_lo = max64(clock->offset_lo - drift, lo);
	clock->offset_hi = min64(clock->offset_hi + drift, hi);
	if (clock->offset_lo > clock->offset_hi) { /* one of the clocks was set a little */
		clock->offset_lo = lo;
		clock->offset_hi = hi;
	}
	earliest = max64(r->earliest_us, clock->offset_lo + device_us);
	latest = min64(r->latest_us, clock->offset_hi + device_us + unit_us(clock));
	if (earliest > latest) {
		earliest = r->earliest_us;
		latest = r->latest_us;
	}
	clock->local_us = max64(middle(earliest, latest), clock->local_us);
	clock->device_us = device_us;
	if (r->boots)
		clock->boots = r->boots;
	*ret_local_us = clock->local_us;
}

/* The device's clock without the wrap of sysUpTime after 497 days, if it went on from
 * the last reading. */
static int64_t unwrap(const struct device_clock *clock, uint32_t ticks, int64_t elapsed_us,
		      int64_t tolerance_us)
{
	int64_t last_ticks = clock->device_us / TICK_US;
	int64_t grown = (int64_t)ticks - (last_ticks & (TICKS_WRAP - 1));
	int64_t wrapped_us = (grown + TICKS_WRAP) * TICK_US - elapsed_us;

	if (grown < 0 && wrapped_us <= tolerance_us && wrapped_us >= -tolerance_us)
		grown += TICKS_WRAP;
	return clock->device_us + grown * TICK_US;
}

static bool same_life(const struct device_clock *clock, const struct device_clock_reading *r)
{
	if (clock->has_epoch && r->has_epoch)
		return clock->epoch == r->epoch;
	return !clock->boots || !r->boots || clock->boots == r->boots;
}

/*
 * What the advance of the device's clock says, given the time that passed here. A restart
 * can only be one if the device has been up for no longer than that time.
 */
static enum device_clock_outcome judge(const struct device_clock *clock, int64_t device_us,
				       int64_t elapsed_us, int64_t tolerance_us)
{
	int64_t grown_us = device_us - clock->device_us;

	if (grown_us < 0)
		return DEVICE_CLOCK_RESTARTED;
	if (clock->jumps >= DISTRUST_AFTER)
		return DEVICE_CLOCK_NONE;
	if (grown_us > elapsed_us + tolerance_us)
		return DEVICE_CLOCK_JUMPED;
	if (grown_us >= elapsed_us - tolerance_us)
		return DEVICE_CLOCK_CONTINUES;
	return !clock->fine && device_us <= elapsed_us + tolerance_us ? DEVICE_CLOCK_RESTARTED
								       : DEVICE_CLOCK_JUMPED;
}

static enum device_clock_outcome without_clock(struct device_clock *clock,
					       const struct device_clock_reading *r,
					       int64_t *ret_local_us)
{
	int64_t local_us = max64(middle(r->earliest_us, r->latest_us), clock->local_us);

	clock->local_us = local_us;
	*ret_local_us = local_us;
	return DEVICE_CLOCK_NONE;
}

/* The uptime does not count hundredths: it still tells a restart, but not the time. */
static enum device_clock_outcome distrusted(struct device_clock *clock,
					    const struct device_clock_reading *r,
					    int64_t device_us, int64_t *ret_local_us)
{
	clock->device_us = device_us;
	return without_clock(clock, r, ret_local_us);
}

enum device_clock_outcome device_clock_update(struct device_clock *clock,
					      const struct device_clock_reading *r,
					      int64_t *ret_local_us)
{
	int64_t elapsed_us = middle(r->earliest_us, r->latest_us) - clock->local_us;
	int64_t tolerance_us = TOLERANCE_US + elapsed_us / TOLERANCE_DIV +
			       (r->latest_us - r->earliest_us);
	int64_t device_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * TICK_US;
	enum device_clock_outcome outcome;
	uint8_t jumps = clock->jumps;

	if (!r->has_ticks && !r->has_us)
		return without_clock(clock, r, ret_local_us);
	if (!clock->valid || clock->fine != r->has_us) {
		clock->jumps = 0;
		restart(clock, r, device_us, ret_local_us);
		return DEVICE_CLOCK_FIRST;
	}
	if (!r->has_us)
		device_us = unwrap(clock, r->ticks, elapsed_us, tolerance_us);
	outcome = same_life(clock, r) ? judge(clock, device_us, elapsed_us, tolerance_us)
				      : DEVICE_CLOCK_RESTARTED;
	switch (outcome) {
	case DEVICE_CLOCK_CONTINUES:
		clock->jumps = 0;
		narrow(clock, r, device_us, ret_local_us);
		return outcome;
	case DEVICE_CLOCK_NONE:
		return distrusted(clock, r, device_us, ret_local_us);
	default:
		device_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * TICK_US;
		clock->jumps = outcome == DEVICE_CLOCK_JUMPED ? jumps + 1 : 0;
		restart(clock, r, device_us, ret_local_us);
		return outcome;
	}
}

int64_t device_clock_local_us(const struct device_clock *clock, uint64_t device_us)
{
	return (int64_t)device_us + middle(clock->offset_lo, clock->offset_hi);
}

int64_t device_clock_refine(const struct device_clock *clock, int64_t device_us, int64_t local_us)
{
	int64_t drift = (clock->device_us - device_us) * DRIFT_PPM / 1000000 + 1;
	int64_t earliest = clock->offset_lo - drift + device_us;
	int64_t latest = clock->offset_hi + drift + device_us + unit_us(clock);

	if (!clock->valid || clock->device_us < device_us || earliest > latest)
		return local_us;
	return max64(earliest, min64(latest, local_us));
}
