/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides when a thread runs. Source: makecontext(3), pthread_cond_timedwait(3). Locks are the
 * real ones: nobody else runs while one is held, since only waiting for a condition gives way.
 */
#include "tests/simulation/stage/thread.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "common/base/cleanup.h"
#include "tests/simulation/stage/stage.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

enum {
	STACK = 512 << 10,
	WAKE_LEAST_US = 20,
	WAKE_MAX_US = 15000, /* a disk's fsync is what the threads are for */
	SPINS_US = 20000000, /* looks at the clock in one go */
	IMPATIENCE = 3,	     /* rounds that one who joins lets pass before time-outs come early */
};

enum thread_state { THREAD_READY, THREAD_WAITS, THREAD_DONE };

struct thread {
	LIST_ENTRY(thread) entry;
	struct stage_event event; /* it runs */
	ucontext_t context;
	uint8_t *stack;
	void *(*fn)(void *data);
	void *data, *fake_stack;
	enum thread_state state;
	pthread_cond_t *waits_for;
	bool has_deadline, timed_out, detached;
	int64_t elapsed_us;
};

/* As with the operating system, there is one scheduler. */
static LIST_HEAD(, thread) threads;
static LIST_HEAD(, thread_watch) watches;
static struct thread *running;
static ucontext_t stage_context;
#ifdef __SANITIZE_ADDRESS__
static const void *stage_stack;
static size_t stage_stack_size;
#endif

int __wrap_pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *data);
int __wrap_pthread_join(pthread_t id, void **ret);
int __wrap_pthread_timedjoin_np(pthread_t id, void **ret, const struct timespec *until);
int __wrap_pthread_clockjoin_np(pthread_t id, void **ret, clockid_t clock,
				const struct timespec *until);
int __wrap_pthread_detach(pthread_t id);
int __wrap_pthread_setname_np(pthread_t id, const char *name);
pthread_t __wrap_pthread_self(void);
pthread_t __real_pthread_self(void);
int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock);
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
				  const struct timespec *until);
int __wrap_pthread_cond_signal(pthread_cond_t *cond);
int __wrap_pthread_cond_broadcast(pthread_cond_t *cond);

void thread_watch_add(struct thread_watch *watch, void (*fn)(void *data), void *data)
{
	*watch = (struct thread_watch){.fn = fn, .data = data};
	LIST_INSERT_HEAD(&watches, watch, entry);
}

void thread_watch_remove(struct thread_watch *watch)
{
	LIST_REMOVE(watch, entry);
}

int64_t thread_elapsed_us(void)
{
	if (!running)
		return 0;
	if (running->elapsed_us > SPINS_US) {
		fprintf(stderr, "a thread spins\n");
		abort();
	}
	return running->elapsed_us++;
}

/* ---- from stack to stack ---- */

static void to_stage(struct thread *thread)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_start_switch_fiber(thread->state == THREAD_DONE ? NULL : &thread->fake_stack,
				       stage_stack, stage_stack_size);
#endif
	swapcontext(&thread->context, &stage_context);
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(thread->fake_stack, &stage_stack, &stage_stack_size);
#endif
}

static void first(void)
{
	struct thread *thread = running;

#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(NULL, &stage_stack, &stage_stack_size);
#endif
	thread->fn(thread->data);
	thread->state = THREAD_DONE;
	to_stage(thread);
}

static void run(struct thread *thread)
{
	struct machine *before = stage_enter(thread->event.machine);
	struct thread_watch *watch;
#ifdef __SANITIZE_ADDRESS__
	void *fake_stack;
#endif

	assert(!running && thread->state == THREAD_READY);
	stage_cancel(&thread->event);
	thread->elapsed_us = 0;
	running = thread;
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_start_switch_fiber(&fake_stack, thread->stack, STACK);
#endif
	swapcontext(&stage_context, &thread->context);
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(fake_stack, NULL, NULL);
#endif
	running = NULL;
	stage_enter(before);
	LIST_FOREACH (watch, &watches, entry)
		watch->fn(watch->data);
}

/* ---- life ---- */

static void thread_free(struct thread *thread)
{
	stage_cancel(&thread->event);
	LIST_REMOVE(thread, entry);
	munmap(thread->stack, STACK);
	free(thread);
}

static void take_turn(struct thread *thread)
{
	thread->timed_out = thread->state == THREAD_WAITS;
	thread->state = THREAD_READY;
	run(thread);
}

static void on_turn(void *data)
{
	struct thread *thread = data;

	take_turn(thread);
	if (thread->state == THREAD_DONE && thread->detached)
		thread_free(thread);
}

static void wake(struct thread *thread)
{
	thread->state = THREAD_READY;
	thread->timed_out = false;
	stage_set(&thread->event,
		  stage_now_us() + dice_between(stage_dice(), WAKE_LEAST_US, WAKE_MAX_US));
}

int __wrap_pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *data)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	(void)attr;
	if (!thread)
		return EAGAIN;
	thread->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (thread->stack == MAP_FAILED || getcontext(&thread->context) < 0)
		abort();
	thread->context.uc_stack.ss_sp = thread->stack;
	thread->context.uc_stack.ss_size = STACK;
	thread->fn = fn;
	thread->data = data;
	thread->event =
		(struct stage_event){.machine = stage_machine(), .fn = on_turn, .data = thread};
	makecontext(&thread->context, first, 0);
	LIST_INSERT_HEAD(&threads, thread, entry);
	wake(thread);
	*ret = (pthread_t)(uintptr_t)thread;
	return 0;
}

/* Its time-outs come at once: whoever joins it holds up everything until it ends. */
static void hurry(struct thread *thread, int rounds)
{
	if (thread->state == THREAD_READY)
		run(thread);
	else if (thread->has_deadline && rounds > IMPATIENCE)
		take_turn(thread);
	else if (rounds > 1000 * IMPATIENCE)
		abort(); /* nobody will wake it */
}

int __wrap_pthread_join(pthread_t id, void **ret)
{
	struct thread *thread = (struct thread *)(uintptr_t)id;

	assert(!running);
	for (int rounds = 0; thread->state != THREAD_DONE; rounds++)
		hurry(thread, rounds);
	thread_free(thread);
	if (ret)
		*ret = NULL;
	return 0;
}

int __wrap_pthread_timedjoin_np(pthread_t id, void **ret, const struct timespec *until)
{
	(void)until;
	return __wrap_pthread_join(id, ret);
}

int __wrap_pthread_clockjoin_np(pthread_t id, void **ret, clockid_t clock,
				const struct timespec *until)
{
	(void)clock;
	(void)until;
	return __wrap_pthread_join(id, ret);
}

int __wrap_pthread_detach(pthread_t id)
{
	struct thread *thread = (struct thread *)(uintptr_t)id;

	thread->detached = true;
	return 0;
}

int __wrap_pthread_setname_np(pthread_t id, const char *name)
{
	(void)id;
	(void)name;
	return 0;
}

pthread_t __wrap_pthread_self(void)
{
	return running ? (pthread_t)(uintptr_t)running : __real_pthread_self();
}

/* ---- conditions ---- */

/* The stage itself waits (at the end of a program): no time passes, threads do what they can. */
static void let_threads_run(pthread_mutex_t *lock)
{
	struct thread *thread;

	LIST_FOREACH (thread, &threads, entry) {
		if (thread->state == THREAD_READY && thread->event.machine == stage_machine())
			break;
	}
	if (!thread)
		abort(); /* nobody will ever wake it */
	pthread_mutex_unlock(lock);
	run(thread);
	pthread_mutex_lock(lock);
}

static void wait_for(pthread_cond_t *cond, pthread_mutex_t *lock)
{
	struct thread *thread = running;

	thread->waits_for = cond;
	thread->state = THREAD_WAITS;
	pthread_mutex_unlock(lock);
	to_stage(thread);
	pthread_mutex_lock(lock);
	thread->waits_for = NULL;
	thread->has_deadline = false;
}

int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock)
{
	if (running)
		wait_for(cond, lock);
	else
		let_threads_run(lock);
	return 0;
}

/* All conditions here were told to use CLOCK_MONOTONIC. */
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
				  const struct timespec *until)
{
	struct thread *thread = running;

	if (!thread) {
		let_threads_run(lock);
		return 0;
	}
	thread->has_deadline = true;
	stage_set(&thread->event, until->tv_sec * STAGE_SECOND_US + until->tv_nsec / 1000);
	wait_for(cond, lock);
	return thread->timed_out ? ETIMEDOUT : 0;
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
	struct thread *thread;

	LIST_FOREACH (thread, &threads, entry) {
		if (thread->state == THREAD_WAITS && thread->waits_for == cond)
			wake(thread);
	}
	return 0;
}

int __wrap_pthread_cond_signal(pthread_cond_t *cond)
{
	return __wrap_pthread_cond_broadcast(cond); /* nobody here has two waiters */
}
