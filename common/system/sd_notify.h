/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What systemd and its like want to hear from a daemon (sd_notify(3)), and what they hand
 * it (sd_listen_fds(3)), without libsystemd. All of it does nothing elsewhere.
 */
#pragma once

#include <stdint.h>

/*
 * state: lines as "READY=1", "STOPPING=1", "RELOADING=1", "WATCHDOG=1" or "STATUS=text".
 * Returns 1 if it was sent, 0 if nobody listens (no NOTIFY_SOCKET), or negative errno.
 */
int sd_notify_send(const char *state);
/* How often at the latest "WATCHDOG=1" is wanted, in microseconds; send it twice as often. 0: never. */
int64_t sd_notify_watchdog_us(void);

enum { SD_LISTEN_FDS_START = 3 };
/*
 * How many descriptors, from SD_LISTEN_FDS_START on, were passed to this process
 * (socket activation); they are made close-on-exec. 0 if none, or negative errno.
 */
int sd_listen_fds(void);
