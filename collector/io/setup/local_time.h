/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wall times in the configured zone, which the collector makes its own (TZ) at its start. */
#pragma once

#include <stdint.h>

#include "collector/core/calendar/calendar.h"

/* wall_ms: since 1970 UTC. */
struct local_time local_time_of(int64_t wall_ms);
