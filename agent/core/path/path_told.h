/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a path's states is told as an event. What was told last stays true until something else
 * is, over a restart too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/path/path_stats.h"

struct path_told {
	enum path_state state; /* of the last event; PATH_UNKNOWN none */
	int64_t since_ms;      /* since when, of an event of an earlier start; 0: none such */
};

/* The path changed its state. True: that is to be told. A path that is found as bad as it was
 * left gets the time at which it became so. */
bool path_told_changed(struct path_told *told, struct path_stats *stats);
