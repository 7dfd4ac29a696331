/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Percentile by nearest rank, as 95th-percentile billing reads it: of n known values in
 * ascending order the one with rank ceil(n * percent / 100). Unknown values do not count.
 */
#pragma once

#include <stddef.h>

/* Sorts values in place (NANs to the end). Returns NAN if none is known; 0 < percent <=
 * 100. */
double percentile_of(double *values, size_t n, double percent);
