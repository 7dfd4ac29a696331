/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/rrd/rrd_writeback.h"

#include <assert.h>
#include <errno.h>
#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/io/rrd/rrd_journal.h"
#include "common/base/crc32.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	BATCH = 32,		/* samples of one write */
	SLICE_US = 20000,	/* of one run: a graph may wait for its files */
	UNCOVERED_US = 2000000, /* to write what the journal could not take */
	RETRY_S = 1,	     /* of a file that somebody reads, and of an rrdcached that is away */
	RETRY_BROKEN_S = 10, /* of one that cannot be opened */
	LOCK_TRIES = 4, /* while somebody reads the file, which takes him a millisecond or two */
	LOCK_PAUSE_US = 1000,
	IDLE = -1,
};

LIST_HEAD(file_list, rrd_file);

enum figure {
	WRITTEN,
	FAILED,
	STALE,
	GAPS,
	CREATED,
	CONNECTS,
	SET_ASIDE,
	WRITES,
	RETRIES,
	WAITING,
	REPLAYED,
	JOURNAL_OCTETS,
	JOURNAL_FAILURES,
	JOURNAL_DAMAGED,
	JOURNAL_SEGMENTS,
	JOURNAL_FAILING,
	FIGURE_N
};

struct rrd_writeback {
	struct rrd_writeback_conf conf;
	struct rrd_writer writer;
	struct rrd_journal *journal; /* NULL: none */
	uint32_t next_journal_id;

	struct file_list *due; /* by second, modulo n_due; only files for which something waits */
	size_t n_due;
	int64_t done_s; /* the last second whose files were written, monotonic */
	int64_t ticked_s;
	bool is_replaying;

	void *replayed; /* tsearch(3) tree by path of files that the journal told of */
	struct rrd_file **by_id;
	size_t n_by_id;

	struct rrd_update updates[BATCH];
	const char *argv[BATCH * RRD_UPDATES_MAX];
	_Atomic uint64_t figures[FIGURE_N];
};

static void count(struct rrd_writeback *writeback, enum figure figure, uint64_t n)
{
	atomic_fetch_add_explicit(&writeback->figures[figure], n, memory_order_relaxed);
}

static void tell(struct rrd_writeback *writeback, enum figure figure, uint64_t value)
{
	atomic_store_explicit(&writeback->figures[figure], value, memory_order_relaxed);
}

static int64_t seconds(int64_t us)
{
	return us / 1000000;
}

/* ---- when ---- */

static bool is_at_once(const struct rrd_writeback *writeback)
{
	return writeback->conf.interval_s == 0 || writeback->conf.daemon;
}

static void list_file(struct rrd_writeback *writeback, struct rrd_file *file, int64_t second)
{
	LIST_INSERT_HEAD(&writeback->due[(size_t)second % writeback->n_due], file, entry);
	file->is_listed = true;
}

static void unlist_file(struct rrd_file *file)
{
	if (file->is_listed)
		LIST_REMOVE(file, entry);
	file->is_listed = false;
}

/* Each file has its own second of the interval. */
static void schedule(struct rrd_writeback *writeback, struct rrd_file *file)
{
	const size_t own = crc32_update(0, file->name, strlen(file->name)) % writeback->n_due;

	if (!file->is_listed)
		list_file(writeback, file, (int64_t)own);
}

static void retry_in(struct rrd_writeback *writeback, struct rrd_file *file, int64_t after_s)
{
	const int64_t now_s = seconds(loop_now_us());

	unlist_file(file);
	if (after_s >= (int64_t)writeback->n_due)
		after_s = (int64_t)writeback->n_due - 1;
	list_file(writeback, file, now_s + after_s);
	count(writeback, RETRIES, 1);
}

/* ---- one file ---- */

/* Takes the first n out of the queue: their fate is known. */
static void drop(struct rrd_writeback *writeback, struct rrd_file *file, size_t n)
{
	for (size_t i = 0; writeback->journal && i < n; i++)
		rrd_journal_release(writeback->journal, sample_queue_at(&file->waiting, i)->segment,
				    1);
	sample_queue_drop(&file->waiting, n);
	atomic_fetch_sub_explicit(&writeback->figures[WAITING], n, memory_order_relaxed);
}

static int64_t start_of(const struct rrd_file *file, const struct sample_queue_entry *entry)
{
	return entry->time_ms -
	       (entry->duration_ms > 0 ? (int64_t)entry->duration_ms : file->line.step_ms);
}

/* What becomes of the first samples that wait. */
struct batch {
	size_t n; /* samples */
	uint64_t stale, gaps;
	int n_updates;
	struct rrd_timeline end;
};

static void plan_one(struct rrd_writeback *writeback, struct batch *batch, size_t i,
		     const struct rrd_file *file, const struct sample_queue_entry *entry)
{
	struct rrd_update *update = &writeback->updates[i];
	const int64_t start_ms = start_of(file, entry);

	if (entry->time_ms <= batch->end.last_ms) {
		batch->stale++;
		return;
	}
	batch->gaps += rrd_timeline_is_gap(&batch->end, start_ms);
	rrd_update_plan(update, &batch->end, start_ms, entry->time_ms, entry->value);
	for (int k = 0; k < update->n; k++)
		writeback->argv[batch->n_updates++] = update->argv[k];
	batch->end.last_ms = update->last_ms;
	memcpy(batch->end.last_value, entry->value, file->line.n_ds * sizeof(double));
}

static struct batch plan(struct rrd_writeback *writeback, const struct rrd_file *file)
{
	struct batch batch = {.n = file->is_careful ? 1 : BATCH, .end = file->line};

	if (batch.n > file->waiting.n)
		batch.n = file->waiting.n;
	for (size_t i = 0; i < batch.n; i++)
		plan_one(writeback, &batch, i, file, sample_queue_at(&file->waiting, i));
	return batch;
}

/* 0: the first samples have found their fate; -EAGAIN: later; -EINVAL: one of them is refused; -EIO: it cannot be
 * written. */
static int write_batch(struct rrd_writeback *writeback, struct rrd_file *file)
{
	const struct batch batch = plan(writeback, file);
	int r = 0;

	for (int try = 0; batch.n_updates > 0 && try < LOCK_TRIES; try++) {
		r = rrd_file_write(&writeback->writer, file, batch.n_updates, writeback->argv,
				   &batch.end);
		if (r != -EAGAIN || writeback->conf.daemon)
			break;
		usleep(LOCK_PAUSE_US);
	}
	if (r == -EINVAL && file->is_careful) { /* this one it is */
		count(writeback, FAILED, 1);
		drop(writeback, file, 1);
		return 0;
	}
	file->is_careful = r == -EINVAL;
	if (r < 0)
		return r;
	count(writeback, WRITES, batch.n_updates > 0);
	count(writeback, WRITTEN, batch.n - batch.stale);
	count(writeback, STALE, batch.stale);
	count(writeback, GAPS, batch.gaps);
	drop(writeback, file, batch.n);
	return 0;
}

static int open_file(struct rrd_writeback *writeback, struct rrd_file *file)
{
	const int64_t start_ms = start_of(file, sample_queue_at(&file->waiting, 0));
	int r;

	if (!rrd_writer_connect(&writeback->writer))
		return -EAGAIN;
	if (file->opened)
		return 0;
	r = rrd_file_open(&writeback->writer, file, start_ms);
	tell(writeback, CREATED, writeback->writer.created);
	tell(writeback, CONNECTS, writeback->writer.connects);
	tell(writeback, SET_ASIDE, writeback->writer.set_aside);
	return r;
}

/* All that waits for it. True: nothing does any more. What cannot be written now, for whatever the disk has, waits on. */
static bool write_file(struct rrd_writeback *writeback, struct rrd_file *file)
{
	bool again = true; /* a file that was removed is begun anew */
	int r = 0;

	unlist_file(file);
	while (file->waiting.n > 0) {
		r = open_file(writeback, file);
		if (r == 0)
			r = write_batch(writeback, file);
		if (r == -EIO && again && !file->opened) {
			again = false;
			continue;
		}
		if (r == -EAGAIN || r == -EIO) {
			retry_in(writeback, file, r == -EAGAIN ? RETRY_S : RETRY_BROKEN_S);
			return false;
		}
	}
	return true;
}

/* ---- all that is due ---- */

/* False: until_us came before. */
static bool write_list(struct rrd_writeback *writeback, struct file_list *list, int64_t until_us)
{
	struct file_list now;
	struct rrd_file *file;

	/* what has to be tried again may come to the same list */
	LIST_INIT(&now);
	while ((file = LIST_FIRST(list))) {
		LIST_REMOVE(file, entry);
		LIST_INSERT_HEAD(&now, file, entry);
	}
	while ((file = LIST_FIRST(&now)) && loop_now_us() < until_us)
		write_file(writeback, file);
	if (!file)
		return true;
	while ((file = LIST_FIRST(&now))) {
		LIST_REMOVE(file, entry);
		LIST_INSERT_HEAD(list, file, entry);
	}
	return false;
}

static void tick_journal(struct rrd_writeback *writeback, int64_t now_s)
{
	struct rrd_journal_figures figures;

	if (!writeback->journal)
		return;
	/* counted and logged; what it was to have is in no journal */
	if (rrd_journal_tick(writeback->journal, now_s) < 0)
		rrd_writeback_flush(writeback, NULL, loop_now_us() + UNCOVERED_US);
	figures = rrd_journal_figures(writeback->journal);
	tell(writeback, JOURNAL_OCTETS, figures.octets);
	tell(writeback, JOURNAL_FAILURES, figures.failures);
	tell(writeback, JOURNAL_DAMAGED, figures.damaged);
	tell(writeback, JOURNAL_SEGMENTS, figures.segments);
	tell(writeback, JOURNAL_FAILING, rrd_journal_segment(writeback->journal) == 0);
}

static bool is_idle(struct rrd_writeback *writeback)
{
	return atomic_load_explicit(&writeback->figures[WAITING], memory_order_relaxed) == 0 &&
	       (!writeback->journal || !rrd_journal_is_busy(writeback->journal));
}

int64_t rrd_writeback_run(struct rrd_writeback *writeback, int64_t now_us)
{
	const int64_t now_s = seconds(now_us), until_us = now_us + SLICE_US;

	if (now_s > writeback->ticked_s) {
		tick_journal(writeback, now_s);
		writeback->ticked_s = now_s;
	}
	if (writeback->done_s < now_s - (int64_t)writeback->n_due)
		writeback->done_s = now_s - (int64_t)writeback->n_due; /* each list once */
	for (; writeback->done_s < now_s; writeback->done_s++) {
		const size_t at = (size_t)(writeback->done_s + 1) % writeback->n_due;

		if (!write_list(writeback, &writeback->due[at], until_us))
			return loop_now_us() < until_us ? 100 : 0;
	}
	if (is_idle(writeback))
		return IDLE;
	return 1000 - loop_now_us() / 1000 % 1000;
}

bool rrd_writeback_flush(struct rrd_writeback *writeback, const char *device, int64_t until_us)
{
	const size_t len = device ? strlen(device) : 0;
	struct rrd_file *file, *next;

	for (size_t i = 0; i < writeback->n_due; i++) {
		for (file = LIST_FIRST(&writeback->due[i]); file; file = next) {
			next = file->entry.next;
			if (device &&
			    (strncmp(file->name, device, len) != 0 || file->name[len] != '/'))
				continue;
			if (loop_now_us() >= until_us)
				return false;
			write_file(writeback, file);
		}
	}
	return true;
}

void rrd_writeback_end(struct rrd_writeback *writeback, int64_t until_us)
{
	const bool all = rrd_writeback_flush(writeback, NULL, until_us);

	if (writeback->journal)
		rrd_journal_end(writeback->journal);
	if (!all || !is_idle(writeback))
		log_warn("rrd", "action=end waiting=%llu journal=%d",
			 (unsigned long long)atomic_load(&writeback->figures[WAITING]),
			 writeback->journal != NULL);
}

/* ---- samples ---- */

/* The journal's segment that has it; 0: none has. */
static uint32_t journal_sample(struct rrd_writeback *writeback, struct rrd_file *file,
			       int64_t time_ms, uint32_t duration_ms, const double *value)
{
	const uint32_t segment = writeback->journal ? rrd_journal_segment(writeback->journal) : 0;
	struct journal_record record = {.id = file->journal_id,
					.n_ds = file->line.n_ds,
					.time_ms = time_ms,
					.duration_ms = duration_ms};

	if (segment == 0 || strlen(file->name) > 255)
		return 0;
	if (file->journal_segment != segment) {
		record.id = file->journal_id = writeback->next_journal_id++;
		record.type = JOURNAL_RECORD_SERIES;
		record.step_ms = (uint32_t)file->line.step_ms;
		strcpy(record.name, file->name);
		memcpy(record.ds, file->ds, sizeof(record.ds));
		rrd_journal_add(writeback->journal, &record);
		file->journal_segment = segment;
	}
	record.type = JOURNAL_RECORD_SAMPLE;
	memcpy(record.value, value, file->line.n_ds * sizeof(double));
	rrd_journal_add(writeback->journal, &record);
	return segment;
}

/* Whether an interval that ends then can be written at all. */
static bool is_time(const struct rrd_file *file, int64_t time_ms, int64_t duration_ms)
{
	return duration_ms >= 0 && duration_ms < UINT32_MAX &&
	       time_ms - (duration_ms > 0 ? duration_ms : file->line.step_ms) >= 1000000;
}

static struct sample_queue_entry *make_room(struct rrd_writeback *writeback, struct rrd_file *file)
{
	struct sample_queue_entry *entry = sample_queue_put(&file->waiting);

	if (entry)
		return entry;
	write_file(writeback, file);
	if (file->waiting.n == SAMPLE_QUEUE_MAX) { /* it cannot be written: the oldest goes */
		drop(writeback, file, 1);
		count(writeback, FAILED, 1);
	}
	return sample_queue_put(&file->waiting);
}

void rrd_writeback_put(struct rrd_writeback *writeback, struct rrd_file *file, int64_t time_ms,
		       int64_t duration_ms, const double *value)
{
	struct sample_queue_entry *entry =
		is_time(file, time_ms, duration_ms) ? make_room(writeback, file) : NULL;

	if (!entry) {
		count(writeback, FAILED, 1);
		return;
	}
	entry->time_ms = time_ms;
	entry->duration_ms = (uint32_t)duration_ms;
	memcpy(entry->value, value, file->line.n_ds * sizeof(double));
	entry->segment = journal_sample(writeback, file, time_ms, entry->duration_ms, value);
	count(writeback, WAITING, 1);
	/* a new file at once: whether it can be opened is to be known now, and a graph begins */
	if (!writeback->is_replaying && !file->is_listed &&
	    (!file->opened || entry->segment == 0 || is_at_once(writeback)))
		write_file(writeback, file);
	else
		schedule(writeback, file);
}

void rrd_writeback_forget(struct rrd_writeback *writeback, struct rrd_file *file)
{
	unlist_file(file);
	drop(writeback, file, file->waiting.n);
}

/* ---- replay ---- */

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct rrd_file *)a)->path, ((const struct rrd_file *)b)->path);
}

static struct rrd_file *replayed_file(struct rrd_writeback *writeback,
				      const struct journal_record *record)
{
	struct rrd_file *file = rrd_file_restore(writeback->conf.dir, record->name, record->step_ms,
						 record->ds, record->n_ds);
	struct rrd_file **found = file ? tsearch(file, &writeback->replayed, compare_files) : NULL;

	if (!found || *found != file)
		rrd_file_free(file);
	return found && (*found)->line.n_ds == record->n_ds ? *found : NULL;
}

static void replay_series(struct rrd_writeback *writeback, const struct journal_record *record)
{
	enum { IDS_MAX = 1 << 22 };
	const size_t size = (size_t)record->id + 1;

	if (record->id >= IDS_MAX)
		return;
	if (size > writeback->n_by_id) {
		struct rrd_file **by_id = reallocarray(writeback->by_id, 2 * size, sizeof(*by_id));

		if (!by_id)
			return;
		memset(by_id + writeback->n_by_id, 0,
		       (2 * size - writeback->n_by_id) * sizeof(*by_id));
		writeback->by_id = by_id;
		writeback->n_by_id = 2 * size;
	}
	writeback->by_id[record->id] = replayed_file(writeback, record);
}

/* A rrd_journal_fn. */
static void on_record(void *data, const struct journal_record *record)
{
	struct rrd_writeback *writeback = data;
	struct rrd_file *file;

	if (!record) {
		if (writeback->by_id)
			memset(writeback->by_id, 0,
			       writeback->n_by_id * sizeof(writeback->by_id[0]));
		return;
	}
	if (record->type == JOURNAL_RECORD_SERIES) {
		replay_series(writeback, record);
		return;
	}
	file = record->id < writeback->n_by_id ? writeback->by_id[record->id] : NULL;
	if (!file || file->line.n_ds != record->n_ds)
		return;
	count(writeback, REPLAYED, 1);
	rrd_writeback_put(writeback, file, record->time_ms, record->duration_ms, record->value);
}

static void forget_replayed(struct rrd_writeback *writeback)
{
	while (writeback->replayed) {
		struct rrd_file *file = *(struct rrd_file **)writeback->replayed;

		tdelete(file, &writeback->replayed, compare_files);
		rrd_writeback_forget(writeback, file);
		rrd_file_free(file);
	}
	free(writeback->by_id);
	writeback->by_id = NULL;
	writeback->n_by_id = 0;
}

/* What the journal tells waits as it did then, but is in no segment of now. */
void rrd_writeback_replay(struct rrd_writeback *writeback)
{
	struct rrd_journal *journal = writeback->journal;
	const int64_t begin_us = loop_now_us();
	uint64_t n;

	if (!journal)
		return;
	writeback->journal = NULL;
	writeback->is_replaying = true;
	rrd_journal_replay(journal, on_record, writeback);
	rrd_writeback_flush(writeback, NULL, INT64_MAX);
	writeback->is_replaying = false;
	n = atomic_load_explicit(&writeback->figures[REPLAYED], memory_order_relaxed);
	/* what cannot be written now stays in the journal, for the next start */
	if (atomic_load_explicit(&writeback->figures[WAITING], memory_order_relaxed) == 0)
		rrd_journal_forget(journal, seconds(loop_now_us()));
	forget_replayed(writeback);
	writeback->journal = journal;
	tick_journal(writeback, seconds(loop_now_us()));
	if (n > 0)
		log_info("rrd", "action=replay samples=%llu ms=%d", (unsigned long long)n,
			 (int)((loop_now_us() - begin_us) / 1000));
}

/* ---- the whole ---- */

int rrd_writeback_new(const struct rrd_writeback_conf *conf, struct rrd_writeback **ret)
{
	struct rrd_writeback *writeback = calloc(1, sizeof(*writeback));
	int r = 0;

	assert(conf->interval_s <= RRD_WRITEBACK_INTERVAL_MAX_S);
	if (!writeback)
		return -ENOMEM;
	writeback->conf = *conf;
	writeback->writer.daemon = conf->daemon;
	writeback->writer.traffic_rras = conf->traffic_rras;
	writeback->writer.other_rras = conf->other_rras;
	writeback->n_due =
		conf->interval_s > RETRY_BROKEN_S ? conf->interval_s : RETRY_BROKEN_S + 1;
	writeback->done_s = seconds(loop_now_us());
	writeback->due = calloc(writeback->n_due, sizeof(*writeback->due));
	if (!writeback->due)
		r = -ENOMEM;
	else if (!is_at_once(writeback))
		r = rrd_journal_open(conf->dir, &writeback->journal);
	if (r < 0) {
		rrd_writeback_free(writeback);
		return r;
	}
	*ret = writeback;
	return 0;
}

struct rrd_writeback *rrd_writeback_free(struct rrd_writeback *writeback)
{
	if (!writeback)
		return NULL;
	forget_replayed(writeback);
	rrd_writer_disconnect(&writeback->writer);
	rrd_journal_close(writeback->journal);
	free(writeback->due);
	free(writeback);
	return NULL;
}

void rrd_writeback_emit_stats(struct rrd_writeback *writeback, stats_emit_fn *emit, void *emit_data)
{
	static const struct {
		enum stat_type type;
		const char *name, *help;
	} ROWS[FIGURE_N] = {
		[WRITTEN] = {STAT_COUNTER, "pantau_rrd_written_total",
			     "Samples written to RRD files."},
		[FAILED] =
			{STAT_COUNTER, "pantau_rrd_failed_total",
			 "Samples that librrd or rrdcached refused, or that waited for too long."},
		[STALE] = {STAT_COUNTER, "pantau_rrd_stale_total",
			   "Samples skipped because they were not later than the last one."},
		[GAPS] = {STAT_COUNTER, "pantau_rrd_gaps_total", "Gaps written as unknown."},
		[CREATED] = {STAT_COUNTER, "pantau_rrd_files_created_total", "RRD files created."},
		[CONNECTS] = {STAT_COUNTER, "pantau_rrd_connects_total",
			      "Connections made to rrdcached."},
		[SET_ASIDE] =
			{STAT_COUNTER, "pantau_rrd_set_aside_total",
			 "Files that were no RRD files, renamed to FILE.damaged and begun anew."},
		[WRITES] = {STAT_COUNTER, "pantau_rrd_writes_total",
			    "Writes of files, of one or more samples each."},
		[RETRIES] = {STAT_COUNTER, "pantau_rrd_retries_total",
			     "Writes put off because the file was being read or could not be "
			     "opened, or "
			     "rrdcached was away."},
		[WAITING] = {STAT_GAUGE, "pantau_rrd_waiting",
			     "Samples that wait in memory for their files; the journal has them."},
		[REPLAYED] = {STAT_COUNTER, "pantau_rrd_replayed_total",
			      "Samples read from the journal at the start."},
		[JOURNAL_OCTETS] = {STAT_COUNTER, "pantau_rrd_journal_bytes_total",
				    "Octets written to the journal of samples."},
		[JOURNAL_FAILURES] = {STAT_COUNTER, "pantau_rrd_journal_failures_total",
				      "Writes of the journal that failed."},
		[JOURNAL_DAMAGED] =
			{STAT_COUNTER, "pantau_rrd_journal_damaged_total",
			 "Segments of the journal that did not end with a whole record."},
		[JOURNAL_SEGMENTS] = {STAT_GAUGE, "pantau_rrd_journal_segments",
				      "Segments of the journal on the disk."},
		[JOURNAL_FAILING] =
			{STAT_GAUGE, "pantau_rrd_journal_failing",
			 "1 while the journal cannot be written: samples are written to "
			 "their files at once."},
	};

	for (int i = 0; i < FIGURE_N; i++)
		emit(emit_data,
		     &(struct stats_figure){.name = ROWS[i].name,
					    .help = ROWS[i].help,
					    .type = ROWS[i].type,
					    .value = (double)atomic_load_explicit(
						    &writeback->figures[i], memory_order_relaxed)});
}
