/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When, on our clock, a device took its reading. The device says so itself: by sysUpTime
 * (hundredths of a second) or, where it has PANTAU-MIB, in microseconds; we know that it
 * happened between our sending and the arrival of the answer. Both together are better
 * than either: the offset between the two clocks is kept as an interval that every poll
 * narrows, so that an answer that comes two seconds late does not move its sample, and
 * ten milliseconds of sysUpTime's resolution do not bend a rate. Within the interval the
 * offset is moved no more than it must be: where answers are slow, it is then the
 * device's own clock alone that says how long the interval between two readings was.
 *
 * Where a device has no clock at all, the reading is taken to lie in the middle between
 * asking and answer. How far it may lie off is told by how much longer the answer took than
 * answers of this device do at least: what all of them take is in all of them alike, and what
 * this has changed by is in the interval.
 *
 * It also tells whether the device restarted in between. One struct per device.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct device_clock {
	bool valid;
	bool fine; /* microseconds from PANTAU-MIB, else sysUpTime */
	bool has_epoch;
	uint8_t jumps;		/* in a row */
	uint8_t contradictions; /* of late, and readings since that agreed */
	uint8_t agreed;
	uint32_t grain;		      /* ticks: what all of its readings were multiples of */
	uint32_t epoch;		      /* PANTAU-MIB's epoch id, where has_epoch */
	uint32_t boots;		      /* snmpEngineBoots; 0 unknown */
	int64_t device_us;	      /* the device's clock at the last reading, unwrapped */
	int64_t local_us;	      /* ours, best estimate, of the last reading */
	int64_t shown_us;	      /* ours, of the last that told the device's clock */
	int64_t offset_lo, offset_hi; /* local - device lies between ... */
	int64_t offset;		      /* ... and is taken to be this */
	/* where there is no clock of the device's: how long its answers took */
	int64_t rtt_least_us[2]; /* of late, and before that; 0 unknown */
	int64_t rtt_excess_us;	 /* above the least, on the average */
	uint8_t rtt_n;
};

/* What an answer says about time. */
struct device_clock_reading {
	bool has_ticks, has_us, has_epoch;
	uint32_t ticks;	    /* sysUpTime */
	uint64_t device_us; /* PANTAU-MIB's monotonic clock */
	uint32_t epoch;
	uint32_t boots;			/* 0 unknown */
	int64_t earliest_us, latest_us; /* monotonic, ours: sent and received */
};

enum device_clock_outcome {
	DEVICE_CLOCK_FIRST, /* nothing to compare with */
	DEVICE_CLOCK_CONTINUES,
	DEVICE_CLOCK_RESTARTED, /* counters begin anew */
	DEVICE_CLOCK_JUMPED, /* the clocks disagree by more than drift: another device, or one of us slept */
	DEVICE_CLOCK_NONE, /* the answer says nothing about time: ours alone counts */
};

/* When the device took a reading. */
struct device_moment {
	int64_t local_us;  /* our monotonic clock, best estimate; 0: no moment */
	int64_t device_us; /* what its own clock showed, unwrapped; 0 unknown */
	int32_t before_us,
		after_us; /* it was no earlier than local - before, no later than local + after */
	int32_t least_us; /* without a clock: what answers took at least, by then */
};

/*
 * Digests one answer. ret: when the reading was taken; always between earliest_us and
 * latest_us and never before the last one. After RESTARTED and JUMPED the clock starts afresh.
 */
enum device_clock_outcome device_clock_update(struct device_clock *clock,
					      const struct device_clock_reading *reading,
					      struct device_moment *ret);
/*
 * Microseconds between two moments, both dated by what is known of the offset now.
 * ret_error_us: by how much that may be wrong at most.
 */
int64_t device_clock_interval_us(const struct device_clock *clock, const struct device_moment *from,
				 const struct device_moment *to, int64_t *ret_error_us);

/* All that it showed so far were whole seconds: how long an interval was it does not tell. */
bool device_clock_is_coarse(const struct device_clock *clock);
/* Its uptime was found to count something else than hundredths of a second; ours counts alone. */
bool device_clock_is_distrusted(const struct device_clock *clock);

/* Our monotonic time of a moment on the device's microsecond clock (its sample time); valid after
 * an update that had has_us. */
int64_t device_clock_local_us(const struct device_clock *clock, uint64_t device_us);
