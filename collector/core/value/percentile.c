/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The nearest-rank percentile, without interpolation: a figure that was measured.
 */
#include "collector/core/value/percentile.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

double percentile_of(double *values, size_t n, double percent)
{
	size_t known = 0, rank;

	qsort(values, n, sizeof(*values), compare);
	while (known < n && !isnan(values[known]))
		known++;
	if (!known)
		return NAN;
	/* The small term keeps 20 * 95 / 100 from becoming 19.000000000000004. */
	rank = (size_t)ceil((double)known * percent / 100 - 1e-9);
	if (rank < 1)
		rank = 1;
	return values[rank - 1];
}
