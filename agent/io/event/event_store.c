/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two segment files, and a worker that syncs them. What a record is and what a number
 * may be is event_log's; why it is safe is in the header.
 */
#include "agent/io/event/event_store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/loop/worker.h"
#include "common/system/log.h"

enum {
	SEGMENTS = 2,
	RESERVE_AHEAD = EVENT_BLOCK / 2,
	ACK_RECORD = 56,
	SLACK = 4096,
	EVENTS_MAX = 65536, /* of max-events */
	/* nothing this agent wrote is larger */
	FILE_MAX = EVENT_SEGMENT_HEAD + SLACK +
		   EVENTS_MAX * (EVENT_RECORD_MAX +
				 INFORM_PARTS * AGENT_CONF_RECEIVERS_MAX * ACK_RECORD),
	RECEIVERS_MIN = 2, /* one that a reload brings needs no larger files */
	/* What is to be synced survives the agent in the kernel: only a power loss is to be feared, and a router's
	 * service manager kills after five seconds. */
	END_MS = 3000,
};

static const char *const NAMES[SEGMENTS] = {"events.0", "events.1"};

struct event_store {
	struct event_log *log;
	int dir;
	int fds[SEGMENTS];
	int current;
	size_t size, end; /* of a segment; of the records in the current one */
	uint32_t generation;
	uint32_t reserved; /* written */
	struct event_store_stats stats;
	bool warned;
	/* Something could not be written; missing: the oldest event of it, 0 none. */
	bool broken;
	uint32_t missing;

	uint32_t synced_reserved; /* on disk */
	struct worker *worker;
	struct sync {
		struct worker_job job; /* first: it is what the worker knows */
		int fd;
		uint32_t reserved; /* on disk once it is done */
	} sync;
	bool syncing, again; /* the job is put; and another is wanted when it is back */
};

struct loaded {
	uint8_t *buf;
	size_t len;
	struct event_segment_head head;
	bool there, ok;
};

static void warn_write(struct event_store *store, int err)
{
	store->stats.write_errors++;
	if (!store->warned)
		log_warn("events",
			 "msg=\"event log cannot be written, events are kept in memory "
			 "only\" "
			 "err=\"%s\"",
			 strerror(err));
	store->warned = true;
}

static int64_t run_sync(void *data, struct worker_jobs *jobs, bool ending)
{
	struct worker_job *job;

	(void)data;
	(void)ending;
	STAILQ_FOREACH (job, jobs, entry)
		fdatasync(((struct sync *)job)->fd);
	return WORKER_IDLE;
}

static void note_synced(struct event_store *store, uint32_t reserved)
{
	if (reserved > store->synced_reserved)
		store->synced_reserved = reserved;
}

static void sync_now(struct event_store *store)
{
	fdatasync(store->fds[store->current]);
	note_synced(store, store->reserved);
}

static void sync_later(struct event_store *store)
{
	if (store->syncing) {
		store->again = true;
		return;
	}
	store->again = false;
	store->sync.fd = store->fds[store->current];
	store->sync.reserved = store->reserved;
	store->syncing = store->worker && worker_put(store->worker, &store->sync.job) == 0;
	if (!store->syncing)
		sync_now(store);
}

static void on_synced(void *data, struct worker_job *job)
{
	struct event_store *store = data;

	store->syncing = false;
	if (job->err < 0) /* given up */
		return;
	note_synced(store, store->sync.reserved);
	store->stats.syncs++;
	if (store->again)
		sync_later(store);
}

static int write_at(struct event_store *store, int segment, const uint8_t *buf, size_t len,
		    size_t at)
{
	ssize_t n = pwrite(store->fds[segment], buf, len, (off_t)at);

	if (n == (ssize_t)len)
		return 0;
	return n < 0 ? -errno : -EIO;
}

static int put_record(struct event_store *store, const struct event_record *record)
{
	uint8_t buf[EVENT_RECORD_MAX];
	size_t len = event_segment_put(record, store->generation, buf);
	/* with the end mark behind it */
	int r = write_at(store, store->current, buf, len + sizeof(uint64_t), store->end);

	if (r < 0) {
		warn_write(store, -r);
		return r;
	}
	store->end += len;
	store->stats.records++;
	return 0;
}

static int put_acks(struct event_store *store)
{
	int r = 0;

	for (size_t i = 0; i < store->log->n_acks && r == 0; i++) {
		struct event_record record = {.type = EVENT_RECORD_ACK};

		record.done = store->log->acks[i].done;
		memcpy(record.receiver, store->log->acks[i].receiver, sizeof(record.receiver));
		r = put_record(store, &record);
	}
	return r;
}

/* Begins the other segment anew. The full one is synced first: it has the whole ring. Where
 * that cannot be, all stays as it was. */
static int rotate(struct event_store *store)
{
	struct event_segment_head head = {store->generation + 1, store->reserved,
					  store->log->epoch_id};
	uint8_t buf[EVENT_SEGMENT_HEAD + sizeof(uint64_t)] = {0};
	int r;

	fdatasync(store->fds[store->current]);
	event_segment_put_head(&head, buf);
	r = write_at(store, 1 - store->current, buf, sizeof(buf), 0);
	if (r < 0) {
		warn_write(store, -r);
		return r;
	}
	store->current = 1 - store->current;
	store->generation++;
	store->end = EVENT_SEGMENT_HEAD;
	store->stats.rotations++;
	return put_acks(store);
}

/* An end within the head: not even that could be written yet. */
static int append(struct event_store *store, const struct event_record *record)
{
	int r = 0;

	assert(store->current == 0 || store->current == 1);
	if (store->end < EVENT_SEGMENT_HEAD || store->end + EVENT_RECORD_MAX > store->size)
		r = rotate(store);
	if (r == 0)
		r = put_record(store, record);
	store->broken |= r < 0;
	return r;
}

/* There may be room again: what is missing is written, events with their numbers' block
 * before them and places after them. It goes on where it stopped. */
static void make_up(struct event_store *store)
{
	const struct mib_data *data = store->log->data;
	const struct mib_event *event = NULL;
	int r;

	if (!store->broken)
		return;
	r = append(store,
		   &(struct event_record){.type = EVENT_RECORD_RESERVE, .number = store->reserved});
	if (store->missing)
		event = mib_data_event_at(data, store->missing);
	for (; event && r == 0; event = mib_data_event_at(data, event->number + 1)) {
		store->missing = event->number;
		r = append(store,
			   &(struct event_record){.type = EVENT_RECORD_EVENT, .event = *event});
	}
	if (r == 0)
		r = put_acks(store);
	if (r < 0)
		return;
	store->broken = store->warned = false;
	store->missing = 0;
	log_info("events", "msg=\"event log is written again\"");
}

void event_store_add(struct event_store *store, const struct mib_event *event)
{
	struct event_record record = {.type = EVENT_RECORD_EVENT, .event = *event};
	bool was_broken = store->broken;

	assert(event->number > 0 && event->number < store->log->next);
	/* The number must be within a reservation that is on disk. */
	if (event->number + RESERVE_AHEAD > store->reserved) {
		store->reserved = event->number + RESERVE_AHEAD + EVENT_BLOCK;
		append(store, &(struct event_record){.type = EVENT_RECORD_RESERVE,
						     .number = store->reserved});
	}
	if (event->number > store->synced_reserved) {
		sync_now(store);
		store->stats.blocking_syncs++;
	}
	if ((was_broken || append(store, &record) < 0) && !store->missing)
		store->missing = event->number;
	make_up(store); /* this one, too, if it is missing */
	sync_later(store);
}

void event_store_ack(struct event_store *store, const char *receiver,
		     const struct inform_done *done)
{
	struct event_record record = {.type = EVENT_RECORD_ACK, .done = *done};

	assert(receiver[0] != '\0' && strlen(receiver) < sizeof(record.receiver));
	event_log_note_ack(store->log, receiver, done);
	strncpy(record.receiver, receiver, sizeof(record.receiver) - 1);
	if (store->broken)
		make_up(store);
	else
		append(store, &record);
	sync_later(store);
}

void event_store_get_stats(struct event_store *store, struct event_store_stats *ret)
{
	*ret = store->stats;
}

/* 0 with nothing in it if it cannot be read; -ENOMEM. */
static int read_file(int fd, struct loaded *ret)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || st.st_size > FILE_MAX)
		return 0;
	ret->buf = malloc((size_t)st.st_size + 1);
	if (!ret->buf)
		return -ENOMEM;
	n = pread(fd, ret->buf, (size_t)st.st_size, 0);
	ret->len = n > 0 ? (size_t)n : 0;
	ret->there = n > 0;
	ret->ok = !event_segment_get_head(ret->buf, ret->len, &ret->head);
	return 0;
}

static bool is_blank(const struct loaded *file)
{
	for (size_t i = 0; i < file->len; i++) {
		if (file->buf[i])
			return false;
	}
	return true;
}

/* Where nothing can be written the agent must watch and tell all the same: what an earlier
 * one left is read, and new events live in memory. Returns the descriptor or -errno. */
static int open_segment(struct event_store *store, int i)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = openat(store->dir, NAMES[i], O_RDWR | O_CREAT | flags, 0600);

	if (fd < 0) {
		warn_write(store, errno);
		fd = openat(store->dir, NAMES[i], O_RDONLY | flags);
	}
	if (fd < 0)
		fd = memfd_create(NAMES[i], MFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void rename_aside(struct event_store *store, int i)
{
	char to[32];

	snprintf(to, sizeof(to), "%s.damaged", NAMES[i]);
	log_warn("events", "file=%s msg=\"damaged; set aside as %s, numbers go on behind a gap\"",
		 NAMES[i], to);
	if (renameat(store->dir, NAMES[i], store->dir, to) < 0)
		log_warn("events", "file=%s msg=\"cannot be renamed\" err=\"%s\"", NAMES[i],
			 strerror(errno));
	store->stats.set_aside++;
}

static int set_aside(struct event_store *store, int i)
{
	rename_aside(store, i);
	/* The next to be begun: what is left in the other is needed until then. */
	store->current = 1 - i;
	close(store->fds[i]);
	store->fds[i] = open_segment(store, i);
	return store->fds[i] < 0 ? store->fds[i] : 0;
}

/* What has a segment's name but is none: a link, a directory, far too large. */
static bool is_foreign(const struct event_store *store, int i)
{
	struct stat st;

	return fstatat(store->dir, NAMES[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX);
}

/* The order in which to load: older generation first. */
static int load_all(struct event_store *store, struct loaded files[SEGMENTS], int64_t wall_ms)
{
	int older =
		files[0].ok && files[1].ok && files[0].head.generation > files[1].head.generation;
	size_t lost = 0;
	bool any = false;
	int r = 0;

	for (int k = 0; k < SEGMENTS; k++) {
		int i = k ? 1 - older : older;
		size_t damaged = 0;
		int aside;

		if (files[i].ok) {
			any = true;
			store->current = i;
			store->generation = files[i].head.generation;
			damaged = event_log_load(store->log, &files[i].head, files[i].buf,
						 files[i].len, &store->end);
		}
		if (damaged || (!files[i].ok && files[i].there && !is_blank(&files[i]))) {
			lost += files[i].len;
			/* its good records are in the ring and are written anew */
			aside = set_aside(store, i);
			r = r < 0 ? r : aside;
		}
	}
	event_log_loaded(store->log, lost, !any, wall_ms);
	return r;
}

static void rewrite_ring(struct event_store *store)
{
	const struct mib_data *data = store->log->data;
	const struct mib_event *event = mib_data_event_at(data, 1);

	for (; event; event = mib_data_event_at(data, event->number + 1)) {
		int r = append(store,
			       &(struct event_record){.type = EVENT_RECORD_EVENT, .event = *event});

		if (r < 0 && !store->missing)
			store->missing = event->number;
	}
}

static void allocate(struct event_store *store)
{
	for (int i = 0; i < SEGMENTS; i++) {
		/* Where the file system cannot (jffs2, ubifs), it grows as it is written.
		 */
		int r = posix_fallocate(store->fds[i], 0, (off_t)store->size);

		if (r && r != EOPNOTSUPP && r != EINVAL)
			log_warn("events",
				 "file=%s msg=\"no room kept for the event log\" "
				 "err=\"%s\"",
				 NAMES[i], strerror(r));
	}
}

static void begin(struct event_store *store, bool fresh, bool damaged)
{
	struct event_log *log = store->log;

	store->reserved = log->next + EVENT_BLOCK + RESERVE_AHEAD;
	if (fresh)
		store->current = 1;
	if (fresh || damaged || store->end + EVENT_RECORD_MAX > store->size)
		store->broken |= rotate(store) < 0;
	if (damaged)
		rewrite_ring(store);
	append(store, &(struct event_record){.type = EVENT_RECORD_START, .epoch = log->epoch_id});
	append(store,
	       &(struct event_record){.type = EVENT_RECORD_RESERVE, .number = store->reserved});
	sync_now(store);
	if (store->dir >= 0)
		fsync(store->dir); /* files that are new or set aside */
}

static int open_files(struct event_store *store, const char *state_dir,
		      struct loaded files[SEGMENTS])
{
	int r = 0;

	store->dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir < 0)
		warn_write(store, errno);
	for (int i = 0; i < SEGMENTS && r == 0; i++) {
		if (is_foreign(store, i))
			rename_aside(store, i);
		store->fds[i] = open_segment(store, i);
		r = store->fds[i] < 0 ? store->fds[i] : read_file(store->fds[i], &files[i]);
	}
	return r;
}

int event_store_start_thread(struct event_store *store, struct loop *loop)
{
	const struct worker_conf conf = {
		.name = "events",
		.queue_max = 1,
		.batch_max = 1,
		.end_ms = END_MS,
		.run = run_sync,
		.done = on_synced,
		.data = store,
	};

	assert(!store->worker);
	return worker_new(loop, &conf, &store->worker);
}

static struct event_store *event_store_free(struct event_store *store)
{
	if (!worker_end(store->worker))
		return NULL; /* the thread still has the job, and one of the files */
	for (int i = 0; i < SEGMENTS; i++) {
		if (store->fds[i] >= 0)
			close(store->fds[i]);
	}
	if (store->dir >= 0)
		close(store->dir);
	free(store);
	return NULL;
}

int event_store_open(const char *state_dir, struct event_log *log, size_t receivers,
		     int64_t wall_ms, struct event_store **ret)
{
	struct event_store *store = calloc(1, sizeof(*store));
	int r;
	size_t acks;
	struct loaded files[SEGMENTS] = {0};
	bool fresh, damaged;

	if (!store)
		return -ENOMEM;
	store->log = log;
	store->dir = store->fds[0] = store->fds[1] = -1;
	/* Room for all events of the ring and their acknowledgements, of both kinds of
	 * notification by each receiver: one that is away needs the events, however many others
	 * acknowledge them. */
	acks = INFORM_PARTS * (receivers > RECEIVERS_MIN ? receivers : RECEIVERS_MIN);
	store->size = EVENT_SEGMENT_HEAD +
		      (size_t)log->data->sizes.max_events * (EVENT_RECORD_MAX + acks * ACK_RECORD) +
		      SLACK;
	r = open_files(store, state_dir, files);
	if (r >= 0)
		r = load_all(store, files, wall_ms);
	if (r >= 0) {
		fresh = !files[0].ok && !files[1].ok;
		damaged = store->stats.set_aside > 0;
		allocate(store);
		begin(store, fresh, damaged);
	}
	for (int i = 0; i < SEGMENTS; i++)
		free(files[i].buf);
	if (r < 0) {
		event_store_free(store);
		return r;
	}
	*ret = store;
	return 0;
}

struct event_store *event_store_close(struct event_store *store)
{
	if (!store)
		return NULL;
	make_up(store);
	/* Without a stop the next boot leaves out numbers that may have been used. */
	if (!store->broken)
		append(store, &(struct event_record){.type = EVENT_RECORD_STOP,
						     .number = store->log->next - 1});
	sync_later(store);
	return event_store_free(store);
}

void event_store_closep(struct event_store **store)
{
	*store = event_store_close(*store);
}
