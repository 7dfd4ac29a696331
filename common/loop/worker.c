/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue there, the thread, the queue back, and how all that ends. Decides when run() is
 * called and with which jobs; nothing about what they are.
 * Source: pthreads(7), eventfd(2).
 */
#include "common/loop/worker.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "common/loop/loop.h"
#include "common/system/log.h"

#define NEVER INT64_MAX

struct worker {
	struct worker_conf conf;

	/* The loop's thread's. */
	pthread_t loop_thread;
	int wake_fd; /* eventfd: finished has something */
	struct loop_fd *watch;
	unsigned int queued;
	bool in_done;
	bool closed;	 /* nothing more may be put */
	bool has_thread; /* to be joined */
	unsigned int given_up;
	pthread_t thread;

	/* The working thread's. */
	int64_t again_ms; /* when run wants to be called at the latest */
	bool told_ending;
	unsigned int kept;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;  /* todo, ending or closing has changed */
	pthread_cond_t back;  /* finished or running has changed, and ending is set */
	struct worker_jobs todo, finished;
	bool running;	/* there is a thread that will look at todo again */
	bool ending;	/* run is to keep nothing */
	bool closing;	/* nothing more will come */
	bool abandoned; /* the thread is waited for no longer: it frees the worker */
};

static int64_t mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* With the lock held. */
static void wait_until(struct worker *worker, pthread_cond_t *cond, int64_t ms)
{
	struct timespec until = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = ms % 1000 * 1000000};

	if (ms == NEVER)
		pthread_cond_wait(cond, &worker->lock);
	else
		pthread_cond_timedwait(cond, &worker->lock, &until);
}

static bool is_loop_thread(const struct worker *worker)
{
	return pthread_equal(pthread_self(), worker->loop_thread);
}

static void destroy(struct worker *worker)
{
	if (worker->wake_fd >= 0)
		close(worker->wake_fd);
	pthread_cond_destroy(&worker->back);
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

/* ---- the working thread ---- */

/* With the lock held, which is released meanwhile. */
static void call_run(struct worker *worker)
{
	struct worker_jobs jobs = STAILQ_HEAD_INITIALIZER(jobs);
	const bool ending = worker->ending;
	struct worker_job *job;
	int64_t after_ms;

	for (unsigned int n = 0; n < worker->conf.batch_max && !STAILQ_EMPTY(&worker->todo); n++) {
		job = STAILQ_FIRST(&worker->todo);
		STAILQ_REMOVE_HEAD(&worker->todo, entry);
		STAILQ_INSERT_TAIL(&jobs, job, entry);
		worker->kept++;
	}
	pthread_mutex_unlock(&worker->lock);
	after_ms = worker->conf.run(worker->conf.data, &jobs, ending);
	assert(after_ms >= WORKER_IDLE && (after_ms < 0 || !worker->conf.short_lived));
	worker->again_ms = after_ms < 0 ? NEVER : mono_ms() + after_ms;
	worker->told_ending = ending;
	pthread_mutex_lock(&worker->lock);
	while ((job = STAILQ_FIRST(&jobs))) {
		assert(job->owner == worker && worker->kept > 0);
		worker->kept--;
		STAILQ_REMOVE_HEAD(&jobs, entry);
		STAILQ_INSERT_TAIL(&worker->finished, job, entry);
	}
	assert(!ending || worker->kept == 0);
	if (worker->abandoned)
		return;
	(void)eventfd_write(worker->wake_fd, 1);
	if (worker->ending)
		pthread_cond_signal(&worker->back);
}

static bool has_work(const struct worker *worker)
{
	return !STAILQ_EMPTY(&worker->todo) || (worker->ending && !worker->told_ending) ||
	       (worker->again_ms != NEVER && mono_ms() >= worker->again_ms);
}

static bool may_leave(const struct worker *worker)
{
	return worker->abandoned ||
	       (!has_work(worker) && (worker->closing || worker->conf.short_lived));
}

static void *work(void *data)
{
	struct worker *worker = data;
	bool abandoned;

	pthread_mutex_lock(&worker->lock);
	while (!may_leave(worker)) {
		if (has_work(worker))
			call_run(worker);
		else
			wait_until(worker, &worker->wake, worker->again_ms);
	}
	worker->running = false;
	abandoned = worker->abandoned;
	pthread_cond_signal(&worker->back);
	pthread_mutex_unlock(&worker->lock);
	if (abandoned)
		destroy(worker);
	return NULL;
}

/* ---- the loop's thread ---- */

/* Signals are for the loop's thread. */
static int start_thread(struct worker *worker)
{
	sigset_t all, old;
	int r;

	if (worker->has_thread)
		pthread_join(worker->thread, NULL); /* short-lived, and no longer running */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&worker->thread, NULL, work, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	worker->has_thread = r == 0;
	if (r == 0)
		pthread_setname_np(worker->thread, worker->conf.name);
	return -r;
}

int worker_put(struct worker *worker, struct worker_job *job)
{
	bool start;

	assert(is_loop_thread(worker));
	assert(!job->owner);
	if (worker->closed)
		return -ESHUTDOWN;
	if (worker->queued >= worker->conf.queue_max)
		return -EAGAIN;
	worker->queued++;
	job->owner = worker;
	job->err = 0;
	pthread_mutex_lock(&worker->lock);
	STAILQ_INSERT_TAIL(&worker->todo, job, entry);
	pthread_cond_signal(&worker->wake);
	start = !worker->running;
	worker->running = true;
	pthread_mutex_unlock(&worker->lock);
	if (start && start_thread(worker) < 0)
		(void)work(worker); /* a sandbox without threads: slow beats never */
	return 0;
}

static void give_back(struct worker *worker, struct worker_jobs *jobs, int err)
{
	struct worker_job *job;

	worker->in_done = true;
	while ((job = STAILQ_FIRST(jobs))) {
		STAILQ_REMOVE_HEAD(jobs, entry);
		assert(job->owner == worker && worker->queued > 0);
		worker->queued--;
		job->owner = NULL;
		if (err < 0)
			job->err = err;
		worker->given_up += job->err == -ECANCELED;
		worker->conf.done(worker->conf.data, job);
	}
	worker->in_done = false;
}

static void give_back_finished(struct worker *worker)
{
	struct worker_jobs finished = STAILQ_HEAD_INITIALIZER(finished);

	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(&finished, &worker->finished);
	pthread_mutex_unlock(&worker->lock);
	give_back(worker, &finished, 0);
}

static void on_finished(void *data, int fd, unsigned int what)
{
	eventfd_t count;

	(void)what;
	(void)eventfd_read(fd, &count);
	give_back_finished(data);
}

static void init_locks(struct worker *worker)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&worker->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->wake, &attr);
	pthread_cond_init(&worker->back, &attr);
	pthread_condattr_destroy(&attr);
}

int worker_new(struct loop *loop, const struct worker_conf *conf, struct worker **ret)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int r = 0;

	assert(strlen(conf->name) <= 15);
	assert(conf->queue_max > 0 && conf->batch_max > 0 && conf->end_ms > 0);
	assert(conf->run);
	if (!worker)
		return -ENOMEM;
	worker->conf = *conf;
	worker->loop_thread = pthread_self();
	worker->again_ms = NEVER;
	STAILQ_INIT(&worker->todo);
	STAILQ_INIT(&worker->finished);
	init_locks(worker);
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = worker->wake_fd < 0 ? -errno
				: loop_fd_new(loop, worker->wake_fd, LOOP_READ, on_finished, worker,
					      &worker->watch);
	if (r == 0 && !conf->short_lived) {
		worker->running = true;
		r = start_thread(worker);
	}
	if (r < 0) {
		loop_fd_free(worker->watch);
		destroy(worker);
		return r;
	}
	*ret = worker;
	return 0;
}

/* What is queued and what its completion brings, until all is back or the time is over. */
static void finish_within(struct worker *worker, int64_t limit_ms)
{
	pthread_mutex_lock(&worker->lock);
	worker->ending = true;
	pthread_cond_signal(&worker->wake);
	while (worker->queued > 0 && mono_ms() < limit_ms) {
		if (STAILQ_EMPTY(&worker->finished)) {
			wait_until(worker, &worker->back, limit_ms);
			continue;
		}
		pthread_mutex_unlock(&worker->lock);
		give_back_finished(worker);
		pthread_mutex_lock(&worker->lock);
	}
	worker->closing = true;
	pthread_cond_signal(&worker->wake);
	while (worker->running && mono_ms() < limit_ms)
		wait_until(worker, &worker->back, limit_ms);
	pthread_mutex_unlock(&worker->lock);
}

/* What the thread has not begun. */
static void take_back(struct worker *worker)
{
	struct worker_jobs todo = STAILQ_HEAD_INITIALIZER(todo);

	worker->closed = true;
	pthread_mutex_lock(&worker->lock);
	STAILQ_CONCAT(&todo, &worker->todo);
	pthread_mutex_unlock(&worker->lock);
	give_back(worker, &todo, -ECANCELED);
}

/* Unless it is gone, the thread frees the worker when it comes back: nothing of it is touched after this. */
static bool leave_thread(struct worker *worker)
{
	bool gone;

	pthread_mutex_lock(&worker->lock);
	gone = !worker->running;
	worker->abandoned = !gone;
	if (!gone)
		pthread_detach(worker->thread);
	pthread_mutex_unlock(&worker->lock);
	return gone;
}

static void tell_given_up(const struct worker_conf *conf, unsigned int n, bool gone)
{
	if (n > 0 || !gone)
		log_error("worker", "name=%s given_up=%u limit_s=%g err=\"%s\"", conf->name, n,
			  (double)conf->end_ms / 1e3,
			  gone ? "could not be done" : "still busy at the end of the limit");
}

bool worker_end(struct worker *worker)
{
	struct worker_conf conf;
	unsigned int given_up, with_thread;
	bool gone;

	if (!worker)
		return true;
	assert(is_loop_thread(worker) && !worker->in_done);
	if (worker->conf.drop)
		take_back(worker);
	finish_within(worker, mono_ms() + worker->conf.end_ms);
	take_back(worker);
	give_back_finished(worker);
	conf = worker->conf;
	given_up = conf.drop ? 0 : worker->given_up;
	with_thread = worker->queued;
	worker->watch = loop_fd_free(worker->watch);
	gone = leave_thread(worker);
	tell_given_up(&conf, given_up + (gone ? 0 : with_thread), gone);
	if (!gone)
		return false;
	if (worker->has_thread)
		pthread_join(worker->thread, NULL);
	give_back_finished(worker);
	assert(worker->queued == 0);
	destroy(worker);
	return true;
}

unsigned int worker_queued(const struct worker *worker)
{
	return worker->queued;
}
