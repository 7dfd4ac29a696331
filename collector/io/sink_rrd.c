/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queue, writer thread and the rules of writing to RRD files (rrdupdate(1),
 * rrdcreate(1)).
 *
 * The loop appends to one array, the thread takes it whole and gives back the empty
 * other: the loop holds the lock for the time of a copy and never waits for a disk.
 * Write-back and journal are rrdcached's business where it is configured; nothing of it
 * is repeated here.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <rrd.h>
#include <rrd_client.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "collector/codec/rrd_name.h"
#include "collector/core/rrd_rra.h"
#include "collector/core/sample.h"
#include "collector/io/sink_rrd.h"
#include "common/cleanup.h"
#include "common/log.h"

enum {
	QUEUE_MAX = 65536,
	CLOSE_LIMIT_S = 10,
	VALUES_TEXT_MAX = 32 + SAMPLE_DS_MAX * 26,
	LOG_EVERY_S = 10,
	HEARTBEAT_STEPS = 3,
	UPDATES_MAX = 3 + HEARTBEAT_STEPS + 1, /* of one sample */
};

/* One RRD file. Made by the loop's thread; last_ms, opened are the writer's. */
struct rrd_file {
	char *path, *directory;
	char template[SAMPLE_DS_MAX * (SAMPLE_DS_NAME_MAX + 1) + 1];
	int64_t step_ms;
	bool traffic;
	size_t n_ds;
	struct sample_ds ds[SAMPLE_DS_MAX];
	bool opened;
	int64_t last_ms;
	double last_value[SAMPLE_DS_MAX];
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

struct rrd_rra_list {
	struct rrd_rra rras[RRD_RRA_MAX];
	size_t n;
};

struct sink_rrd {
	struct sink sink;
	char *dir, *daemon;
	unsigned int queue_max;
	struct rrd_rra_list traffic_rras, other_rras;
	void *files; /* tsearch(3) tree by path; the loop's thread alone */

	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	struct rrd_queue queue;
	size_t writing; /* taken by the thread, not yet written */
	bool stop;
	struct {
		uint64_t put, dropped, written, failed, stale, gaps, created, reconnects;
	} count;

	/* The writer's own. */
	struct rrd_queue taken;
	bool connected;
	time_t logged_s;
	uint64_t unlogged;
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

/* Errors come in bursts (a full disk fails every file): one line in ten seconds. */
static void log_failure(struct sink_rrd *rrd, const char *what, const char *path,
			const char *why)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (rrd->logged_s && now.tv_sec - rrd->logged_s < LOG_EVERY_S) {
		rrd->unlogged++;
		return;
	}
	log_error("rrd", "action=%s file=%s err=\"%s\" unlogged=%" PRIu64, what, path,
		  why, rrd->unlogged);
	rrd->logged_s = now.tv_sec;
	rrd->unlogged = 0;
}

/* ---- files, on the loop's thread ---- */

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct rrd_file *)a)->path,
		      ((const struct rrd_file *)b)->path);
}

static void free_file(void *data)
{
	struct rrd_file *file = data;

	free(file->path);
	free(file->directory);
	free(file);
}

static void free_filep(struct rrd_file **file)
{
	if (*file)
		free_file(*file);
}

static void describe_file(struct rrd_file *file, const struct series *series)
{
	const struct sample_group *group = series->group;
	size_t at = 0;

	file->step_ms = series->step_ms < 1000 ? 1000 : series->step_ms;
	file->traffic = strcmp(group->name, "traffic") == 0;
	file->n_ds = group->n_ds;
	memcpy(file->ds, group->ds, sizeof(file->ds));
	for (size_t i = 0; i < group->n_ds; i++)
		at += (size_t)snprintf(file->template + at, sizeof(file->template) - at,
				       "%s%s", i ? ":" : "", group->ds[i].name);
}

/* The file of a series, remembered in it. NULL when out of memory or nameless. */
static struct rrd_file *file_of(struct sink_rrd *rrd, struct series *series)
{
	cleanup_(free_filep) struct rrd_file *file = NULL;
	char name[RRD_NAME_MAX];
	struct rrd_file **found;

	if (series->sink_data)
		return series->sink_data;
	if (!series->group->n_ds || series->group->n_ds > SAMPLE_DS_MAX)
		return NULL;
	if (rrd_name(series->device_id, series->group->name, series->object, name,
		     sizeof(name)) < 0)
		return NULL;
	file = calloc(1, sizeof(*file));
	if (!file || asprintf(&file->path, "%s/%s", rrd->dir, name) < 0)
		return NULL;
	if (asprintf(&file->directory, "%s/%.*s", rrd->dir, (int)strcspn(name, "/"),
		     name) < 0)
		return NULL;
	describe_file(file, series);
	found = tsearch(file, &rrd->files, compare_files);
	if (!found)
		return NULL;
	series->sink_data = *found;
	if (*found == file)
		return steal_ptr(file);
	return *found;
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

		*entry = (struct rrd_entry){
			file, sample->time_ms, sample->duration_ms, {0}};
		memcpy(entry->value, sample->value, file->n_ds * sizeof(double));
		pthread_cond_signal(&rrd->wake);
	}
	pthread_mutex_unlock(&rrd->lock);
}

/* ---- writing, on the thread ---- */

static size_t format_ds(const struct rrd_file *file, char (*ds_text)[96],
			const char **argv)
{
	const int64_t heartbeat_s = HEARTBEAT_STEPS * file->step_ms / 1000;

	for (size_t i = 0; i < file->n_ds; i++) {
		const struct sample_ds *ds = &file->ds[i];
		char min[32] = "U", max[32] = "U";

		if (!isnan(ds->min))
			snprintf(min, sizeof(min), "%.10g", ds->min);
		if (!isnan(ds->max))
			snprintf(max, sizeof(max), "%.10g", ds->max);
		snprintf(ds_text[i], sizeof(ds_text[i]), "DS:%s:GAUGE:%" PRId64 ":%s:%s",
			 ds->name, heartbeat_s, min, max);
		argv[i] = ds_text[i];
	}
	return file->n_ds;
}

/* Creates the file with its last update at last_s. Returns 0 or -EIO. */
static int create_file(struct sink_rrd *rrd, const struct rrd_file *file, time_t last_s)
{
	const struct rrd_rra_list *list =
		file->traffic ? &rrd->traffic_rras : &rrd->other_rras;
	const int64_t step_s = file->step_ms / 1000;
	char ds_text[SAMPLE_DS_MAX][96], rra_text[RRD_RRA_MAX][RRD_RRA_TEXT_MAX];
	const char *argv[SAMPLE_DS_MAX + RRD_RRA_MAX];
	size_t argc = format_ds(file, ds_text, argv);
	int r;

	for (size_t i = 0; i < list->n; i++) {
		rrd_rra_format(&list->rras[i], step_s, rra_text[i]);
		argv[argc++] = rra_text[i];
	}
	rrd_clear_error();
	if (rrd->daemon)
		r = rrdc_create_r2(file->path, (unsigned long)step_s, last_s, 1, NULL,
				   NULL, (int)argc, argv);
	else
		r = rrd_create_r2(file->path, (unsigned long)step_s, last_s, 1, NULL,
				  NULL, (int)argc, argv);
	if (r) {
		log_failure(rrd, "create", file->path, rrd_get_error());
		return -EIO;
	}
	count_one(rrd, &rrd->count.created);
	return 0;
}

/* The value of one DS as rrdupdate(1) last got it: "U", or a number. */
static void keep_last_value(struct rrd_file *file, const char *name, const char *text)
{
	char *end;
	const double value = strtod(text, &end);

	for (size_t i = 0; i < file->n_ds; i++)
		if (strcmp(file->ds[i].name, name) == 0)
			file->last_value[i] = end != text && *end == '\0' ? value : NAN;
}

/* Learns where the file ends, and with what. The fraction of that second is not told:
 * what comes must be later than all of it. */
static int read_end(struct sink_rrd *rrd, struct rrd_file *file)
{
	unsigned long n = 0;
	char **names = NULL, **values = NULL;
	time_t last_s = 0;

	rrd_clear_error();
	if (rrd->daemon && rrdc_flush(file->path) != 0 && !rrdc_is_connected(rrd->daemon))
		return -EAGAIN;
	rrd_clear_error();
	if (rrd_lastupdate_r(file->path, &last_s, &n, &names, &values) != 0) {
		log_failure(rrd, "open", file->path,
			    rrd_test_error() ? rrd_get_error() : "not an RRD file");
		return -EIO;
	}
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		file->last_value[i] = NAN;
	for (unsigned long i = 0; i < n; i++) {
		keep_last_value(file, names[i], values[i]);
		rrd_freemem(names[i]);
		rrd_freemem(values[i]);
	}
	rrd_freemem(names);
	rrd_freemem(values);
	file->last_ms = (int64_t)last_s * 1000 + 999;
	return 0;
}

/* Opens the file, or creates it so that it ends where the sample begins. -EAGAIN:
 * rrdcached went away. */
static int open_file(struct sink_rrd *rrd, struct rrd_file *file, int64_t start_ms)
{
	const int64_t create_s = start_ms / 1000;
	struct stat st;
	int r;

	if (stat(file->path, &st) == 0) {
		r = read_end(rrd, file);
		file->opened = r == 0;
		return r;
	}
	if (mkdir(file->directory, 0750) < 0 && errno != EEXIST) {
		log_failure(rrd, "mkdir", file->directory, strerror(errno));
		return -EIO;
	}
	if (create_file(rrd, file, create_s) < 0)
		return rrd->daemon && !rrdc_is_connected(rrd->daemon) ? -EAGAIN : -EIO;
	file->last_ms = create_s * 1000;
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		file->last_value[i] = NAN;
	file->opened = true;
	return 0;
}

/* "1700000060.250:1234.5:U" */
static void format_values(char *buf, const struct rrd_file *file, int64_t time_ms,
			  const double *value)
{
	size_t at = (size_t)sprintf(buf, "%" PRId64 ".%03d", time_ms / 1000,
				    (int)(time_ms % 1000));

	for (size_t i = 0; i < file->n_ds; i++) {
		if (!value || !isfinite(value[i]))
			at += (size_t)sprintf(buf + at, ":U");
		else
			at += (size_t)sprintf(buf + at, ":%.12g", value[i]);
	}
}

static int update_file(struct sink_rrd *rrd, const struct rrd_file *file, int n,
		       const char **argv)
{
	rrd_clear_error();
	/* rrdcached takes no template, so the order in the file counts: it is the group's
	 * own. */
	if (rrd->daemon)
		return rrdc_update(file->path, n, argv);
	return rrd_update_r(file->path, file->template, n, argv);
}

/* Update arguments of one sample, in the order of their times. */
struct rrd_update {
	char text[UPDATES_MAX][VALUES_TEXT_MAX];
	const char *argv[UPDATES_MAX];
	int n;
	int64_t last_ms; /* of the last one so far */
};

static void add_values(struct rrd_update *update, const struct rrd_file *file,
		       int64_t time_ms, const double *value)
{
	if (time_ms <= update->last_ms)
		return;
	format_values(update->text[update->n], file, time_ms, value);
	update->argv[update->n] = update->text[update->n];
	update->n++;
	update->last_ms = time_ms;
}

/* A twentieth of a step is jitter. */
static bool is_gap(const struct rrd_file *file, int64_t start_ms)
{
	return start_ms - file->last_ms > file->step_ms / 20;
}

static bool turns_unknown(const struct rrd_file *file, const double *value)
{
	for (size_t i = 0; i < file->n_ds; i++)
		if (isnan(value[i]) && !isnan(file->last_value[i]))
			return true;
	return false;
}

static bool has_unknown(const struct rrd_file *file, const double *value)
{
	for (size_t i = 0; i < file->n_ds; i++)
		if (isnan(value[i]))
			return true;
	return false;
}

/*
 * Ends the known time before an unknown one: at a whole second (librrd counts unknown
 * time in whole seconds but known time in fractions, rrd_update.c PDP_unkn_sec_cnt: a
 * quarter of a second would thin out a minute's value by 0.4 %), and with an update just
 * before the end of that step (only there is the unknown part held against half a step;
 * else a second of known time would stand for the whole step). value: of the unknown
 * time, up to end_ms.
 */
static void end_known(struct rrd_update *update, const struct rrd_file *file,
		      int64_t end_ms, const double *value)
{
	const int64_t border_ms = (update->last_ms + 999) / 1000 * 1000;
	const int64_t edge_ms = (border_ms / file->step_ms + 1) * file->step_ms - 1000;

	if (border_ms < end_ms)
		add_values(update, file, border_ms, file->last_value);
	if (edge_ms < end_ms)
		add_values(update, file, edge_ms, value);
}

/*
 * A value up to end_ms, with an update at the end of every step on the way: where one
 * update ends more than one step, librrd 1.7 shares the fractions of a second out wrongly
 * (a rate of 5000 over 120 s from second 0.25 became 4954 and 5063). Beyond the heartbeat
 * there is nothing to share out: librrd makes it unknown.
 */
static void add_steps(struct rrd_update *update, const struct rrd_file *file,
		      int64_t end_ms, const double *value)
{
	const int64_t step_ms = file->step_ms;

	if (end_ms - update->last_ms <= HEARTBEAT_STEPS * step_ms)
		for (int64_t t = (update->last_ms / step_ms + 1) * step_ms; t < end_ms;
		     t += step_ms)
			add_values(update, file, t, value);
	add_values(update, file, end_ms, value);
}

/* librrd stretches a value back to the last update, so what was not measured is written
 * as unknown first. */
static void plan_update(struct rrd_update *update, const struct rrd_file *file,
			const struct rrd_entry *entry, int64_t start_ms)
{
	const int64_t start_whole_ms = start_ms / 1000 * 1000,
		      whole_ms = entry->time_ms / 1000 * 1000;

	*update = (struct rrd_update){.last_ms = file->last_ms};
	if (is_gap(file, start_ms)) {
		end_known(update, file, start_whole_ms, NULL);
		add_values(update, file, start_whole_ms, NULL);
	} else if (turns_unknown(file, entry->value)) {
		end_known(update, file, whole_ms, entry->value);
	}
	if (has_unknown(file, entry->value) && whole_ms > update->last_ms)
		add_steps(update, file, whole_ms, entry->value);
	else
		add_steps(update, file, entry->time_ms, entry->value);
}

/* Opens the file where needed. True: go on; else *ret_done says whether the entry is
 * settled. */
static bool prepare_file(struct sink_rrd *rrd, const struct rrd_entry *entry,
			 int64_t start_ms, bool *ret_done)
{
	int r = start_ms < 1000000 ? -EINVAL : 0;

	if (r == 0 && !entry->file->opened)
		r = open_file(rrd, entry->file, start_ms);
	*ret_done = r != -EAGAIN;
	if (r < 0 && r != -EAGAIN)
		count_one(rrd, &rrd->count.failed);
	if (r == 0 && entry->time_ms <= entry->file->last_ms) {
		count_one(rrd, &rrd->count.stale);
		r = -EEXIST;
	}
	return r == 0;
}

/* Returns false if the entry should be tried again later (the daemon is away). */
static bool write_entry(struct sink_rrd *rrd, const struct rrd_entry *entry)
{
	struct rrd_file *file = entry->file;
	const int64_t start_ms =
		entry->time_ms -
		(entry->duration_ms > 0 ? entry->duration_ms : file->step_ms);
	struct rrd_update update;
	bool done;

	if (!prepare_file(rrd, entry, start_ms, &done))
		return done;
	plan_update(&update, file, entry, start_ms);
	if (update_file(rrd, file, update.n, update.argv) != 0) {
		if (rrd->daemon && !rrdc_is_connected(rrd->daemon))
			return false;
		log_failure(rrd, "update", file->path,
			    rrd_test_error() ? rrd_get_error() : "rrdcached");
		count_one(rrd, &rrd->count.failed);
		file->opened =
			false; /* look again: it may have been removed or restored */
		return true;
	}
	if (is_gap(file, start_ms))
		count_one(rrd, &rrd->count.gaps);
	file->last_ms = update.last_ms;
	memcpy(file->last_value, entry->value, sizeof(file->last_value));
	count_one(rrd, &rrd->count.written);
	return true;
}

static bool connect_daemon(struct sink_rrd *rrd)
{
	if (!rrd->daemon || rrdc_is_connected(rrd->daemon))
		return true;
	rrd_clear_error();
	if (rrdc_connect(rrd->daemon) == 0) {
		count_one(rrd, &rrd->count.reconnects);
		return true;
	}
	log_failure(rrd, "connect", rrd->daemon,
		    rrd_test_error() ? rrd_get_error() : "no answer");
	return false;
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
	pthread_mutex_unlock(&rrd->lock);
}

static void *writer_main(void *data)
{
	struct sink_rrd *rrd = data;

	while (take_queue(rrd)) {
		for (size_t i = 0; i < rrd->taken.n; i++) {
			while (!connect_daemon(rrd) ||
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

void sink_rrd_emit_stats(void *sink, stats_emit_fn *emit, void *emit_data)
{
	struct sink_rrd *rrd = to_rrd(sink);
	__typeof__(rrd->count) count;
	size_t queued;

	pthread_mutex_lock(&rrd->lock);
	count = rrd->count;
	queued = rrd->queue.n + rrd->writing;
	pthread_mutex_unlock(&rrd->lock);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_samples_total",
		   "Samples handed to the RRD sink.", (double)count.put);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_written_total",
		   "Samples written to RRD files.", (double)count.written);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_dropped_total",
		   "Samples dropped because the queue was full.", (double)count.dropped);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_failed_total",
		   "Samples that librrd or rrdcached refused.", (double)count.failed);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_stale_total",
		   "Samples skipped because they were not later than the last one.",
		   (double)count.stale);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_gaps_total",
		   "Gaps written as unknown.", (double)count.gaps);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_files_created_total",
		   "RRD files created.", (double)count.created);
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_rrd_connects_total",
		   "Connections made to rrdcached.", (double)count.reconnects);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_rrd_queue",
		   "Samples waiting to be written.", (double)queued);
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
	if (rrd->daemon)
		rrdc_disconnect();
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
		if (ret->n == RRD_RRA_MAX ||
		    rrd_rra_parse(*texts, &ret->rras[ret->n]) < 0)
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
	if (!rrd->dir || (conf->daemon && *conf->daemon && !rrd->daemon))
		return -ENOMEM;
	if (parse_rras(given ? conf->rras : rrd_rra_default_traffic(),
		       &rrd->traffic_rras) < 0 ||
	    parse_rras(given ? conf->rras : rrd_rra_default_other(), &rrd->other_rras) <
		    0)
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
