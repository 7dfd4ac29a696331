/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate between two readings of one counter. A number comes out only when both readings
 * belong to the same life of the counter and no other explanation is plausible; else the
 * outcome says why the interval is unknown. Continuity of the device as a whole (restart,
 * sysUpTime) is device_clock's; ifCounterDiscontinuityTime is the caller's, who forgets
 * the earlier reading.
 */
#pragma once

#include <stdint.h>

/* From the SNMP type (RFC 2578 7.1.6, 7.1.10), never from the value */
enum counter_width {
	COUNTER_NONE,  /* no reading: the row, the column or the answer was missing */
	COUNTER_PLAIN, /* a type that does not wrap (Gauge32, INTEGER where a counter belongs) */
	COUNTER_32,
	COUNTER_64,
};

struct counter_reading {
	uint64_t value;
	enum counter_width width;
};

enum counter_outcome {
	COUNTER_OK,
	COUNTER_FIRST,	     /* no earlier reading of this width */
	COUNTER_MISSING,     /* no reading now */
	COUNTER_UNCHANGED,   /* no time has passed between the readings */
	COUNTER_RESET,	     /* went back, and not by a wrap */
	COUNTER_AMBIGUOUS,   /* 32 bits are too few for this speed and interval */
	COUNTER_IMPLAUSIBLE, /* more than the link can carry */
	COUNTER_OUTCOME_N
};
const char *counter_outcome_name(enum counter_outcome outcome);

/* How far above the stated speed a rate may lie: clocks and framing, RFC 2863 3.1.6's speeds are nominal. */
#define COUNTER_SLACK 1.25

/*
 * prev, cur: readings in the counter's own unit; dt_us: microseconds between them.
 * max_per_s: most the counter can grow in a second, without slack; NAN where unknown. A
 *            32-bit wrap is believed only where it is known.
 * ret_rate:  units per second; set only when COUNTER_OK is returned.
 */
enum counter_outcome counter_rate(const struct counter_reading *prev,
				  const struct counter_reading *cur, int64_t dt_us,
				  double max_per_s, double *ret_rate);

/* The longest interval, in microseconds, over which a counter of 32 bits that grows by at most
 * max_per_s can be followed; INT64_MAX where max_per_s is unknown or 0. */
int64_t counter_wrap_us(double max_per_s);
