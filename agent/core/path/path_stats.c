/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the state of a path and adds up its minute. Does not know what a probe is.
 *
 * Down and up need several probes in a row. Degraded looks at the loss over a window and
 * at the smoothed round trip (RFC 6298's 1/8), and ends only well below where it began:
 * at half the loss and four fifths of the round trip. Source of the jitter: RFC
 * 3550 6.4.1 and A.8, with round trips for transit times.
 */
#include "agent/core/path/path_stats.h"

#include <assert.h>
#include <string.h>

void path_stats_init(struct path_stats *stats, const struct path_stats_conf *conf)
{
	assert(conf->down_after > 0 && conf->up_after > 0);
	*stats = (struct path_stats){.conf = conf, .state = PATH_UNKNOWN};
}

uint32_t path_stats_loss_permille(const struct path_stats *stats)
{
	if (!stats->window_len)
		return 0;
	return (uint32_t)__builtin_popcount(stats->window) * 1000 / stats->window_len;
}

static void window_add(struct path_stats *stats, bool lost)
{
	stats->window = stats->window << 1 | lost;
	if (stats->window_len < PATH_STATS_WINDOW)
		stats->window_len++;
}

static void set_state(struct path_stats *stats, enum path_state state, int64_t since_ms)
{
	stats->state = state;
	stats->state_since_ms = since_ms;
}

/* Whether the path is bad enough to become, or to stay, degraded. */
static bool is_degraded(const struct path_stats *stats)
{
	const struct path_stats_conf *conf = stats->conf;
	bool was = stats->state == PATH_DEGRADED;
	uint64_t loss = path_stats_loss_permille(stats), rtt = stats->rtt_x8_us / 8;

	/* Over few probes one loss would be a large share. */
	if (conf->degraded_loss_permille && stats->window_len == PATH_STATS_WINDOW &&
	    loss * (was ? 2 : 1) >= conf->degraded_loss_permille && loss > 0)
		return true;
	return conf->degraded_rtt_us && rtt * (was ? 5 : 4) >= conf->degraded_rtt_us * 4ull;
}

/* Up or degraded, for a path that answers. */
static bool judge_quality(struct path_stats *stats, int64_t sent_ms)
{
	enum path_state want = is_degraded(stats) ? PATH_DEGRADED : PATH_UP;

	if (want == stats->state)
		return false;
	set_state(stats, want, sent_ms);
	return true;
}

static void add_rtt(struct path_stats *stats, uint32_t rtt_us)
{
	uint32_t apart;

	if (!stats->answered || rtt_us < stats->rtt_min_us)
		stats->rtt_min_us = rtt_us;
	if (rtt_us > stats->rtt_max_us)
		stats->rtt_max_us = rtt_us;
	stats->answered++;
	stats->rtt_sum_us += rtt_us;
	if (!stats->last_rtt_us) { /* the first: nothing to compare it with */
		stats->rtt_x8_us = rtt_us * 8;
	} else {
		apart = rtt_us > stats->last_rtt_us ? rtt_us - stats->last_rtt_us
						    : stats->last_rtt_us - rtt_us;
		stats->jitter_x16_us += apart - (stats->jitter_x16_us + 8) / 16;
		stats->rtt_x8_us += rtt_us - (stats->rtt_x8_us + 4) / 8;
	}
	stats->last_rtt_us = rtt_us ? rtt_us : 1;
}

static uint32_t bounded_rtt(uint32_t rtt_us)
{
	const uint32_t most = UINT32_MAX / 32; /* two minutes, so that no sum above overflows */

	return rtt_us < most ? rtt_us : most;
}

bool path_stats_answered(struct path_stats *stats, uint32_t rtt_us, int64_t sent_ms)
{
	stats->sent++;
	add_rtt(stats, bounded_rtt(rtt_us));
	window_add(stats, false);
	stats->lost_in_row = 0;
	if (!stats->answered_in_row++)
		stats->row_since_ms = sent_ms;
	switch (stats->state) {
	case PATH_UNKNOWN:
		set_state(stats, PATH_UP, sent_ms);
		return true;
	case PATH_DOWN:
		if (stats->answered_in_row < stats->conf->up_after)
			return false;
		/* A new life: what was lost while down says nothing of the quality now.
		 */
		stats->window = stats->window_len = 0;
		set_state(stats, PATH_UP, stats->row_since_ms);
		return true;
	default:
		return judge_quality(stats, sent_ms);
	}
}

bool path_stats_lost(struct path_stats *stats, int64_t sent_ms)
{
	stats->sent++;
	stats->lost++;
	window_add(stats, true);
	stats->answered_in_row = 0;
	if (!stats->lost_in_row++)
		stats->row_since_ms = sent_ms;
	if (stats->state == PATH_DOWN)
		return false;
	if (stats->lost_in_row >= stats->conf->down_after) {
		set_state(stats, PATH_DOWN, stats->row_since_ms);
		return true;
	}
	return stats->state != PATH_UNKNOWN && judge_quality(stats, sent_ms);
}

void path_stats_forget(struct path_stats *stats)
{
	set_state(stats, PATH_UNKNOWN, 0);
	stats->jitter_x16_us = stats->rtt_x8_us = stats->last_rtt_us = 0;
	stats->lost_in_row = stats->answered_in_row = 0;
	stats->window = stats->window_len = 0;
}

void path_stats_minute(struct path_stats *stats, struct path_minute *ret)
{
	assert(stats->lost + stats->answered <= stats->sent);
	*ret = (struct path_minute){
		.sent = stats->sent,
		.lost = stats->lost,
		.rtt_min_us = stats->rtt_min_us,
		.rtt_max_us = stats->rtt_max_us,
		.jitter_us = stats->answered ? stats->jitter_x16_us / 16 : 0,
		.loss_permille = stats->sent ? stats->lost * 1000 / stats->sent : 0,
	};
	if (stats->answered)
		ret->rtt_mean_us = (uint32_t)(stats->rtt_sum_us / stats->answered);
	stats->sent = stats->lost = stats->answered = 0;
	stats->rtt_min_us = stats->rtt_max_us = 0;
	stats->rtt_sum_us = 0;
}
