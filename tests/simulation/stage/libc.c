/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks and chance, replaced at link time (--wrap) where the real programs ask for them. */
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "tests/simulation/stage/stage.h"
#include "tests/simulation/stage/thread.h"

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);
time_t __wrap_time(time_t *ret);
ssize_t __wrap_getrandom(void *buf, size_t len, unsigned int flags);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
	int64_t us = clock == CLOCK_REALTIME ? stage_wall_us(stage_machine()) : stage_now_us();

	us += thread_elapsed_us();
	*ret = (struct timespec){.tv_sec = us / STAGE_SECOND_US,
				 .tv_nsec = us % STAGE_SECOND_US * 1000};
	return 0;
}

time_t __wrap_time(time_t *ret)
{
	time_t now = stage_wall_us(stage_machine()) / STAGE_SECOND_US;

	if (ret)
		*ret = now;
	return now;
}

ssize_t __wrap_getrandom(void *buf, size_t len, unsigned int flags)
{
	uint8_t *p = buf;

	(void)flags;
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)dice_next(stage_dice());
	return (ssize_t)len;
}

/* A kill leaves what was written, and power is not cut here: nothing is to be waited for. */
int __wrap_fdatasync(int fd);
int __wrap_syncfs(int fd);

int __wrap_fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int __wrap_syncfs(int fd)
{
	(void)fd;
	return 0;
}
