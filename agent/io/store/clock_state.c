/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads clocks; decides nothing but whether the wall clock can be true at all. */
#include "agent/io/store/clock_state.h"

#include <fcntl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"
#include "common/base/crc32.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

#define EARLIEST_MS                                                                                \
	INT64_C(1704067200000) /* 2024-01-01: before this agent was written  \
					    */

int64_t clock_wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void clock_stamp(enum clock_state state, struct stamp *ret)
{
	ret->us = loop_now_us();
	ret->wall_ms = loop_wall_ms();
	ret->clock = state;
}

bool clock_can_be(int64_t wall_ms)
{
	return wall_ms >= EARLIEST_MS;
}

enum clock_state clock_state_read(void)
{
	struct timex timex = {.modes = 0};
	int r = adjtimex(&timex);

	if (r < 0)
		return CLOCK_UNKNOWN;
	if (!clock_can_be(loop_wall_ms()) || r == TIME_ERROR || (timex.status & STA_UNSYNC))
		return CLOCK_UNSYNCHRONISED;
	return CLOCK_SYNCHRONISED;
}

int64_t clock_zone_offset_s(void)
{
	time_t now = time(NULL);
	struct tm tm;

	return localtime_r(&now, &tm) ? tm.tm_gmtoff : 0;
}

uint32_t clock_epoch_id(void)
{
	char boot_id[64];
	cleanup_close int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, boot_id, sizeof(boot_id));
	uint32_t id;

	if (n > 0) {
		id = crc32_update(0, boot_id, (size_t)n);
	} else {
		/* Without /proc: the moment of the boot, in steps that a slewed clock
		 * stays within. */
		int64_t boot_s = (loop_wall_ms() - loop_now_us() / 1000) / 1000 / 600;

		log_warn("agent", "file=/proc/sys/kernel/random/boot_id "
				  "msg=\"not readable: a reboot is guessed from the clock\"");
		id = crc32_update(0, &boot_s, sizeof(boot_s));
	}
	return id ? id : 1;
}

int64_t clock_boot_ms(enum clock_state state)
{
	struct timespec ts;

	if (state == CLOCK_UNKNOWN || !clock_can_be(loop_wall_ms()))
		return 0;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	return loop_wall_ms() - ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}
