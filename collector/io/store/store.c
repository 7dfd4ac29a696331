/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store's thread and the queue before it. The loop's thread makes jobs and gets them
 * back done, through a descriptor that the loop watches; the writing thread takes all that
 * wait, puts them into one transaction and commits. What a job is is store_job.c's, what
 * SQLite is told store_db.c's business.
 */
#include "collector/io/store/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "collector/core/device/inventory.h"
#include "collector/io/store/store_db.h"
#include "collector/io/store/store_job.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	QUEUE_DEFAULT = 20000,
	BATCH_MAX = 1000, /* jobs in one transaction */
	RETRY_MS = 5000,  /* after a commit that failed */
	EXPIRE_EVERY_MS = 60000,
	EXPIRE_ROWS = 2000, /* in one go, so that informs wait no longer than for another commit */
	CLOSE_WAIT_S = 10,
};

struct store {
	struct store_db *db;
	struct store_conf conf;
	char *path;
	pthread_t thread;
	bool started;
	int done_fd;
	struct loop_fd *watch;

	pthread_mutex_t lock; /* what follows */
	pthread_cond_t wake;
	struct store_jobs todo, finished, kept; /* kept: for when the disk takes them again */
	struct store_stats stats;
	bool stop;
	pthread_mutex_t db_lock; /* the database itself: the thread's, or a reader's at the start */
};

static int64_t mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static int64_t wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* ---- the writing thread ---- */

static int do_batch(struct store *store, struct store_jobs *batch)
{
	int r = store_db_begin(store->db);

	for (struct store_job *job = batch->first; r == 0 && job; job = job->next) {
		job->err = store_job_do(job, store->db);
		if (job->err < 0 && !store_job_err_is_own(job))
			r = job->err;
	}
	if (r == 0)
		r = store_db_commit(store->db);
	if (r < 0)
		store_db_rollback(store->db);
	return r;
}

static void count_done(struct store_stats *stats, const struct store_job *job)
{
	if (job->err < 0)
		stats->dropped += store_job_is_durable(job);
	else if (job->kind == STORE_JOB_NOTIFICATION && job->repeat)
		stats->repeats++;
	else if (job->kind == STORE_JOB_NOTIFICATION)
		stats->notifications++;
	else if (job->kind == STORE_JOB_EVENT)
		stats->events++;
	else if (job->kind == STORE_JOB_STATE)
		stats->states++;
	else if (store_job_is_query(job))
		stats->queries++;
}

/* With the lock held. Durable jobs wait for a better disk; the others learn that they failed. */
static void sort_failed(struct store *store, struct store_jobs *batch, int err)
{
	struct store_job *job;

	while ((job = store_jobs_take(batch))) {
		if (store_job_is_durable(job) && job->err != -EINVAL) {
			if (store->kept.n < store->conf.queue_max) {
				store_jobs_put(&store->kept, job);
				continue;
			}
			store->stats.dropped++;
		}
		if (!store_job_is_query(job) || job->err == 0)
			job->err = err;
		store_jobs_put(&store->finished, job);
	}
}

static void tell_failing(struct store *store, int err)
{
	if (store->stats.failing)
		return;
	store->stats.failing = true;
	log_error("store",
		  "file=%s err=\"%s\" effect=\"notifications are not acknowledged, events wait in "
		  "memory\" right=\"%s\"",
		  store->path, strerror(-err),
		  err == -ENOSPC ? "make room on the disk" : "see what is wrong with the disk");
}

static void finish_batch(struct store *store, struct store_jobs *batch, int err, int64_t began_us)
{
	uint64_t one = 1;
	struct store_job *job;

	pthread_mutex_lock(&store->lock);
	if (err < 0) {
		store->stats.failed_commits++;
		tell_failing(store, err);
		sort_failed(store, batch, err);
	} else {
		if (store->stats.failing)
			log_info("store", "file=%s status=\"writing again\" kept=%u", store->path,
				 batch->n);
		store->stats.failing = false;
		store->stats.commits++;
		store->stats.commit_last_us = mono_us() - began_us;
		if (store->stats.commit_last_us > store->stats.commit_max_us)
			store->stats.commit_max_us = store->stats.commit_last_us;
		while ((job = store_jobs_take(batch))) {
			count_done(&store->stats, job);
			store_jobs_put(&store->finished, job);
		}
	}
	pthread_mutex_unlock(&store->lock);
	if (write(store->done_fd, &one, sizeof(one)) < 0)
		return; /* full: the loop has been woken long since */
}

static void expire(struct store *store)
{
	int n;

	pthread_mutex_lock(&store->db_lock);
	n = store_db_expire(store->db, &store->conf, wall_ms(), EXPIRE_ROWS);
	pthread_mutex_unlock(&store->db_lock);
	pthread_mutex_lock(&store->lock);
	store->stats.expired += n > 0 ? (uint64_t)n : 0;
	pthread_mutex_unlock(&store->lock);
}

static void wait_ms(struct store *store, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&store->wake, &store->lock, &until);
}

/* With the lock held: what is to be written now. Kept jobs go first, in their order. */
static void gather(struct store *store, struct store_jobs *batch, int64_t *retry_us)
{
	struct store_job *job;

	if (store->kept.n > 0 && (mono_us() >= *retry_us || store->stop)) {
		store_jobs_move(batch, &store->kept);
		*retry_us = mono_us() + RETRY_MS * INT64_C(1000);
	}
	while (batch->n < BATCH_MAX && (job = store_jobs_take(&store->todo)))
		store_jobs_put(batch, job);
}

static void *write_all(void *data)
{
	struct store *store = data;
	int64_t expire_us = mono_us() + EXPIRE_EVERY_MS * INT64_C(1000), retry_us = 0;
	struct store_jobs batch;

	store_jobs_init(&batch);
	pthread_mutex_lock(&store->lock);
	for (;;) {
		int64_t began = mono_us();
		int r;

		gather(store, &batch, &retry_us);
		if (batch.n == 0) {
			if (store->stop)
				break;
			wait_ms(store, store->kept.n > 0 ? RETRY_MS : EXPIRE_EVERY_MS);
		}
		pthread_mutex_unlock(&store->lock);
		if (batch.n > 0) {
			pthread_mutex_lock(&store->db_lock);
			r = do_batch(store, &batch);
			pthread_mutex_unlock(&store->db_lock);
			finish_batch(store, &batch, r, began);
		} else if (mono_us() >= expire_us) {
			expire(store);
			expire_us = mono_us() + EXPIRE_EVERY_MS * INT64_C(1000);
		}
		pthread_mutex_lock(&store->lock);
		if (store->stop && store->stats.failing && store->todo.n == 0)
			break; /* what is kept is lost; it was told */
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

/* ---- the loop's thread ---- */

/* Tells those who still wait; err 0: what each job has. */
static void jobs_end(struct store_jobs *jobs, int err)
{
	struct store_job *job;

	while ((job = store_jobs_take(jobs))) {
		if (err < 0)
			job->err = err;
		store_job_tell(job);
		store_job_free(job);
	}
}

static void on_finished(void *data, int fd, unsigned int what)
{
	struct store *store = data;
	struct store_jobs finished;
	uint64_t n;

	(void)what;
	if (read(fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		return;
	store_jobs_init(&finished);
	pthread_mutex_lock(&store->lock);
	store_jobs_move(&finished, &store->finished);
	pthread_mutex_unlock(&store->lock);
	jobs_end(&finished, 0);
}

static int submit(struct store *store, struct store_job *job)
{
	int r = 0;

	pthread_mutex_lock(&store->lock);
	if (store->todo.n >= store->conf.queue_max) {
		store->stats.queue_full++;
		store->stats.dropped += store_job_is_durable(job);
		r = -EAGAIN;
	} else {
		store_jobs_put(&store->todo, job);
		pthread_cond_signal(&store->wake);
	}
	pthread_mutex_unlock(&store->lock);
	if (r < 0)
		store_job_free(job);
	return r;
}

int store_put_notification(struct store *store, const struct notification_row *n, store_done_fn *fn,
			   void *data)
{
	struct store_job *job = store_job_notification(n);

	if (!job)
		return -ENOMEM;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_put_event(struct store *store, const struct event *event)
{
	struct store_job *job = store_job_new(STORE_JOB_EVENT, 0);

	if (!job)
		return -ENOMEM;
	job->u.event = *event;
	return submit(store, job);
}

static int put_device(struct store *store, enum store_job_kind kind, const char *id,
		      const struct device *device, int64_t ms)
{
	struct store_job *job = store_job_new(kind, 0);

	if (!job)
		return -ENOMEM;
	snprintf(job->u.state.id, sizeof(job->u.state.id), "%s", id);
	if (device) {
		job->u.state.status = device->status;
		job->u.state.cause = device->cause;
	}
	job->u.state.since_ms = ms;
	return submit(store, job);
}

int store_put_state(struct store *store, const struct device *device)
{
	return put_device(store, STORE_JOB_STATE, device->entry->id, device, device->since_ms);
}

int store_forget_device(struct store *store, const char *id, int64_t now_ms)
{
	return put_device(store, STORE_JOB_FORGET, id, NULL, now_ms);
}

int store_put_engine(struct store *store, const char *device_id, const struct store_engine *engine)
{
	struct store_job *job = store_job_new(STORE_JOB_ENGINE, 0);

	if (!job)
		return -ENOMEM;
	snprintf(job->u.engine.id, sizeof(job->u.engine.id), "%s", device_id);
	job->u.engine.engine = *engine;
	return submit(store, job);
}

int store_query_events(struct store *store, const struct store_event_query *query,
		       store_events_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_QUERY, 0);

	if (!job)
		return -ENOMEM;
	job->u.query = *query;
	if (job->u.query.limit < 1 || job->u.query.limit > 1000)
		job->u.query.limit = 1000;
	job->events_done = fn;
	job->data = data;
	return submit(store, job);
}

int store_query_notifications(struct store *store, const struct notification_query *query,
			      store_row_fn *row_fn, store_done_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_NOTIFICATIONS, 0);

	if (!job)
		return -ENOMEM;
	job->u.rows.query = *query;
	job->u.rows.fn = row_fn;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_last_event_id(struct store *store, int64_t *ret)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_last_event_id(store->db, ret);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_states(struct store *store, store_state_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_states(store->db, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_engines(struct store *store, store_engine_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_engines(store->db, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_problems(struct store *store, int64_t since_ms, store_problem_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_problems(store->db, since_ms, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_keys(struct store *store, size_t limit, store_key_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_keys(store->db, limit, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_senders(struct store *store, store_sender_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_senders(store->db, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

static int init_threads(struct store *store)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&store->lock, NULL);
	pthread_mutex_init(&store->db_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&store->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&store->thread, NULL, write_all, store) != 0)
		return -EAGAIN;
	store->started = true;
	pthread_setname_np(store->thread, "store");
	return 0;
}

int store_new(struct loop *loop, const struct store_conf *conf, struct store **ret)
{
	cleanup_(store_freep) struct store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return -ENOMEM;
	store->done_fd = -1;
	store_jobs_init(&store->todo);
	store_jobs_init(&store->finished);
	store_jobs_init(&store->kept);
	store->conf = *conf;
	store->conf.queue_max = conf->queue_max ? conf->queue_max : QUEUE_DEFAULT;
	store->path = strdup(conf->path);
	store->done_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!store->path)
		return -ENOMEM;
	if (store->done_fd < 0)
		return -errno;
	r = store_db_open(store->path, &store->db);
	if (r == 0)
		r = loop_fd_new(loop, store->done_fd, LOOP_READ, on_finished, store, &store->watch);
	if (r == 0)
		r = init_threads(store);
	if (r < 0)
		return r;
	*ret = steal_ptr(store);
	return 0;
}

static void stop_thread(struct store *store)
{
	struct timespec until;

	pthread_mutex_lock(&store->lock);
	store->stop = true;
	pthread_cond_signal(&store->wake);
	pthread_mutex_unlock(&store->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += CLOSE_WAIT_S;
	if (pthread_timedjoin_np(store->thread, NULL, &until) != 0) {
		log_error("store", "file=%s err=\"the disk does not take what is queued\"",
			  store->path);
		pthread_join(store->thread, NULL);
	}
}

struct store *store_free(struct store *store)
{
	if (!store)
		return NULL;
	if (store->started)
		stop_thread(store);
	jobs_end(&store->finished, 0);
	jobs_end(&store->kept, -ECANCELED);
	jobs_end(&store->todo, -ECANCELED);
	loop_fd_free(store->watch);
	if (store->done_fd >= 0)
		close(store->done_fd);
	store_db_close(store->db);
	free(store->path);
	free(store);
	return NULL;
}

void store_freep(struct store **store)
{
	store_free(*store);
}

void store_get_stats(struct store *store, struct store_stats *ret)
{
	pthread_mutex_lock(&store->lock);
	*ret = store->stats;
	ret->queued = store->todo.n;
	ret->kept = store->kept.n;
	pthread_mutex_unlock(&store->lock);
}

#define COUNTER(field, help) STATS_COUNTER(struct store_stats, field, "pantau_store_" #field, help)
#define GAUGE(field, help)   STATS_GAUGE(struct store_stats, field, "pantau_store_" #field, help)
#define SECONDS(field, name, help)                                                                 \
	STATS_SECONDS(struct store_stats, field, "pantau_store_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(commits, "Transactions that reached the disk."),
	COUNTER(failed_commits, "Transactions that the disk did not take."),
	COUNTER(notifications, "Notifications stored."),
	COUNTER(repeats, "Notifications that were stored before."),
	COUNTER(events, "Events stored."),
	COUNTER(states, "Device states stored."),
	COUNTER(queries, "Questions of the page answered."),
	COUNTER(queue_full, "Jobs refused because too many wait."),
	COUNTER(dropped, "Events and states lost."),
	COUNTER(expired, "Rows deleted because of their age or number."),
	GAUGE(queued, "Jobs that wait."),
	GAUGE(kept, "Events and states that wait for the disk."),
	GAUGE(failing, "1 while the disk takes nothing."),
	SECONDS(commit_last_us, "commit_last", "Duration of the last transaction."),
	SECONDS(commit_max_us, "commit_max", "Duration of the longest transaction."),
};

void store_emit_stats(void *store, stats_emit_fn *emit, void *emit_data)
{
	struct store_stats stats;

	store_get_stats(store, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
