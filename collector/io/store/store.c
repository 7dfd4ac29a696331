/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store's worker: it takes all jobs that wait, puts them into one transaction and
 * commits. What a job is is store_job.c's, what SQLite is told store_db.c's business.
 */
#include "collector/io/store/store.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#include "collector/core/device/inventory.h"
#include "collector/core/judge/keep_clock.h"
#include "collector/io/store/store_alerts.h"
#include "collector/io/store/store_db.h"
#include "collector/io/store/store_deliveries.h"
#include "collector/io/store/store_job.h"
#include "collector/io/store/store_people.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/loop/worker.h"
#include "common/system/log.h"

enum {
	QUEUE_DEFAULT = 20000,
	BATCH_MAX = 1000, /* jobs in one transaction */
	RETRY_MS = 5000,  /* after a commit that failed */
	EXPIRE_EVERY_MS = 60000,
	EXPIRE_AGAIN_MS = 100,
	CLOCK_PUT_US = 600000000,
	WATCH_MS = 10000,   /* how exactly it is known when the last collector died */
	EXPIRE_PARTS = 8,   /* of max-notifications: what comes before it is looked at again */
	EXPIRE_ROWS = 2000, /* in one go, so that informs wait no longer than for another commit */
};

struct store {
	struct store_db *db;
	struct store_conf conf;
	char *path;
	struct worker *worker;

	/* The writing thread's. */
	struct worker_jobs kept; /* for when the disk takes them again */
	unsigned int n_kept;
	int64_t retry_us, expire_us, watch_us, file_us;
	int64_t n_put; /* notifications since something was deleted */
	struct keep_clock clock;
	int64_t clock_put_us;

	pthread_mutex_t lock; /* of stats */
	struct store_stats stats;
	pthread_mutex_t db_lock; /* the database itself: the thread's, or a reader's at the start */
};

/* ---- the writing thread ---- */

static struct store_job *to_job(struct worker_job *work)
{
	return (struct store_job *)work;
}

static bool any_writes(const struct worker_jobs *batch)
{
	struct worker_job *work;

	STAILQ_FOREACH (work, batch, entry) {
		if (!store_job_is_query(to_job(work)))
			return true;
	}
	return false;
}

/*
 * Durable jobs wait for a better disk, as many as half the queue; the others, and all when the end has come, learn
 * that they failed.
 */
static void keep_durable(struct store *store, struct worker_jobs *batch, int err, bool ending)
{
	struct worker_jobs all = STAILQ_HEAD_INITIALIZER(all);
	struct worker_job *work;

	STAILQ_CONCAT(&all, batch);
	while ((work = STAILQ_FIRST(&all))) {
		const bool durable = store_job_is_durable(to_job(work)) && work->err != -EINVAL;

		STAILQ_REMOVE_HEAD(&all, entry);
		if (durable && !ending && store->n_kept <= store->conf.queue_max / 2) {
			STAILQ_INSERT_TAIL(&store->kept, work, entry);
			store->n_kept++;
			continue;
		}
		if (err < 0 && (!store_job_is_query(to_job(work)) || work->err == 0))
			work->err = durable ? -ECANCELED : err;
		STAILQ_INSERT_TAIL(batch, work, entry);
	}
}

static void count_commit(struct store *store, int err, int64_t took_us)
{
	struct store_stats *stats = &store->stats;

	pthread_mutex_lock(&store->lock);
	stats->failed_commits += err < 0;
	stats->commits += err == 0;
	if (err < 0) {
		if (!store->stats.failing) {
			store->stats.failing = true;
			log_error("store",
				  "file=%s err=\"%s\" effect=\"notifications are not acknowledged, "
				  "events wait in "
				  "memory\" right=\"%s\"",
				  store->path, strerror(-err),
				  err == -ENOSPC ? "make room on the disk"
						 : "see what is wrong with the disk");
		}
	} else {
		if (stats->failing)
			log_info("store", "file=%s status=\"writing again\"", store->path);
		stats->failing = false;
		stats->commit_last_us = took_us;
		if (stats->commit_last_us > stats->commit_max_us)
			stats->commit_max_us = stats->commit_last_us;
	}
	pthread_mutex_unlock(&store->lock);
}

/* A disk that takes nothing says so with what is put; watching goes on. */
static void begin_watch(struct store *store)
{
	store_alerts_begin_watch(store_db_alerts(store->db), loop_wall_ms());
	store->watch_us = loop_now_us() + WATCH_MS * INT64_C(1000);
}

/* After a first start on a full disk: makes the file as soon as there is room for it. */
static int need_file(struct store *store, bool ending)
{
	struct store_db *db;
	int r;

	if (!store_db_is_memory(store->db))
		return 0;
	if (!ending && loop_now_us() < store->file_us)
		return -ENOSPC;
	store->file_us = loop_now_us() + RETRY_MS * INT64_C(1000);
	r = store_db_open(store->path, &db);
	if (r < 0)
		return r;
	store_db_close(store->db);
	store->db = db;
	begin_watch(store);
	return 0;
}

/* A storm fills the table in less than EXPIRE_EVERY_MS. */
static void expire_soon(struct store *store, const struct worker_jobs *batch)
{
	struct worker_job *work;

	STAILQ_FOREACH (work, batch, entry)
		store->n_put += to_job(work)->kind == STORE_JOB_NOTIFICATION;
	if (store->n_put >= store->conf.max_notifications / EXPIRE_PARTS)
		store->expire_us = 0;
}

/* What was only asked says nothing about whether the disk takes anything. */
static void write_batch(struct store *store, struct worker_jobs *batch, bool ending)
{
	const int64_t began_us = loop_now_us();
	const bool writes = any_writes(batch);
	int r;
	struct worker_job *work;

	pthread_mutex_lock(&store->db_lock);
	r = writes ? need_file(store, ending) : 0;
	if (r == 0)
		r = store_db_begin(store->db);
	STAILQ_FOREACH (work, batch, entry) {
		if (r < 0)
			break;
		work->err = store_job_do(to_job(work), store->db);
		if (work->err < 0 && !store_job_err_is_own(to_job(work)))
			r = work->err;
	}
	if (r == 0)
		r = store_db_commit(store->db);
	if (r < 0)
		store_db_rollback(store->db);
	pthread_mutex_unlock(&store->db_lock);
	if (r < 0)
		keep_durable(store, batch, r, ending);
	if (r == 0 && !writes)
		return;
	if (r == 0)
		expire_soon(store, batch);
	count_commit(store, r, loop_now_us() - began_us);
	store->retry_us = r < 0 ? loop_now_us() + RETRY_MS * INT64_C(1000) : 0;
}

static bool is_synchronised(void)
{
	struct timex timex = {.modes = 0};
	const int r = adjtimex(&timex);

	return r >= 0 && r != TIME_ERROR && !(timex.status & STA_UNSYNC);
}

static void tell_clock(const struct store *store, bool right)
{
	if (right)
		log_info("store", "clock=right effect=\"what is old is deleted again\"");
	else
		log_warn("store",
			 "clock=doubtful last-right-ms=%lld effect=\"nothing is deleted for its "
			 "age\" right=\"set the clock; one that is right counts once it was "
			 "synchronised for a day\"",
			 (long long)store->clock.right_ms);
}

/* A clock that is wrong deletes nothing: 900 days ahead, all would be too old. */
static void expire(struct store *store)
{
	const int64_t now_ms = loop_wall_ms(), now_us = loop_now_us();
	const bool right = keep_clock_is_right(&store->clock, now_ms, now_us, is_synchronised());
	int n;

	pthread_mutex_lock(&store->db_lock);
	n = store_db_expire(store->db, &store->conf, right ? now_ms : 0, EXPIRE_ROWS);
	if (right && now_us - store->clock_put_us >= CLOCK_PUT_US &&
	    store_db_put_clock(store->db, now_ms) == 0)
		store->clock_put_us = now_us;
	pthread_mutex_unlock(&store->db_lock);
	pthread_mutex_lock(&store->lock);
	store->stats.expired += n > 0 ? (uint64_t)n : 0;
	if (store->stats.clock_right != right)
		tell_clock(store, right);
	store->stats.clock_right = right;
	pthread_mutex_unlock(&store->lock);
	store->n_put = 0;
	/* there may be more of them */
	store->expire_us =
		now_us + (n >= EXPIRE_ROWS ? EXPIRE_AGAIN_MS : EXPIRE_EVERY_MS) * INT64_C(1000);
}

/* Somebody watches, as of now. One that fails is written again with the next. */
static void watch(struct store *store)
{
	const int64_t now_us = loop_now_us();

	pthread_mutex_lock(&store->db_lock);
	store_alerts_watch(store_db_alerts(store->db), loop_wall_ms());
	pthread_mutex_unlock(&store->db_lock);
	store->watch_us = now_us + WATCH_MS * INT64_C(1000);
}

/* What is kept goes first, and what is durable not before it: states come in the order in which they were. */
static void order_batch(struct store *store, struct worker_jobs *batch, bool ending)
{
	if (store->n_kept == 0)
		return;
	if (!ending && loop_now_us() < store->retry_us) {
		keep_durable(store, batch, 0, false);
		return;
	}
	STAILQ_CONCAT(&store->kept, batch);
	STAILQ_CONCAT(batch, &store->kept);
	store->n_kept = 0;
}

static int64_t run_jobs(void *data, struct worker_jobs *batch, bool ending)
{
	struct store *store = data;
	int64_t next_us;

	order_batch(store, batch, ending);
	if (!STAILQ_EMPTY(batch))
		write_batch(store, batch, ending);
	if (!ending && loop_now_us() >= store->expire_us)
		expire(store);
	if (ending || loop_now_us() >= store->watch_us)
		watch(store);
	pthread_mutex_lock(&store->lock);
	store->stats.kept = store->n_kept;
	pthread_mutex_unlock(&store->lock);
	if (ending)
		return WORKER_IDLE; /* what is old may stay: nothing is to be waited for */
	next_us = (store->n_kept > 0 ? store->retry_us : store->expire_us);
	next_us = (store->watch_us < next_us ? store->watch_us : next_us) - loop_now_us();
	return next_us > 0 ? next_us / 1000 + 1 : 0;
}

/* ---- the loop's thread ---- */

static void count_done(struct store_stats *stats, const struct store_job *job)
{
	if (job->work.err < 0)
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

static void on_done(void *data, struct worker_job *work)
{
	struct store_job *job = to_job(work);
	struct store *store = data;

	pthread_mutex_lock(&store->lock);
	count_done(&store->stats, job);
	pthread_mutex_unlock(&store->lock);
	store_job_tell(job);
	store_job_free(job);
}

static int submit(struct store *store, struct store_job *job)
{
	int r = worker_put(store->worker, &job->work);

	if (r == 0)
		return 0;
	pthread_mutex_lock(&store->lock);
	store->stats.queue_full += r == -EAGAIN;
	store->stats.dropped += store_job_is_durable(job);
	pthread_mutex_unlock(&store->lock);
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

	assert(event->id > 0);
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

int store_put_trap_clock(struct store *store, const struct store_engine *engine)
{
	struct store_job *job = store_job_new(STORE_JOB_TRAP_CLOCK, 0);

	assert(engine->id_len > 0 && engine->id_len <= sizeof(engine->id));
	if (!job)
		return -ENOMEM;
	job->u.engine.engine = *engine;
	return submit(store, job);
}

int store_query_events(struct store *store, const struct store_event_query *query,
		       store_events_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_QUERY, 0);

	assert(fn);
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

	assert(row_fn && fn);
	if (!job)
		return -ENOMEM;
	job->u.rows.query = *query;
	job->u.rows.fn = row_fn;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_put_delivery(struct store *store, const struct delivery *delivery, store_done_fn *fn,
		       void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_DELIVERY, sizeof(*delivery));

	assert(delivery->id > 0);
	if (!job)
		return -ENOMEM;
	job->u.delivery = (struct delivery *)(job + 1);
	*job->u.delivery = *delivery;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_put_alert(struct store *store, const struct alert *alert)
{
	struct store_job *job = store_job_new(STORE_JOB_ALERT, sizeof(*alert));

	assert(alert->id > 0);
	if (!job)
		return -ENOMEM;
	job->u.alert = (struct alert *)(job + 1);
	*job->u.alert = *alert;
	return submit(store, job);
}

int store_put_outage(struct store *store, const struct alert_outage *outage)
{
	struct store_job *job = store_job_new(STORE_JOB_OUTAGE, sizeof(*outage));

	assert(outage->device_id[0]);
	if (!job)
		return -ENOMEM;
	job->u.outage = (struct alert_outage *)(job + 1);
	*job->u.outage = *outage;
	return submit(store, job);
}

int store_put_maintenance(struct store *store, const struct maintenance *maintenance)
{
	struct store_job *job = store_job_new(STORE_JOB_MAINTENANCE, sizeof(*maintenance));

	if (!job)
		return -ENOMEM;
	job->u.maintenance = (struct maintenance *)(job + 1);
	*job->u.maintenance = *maintenance;
	return submit(store, job);
}

int store_load_maintenance(struct store *store, store_maintenance_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_alerts_load_maintenance(store_db_alerts(store->db), fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_query_alerts(struct store *store, const struct alert_filter *filter, store_alerts_fn *fn,
		       void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_ALERTS, 0);

	assert(fn && filter->limit > 0 && filter->limit <= ALERT_FILTER_MAX);
	if (!job)
		return -ENOMEM;
	job->u.filter = *filter;
	job->alerts_done = fn;
	job->data = data;
	return submit(store, job);
}

int store_query_outages(struct store *store, const struct alert_filter *filter,
			store_outages_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_OUTAGES, 0);

	assert(fn && filter->limit > 0 && filter->limit <= ALERT_FILTER_MAX);
	if (!job)
		return -ENOMEM;
	job->u.filter = *filter;
	job->outages_done = fn;
	job->data = data;
	return submit(store, job);
}

int store_instance(struct store *store, char ret[static STORE_INSTANCE_SIZE])
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_instance(store->db, ret);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_last_alert_id(struct store *store, int64_t *ret)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_alerts_last_id(store_db_alerts(store->db), ret);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_alerts(struct store *store, int64_t since_ms, store_alert_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_alerts_load(store_db_alerts(store->db), since_ms, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_outages(struct store *store, store_outage_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_alerts_load_outages(store_db_alerts(store->db), fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_query_deliveries(struct store *store, const struct delivery_query *query,
			   store_delivery_fn *row_fn, store_done_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_DELIVERIES, 0);

	assert(row_fn && fn);
	if (!job)
		return -ENOMEM;
	job->u.deliveries.query = *query;
	job->u.deliveries.fn = row_fn;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_put_person_change(struct store *store, const struct store_person_change *change,
			    store_done_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_PERSON, sizeof(*change));

	assert(change->audit.at_ms > 0 && change->audit.what[0]);
	if (!job)
		return -ENOMEM;
	job->u.person = (struct store_person_change *)(job + 1);
	*job->u.person = *change;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_query_audit(struct store *store, const struct audit_query *query, store_audit_fn *row_fn,
		      store_done_fn *fn, void *data)
{
	struct store_job *job = store_job_new(STORE_JOB_AUDIT, 0);

	assert(row_fn && fn);
	if (!job)
		return -ENOMEM;
	job->u.audit.query = *query;
	job->u.audit.fn = row_fn;
	job->done = fn;
	job->data = data;
	return submit(store, job);
}

int store_load_people(struct store *store, struct people *ret)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_people_load(store_db_people(store->db), ret);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_last_delivery_id(struct store *store, int64_t *ret)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_deliveries_last_id(store_db_deliveries(store->db), ret);
	pthread_mutex_unlock(&store->db_lock);
	return r;
}

int store_load_deliveries(struct store *store, int64_t first_alert, store_delivery_fn *fn,
			  void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_deliveries_load(store_db_deliveries(store->db), first_alert, fn, data);
	pthread_mutex_unlock(&store->db_lock);
	return r;
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

int store_load_trap_clocks(struct store *store, store_engine_fn *fn, void *data)
{
	int r;

	pthread_mutex_lock(&store->db_lock);
	r = store_db_trap_clocks(store->db, fn, data);
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

/* A collector on a full disk watches with what it has. */
static int open_db(struct store *store)
{
	int r = store_db_open(store->path, &store->db);

	if (r != -ENOSPC)
		return r;
	r = store_db_open_full(store->path, &store->db);
	if (r == 0)
		count_commit(store, -ENOSPC, 0);
	return r;
}

int store_new(struct loop *loop, const struct store_conf *conf, struct store **ret)
{
	cleanup_(store_freep) struct store *store = calloc(1, sizeof(*store));
	struct worker_conf worker = {
		.name = "store",
		.batch_max = BATCH_MAX,
		.end_ms = WORKER_END_MS,
		.run = run_jobs,
		.done = on_done,
		.data = store,
	};
	int r;

	assert(conf->path);
	if (!store)
		return -ENOMEM;
	STAILQ_INIT(&store->kept);
	pthread_mutex_init(&store->lock, NULL);
	pthread_mutex_init(&store->db_lock, NULL);
	store->conf = *conf;
	store->conf.queue_max = conf->queue_max ? conf->queue_max : QUEUE_DEFAULT;
	store->expire_us = loop_now_us() + EXPIRE_EVERY_MS * INT64_C(1000);
	store->path = strdup(conf->path);
	if (!store->path)
		return -ENOMEM;
	worker.queue_max = store->conf.queue_max;
	store->stats.clock_right = true;
	r = open_db(store);
	if (r == 0)
		r = store_db_clock(store->db, &store->clock.right_ms);
	if (r == 0)
		begin_watch(store);
	if (r == 0)
		r = worker_new(loop, &worker, &store->worker);
	if (r < 0)
		return r;
	*ret = steal_ptr(store);
	return 0;
}

struct store *store_free(struct store *store)
{
	if (!store || !worker_end(store->worker))
		return NULL;
	store_db_close(store->db);
	pthread_mutex_destroy(&store->db_lock);
	pthread_mutex_destroy(&store->lock);
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
	pthread_mutex_unlock(&store->lock);
	ret->queued = worker_queued(store->worker) - ret->kept;
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
	GAUGE(clock_right, "1 while the clock may decide what is old enough to be deleted."),
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
