/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queue and the writing thread. What is written for a sample is core/rrd_update.c's,
 * the files are rrd_file.c's business.
 *
 * The loop appends to one array, the thread takes it whole and gives back the empty
 * other: the loop holds the lock for the time of a copy and never waits for a disk.
 */
#include "collector/io/rrd/sink_rrd.h"

#include <errno.h>
#include <pthread.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "collector/core/series/rrd_rra.h"
#include "collector/core/series/rrd_update.h"
#include "collector/core/value/sample.h"
#include "collector/io/rrd/rrd_file.h"
#include "common/base/cleanup.h"
#include "common/system/log.h"

enum {
	QUEUE_MAX = 65536,
	CLOSE_LIMIT_S = 10,
};

struct rrd_entry {
	struct rrd_file *file;
	int64_t time_ms, duration_ms;
	double value[SAMPLE_DS_MAX];
};

struct rrd_queue {
	struct rrd_entry *entries;
	size_t n, size;
};

struct rrd_figures {
	uint64_t put, dropped, written, failed, stale, gaps;
	uint64_t created, connects; /* as the writer counted them last */
	size_t queued;		    /* at the moment when it is told */
};

struct sink_rrd {
	struct sink sink;
	char *dir, *daemon;
	unsigned int queue_max;
	void *files; /* tsearch(3) tree by path; the loop's thread alone */

	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	struct rrd_queue queue;
	size_t writing; /* taken by the thread, not yet written */
	bool stop;
	struct rrd_figures count;

	/* The writing thread's own. */
	struct rrd_queue taken;
	struct rrd_writer writer;
};

static struct sink_rrd *to_rrd(const struct sink *sink)
{
	return (struct sink_rrd *)(uintptr_t)sink;
}

static void count_one(struct sink_rrd *rrd, uint64_t *counter)
{
	pthread_mutex_lock(&rrd->lock);
	(*counter)++;
	pthread_mutex_unlock(&rrd->lock);
}

/* ---- files, on the loop's thread ---- */

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct rrd_file *)a)->path, ((const struct rrd_file *)b)->path);
}

static void free_file(void *file)
{
	rrd_file_free(file);
}

/* The file of a series, remembered in it. NULL when out of memory or nameless. */
static struct rrd_file *file_of(struct sink_rrd *rrd, struct series *series)
{
	struct rrd_file *file, **found;

	if (series->sink_data)
		return series->sink_data;
	file = rrd_file_new(rrd->dir, series);
	if (!file)
		return NULL;
	found = tsearch(file, &rrd->files, compare_files);
	if (found)
		series->sink_data = *found;
	if (!found || *found != file)
		rrd_file_free(file);
	return found ? *found : NULL;
}

static int queue_grow(struct rrd_queue *queue, size_t max)
{
	size_t size = queue->size ? queue->size * 2 : 256;
	struct rrd_entry *entries;

	if (queue->n < queue->size)
		return 0;
	if (queue->n >= max)
		return -ENOBUFS;
	if (size > max)
		size = max;
	entries = reallocarray(queue->entries, size, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	queue->entries = entries;
	queue->size = size;
	return 0;
}

static void sink_rrd_put(struct sink *sink, const struct sample *sample)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct rrd_file *file = file_of(rrd, sample->series);

	pthread_mutex_lock(&rrd->lock);
	rrd->count.put++;
	if (!file || rrd->queue.n + rrd->writing >= rrd->queue_max ||
	    queue_grow(&rrd->queue, rrd->queue_max) < 0) {
		rrd->count.dropped++;
	} else {
		struct rrd_entry *entry = &rrd->queue.entries[rrd->queue.n++];

		*entry = (struct rrd_entry){file, sample->time_ms, sample->duration_ms, {0}};
		memcpy(entry->value, sample->value, file->line.n_ds * sizeof(double));
		pthread_cond_signal(&rrd->wake);
	}
	pthread_mutex_unlock(&rrd->lock);
}

/* ---- writing, on the thread ---- */

/* Opens the file where needed. True: go on; else *ret_done says whether the entry is
 * settled. */
static bool prepare_file(struct sink_rrd *rrd, const struct rrd_entry *entry, int64_t start_ms,
			 bool *ret_done)
{
	int r = start_ms < 1000000 ? -EINVAL : 0;

	if (r == 0 && !entry->file->opened)
		r = rrd_file_open(&rrd->writer, entry->file, start_ms);
	*ret_done = r != -EAGAIN;
	if (r < 0 && r != -EAGAIN)
		count_one(rrd, &rrd->count.failed);
	if (r == 0 && entry->time_ms <= entry->file->line.last_ms) {
		count_one(rrd, &rrd->count.stale);
		r = -EEXIST;
	}
	return r == 0;
}

/* Returns false if the entry should be tried again later (the daemon is away). */
static bool write_entry(struct sink_rrd *rrd, const struct rrd_entry *entry)
{
	struct rrd_timeline *line = &entry->file->line;
	const int64_t start_ms =
		entry->time_ms - (entry->duration_ms > 0 ? entry->duration_ms : line->step_ms);
	struct rrd_update update;
	bool done, gap;
	int r;

	if (!prepare_file(rrd, entry, start_ms, &done))
		return done;
	gap = rrd_timeline_is_gap(line, start_ms);
	rrd_update_plan(&update, line, start_ms, entry->time_ms, entry->value);
	r = rrd_file_write(&rrd->writer, entry->file, &update);
	if (r < 0) {
		if (r != -EAGAIN)
			count_one(rrd, &rrd->count.failed);
		return r != -EAGAIN;
	}
	if (gap)
		count_one(rrd, &rrd->count.gaps);
	memcpy(line->last_value, entry->value, sizeof(line->last_value));
	count_one(rrd, &rrd->count.written);
	return true;
}

/* Waits a second, or until told to stop. Returns true on stop. */
static bool pause_writer(struct sink_rrd *rrd)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&rrd->lock);
	while (!rrd->stop && pthread_cond_timedwait(&rrd->wake, &rrd->lock, &until) == 0)
		;
	stop = rrd->stop;
	pthread_mutex_unlock(&rrd->lock);
	return stop;
}

/* Takes what is queued; false when stopped and empty. */
static bool take_queue(struct sink_rrd *rrd)
{
	struct rrd_queue empty = rrd->taken;
	bool more;

	pthread_mutex_lock(&rrd->lock);
	while (!rrd->queue.n && !rrd->stop)
		pthread_cond_wait(&rrd->wake, &rrd->lock);
	rrd->taken = rrd->queue;
	empty.n = 0;
	rrd->queue = empty;
	rrd->writing = rrd->taken.n;
	more = rrd->taken.n || !rrd->stop;
	pthread_mutex_unlock(&rrd->lock);
	return more;
}

static void entry_done(struct sink_rrd *rrd)
{
	pthread_mutex_lock(&rrd->lock);
	rrd->writing--;
	rrd->count.created = rrd->writer.created;
	rrd->count.connects = rrd->writer.connects;
	pthread_mutex_unlock(&rrd->lock);
}

static void *writer_main(void *data)
{
	struct sink_rrd *rrd = data;

	while (take_queue(rrd)) {
		for (size_t i = 0; i < rrd->taken.n; i++) {
			while (!rrd_writer_connect(&rrd->writer) ||
			       !write_entry(rrd, &rrd->taken.entries[i]))
				if (pause_writer(rrd))
					return NULL;
			entry_done(rrd);
		}
	}
	return NULL;
}

/* ---- the sink ---- */

/* Nothing is ever held back here: the thread writes as soon as there is something. What
 * rrdcached holds back is in its journal, and flushed file by file by those who read
 * (graph_worker.c). */
static void sink_rrd_flush(struct sink *sink)
{
	(void)sink;
}

static void sink_rrd_stats(const struct sink *sink, struct sink_stats *ret)
{
	struct sink_rrd *rrd = to_rrd(sink);

	pthread_mutex_lock(&rrd->lock);
	ret->put = rrd->count.put;
	ret->dropped = rrd->count.dropped;
	ret->failed = rrd->count.failed;
	ret->queued = (unsigned int)(rrd->queue.n + rrd->writing);
	pthread_mutex_unlock(&rrd->lock);
}

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct rrd_figures, field, "pantau_rrd_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(put, "samples", "Samples handed to the RRD sink."),
	COUNTER(written, "written", "Samples written to RRD files."),
	COUNTER(dropped, "dropped", "Samples dropped because the queue was full."),
	COUNTER(failed, "failed", "Samples that librrd or rrdcached refused."),
	COUNTER(stale, "stale", "Samples skipped because they were not later than the last one."),
	COUNTER(gaps, "gaps", "Gaps written as unknown."),
	COUNTER(created, "files_created", "RRD files created."),
	COUNTER(connects, "connects", "Connections made to rrdcached."),
	STATS_GAUGE(struct rrd_figures, queued, "pantau_rrd_queue",
		    "Samples waiting to be written."),
};

void sink_rrd_emit_stats(void *sink, stats_emit_fn *emit, void *emit_data)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct rrd_figures figures;

	pthread_mutex_lock(&rrd->lock);
	figures = rrd->count;
	figures.queued = rrd->queue.n + rrd->writing;
	pthread_mutex_unlock(&rrd->lock);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &figures, emit, emit_data);
}

static void free_rrd(struct sink_rrd *rrd)
{
	if (rrd->files)
		tdestroy(rrd->files, free_file);
	free(rrd->queue.entries);
	free(rrd->taken.entries);
	free(rrd->dir);
	free(rrd->daemon);
	free(rrd);
}

static void free_rrdp(struct sink_rrd **rrd)
{
	if (*rrd)
		free_rrd(*rrd);
}

static struct sink *sink_rrd_close(struct sink *sink)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct timespec until;

	if (!sink)
		return NULL;
	pthread_mutex_lock(&rrd->lock);
	rrd->stop = true;
	pthread_cond_signal(&rrd->wake);
	pthread_mutex_unlock(&rrd->lock);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += CLOSE_LIMIT_S;
	if (pthread_clockjoin_np(rrd->thread, NULL, CLOCK_MONOTONIC, &until) != 0) {
		/* A disk that hangs holds the thread; its memory must then stay. */
		log_error("rrd", "action=close err=\"still writing after %d s\" lost=%zu",
			  CLOSE_LIMIT_S, rrd->queue.n + rrd->writing);
		pthread_detach(rrd->thread);
		return NULL;
	}
	if (rrd->queue.n + rrd->writing)
		log_error("rrd", "action=close err=\"rrdcached away\" lost=%zu",
			  rrd->queue.n + rrd->writing);
	rrd_writer_disconnect(&rrd->writer);
	pthread_cond_destroy(&rrd->wake);
	pthread_mutex_destroy(&rrd->lock);
	free_rrd(rrd);
	return NULL;
}

static const struct sink_ops SINK_RRD_OPS = {
	.name = "rrd",
	.put = sink_rrd_put,
	.flush = sink_rrd_flush,
	.stats = sink_rrd_stats,
	.close = sink_rrd_close,
};

static int parse_rras(const char *const *texts, struct rrd_rra_list *ret)
{
	for (; texts && *texts; texts++) {
		if (ret->n == RRD_RRA_MAX || rrd_rra_parse(*texts, &ret->rras[ret->n]) < 0)
			return -EINVAL;
		ret->n++;
	}
	return 0;
}

static int set_conf(struct sink_rrd *rrd, const struct sink_rrd_conf *conf)
{
	const bool given = conf->rras && conf->rras[0];

	rrd->sink.ops = &SINK_RRD_OPS;
	rrd->queue_max = conf->queue_max ? conf->queue_max : QUEUE_MAX;
	rrd->dir = strdup(conf->dir);
	if (conf->daemon && *conf->daemon)
		rrd->daemon = strdup(conf->daemon);
	rrd->writer.daemon = rrd->daemon;
	if (!rrd->dir || (conf->daemon && *conf->daemon && !rrd->daemon))
		return -ENOMEM;
	if (parse_rras(given ? conf->rras : rrd_rra_default_traffic(), &rrd->writer.traffic_rras) <
		    0 ||
	    parse_rras(given ? conf->rras : rrd_rra_default_other(), &rrd->writer.other_rras) < 0)
		return -EINVAL;
	return 0;
}

static int start_writer(struct sink_rrd *rrd)
{
	pthread_condattr_t attr;
	int r;

	pthread_mutex_init(&rrd->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&rrd->wake, &attr);
	pthread_condattr_destroy(&attr);
	r = pthread_create(&rrd->thread, NULL, writer_main, rrd);
	return -r;
}

int sink_rrd_new(const struct sink_rrd_conf *conf, struct sink **ret)
{
	cleanup_(free_rrdp) struct sink_rrd *rrd = calloc(1, sizeof(*rrd));
	int r;

	if (!rrd)
		return -ENOMEM;
	r = set_conf(rrd, conf);
	if (r < 0)
		return r;
	if (mkdir(rrd->dir, 0750) < 0 && errno != EEXIST)
		return -errno;
	r = start_writer(rrd);
	if (r < 0)
		return r;
	*ret = &steal_ptr(rrd)->sink;
	return 0;
}
