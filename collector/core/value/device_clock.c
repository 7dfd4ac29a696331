/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides when a device took a reading and whether its counters still count from the same
 * zero. The clocks' offset is an interval: each answer bounds it (the reading was taken
 * between sending and receiving, and the device's clock shows up to one unit less than the
 * time), the bounds intersect, and between answers they widen by the drift that crystals
 * have. Source: RFC 3418 sysUpTime, RFC 2863 3.1.5 and RFC 3414 2.2.2 for what a restart is.
 */
#include "collector/core/value/device_clock.h"

#include <stdlib.h>

#define TICK_US		 10000
#define TICKS_PER_S	 100
#define GRAIN_MOST	 6000 /* ticks */
#define TICKS_WRAP	 ((int64_t)1 << 32)
#define DRIFT_PPM	 100	 /* of two crystals against each other */
#define TOLERANCE_US	 2000000 /* agents that keep sysUpTime in a cache, and coarse ones */
#define TOLERANCE_DIV	 50	 /* and 2 % of the interval */
#define RTT_WINDOW	 32	 /* readings whose least round trip is remembered */
#define RTT_KNOWN	 8	 /* so many before it says anything */
#define DISTRUST_AFTER	 3	 /* jumps in a row: this sysUpTime does not count hundredths */
#define CONTRADICTION_US 50000	 /* two readings of one clock that are so far apart ... */
#define CONTRADICTIONS	 4	 /* ... so often: it is renewed now and then, and shows old time */
#define FORGIVE_AFTER	 64	 /* readings that agree, for each that does not */

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

bool device_clock_is_coarse(const struct device_clock *clock)
{
	return !clock->fine && clock->grain && clock->grain % TICKS_PER_S == 0;
}

/* What it shows is up to so much less than its time. */
static int64_t unit_us(const struct device_clock *clock)
{
	if (device_clock_is_coarse(clock))
		return min64(clock->grain, GRAIN_MOST) * TICK_US;
	return clock->fine ? 1 : TICK_US;
}

/* Many agents count whole seconds, or renew what they show every so many: as long as nothing else was
 * seen of one, it is taken to be such a one. */
static void note_grain(struct device_clock *clock, uint32_t ticks)
{
	uint32_t a = clock->grain, b = ticks;

	while (b) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	clock->grain = a;
}

static int32_t clamp32(int64_t us)
{
	return us > INT32_MAX ? INT32_MAX : us < 0 ? 0 : (int32_t)us;
}

/* local_us never runs back, whatever the answers do. */
static void set_moment(struct device_clock *clock, const struct device_clock_reading *r,
		       int64_t local_us, int64_t device_us, struct device_moment *ret)
{
	clock->local_us = max64(local_us, clock->local_us);
	*ret = (struct device_moment){
		.local_us = clock->local_us,
		.device_us = device_us,
		.before_us = clamp32(clock->local_us - r->earliest_us),
		.after_us = clamp32(r->latest_us - clock->local_us),
	};
}

static void restart(struct device_clock *clock, const struct device_clock_reading *r,
		    int64_t device_us, struct device_moment *ret)
{
	clock->valid = true;
	clock->fine = r->has_us;
	clock->has_epoch = r->has_epoch;
	clock->epoch = r->epoch;
	clock->boots = r->boots;
	clock->device_us = device_us;
	clock->grain = r->ticks;
	clock->offset_lo = r->earliest_us - device_us - unit_us(clock);
	clock->offset_hi = r->latest_us - device_us;
	clock->offset = middle(clock->offset_lo, clock->offset_hi);
	set_moment(clock, r, middle(r->earliest_us, r->latest_us), device_us, ret);
	clock->shown_us = clock->local_us;
}

/* A sysUpTime from a cache is late by up to its age: what it says of one interval it takes back with
 * the next. It tells a restart, but an interval only by chance. */
static void note_contradiction(struct device_clock *clock, int64_t apart_us)
{
	if (apart_us > CONTRADICTION_US) {
		clock->agreed = 0;
		if (++clock->contradictions >= CONTRADICTIONS)
			clock->jumps = DISTRUST_AFTER;
	} else if (++clock->agreed == FORGIVE_AFTER) {
		clock->agreed = 0;
		clock->contradictions -= clock->contradictions > 0;
	}
}

/* Narrows the offset by this reading and dates it. */
static void narrow(struct device_clock *clock, const struct device_clock_reading *r,
		   int64_t device_us, struct device_moment *ret)
{
	int64_t drift = (r->latest_us - clock->shown_us) * DRIFT_PPM / 1000000 + 1;
	int64_t hi = r->latest_us - device_us;
	int64_t lo, earliest, latest;

	note_grain(clock, r->ticks);
	lo = r->earliest_us - device_us - unit_us(clock);
	clock->offset_lo = max64(clock->offset_lo - drift, lo);
	clock->offset_hi = min64(clock->offset_hi + drift, hi);
	note_contradiction(clock, clock->offset_lo - clock->offset_hi);
	if (clock->offset_lo > clock->offset_hi) { /* one of the clocks was set a little */
		clock->offset_lo = lo;
		clock->offset_hi = hi;
	}
	if (clock->offset_hi - clock->offset_lo <= unit_us(clock))
		clock->offset = middle(clock->offset_lo, clock->offset_hi); /* known well */
	else
		clock->offset = max64(clock->offset_lo, min64(clock->offset_hi, clock->offset));
	earliest = max64(r->earliest_us, clock->offset + device_us);
	latest = min64(r->latest_us, clock->offset + device_us + unit_us(clock));
	clock->device_us = device_us;
	if (r->boots)
		clock->boots = r->boots;
	set_moment(clock, r, middle(earliest, latest), device_us, ret);
	clock->shown_us = clock->local_us;
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

/* How far from the middle of a round trip the reading may lie. ret_least_us: what of the round
 * trip is in all of them alike. */
static int64_t doubt_us(struct device_clock *clock, int64_t rtt_us, int32_t *ret_least_us)
{
	int64_t least_us, excess_us;

	if (clock->rtt_n == RTT_WINDOW) {
		clock->rtt_least_us[1] = clock->rtt_least_us[0];
		clock->rtt_least_us[0] = 0;
		clock->rtt_n = 0;
	}
	clock->rtt_n++;
	if (!clock->rtt_least_us[0] || rtt_us < clock->rtt_least_us[0])
		clock->rtt_least_us[0] = max64(rtt_us, 1);
	least_us = clock->rtt_least_us[1] ? min64(clock->rtt_least_us[0], clock->rtt_least_us[1])
					  : clock->rtt_least_us[0];
	*ret_least_us = clamp32(least_us);
	excess_us = rtt_us - least_us;
	clock->rtt_excess_us += (excess_us - clock->rtt_excess_us) / 4;
	if (!clock->rtt_least_us[1] && clock->rtt_n < RTT_KNOWN)
		return rtt_us / 2 + 1;
	return min64(rtt_us / 2, excess_us / 2 + clock->rtt_excess_us) + 1;
}

static enum device_clock_outcome without_clock(struct device_clock *clock,
					       const struct device_clock_reading *r,
					       struct device_moment *ret)
{
	bool restarted = clock->boots && r->boots && clock->boots != r->boots;
	int32_t least_us;
	int64_t doubt = doubt_us(clock, r->latest_us - r->earliest_us, &least_us);

	set_moment(clock, r, middle(r->earliest_us, r->latest_us), 0, ret);
	ret->before_us = (int32_t)min64(ret->before_us, doubt);
	ret->after_us = (int32_t)min64(ret->after_us, doubt);
	ret->least_us = least_us;
	if (r->boots)
		clock->boots = r->boots;
	return restarted ? DEVICE_CLOCK_RESTARTED : DEVICE_CLOCK_NONE;
}

enum device_clock_outcome device_clock_update(struct device_clock *clock,
					      const struct device_clock_reading *r,
					      struct device_moment *ret)
{
	int64_t elapsed_us = middle(r->earliest_us, r->latest_us) - clock->shown_us;
	int64_t tolerance_us =
		TOLERANCE_US + elapsed_us / TOLERANCE_DIV + (r->latest_us - r->earliest_us);
	int64_t device_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * TICK_US;
	enum device_clock_outcome outcome;
	uint8_t jumps = clock->jumps;

	if (!r->has_ticks && !r->has_us)
		return without_clock(clock, r, ret);
	if (!clock->valid || clock->fine != r->has_us) {
		clock->jumps = 0;
		restart(clock, r, device_us, ret);
		return DEVICE_CLOCK_FIRST;
	}
	if (!r->has_us)
		device_us = unwrap(clock, r->ticks, elapsed_us, tolerance_us);
	outcome = same_life(clock, r) ? judge(clock, device_us, elapsed_us, tolerance_us)
				      : DEVICE_CLOCK_RESTARTED;
	switch (outcome) {
	case DEVICE_CLOCK_CONTINUES:
		clock->jumps = 0;
		narrow(clock, r, device_us, ret); /* may find that it is not to be trusted */
		return outcome;
	case DEVICE_CLOCK_NONE:
		/* its uptime does not count hundredths: it tells a restart, but not the time */
		clock->device_us = device_us;
		outcome = without_clock(clock, r, ret);
		clock->shown_us = clock->local_us;
		return outcome;
	default:
		device_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * TICK_US;
		clock->jumps = outcome == DEVICE_CLOCK_JUMPED ? jumps + 1 : 0;
		restart(clock, r, device_us, ret);
		return outcome;
	}
}

bool device_clock_is_distrusted(const struct device_clock *clock)
{
	return clock->jumps >= DISTRUST_AFTER;
}

int64_t device_clock_local_us(const struct device_clock *clock, uint64_t device_us)
{
	return (int64_t)device_us + clock->offset;
}

/* The span in which a moment lies, by what is known now. */
static void span_of(const struct device_clock *clock, const struct device_moment *m,
		    int64_t *ret_lo, int64_t *ret_hi)
{
	int64_t drift = (clock->device_us - m->device_us) * DRIFT_PPM / 1000000;
	int64_t lo = clock->offset_lo + m->device_us - drift;
	int64_t hi = clock->offset_hi + m->device_us + unit_us(clock) + drift;

	*ret_lo = m->local_us - m->before_us;
	*ret_hi = m->local_us + m->after_us;
	if (!clock->valid || !m->device_us || drift < 0 || lo > *ret_hi || hi < *ret_lo)
		return;
	*ret_lo = max64(*ret_lo, lo);
	*ret_hi = min64(*ret_hi, hi);
}

/*
 * Two bounds, both of which hold: from when the moments can have been, and from the device's
 * own clock, which shows at either of them up to one unit less than its time. Where answers
 * are prompt the first is the narrower one, where they are late the second. (That crystals
 * drift by up to 0.01 % is a tenth of what a rate may be off, and left out of the second.)
 */
int64_t device_clock_interval_us(const struct device_clock *clock, const struct device_moment *from,
				 const struct device_moment *to, int64_t *ret_error_us)
{
	int64_t own = to->device_us - from->device_us, slack = unit_us(clock);
	int64_t from_lo, from_hi, to_lo, to_hi, lo, hi;

	span_of(clock, from, &from_lo, &from_hi);
	span_of(clock, to, &to_lo, &to_hi);
	lo = to_lo - from_hi;
	hi = to_hi - from_lo;
	if (clock->valid && from->device_us && to->device_us && own + slack >= lo &&
	    own - slack <= hi) {
		lo = max64(lo, own - slack);
		hi = min64(hi, own + slack);
	}
	*ret_error_us = (hi - lo + 1) / 2 + abs(to->least_us - from->least_us) / 2;
	return middle(lo, hi);
}
