/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samples to a worker that writes them. What is written for a sample is core/series/rrd_update.c's,
 * the files are rrd_file.c's business.
 */
#include "collector/io/rrd/sink_rrd.h"

#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/core/series/rrd_rra.h"
#include "collector/core/series/rrd_update.h"
#include "collector/core/value/sample.h"
#include "collector/io/rrd/rrd_file.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/loop/worker.h"

enum {
	QUEUE_MAX = 65536,
	BATCH_MAX = 64,
	RETRY_US = 1000000, /* while rrdcached is away */
};

enum rrd_result { RRD_WRITTEN, RRD_FAILED, RRD_STALE };

struct rrd_entry {
	struct worker_job job; /* first: it is what the worker knows */
	struct rrd_file *file;
	int64_t time_ms, duration_ms;
	/* what came of it, and what the writer had counted by then */
	enum rrd_result result;
	bool gap;
	uint64_t created, connects;
	double value[]; /* as many as the file has data sources */
};

struct rrd_figures {
	uint64_t put, dropped, written, failed, stale, gaps;
	uint64_t created, connects;
	unsigned int queued; /* at the moment when it is told */
};

struct sink_rrd {
	struct sink sink;
	char *dir, *daemon;
	void *files; /* tsearch(3) tree by path */
	struct worker *worker;
	struct rrd_figures count;

	/* The writing thread's own. */
	struct worker_jobs waiting; /* for rrdcached */
	int64_t retry_us;
	struct rrd_writer writer;
};

static struct sink_rrd *to_rrd(const struct sink *sink)
{
	return (struct sink_rrd *)(uintptr_t)sink;
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

static int put(struct sink_rrd *rrd, const struct sample *sample)
{
	struct rrd_file *file = file_of(rrd, sample->series);
	const size_t size = file ? file->line.n_ds * sizeof(double) : 0;
	struct rrd_entry *entry = file ? malloc(sizeof(*entry) + size) : NULL;
	int r;

	if (!entry)
		return -ENOMEM;
	*entry = (struct rrd_entry){
		.file = file, .time_ms = sample->time_ms, .duration_ms = sample->duration_ms};
	memcpy(entry->value, sample->value, size);
	r = worker_put(rrd->worker, &entry->job);
	if (r < 0)
		free(entry);
	return r;
}

static void sink_rrd_put(struct sink *sink, const struct sample *sample)
{
	struct sink_rrd *rrd = to_rrd(sink);

	rrd->count.put++;
	rrd->count.dropped += put(rrd, sample) < 0;
}

static void on_written(void *data, struct worker_job *job)
{
	struct rrd_entry *entry = (struct rrd_entry *)job;
	struct sink_rrd *rrd = data;

	if (job->err == 0) {
		rrd->count.written += entry->result == RRD_WRITTEN;
		rrd->count.failed += entry->result == RRD_FAILED;
		rrd->count.stale += entry->result == RRD_STALE;
		rrd->count.gaps += entry->gap;
		rrd->count.created = entry->created;
		rrd->count.connects = entry->connects;
	}
	free(entry);
}

/* ---- writing, on the thread ---- */

/* Returns -EAGAIN if it should be tried again later (the daemon is away), else 0 with the result set. */
static int write_entry(struct sink_rrd *rrd, struct rrd_entry *entry)
{
	struct rrd_timeline *line = &entry->file->line;
	const int64_t start_ms =
		entry->time_ms - (entry->duration_ms > 0 ? entry->duration_ms : line->step_ms);
	struct rrd_update update;
	int r = start_ms < 1000000 ? -EINVAL : 0;

	entry->result = RRD_FAILED;
	if (r == 0 && !entry->file->opened)
		r = rrd_file_open(&rrd->writer, entry->file, start_ms);
	if (r < 0)
		return r == -EAGAIN ? r : 0;
	if (entry->time_ms <= line->last_ms) {
		entry->result = RRD_STALE;
		return 0;
	}
	entry->gap = rrd_timeline_is_gap(line, start_ms);
	rrd_update_plan(&update, line, start_ms, entry->time_ms, entry->value);
	r = rrd_file_write(&rrd->writer, entry->file, &update);
	if (r < 0) {
		entry->gap = false;
		return r == -EAGAIN ? r : 0;
	}
	entry->result = RRD_WRITTEN;
	memcpy(line->last_value, entry->value, line->n_ds * sizeof(double));
	return 0;
}

static int write_waiting(struct sink_rrd *rrd, struct worker_jobs *ret_done)
{
	struct worker_job *job;

	while ((job = STAILQ_FIRST(&rrd->waiting))) {
		struct rrd_entry *entry = (struct rrd_entry *)job;

		if (!rrd_writer_connect(&rrd->writer) || write_entry(rrd, entry) < 0)
			return -EAGAIN;
		entry->created = rrd->writer.created;
		entry->connects = rrd->writer.connects;
		STAILQ_REMOVE_HEAD(&rrd->waiting, entry);
		STAILQ_INSERT_TAIL(ret_done, job, entry);
	}
	return 0;
}

static int64_t write_entries(void *data, struct worker_jobs *jobs, bool ending)
{
	struct sink_rrd *rrd = data;
	const int64_t now_us = loop_now_us();

	STAILQ_CONCAT(&rrd->waiting, jobs);
	if (!ending && now_us < rrd->retry_us)
		return (rrd->retry_us - now_us + 999) / 1000;
	if (write_waiting(rrd, jobs) == 0)
		return WORKER_IDLE;
	if (ending) {
		struct worker_job *job;

		STAILQ_FOREACH (job, &rrd->waiting, entry)
			job->err = -ECANCELED;
		STAILQ_CONCAT(jobs, &rrd->waiting);
		return WORKER_IDLE;
	}
	rrd->retry_us = loop_now_us() + RETRY_US;
	return RETRY_US / 1000;
}

/* ---- the sink ---- */

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

static void sink_rrd_emit_stats(const struct sink *sink, stats_emit_fn *emit, void *emit_data)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct rrd_figures figures = rrd->count;

	figures.queued = worker_queued(rrd->worker);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &figures, emit, emit_data);
}

/* Accepts what is half made. */
static struct sink *sink_rrd_close(struct sink *sink)
{
	struct sink_rrd *rrd = to_rrd(sink);

	if (!sink || !worker_end(rrd->worker))
		return NULL;
	rrd_writer_disconnect(&rrd->writer);
	if (rrd->files)
		tdestroy(rrd->files, free_file);
	free(rrd->dir);
	free(rrd->daemon);
	free(rrd);
	return NULL;
}

static void closep(struct sink_rrd **rrd)
{
	if (*rrd)
		sink_rrd_close(&(*rrd)->sink);
}

static const struct sink_ops SINK_RRD_OPS = {
	.put = sink_rrd_put,
	.emit_stats = sink_rrd_emit_stats,
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

int sink_rrd_new(struct loop *loop, const struct sink_rrd_conf *conf, struct sink **ret)
{
	cleanup_(closep) struct sink_rrd *rrd = calloc(1, sizeof(*rrd));
	const struct worker_conf worker = {
		.name = "rrd",
		.queue_max = conf->queue_max ? conf->queue_max : QUEUE_MAX,
		.batch_max = BATCH_MAX,
		.end_ms = WORKER_END_MS,
		.run = write_entries,
		.done = on_written,
		.data = rrd,
	};
	int r;

	if (!rrd)
		return -ENOMEM;
	STAILQ_INIT(&rrd->waiting);
	r = set_conf(rrd, conf);
	if (r < 0)
		return r;
	if (mkdir(rrd->dir, 0750) < 0 && errno != EEXIST)
		return -errno;
	r = worker_new(loop, &worker, &rrd->worker);
	if (r < 0)
		return r;
	*ret = &steal_ptr(rrd)->sink;
	return 0;
}
