/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stage/libc.c replaces for the others. */
#include "tests/simulation/real_time.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

int __real_clock_gettime(clockid_t clock, struct timespec *ret);
ssize_t __real_getrandom(void *buf, size_t len, unsigned int flags);

double real_time_s(void)
{
	struct timespec ts;

	__real_clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

uint64_t real_chance(void)
{
	uint64_t n;

	if (__real_getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
		abort();
	return n;
}
