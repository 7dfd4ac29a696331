/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wall time for samples. Samples are dated by the monotonic clock, which no one sets; this
 * maps it to the wall clock. A step forward is followed at once. A step back is followed at
 * a tenth of time's pace, so that stored time never runs back and no sample is lost; beyond
 * WALL_MAP_SLEW_MAX_MS it is followed at once, since the clock was plainly wrong before.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WALL_MAP_SLEW_MAX_MS 3600000

struct wall_map {
	bool valid;
	int64_t mono_us;   /* of the last update */
	int64_t offset_us; /* wall - monotonic, as used */
	bool slewing;	   /* on the way back */
	uint64_t steps;	   /* seen so far, of more than a second */
};

/* Tells the map what both clocks show now. Call it at least once a poll cycle. */
void wall_map_update(struct wall_map *map, int64_t mono_us, int64_t wall_ms);
/* Wall time in ms since 1970 UTC of a monotonic time; for times near the last update. */
int64_t wall_map_ms(const struct wall_map *map, int64_t mono_us);
