/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What echo probes to one target say: figures of the minute, and a state that neither one
 * lost packet nor one good one changes. Times are arguments; nothing is sent here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/mib/mib_data.h"

enum { PATH_STATS_WINDOW = 32 }; /* probes that "degraded" looks back on */

struct path_stats_conf {
	uint32_t down_after;		 /* lost in a row: down */
	uint32_t up_after;		 /* answered in a row: up again */
	uint32_t degraded_loss_permille; /* of the window, at or above: degraded; 0 never
					  */
	uint32_t degraded_rtt_us;	 /* smoothed, at or above: degraded; 0 never */
};

/* One minute's figures; RTTs 0 where nothing was answered. */
struct path_minute {
	uint32_t sent, lost;
	uint32_t rtt_min_us, rtt_mean_us, rtt_max_us;
	uint32_t jitter_us; /* interarrival jitter as RFC 3550 6.4.1, of round trips */
	uint32_t loss_permille;
};

struct path_stats {
	const struct path_stats_conf *conf;
	enum path_state state;
	int64_t state_since_ms; /* wall time when what led to the state began; 0 unknown
				 */
	/* the minute under way */
	uint32_t sent, lost, answered;
	uint32_t rtt_min_us, rtt_max_us;
	uint64_t rtt_sum_us;
	/* across minutes */
	uint32_t jitter_x16_us, rtt_x8_us, last_rtt_us;
	uint32_t lost_in_row, answered_in_row;
	int64_t row_since_ms;	     /* when the current row of losses or answers began */
	uint32_t window, window_len; /* a bit per probe, 1 lost; newest lowest */
};

/* conf stays the caller's. */
void path_stats_init(struct path_stats *stats, const struct path_stats_conf *conf);

/*
 * A probe ended: answered after rtt_us, or lost. sent_ms: wall time at which it was sent.
 * Returns whether state changed; then state_since_ms is the time of the first probe of
 * the row that changed it, which is when it happened.
 */
bool path_stats_answered(struct path_stats *stats, uint32_t rtt_us, int64_t sent_ms);
bool path_stats_lost(struct path_stats *stats, int64_t sent_ms);

/* From now on another thing is probed, or nothing: the state is unknown. The figures of the
 * minute under way stay. */
void path_stats_forget(struct path_stats *stats);

/* Closes the minute and begins the next. */
void path_stats_minute(struct path_stats *stats, struct path_minute *ret);

/* Loss over the window, in permille. */
uint32_t path_stats_loss_permille(const struct path_stats *stats);
