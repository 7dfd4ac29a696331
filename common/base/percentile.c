/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By nearest rank, without interpolation: a figure that was measured. */
#include "common/base/percentile.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

size_t percentile_rank(size_t n, unsigned int percent)
{
	assert(percent >= 1 && percent <= 100);
	return (n * percent + 99) / 100;
}

double percentile_of(double *values, size_t n, unsigned int percent)
{
	size_t known = 0;

	qsort(values, n, sizeof(*values), compare);
	while (known < n && !isnan(values[known]))
		known++;
	return known ? values[percentile_rank(known, percent) - 1] : NAN;
}
