/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common/loop/loop.h on the stage. A loop belongs to the machine whose code makes it.
 * Descriptors are those by which threads wake their loop (eventfd); they are looked at after a
 * thread ran (thread.c). There are no signals.
 */
#include "common/loop/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "common/base/queue.h"
#include "tests/simulation/stage/stage.h"
#include "tests/simulation/stage/thread.h"

enum { NOTICE_MAX_US = 2000 }; /* until a loop sees what a thread left */

struct loop_fd {
	LIST_ENTRY(loop_fd) entry;
	int fd;
	loop_fd_fn *fn;
	void *data;
};
LIST_HEAD(loop_fds, loop_fd);

struct loop {
	struct loop_fds fds;
	struct stage_event notice;
	struct thread_watch watch;
};

struct loop_timer {
	struct stage_event event;
};

struct loop_signal {
	char nothing;
};

/* A watch may be freed by any callback: looked for again after each. */
static void look_at_fds(void *data)
{
	struct loop *loop = data;
	struct loop_fd *watch;
	bool any;

	do {
		any = false;
		LIST_FOREACH (watch, &loop->fds, entry) {
			struct pollfd pollfd = {.fd = watch->fd, .events = POLLIN};

			if (poll(&pollfd, 1, 0) == 1 && pollfd.revents & POLLIN) {
				watch->fn(watch->data, watch->fd, LOOP_READ);
				any = true;
				break;
			}
		}
	} while (any);
}

static void on_thread_ran(void *data)
{
	struct loop *loop = data;

	if (!stage_waits(&loop->notice))
		stage_set(&loop->notice,
			  stage_now_us() + dice_between(stage_dice(), 1, NOTICE_MAX_US));
}

int loop_new(struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	LIST_INIT(&loop->fds);
	loop->notice =
		(struct stage_event){.machine = stage_machine(), .fn = look_at_fds, .data = loop};
	thread_watch_add(&loop->watch, on_thread_ran, loop);
	*ret = loop;
	return 0;
}

struct loop *loop_free(struct loop *loop)
{
	if (!loop)
		return NULL;
	stage_cancel(&loop->notice);
	thread_watch_remove(&loop->watch);
	free(loop);
	return NULL;
}

void loop_freep(struct loop **loop)
{
	*loop = loop_free(*loop);
}

/* The stage runs all loops. */
int loop_run(struct loop *loop)
{
	(void)loop;
	return -EIO;
}

/* Here threads take turns; whether each keeps to its own objects is the other tests' matter. */
void loop_assert_thread(const struct loop *loop)
{
	(void)loop;
}

void loop_stop(struct loop *loop)
{
	(void)loop;
}

struct event_base *loop_base(struct loop *loop)
{
	(void)loop;
	return NULL;
}

int64_t loop_now_us(void)
{
	return stage_now_us() + thread_elapsed_us();
}

int64_t loop_wall_ms(void)
{
	return (stage_wall_us(stage_machine()) + thread_elapsed_us()) / 1000;
}

int loop_fd_new(struct loop *loop, int fd, unsigned int what, loop_fd_fn *fn, void *data,
		struct loop_fd **ret)
{
	struct loop_fd *watch = calloc(1, sizeof(*watch));

	(void)what;
	if (!watch)
		return -ENOMEM;
	*watch = (struct loop_fd){.fd = fd, .fn = fn, .data = data};
	LIST_INSERT_HEAD(&loop->fds, watch, entry);
	*ret = watch;
	return 0;
}

int loop_fd_set(struct loop_fd *watch, unsigned int what)
{
	(void)watch;
	(void)what;
	return 0;
}

struct loop_fd *loop_fd_free(struct loop_fd *watch)
{
	if (!watch)
		return NULL;
	LIST_REMOVE(watch, entry);
	free(watch);
	return NULL;
}

int loop_timer_new(struct loop *loop, loop_timer_fn *fn, void *data, struct loop_timer **ret)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	(void)loop;
	if (!timer)
		return -ENOMEM;
	timer->event = (struct stage_event){.machine = stage_machine(), .fn = fn, .data = data};
	*ret = timer;
	return 0;
}

int loop_timer_arm(struct loop_timer *timer, int64_t delay_us)
{
	stage_set(&timer->event, stage_now_us() + (delay_us > 0 ? delay_us : 0));
	return 0;
}

void loop_timer_disarm(struct loop_timer *timer)
{
	stage_cancel(&timer->event);
}

bool loop_timer_armed(const struct loop_timer *timer)
{
	return stage_waits(&timer->event);
}

struct loop_timer *loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return NULL;
	stage_cancel(&timer->event);
	free(timer);
	return NULL;
}

int loop_signal_new(struct loop *loop, int signo, loop_signal_fn *fn, void *data,
		    struct loop_signal **ret)
{
	(void)loop;
	(void)signo;
	(void)fn;
	(void)data;
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

struct loop_signal *loop_signal_free(struct loop_signal *sig)
{
	free(sig);
	return NULL;
}
