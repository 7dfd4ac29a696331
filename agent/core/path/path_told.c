/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That a path of which nothing was ever told is up is no news. */
#include "agent/core/path/path_told.h"

bool path_told_changed(struct path_told *told, struct path_stats *stats)
{
	const enum path_state state = stats->state, before = told->state;

	/* It is so since then, not since we look again. */
	if (state == before && state != PATH_UP && told->since_ms)
		stats->state_since_ms = told->since_ms;
	told->since_ms = 0;
	if (state == before || (state == PATH_UP && before == PATH_UNKNOWN))
		return false;
	told->state = state;
	return true;
}
