/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the machine's clocks say, and how much the wall clock is worth. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/history/stamp.h"

/* Both clocks, now; the quality is that of the last clock_state_read(). */
void clock_stamp(enum clock_state state, struct stamp *ret);
/* adjtimex(2): whether something keeps the clock right. A clock before 2024 was never
 * set. */
enum clock_state clock_state_read(void);
/* Whether this wall time can be true at all. */
bool clock_can_be(int64_t wall_ms);
/* Wall clock in microseconds since 1970. */
int64_t clock_wall_us(void);
/* Seconds east of UTC at this moment in the local time zone. */
int64_t clock_zone_offset_s(void);
/* A number that is another one after each boot of the router; never 0. */
uint32_t clock_epoch_id(void);
/* Wall time at which the router booted, 0 if the clock is not to be trusted. */
int64_t clock_boot_ms(enum clock_state state);
