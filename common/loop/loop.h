/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event loop: watch this descriptor, call me at this time, on this signal.
 * loop.c alone includes libevent's core; evhttp users get the base by loop_base().
 * One thread runs a loop; nothing called from it may block, what must is a worker's (worker.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct loop;
struct loop_fd;
struct loop_timer;
struct loop_signal;

enum {
	LOOP_READ = 1 << 0,
	LOOP_WRITE = 1 << 1,
};

typedef void loop_fd_fn(void *data, int fd, unsigned int what);
typedef void loop_timer_fn(void *data);
typedef void loop_signal_fn(void *data, int signo);

/* Returns 0 or negative errno (-ENOMEM, -EMFILE). */
int loop_new(struct loop **ret);
struct loop *loop_free(struct loop *loop);
void loop_freep(struct loop **loop);

/* Runs until loop_stop(); 0, or -EIO if the backend failed. Not from a callback of the same loop. */
int loop_run(struct loop *loop);
/* From a callback of the same loop. */
void loop_stop(struct loop *loop);
/* Asserts that the caller is the thread that runs the loop, or, before it runs, that made it. But for
 * the clocks all here is for that thread alone, and so is whatever is built on a loop. */
void loop_assert_thread(const struct loop *loop);
struct event_base *loop_base(struct loop *loop);

/* CLOCK_BOOTTIME in microseconds, which nobody sets and which counts on while the machine sleeps, so
 * that an interval between two readings is as long as the device says; and CLOCK_REALTIME in milliseconds since 1970 UTC.
 * Read afresh at each call (vDSO, no system call). */
int64_t loop_now_us(void);
int64_t loop_wall_ms(void);

/* Watches fd (level-triggered) until freed; the descriptor stays the caller's.
 * Watches, timers and signals may be freed by their own callback, and must be freed
 * before their loop. */
int loop_fd_new(struct loop *loop, int fd, unsigned int what, loop_fd_fn *fn, void *data,
		struct loop_fd **ret);
/* Changes what is watched (LOOP_READ | LOOP_WRITE, or 0 for a pause). */
int loop_fd_set(struct loop_fd *watch, unsigned int what);
struct loop_fd *loop_fd_free(struct loop_fd *watch);

/* A timer that fires once per arming. delay_us is clamped to >= 0. */
int loop_timer_new(struct loop *loop, loop_timer_fn *fn, void *data, struct loop_timer **ret);
int loop_timer_arm(struct loop_timer *timer, int64_t delay_us);
void loop_timer_disarm(struct loop_timer *timer);
bool loop_timer_armed(const struct loop_timer *timer);
struct loop_timer *loop_timer_free(struct loop_timer *timer);

int loop_signal_new(struct loop *loop, int signo, loop_signal_fn *fn, void *data,
		    struct loop_signal **ret);
struct loop_signal *loop_signal_free(struct loop_signal *sig);
