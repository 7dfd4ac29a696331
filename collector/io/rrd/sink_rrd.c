/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samples to a worker that writes them. What is written for a sample is core/series/rrd_update.c's,
 * the files are rrd_file.c's business.
 */
#include "collector/io/rrd/sink_rrd.h"

#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/core/series/rrd_rra.h"
#include "collector/core/value/sample.h"
#include "collector/io/rrd/rrd_file.h"
#include "collector/io/rrd/rrd_writeback.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/loop/worker.h"

enum {
	QUEUE_MAX = 65536,
	BATCH_MAX = 256,
	FLUSH_US = 500000, /* who reads does not wait for longer */
	END_US = 7000000,  /* of the ten seconds at the end; the journal has the rest */
};

enum entry_kind { ENTRY_START, ENTRY_SAMPLE, ENTRY_FLUSH };

/* What the thread is to do. */
struct rrd_entry {
	struct worker_job job; /* first: it is what the worker knows */
	enum entry_kind kind;
	/* of a sample */
	struct rrd_file *file;
	int64_t time_ms, duration_ms;
	/* of a flush */
	char device_id[64]; /* "": all */
	void (*done)(void *data);
	void *data;
	double value[]; /* as many as the file has data sources */
};

struct rrd_figures {
	uint64_t put, dropped;
	unsigned int queued; /* at the moment when it is told */
};

struct sink_rrd {
	struct sink sink;
	char *dir, *daemon;
	void *files; /* tsearch(3) tree by path */
	struct worker *worker;
	struct rrd_figures count;
	struct rrd_writeback *writeback; /* the thread's own, but for its figures */
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
	*entry = (struct rrd_entry){.kind = ENTRY_SAMPLE,
				    .file = file,
				    .time_ms = sample->time_ms,
				    .duration_ms = sample->duration_ms};
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

static int sink_rrd_flush(struct sink *sink, const char *device_id, void (*done)(void *data),
			  void *data)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct rrd_entry *entry = calloc(1, sizeof(*entry));
	int r;

	if (!entry)
		return -ENOMEM;
	*entry = (struct rrd_entry){.kind = ENTRY_FLUSH, .done = done, .data = data};
	snprintf(entry->device_id, sizeof(entry->device_id), "%s", device_id ? device_id : "");
	r = worker_put(rrd->worker, &entry->job);
	if (r < 0)
		free(entry);
	return r;
}

static void on_done(void *data, struct worker_job *job)
{
	struct rrd_entry *entry = (struct rrd_entry *)job;

	(void)data;
	if (entry->done)
		entry->done(entry->data);
	free(entry);
}

/* ---- on the thread ---- */

static void do_entry(struct rrd_writeback *writeback, const struct rrd_entry *entry)
{
	switch (entry->kind) {
	case ENTRY_START:
		rrd_writeback_replay(writeback);
		break;
	case ENTRY_SAMPLE:
		rrd_writeback_put(writeback, entry->file, entry->time_ms, entry->duration_ms,
				  entry->value);
		break;
	case ENTRY_FLUSH:
		rrd_writeback_flush(writeback, entry->device_id[0] ? entry->device_id : NULL,
				    loop_now_us() + (entry->device_id[0] ? FLUSH_US : END_US));
		break;
	}
}

static int64_t do_entries(void *data, struct worker_jobs *jobs, bool ending)
{
	struct sink_rrd *rrd = data;
	const struct worker_job *job;

	STAILQ_FOREACH (job, jobs, entry)
		do_entry(rrd->writeback, (const struct rrd_entry *)job);
	if (!ending)
		return rrd_writeback_run(rrd->writeback, loop_now_us());
	rrd_writeback_end(rrd->writeback, loop_now_us() + END_US);
	return WORKER_IDLE;
}

/* ---- the sink ---- */

static const struct stats_row ROWS[] = {
	STATS_COUNTER(struct rrd_figures, put, "pantau_rrd_samples",
		      "Samples handed to the RRD sink."),
	STATS_COUNTER(struct rrd_figures, dropped, "pantau_rrd_dropped",
		      "Samples dropped because the queue was full."),
	STATS_GAUGE(struct rrd_figures, queued, "pantau_rrd_queue",
		    "Samples on their way to the writing thread."),
};

static void sink_rrd_emit_stats(const struct sink *sink, stats_emit_fn *emit, void *emit_data)
{
	struct sink_rrd *rrd = to_rrd(sink);
	struct rrd_figures figures = rrd->count;

	figures.queued = worker_queued(rrd->worker);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &figures, emit, emit_data);
	rrd_writeback_emit_stats(rrd->writeback, emit, emit_data);
}

/* Accepts what is half made. */
static struct sink *sink_rrd_close(struct sink *sink)
{
	struct sink_rrd *rrd = to_rrd(sink);

	if (!sink || !worker_end(rrd->worker))
		return NULL;
	rrd_writeback_free(rrd->writeback);
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
	.flush = sink_rrd_flush,
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
	struct rrd_writeback_conf writeback = {.interval_s = conf->interval_s};

	rrd->sink.ops = &SINK_RRD_OPS;
	rrd->dir = strdup(conf->dir);
	if (conf->daemon && *conf->daemon)
		rrd->daemon = strdup(conf->daemon);
	if (!rrd->dir || (conf->daemon && *conf->daemon && !rrd->daemon))
		return -ENOMEM;
	if (parse_rras(given ? conf->rras : rrd_rra_default_traffic(), &writeback.traffic_rras) <
		    0 ||
	    parse_rras(given ? conf->rras : rrd_rra_default_other(), &writeback.other_rras) < 0)
		return -EINVAL;
	if (mkdir(rrd->dir, 0750) < 0 && errno != EEXIST)
		return -errno;
	writeback.dir = rrd->dir;
	writeback.daemon = rrd->daemon;
	return rrd_writeback_new(&writeback, &rrd->writeback);
}

/* The thread begins with what the last one left in the journal. */
static int start(struct sink_rrd *rrd)
{
	struct rrd_entry *entry = calloc(1, sizeof(*entry));
	int r = entry ? worker_put(rrd->worker, &entry->job) : -ENOMEM;

	if (r < 0)
		free(entry);
	return r;
}

int sink_rrd_new(struct loop *loop, const struct sink_rrd_conf *conf, struct sink **ret)
{
	cleanup_(closep) struct sink_rrd *rrd = calloc(1, sizeof(*rrd));
	const struct worker_conf worker = {
		.name = "rrd",
		.queue_max = conf->queue_max ? conf->queue_max : QUEUE_MAX,
		.batch_max = BATCH_MAX,
		.end_ms = WORKER_END_MS,
		.run = do_entries,
		.done = on_done,
		.data = rrd,
	};
	int r;

	if (!rrd)
		return -ENOMEM;
	r = set_conf(rrd, conf);
	if (r == 0)
		r = worker_new(loop, &worker, &rrd->worker);
	if (r == 0)
		r = start(rrd);
	if (r < 0)
		return r;
	*ret = &steal_ptr(rrd)->sink;
	return 0;
}
