/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pool: who draws what, how long it may take, and what becomes of a worker that dies.
 * What a picture looks like is codec/graph/graph_args.c's, drawing is graph_draw.c's, starting
 * and killing collector/io/starter/starter.c's business.
 *
 * A worker has one request at a time; the rest waits here in order, so a worker's death
 * costs one request.
 */
#include "collector/io/graph/graph_pool.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/io/graph/graph_proto.h"
#include "collector/io/starter/starter.h"
#include "common/base/cleanup.h"
#include "common/base/queue.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	WORKERS_MAX = STARTER_WORKERS_MAX,
	RESPAWN_US = 10000,
	RESPAWN_SLOW_US = 1000000, /* of one that did not live that long, or could not be started */
	FLUSH_LIMIT_US = 1000000,
};

/* Somebody else's promise to call: it may outlive the job. */
struct graph_flush {
	struct graph_job *job; /* NULL: it does not wait any more */
};

struct graph_job {
	TAILQ_ENTRY(graph_job) entry;
	struct graph_flush
		*flush; /* in the list of those that wait for their files; NULL: in the other */
	int64_t put_us;
	struct graph_pool *pool;
	struct graph_request request;
	graph_done_fn *fn; /* NULL: cancelled while being drawn */
	void *data;
};
TAILQ_HEAD(graph_jobs, graph_job);

struct graph_process {
	struct graph_pool *pool;
	unsigned int number; /* the starter's */
	int fd;		     /* -1: not running */
	int64_t started_us;
	struct loop_fd *watch;
	struct loop_timer *limit;
	struct graph_job *job; /* NULL: idle */
	union {
		struct graph_reply reply;
		char octets[sizeof(struct graph_reply)];
	} head;
	size_t head_len;
	char *body;
	size_t body_len;
};

struct graph_figures {
	uint64_t requests, done, no_file, failed, crashed, timeouts, refused, cancelled, starts,
		recycled;
	unsigned int workers, queued; /* of the moment when they are told */
};

struct graph_pool {
	struct loop *loop;
	char *argv[6];		 /* of pantau-graph-worker */
	struct starter *starter; /* NULL: died */
	bool starter_told;
	unsigned int n_processes, queue_max, waiting;
	int64_t limit_us;
	struct graph_process processes[WORKERS_MAX];
	struct graph_jobs jobs, flushing;
	struct loop_timer *tend;	/* starts what is missing */
	struct loop_timer *flush_limit; /* of those that wait for their files */
	int (*flush)(void *data, const char *device_id, void (*done)(void *data), void *done_data);
	void *data; /* of flush */
	struct graph_figures count;
};

/* ---- processes ---- */

/* Ends the process, whatever it is doing; the job is the caller's business. */
static void process_stop(struct graph_process *process)
{
	struct graph_pool *pool = process->pool;

	if (process->fd < 0)
		return;
	loop_timer_disarm(process->limit);
	process->watch = loop_fd_free(process->watch);
	close(process->fd);
	process->fd = -1;
	if (pool->starter)
		starter_kill(pool->starter, process->number);
	process->head_len = 0;
	process->body_len = 0;
	free(process->body);
	process->body = NULL;
	loop_timer_arm(pool->tend, loop_now_us() - process->started_us < RESPAWN_SLOW_US
					   ? RESPAWN_SLOW_US
					   : RESPAWN_US);
}

static void finish_job(struct graph_process *process, enum graph_outcome outcome, const void *body,
		       size_t len)
{
	struct graph_job *job = process->job;
	graph_done_fn *fn = job->fn;
	void *data = job->data;

	assert(job && job->pool == process->pool);
	process->job = NULL;
	free(job);
	if (fn)
		fn(data, outcome, body, len);
}

static void on_limit(void *data)
{
	struct graph_process *process = data;

	assert(process->job);
	process->pool->count.timeouts++;
	log_warn("graph", "worker=%u device=%s object=%s err=\"time limit\"", process->number,
		 process->job->request.device_id, process->job->request.object);
	process_stop(process);
	finish_job(process, GRAPH_OUTCOME_TIMEOUT, "", 0);
}

static void dispatch(struct graph_pool *pool);

static void reply_complete(struct graph_process *process)
{
	struct graph_pool *pool = process->pool;
	cleanup_free char *body = steal_ptr(process->body);
	const size_t len = process->body_len;
	uint32_t outcome = process->head.reply.outcome;

	if (outcome > GRAPH_OUTCOME_FAILED)
		outcome = GRAPH_OUTCOME_FAILED;
	if (outcome == GRAPH_OUTCOME_OK)
		pool->count.done++;
	else if (outcome == GRAPH_OUTCOME_NO_FILE)
		pool->count.no_file++;
	else
		pool->count.failed++;
	loop_timer_disarm(process->limit);
	process->head_len = 0;
	process->body_len = 0;
	finish_job(process, (enum graph_outcome)outcome, body, len);
	dispatch(pool);
}

/* Reads what is there. Returns 1 when the reply is whole, 0 to wait, -1 when the worker
 * is gone or mad. */
static int read_reply(struct graph_process *process)
{
	for (;;) {
		const bool in_head = process->head_len < sizeof(process->head);
		char *to = in_head ? process->head.octets + process->head_len
				   : process->body + process->body_len;
		size_t want = in_head ? sizeof(process->head) - process->head_len
				      : process->head.reply.len - process->body_len;
		ssize_t n;

		if (!in_head && want == 0)
			return 1;
		n = recv(process->fd, to, want, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0 || !process->job)
			return -1;
		if (!in_head) {
			process->body_len += (size_t)n;
			continue;
		}
		process->head_len += (size_t)n;
		if (process->head_len < sizeof(process->head))
			continue;
		if (process->head.reply.magic != GRAPH_PROTO_MAGIC ||
		    process->head.reply.len > GRAPH_BODY_MAX)
			return -1;
		process->body = malloc(process->head.reply.len + 1);
		if (!process->body)
			return -1;
	}
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct graph_process *process = data;
	const int r = read_reply(process);

	assert(fd == process->fd);
	(void)fd;
	(void)what;
	if (r > 0) {
		reply_complete(process);
	} else if (r < 0) {
		struct graph_pool *pool = process->pool;
		const bool idle = !process->job;

		process_stop(process);
		if (idle) {
			pool->count.recycled++;
			return;
		}
		pool->count.crashed++;
		log_warn("graph", "worker=%u device=%s object=%s err=\"worker died while drawing\"",
			 process->number, process->job->request.device_id,
			 process->job->request.object);
		finish_job(process, GRAPH_OUTCOME_CRASHED, "", 0);
	}
}

/* The starter, when it has died. In a sandbox no other can be had. */
static int starter_again(struct graph_pool *pool)
{
	const int r = pool->starter ? 0 : starter_new(pool->argv, environ, &pool->starter);

	if (r < 0 && !pool->starter_told)
		log_error("graph",
			  "worker=%s err=\"the process that starts workers died: %s\" "
			  "right=\"restart the collector, or graphs stay away\"",
			  pool->argv[0], strerror(-r));
	pool->starter_told = r < 0;
	return r;
}

static int process_start(struct graph_process *process)
{
	struct graph_pool *pool = process->pool;
	int r = starter_again(pool);

	assert(process->fd < 0 && !process->watch);
	if (r == 0)
		r = starter_start(pool->starter, process->number);
	if (r == -EPIPE || r == -ECONNRESET)
		pool->starter = starter_free(pool->starter);
	if (r < 0)
		return r;
	process->fd = r;
	process->started_us = loop_now_us();
	r = loop_fd_new(pool->loop, process->fd, LOOP_READ, on_readable, process, &process->watch);
	if (r < 0)
		process_stop(process);
	else
		pool->count.starts++;
	return r;
}

/* ---- jobs ---- */

static void process_give(struct graph_process *process, struct graph_job *job)
{
	struct graph_pool *pool = process->pool;

	assert(process->fd >= 0 && !process->job && pool->waiting > 0);
	TAILQ_REMOVE(&pool->jobs, job, entry);
	pool->waiting--;
	process->job = job;
	loop_timer_arm(process->limit, pool->limit_us);
	/* The socket is empty and holds far more than a request: anything but the whole
	 * means a dead worker, and then its end of file follows. */
	if (send(process->fd, &job->request, sizeof(job->request), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_debug("graph", "worker=%u err=\"%s\"", process->number, strerror(errno));
}

static void dispatch(struct graph_pool *pool)
{
	for (unsigned int i = 0; i < pool->n_processes && !TAILQ_EMPTY(&pool->jobs); i++) {
		struct graph_process *process = &pool->processes[i];

		if (process->fd >= 0 && !process->job)
			process_give(process, TAILQ_FIRST(&pool->jobs));
	}
}

/* ---- what waits for its files ---- */

/* It waits no more for its files, but for a process. */
static void end_flush(struct graph_job *job)
{
	job->flush->job = NULL;
	job->flush = NULL;
	TAILQ_REMOVE(&job->pool->flushing, job, entry);
	TAILQ_INSERT_TAIL(&job->pool->jobs, job, entry);
}

static void on_flushed(void *data)
{
	cleanup_free struct graph_flush *flush = data;
	struct graph_job *job = flush->job;

	if (!job)
		return;
	end_flush(job);
	dispatch(job->pool);
}

static void on_flush_limit(void *data)
{
	struct graph_pool *pool = data;
	const int64_t before_us = loop_now_us() - FLUSH_LIMIT_US;
	struct graph_job *job;

	while ((job = TAILQ_FIRST(&pool->flushing)) && job->put_us <= before_us)
		end_flush(job);
	if (job)
		loop_timer_arm(pool->flush_limit, job->put_us - before_us);
	dispatch(pool);
}

/* False: nothing is to be waited for. */
static bool begin_flush(struct graph_job *job)
{
	struct graph_pool *pool = job->pool;
	struct graph_flush *flush = pool->flush ? malloc(sizeof(*flush)) : NULL;

	if (!flush)
		return false;
	flush->job = job;
	if (pool->flush(pool->data, job->request.device_id, on_flushed, flush) < 0) {
		free(flush);
		return false;
	}
	job->flush = flush;
	job->put_us = loop_now_us();
	if (TAILQ_EMPTY(&pool->flushing))
		loop_timer_arm(pool->flush_limit, FLUSH_LIMIT_US);
	TAILQ_INSERT_TAIL(&pool->flushing, job, entry);
	return true;
}

static void forget_job(struct graph_job *job)
{
	struct graph_pool *pool = job->pool;

	if (job->flush)
		end_flush(job);
	TAILQ_REMOVE(&pool->jobs, job, entry);
	pool->waiting--;
	free(job);
}

static void on_tend(void *data)
{
	struct graph_pool *pool = data;
	int r;

	for (unsigned int i = 0; i < pool->n_processes; i++) {
		if (pool->processes[i].fd >= 0)
			continue;
		r = process_start(&pool->processes[i]);
		if (r < 0 && pool->starter)
			log_error("graph", "worker=%u err=\"%s\"", i, strerror(-r));
		if (r < 0)
			loop_timer_arm(pool->tend, RESPAWN_SLOW_US);
	}
	if (!pool->starter) {
		struct graph_job *job;

		/* Without a starter nobody will ever take them. */
		while ((job = TAILQ_FIRST(&pool->jobs))) {
			graph_done_fn *fn = job->fn;
			void *fn_data = job->data;

			forget_job(job);
			pool->count.crashed++;
			fn(fn_data, GRAPH_OUTCOME_CRASHED, "", 0);
		}
	}
	dispatch(pool);
}

int graph_pool_draw(struct graph_pool *pool, const struct graph_request *request, graph_done_fn *fn,
		    void *data, struct graph_job **ret)
{
	struct graph_job *job;

	loop_assert_thread(pool->loop);
	pool->count.requests++;
	if (pool->waiting >= pool->queue_max || !pool->starter) {
		pool->count.refused++;
		return -EAGAIN;
	}
	job = calloc(1, sizeof(*job));
	if (!job)
		return -ENOMEM;
	job->pool = pool;
	job->request = *request;
	job->request.magic = GRAPH_PROTO_MAGIC;
	job->fn = fn;
	job->data = data;
	pool->waiting++;
	if (ret)
		*ret = job;
	if (!begin_flush(job)) {
		TAILQ_INSERT_TAIL(&pool->jobs, job, entry);
		dispatch(pool);
	}
	return 0;
}

void graph_job_cancel(struct graph_job *job)
{
	struct graph_pool *pool = job->pool;

	loop_assert_thread(pool->loop);
	assert(job->fn);
	pool->count.cancelled++;
	for (unsigned int i = 0; i < pool->n_processes; i++) {
		if (pool->processes[i].job == job) {
			job->fn = NULL;
			return;
		}
	}
	forget_job(job);
}

/* ---- the pool ---- */

static char *copy_or_dash(const char *text)
{
	return strdup(text && *text ? text : "-");
}

static int set_conf(struct graph_pool *pool, const struct graph_pool_conf *conf)
{
	pool->n_processes = conf->workers ? conf->workers : 2;
	if (pool->n_processes > WORKERS_MAX)
		pool->n_processes = WORKERS_MAX;
	pool->queue_max = conf->queue_max ? conf->queue_max : 128;
	pool->limit_us = (conf->time_limit_ms > 0 ? conf->time_limit_ms : 5000) * 1000;
	pool->argv[0] =
		conf->worker ? strdup(conf->worker) : starter_program("pantau-graph-worker");
	pool->argv[1] = strdup(conf->rrd_dir);
	pool->argv[2] = copy_or_dash(conf->daemon);
	pool->argv[3] = copy_or_dash(conf->timezone);
	pool->argv[4] = copy_or_dash(conf->sandbox ? "sandbox" : NULL);
	for (size_t i = 0; i < ARRAY_LEN(pool->argv) - 1; i++)
		if (!pool->argv[i])
			return -ENOMEM;
	return 0;
}

int graph_pool_new(struct loop *loop, const struct graph_pool_conf *conf, struct graph_pool **ret)
{
	cleanup_(graph_pool_freep) struct graph_pool *pool = calloc(1, sizeof(*pool));
	int r;

	assert(conf->rrd_dir);
	if (!pool)
		return -ENOMEM;
	pool->loop = loop;
	TAILQ_INIT(&pool->jobs);
	TAILQ_INIT(&pool->flushing);
	pool->flush = conf->flush;
	pool->data = conf->data;
	r = set_conf(pool, conf);
	for (unsigned int i = 0; i < pool->n_processes; i++) {
		pool->processes[i].pool = pool;
		pool->processes[i].number = i;
		pool->processes[i].fd = -1;
	}
	if (r == 0 && access(pool->argv[0], X_OK) < 0)
		r = -errno;
	if (r == 0)
		r = starter_new(pool->argv, environ, &pool->starter);
	if (r == 0)
		r = loop_timer_new(loop, on_tend, pool, &pool->tend);
	if (r == 0)
		r = loop_timer_new(loop, on_flush_limit, pool, &pool->flush_limit);
	for (unsigned int i = 0; i < pool->n_processes && r == 0; i++) {
		r = loop_timer_new(loop, on_limit, &pool->processes[i], &pool->processes[i].limit);
		if (r == 0)
			r = process_start(&pool->processes[i]);
	}
	if (r < 0) {
		log_error("graph", "worker=%s err=\"%s\"", pool->argv[0] ? pool->argv[0] : "",
			  strerror(-r));
		return r;
	}
	*ret = steal_ptr(pool);
	return 0;
}

struct graph_pool *graph_pool_free(struct graph_pool *pool)
{
	struct graph_job *job;

	if (!pool)
		return NULL;
	loop_assert_thread(pool->loop);
	for (unsigned int i = 0; i < pool->n_processes; i++) {
		process_stop(&pool->processes[i]);
		free(pool->processes[i].job);
		loop_timer_free(pool->processes[i].limit);
	}
	while ((job = TAILQ_FIRST(&pool->flushing)))
		forget_job(job);
	while ((job = TAILQ_FIRST(&pool->jobs)))
		forget_job(job);
	starter_free(pool->starter);
	loop_timer_free(pool->tend);
	loop_timer_free(pool->flush_limit);
	for (size_t i = 0; i < ARRAY_LEN(pool->argv); i++)
		free(pool->argv[i]);
	free(pool);
	return NULL;
}

void graph_pool_freep(struct graph_pool **pool)
{
	*pool = graph_pool_free(*pool);
}

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct graph_figures, field, "pantau_graph_" name, help)
#define GAUGE(field, name, help)                                                                   \
	STATS_GAUGE(struct graph_figures, field, "pantau_graph_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(requests, "requests", "Graphs and series asked for."),
	COUNTER(done, "done", "Graphs and series delivered."),
	COUNTER(no_file, "no_file", "Graphs of series that were never stored."),
	COUNTER(failed, "failed", "Graphs that librrd refused."),
	COUNTER(crashed, "crashes", "Workers that died while drawing."),
	COUNTER(timeouts, "timeouts", "Workers killed at the time limit."),
	COUNTER(refused, "refused", "Graphs refused because the queue was full."),
	COUNTER(cancelled, "cancelled", "Graphs whose client went away."),
	COUNTER(starts, "worker_starts", "Workers started."),
	COUNTER(recycled, "workers_recycled", "Workers that ended after their last request."),
	GAUGE(workers, "workers", "Workers running."),
	GAUGE(queued, "queue", "Graphs waiting for a worker."),
};

void graph_pool_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	const struct graph_pool *pool = data;
	struct graph_figures figures = pool->count;

	for (unsigned int i = 0; i < pool->n_processes; i++)
		figures.workers += pool->processes[i].fd >= 0;
	figures.queued = pool->waiting;
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &figures, emit, emit_data);
}
