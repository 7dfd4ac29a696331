/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A thread for what the loop must not wait for: disks, the derivation of keys. The loop puts
 * jobs into a bounded queue, the thread does them in their order, and each comes back to the
 * loop when it is done. A worker has no lock of its user's: what a job points to is the
 * thread's until the job is back, all else is the loop's.
 *
 * The end is the same for all: what is queued, and what its completion brings, is done within
 * end_ms. What is not done by then is given up, and the log names the worker and the number.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "common/base/queue.h"

struct loop;
struct worker;

/* Part of what is to be done, zeroed before it is put. From then on the worker's, until done() has it. */
struct worker_job {
	STAILQ_ENTRY(worker_job) entry;
	const struct worker *owner; /* the worker's mark, not for its users */
	int err;		    /* of run(); -ECANCELED: given up at the end */
};
STAILQ_HEAD(worker_jobs, worker_job);

enum {
	WORKER_IDLE = -1,
	WORKER_END_MS = 10000, /* for what is written to disks */
};

/*
 * On the thread: does jobs. Those that are in the list at its return are done. It may take some out and keep them for
 * a later call, but for none when the end has come (ending): then it does them or sets err to -ECANCELED.
 * Returns after how many milliseconds it wants to be called although nothing was put (with an empty list, if so), or
 * WORKER_IDLE. At the end it is called at least once.
 */
typedef int64_t worker_run_fn(void *data, struct worker_jobs *jobs, bool ending);
/* On the loop's thread, not from within another call: the job is the owner's again. */
typedef void worker_done_fn(void *data, struct worker_job *job);

struct worker_conf {
	const char *name;	/* of the thread and in the log: a literal of at most 15 octets */
	unsigned int queue_max; /* jobs that were put and are not back, wherever they are */
	unsigned int batch_max; /* jobs of one call of run */
	/* Of all workers together, below the unit's TimeoutStopSec. */
	int64_t end_ms;
	/* At the end nobody wants what is queued: it comes back with -ECANCELED at once, and only what is under way is
	 * waited for. */
	bool drop;
	/* The thread is made for the first job, and ends when the queue is empty: one that came before its process gave
	 * up privileges would keep them. run returns WORKER_IDLE. Where no thread can be had the loop's does the work. */
	bool short_lived;
	worker_run_fn *run;
	worker_done_fn *done;
	void *data;
};

/* On the thread that will run the loop; so for all calls but run. conf is copied. 0 or negative errno. */
must_check_ int worker_new(struct loop *loop, const struct worker_conf *conf, struct worker **ret);
/*
 * Ends as above and frees the worker; accepts NULL. Jobs come back before it returns, all that were put if it returns
 * true. If false, the thread hangs (in a disk, most likely): what run may touch, and the jobs that it has, must stay as they
 * are, for it may go on at any time. Not from done().
 */
must_check_ bool worker_end(struct worker *worker);

/* 0; -EAGAIN: the queue is full; -ESHUTDOWN: the worker has ended. On failure the job stays the caller's. */
must_check_ int worker_put(struct worker *worker, struct worker_job *job);
/* Jobs that were put and are not back. */
unsigned int worker_queued(const struct worker *worker);
