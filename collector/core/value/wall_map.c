/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides how samples' time follows a wall clock that is set while we run. */
#include "collector/core/value/wall_map.h"

#include <assert.h>

#define STEP_US	  1000000
#define SLEW_PART 10 /* a tenth */

void wall_map_update(struct wall_map *map, int64_t mono_us, int64_t wall_ms)
{
	int64_t measured = wall_ms * 1000 - mono_us;
	int64_t behind = map->offset_us - measured; /* > 0: the wall clock went back */
	int64_t slew = (mono_us - map->mono_us) / SLEW_PART;

	assert(!map->valid || mono_us >= map->mono_us);
	if (map->valid && (behind > STEP_US || behind < -STEP_US))
		map->steps += behind < -STEP_US || !map->slewing;
	map->slewing = map->valid && behind > STEP_US;
	if (!map->valid || behind <= slew || behind > WALL_MAP_SLEW_MAX_MS * INT64_C(1000))
		map->offset_us = measured;
	else
		map->offset_us -= slew;
	map->valid = true;
	map->mono_us = mono_us;
}

int64_t wall_map_ms(const struct wall_map *map, int64_t mono_us)
{
	int64_t us = mono_us + map->offset_us;

	return us >= 0 ? (us + 500) / 1000 : us / 1000;
}
