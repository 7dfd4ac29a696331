/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event loop over libevent_core: descriptors, timers, signals. Decides nothing about
 * what is watched. The only file of common/ and agent/ that includes libevent.
 * Source: libevent book R2 (event_base flags).
 */
#include "common/loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/base/cleanup.h"

struct loop {
	struct event_base *base;
	pthread_t thread; /* that runs it; that made it, before it runs */
	bool running;
	unsigned int users; /* watches, timers and signals that are not freed yet */
};

struct loop_fd {
	struct event *event;
	struct loop *loop;
	int fd;
	loop_fd_fn *fn;
	void *data;
};

struct loop_timer {
	struct event *event;
	struct loop *loop;
	loop_timer_fn *fn;
	void *data;
};

struct loop_signal {
	struct event *event;
	struct loop *loop;
	loop_signal_fn *fn;
	void *data;
};

/*
 * PRECISE_TIMER: timers by timerfd, not rounded up to whole milliseconds as epoll_wait
 * would. NO_CACHE_TIME: a delay counts from the call, not from the start of a turn.
 */
static struct event_base *base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (!config)
		return NULL;
	if (event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER |
						  EVENT_BASE_FLAG_NO_CACHE_TIME |
						  EVENT_BASE_FLAG_IGNORE_ENV) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

int loop_new(struct loop **ret)
{
	cleanup_(loop_freep) struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->base = base_new();
	if (!loop->base)
		return -ENOMEM;
	loop->thread = pthread_self();
	*ret = steal_ptr(loop);
	return 0;
}

struct loop *loop_free(struct loop *loop)
{
	if (!loop)
		return NULL;
	assert(!loop->running && loop->users == 0);
	if (loop->base)
		event_base_free(loop->base);
	free(loop);
	return NULL;
}

void loop_freep(struct loop **loop)
{
	*loop = loop_free(*loop);
}

int loop_run(struct loop *loop)
{
	int r;

	assert(!loop->running);
	loop->running = true;
	loop->thread = pthread_self();
	r = event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
	loop->running = false;
	return r < 0 ? -EIO : 0;
}

void loop_assert_thread(const struct loop *loop)
{
	assert(pthread_equal(pthread_self(), loop->thread));
}

void loop_stop(struct loop *loop)
{
	loop_assert_thread(loop);
	event_base_loopbreak(loop->base);
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}

int64_t loop_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t loop_wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The watch may be freed by its own callback: nothing of it is touched after fn. */
static void on_fd(evutil_socket_t fd, short what, void *data)
{
	struct loop_fd *watch = data;
	unsigned int ready = 0;

	if (what & EV_READ)
		ready |= LOOP_READ;
	if (what & EV_WRITE)
		ready |= LOOP_WRITE;
	watch->fn(watch->data, fd, ready);
}

int loop_fd_set(struct loop_fd *watch, unsigned int what)
{
	short events = EV_PERSIST;

	loop_assert_thread(watch->loop);
	assert((what & ~(unsigned int)(LOOP_READ | LOOP_WRITE)) == 0);
	event_del(watch->event);
	if (what & LOOP_READ)
		events |= EV_READ;
	if (what & LOOP_WRITE)
		events |= EV_WRITE;
	if (event_assign(watch->event, watch->loop->base, watch->fd, events, on_fd, watch) < 0)
		return -EINVAL;
	if (what && event_add(watch->event, NULL) < 0)
		return -ENOMEM;
	return 0;
}

int loop_fd_new(struct loop *loop, int fd, unsigned int what, loop_fd_fn *fn, void *data,
		struct loop_fd **ret)
{
	struct loop_fd *watch = calloc(1, sizeof(*watch));
	int r;

	loop_assert_thread(loop);
	assert(fd >= 0);
	if (!watch)
		return -ENOMEM;
	*watch = (struct loop_fd){.loop = loop, .fd = fd, .fn = fn, .data = data};
	loop->users++;
	watch->event = event_new(loop->base, fd, EV_READ | EV_PERSIST, on_fd, watch);
	r = watch->event ? loop_fd_set(watch, what) : -ENOMEM;
	if (r < 0) {
		loop_fd_free(watch);
		return r;
	}
	*ret = watch;
	return 0;
}

struct loop_fd *loop_fd_free(struct loop_fd *watch)
{
	if (!watch)
		return NULL;
	loop_assert_thread(watch->loop);
	watch->loop->users--;
	if (watch->event)
		event_free(watch->event);
	free(watch);
	return NULL;
}

static void on_timer(evutil_socket_t fd, short what, void *data)
{
	struct loop_timer *timer = data;

	(void)fd;
	(void)what;
	timer->fn(timer->data);
}

int loop_timer_new(struct loop *loop, loop_timer_fn *fn, void *data, struct loop_timer **ret)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	loop_assert_thread(loop);
	if (!timer)
		return -ENOMEM;
	*timer = (struct loop_timer){.loop = loop, .fn = fn, .data = data};
	timer->event = evtimer_new(loop->base, on_timer, timer);
	if (!timer->event) {
		free(timer);
		return -ENOMEM;
	}
	loop->users++;
	*ret = timer;
	return 0;
}

int loop_timer_arm(struct loop_timer *timer, int64_t delay_us)
{
	struct timeval tv = {0};

	loop_assert_thread(timer->loop);
	if (delay_us > 0) {
		tv.tv_sec = delay_us / 1000000;
		tv.tv_usec = delay_us % 1000000;
	}
	return evtimer_add(timer->event, &tv) < 0 ? -ENOMEM : 0;
}

void loop_timer_disarm(struct loop_timer *timer)
{
	loop_assert_thread(timer->loop);
	evtimer_del(timer->event);
}

bool loop_timer_armed(const struct loop_timer *timer)
{
	return evtimer_pending(timer->event, NULL);
}

struct loop_timer *loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return NULL;
	loop_assert_thread(timer->loop);
	timer->loop->users--;
	event_free(timer->event);
	free(timer);
	return NULL;
}

static void on_signal(evutil_socket_t signo, short what, void *data)
{
	struct loop_signal *sig = data;

	(void)what;
	sig->fn(sig->data, signo);
}

int loop_signal_new(struct loop *loop, int signo, loop_signal_fn *fn, void *data,
		    struct loop_signal **ret)
{
	struct loop_signal *sig = calloc(1, sizeof(*sig));

	loop_assert_thread(loop);
	if (!sig)
		return -ENOMEM;
	*sig = (struct loop_signal){.loop = loop, .fn = fn, .data = data};
	loop->users++;
	sig->event = evsignal_new(loop->base, signo, on_signal, sig);
	if (!sig->event || evsignal_add(sig->event, NULL) < 0) {
		loop_signal_free(sig);
		return -ENOMEM;
	}
	*ret = sig;
	return 0;
}

struct loop_signal *loop_signal_free(struct loop_signal *sig)
{
	if (!sig)
		return NULL;
	loop_assert_thread(sig->loop);
	sig->loop->users--;
	if (sig->event)
		event_free(sig->event);
	free(sig);
	return NULL;
}
