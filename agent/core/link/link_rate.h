/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rates of one link from its counters: over the last interval, mean and peak of the last
 * whole minute, 95th percentile of the day. Bounded memory; nothing is invented: after a
 * discontinuity the interval that contains it counts for nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/link/day_rates.h"
#include "agent/core/mib/mib_data.h"

/* Octet counters at a moment */
struct link_mark {
	int64_t us; /* 0: none */
	uint64_t in, out;
};

/* Five-minute means of the day: touched every five minutes only. */
struct link_day {
	struct day_rates in, out;
};

/* The sample before is in the row: its counters and sample time. */
struct link_rate {
	uint64_t in_peak_bps, out_peak_bps; /* of the minute so far */
	bool sampled;			    /* the row's counters are of this line of counters */
	struct link_mark minute, five;	    /* starts of the minute and five minutes */
	struct link_day *day;
};

/* day stays the caller's. */
void link_rate_init(struct link_rate *rate, struct link_day *day);

/* A sample. row gets rates, utilisation and sample time. False if a counter went back:
 * the marks start afresh from this sample and the caller notes a discontinuity. */
bool link_rate_sample(struct link_rate *rate, const struct link_counters *counters, int64_t now_us,
		      struct mib_link *row);

/* The counters are other ones from now on (the link was made anew). */
void link_rate_discontinuity(struct link_rate *rate);

/* A minute ended with the last sample: row gets means and peaks, the next minute begins.
 */
void link_rate_minute(struct link_rate *rate, struct mib_link *row);
/* Nothing was seen before the last sample: minutes begin there. */
void link_rate_gap(struct link_rate *rate, const struct mib_link *row);
/* Five minutes ended: row gets the percentiles. */
void link_rate_five(struct link_rate *rate, struct mib_link *row);
/* A day began. */
void link_rate_day(struct link_rate *rate, struct mib_link *row);

/* Rows of the day so far, oldest first, after a restart of the agent: five-minute means
 * and the marks from which the minute and the five minutes under way go on. Rows that are
 * not of this link's counters (less than before) begin anew. After link_rate_init(),
 * before any sample. */
void link_rate_recall(struct link_rate *rate, const struct mib_hist_row *row);
/* The last row was of last_minute: marks of periods that are over are dropped. */
void link_rate_recall_end(struct link_rate *rate, uint32_t last_minute, uint32_t now_minute);

/* Mean over the span in bit/s, rounded; 0 for an empty span. */
uint64_t link_rate_bps(uint64_t octets, int64_t span_us);
