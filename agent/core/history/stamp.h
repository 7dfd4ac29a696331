/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moment, on both clocks, with what the wall clock is worth. */
#pragma once

#include <stdint.h>

#include "agent/core/mib/mib_data.h"

struct stamp {
	int64_t us;	 /* CLOCK_MONOTONIC */
	int64_t wall_ms; /* since 1970 UTC */
	enum clock_state clock;
};
