/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Percentile by nearest rank, as 95th-percentile billing reads it: of n values in ascending
 * order the one with rank ceil(n * percent / 100), percent from 1 to 100.
 */
#pragma once

#include <stddef.h>

/* The rank, 1 to n; 0 of no values. */
size_t percentile_rank(size_t n, unsigned int percent);

/* The value. Unknown ones (NAN) do not count. Sorts values in place, NANs to the end. NAN if none
 * is known. */
double percentile_of(double *values, size_t n, unsigned int percent);
