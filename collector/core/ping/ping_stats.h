/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the echoes of an interval amount to. Round trips in microseconds come in, the values of
 * PING_GROUP go out. Jitter is the mean difference from one answer to the next (RFC 5481's PDV
 * would need a minimum that five echoes do not have).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/ping/ping_group.h"

struct ping_stats {
	unsigned int answered, lost, pairs;
	int64_t sum_us, jitter_us;
	int64_t last_us; /* the last answer's, also of an earlier interval; -1 none, or one was lost since */
};

struct ping_stats ping_stats_new(void);
void ping_stats_answered(struct ping_stats *stats, int64_t rtt_us);
void ping_stats_lost(struct ping_stats *stats);
/* Milliseconds and per cent; NAN is unknown. Begins the next interval. False: there was no echo. */
bool ping_stats_take(struct ping_stats *stats, double ret[static PING_VALUES]);
