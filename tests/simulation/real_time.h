/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock and the chance of the machine that simulates, for what is about the simulator itself. */
#pragma once

#include <stdint.h>

double real_time_s(void);
uint64_t real_chance(void);
