/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/rrd/rrd_journal.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/system/log.h"

enum {
	BUFFER_MAX = 1 << 20, /* octets that wait for the next write */
	SEGMENTS_MAX = 128,
	SEGMENT_READ_MAX = 64 << 20,
	NAME_SIZE = 16,
	AGAIN_S = 10, /* after a failure */
};

struct segment {
	uint32_t number;
	size_t outstanding; /* samples */
	size_t octets;
	int64_t done_s; /* when it had none any more; 0: it has, or it is the current one */
	bool of_before;
};

struct rrd_journal {
	int dir_fd, fd;			       /* fd: of the current segment, -1 none */
	struct segment segments[SEGMENTS_MAX]; /* by number */
	size_t n_segments;
	uint32_t next_number;
	bool works;
	int64_t begun_s, synced_s, logged_s, failed_s;
	uint8_t *buffer;
	size_t len;
	struct rrd_journal_figures figures;
};

/* ---- segments ---- */

static void name_of(uint32_t number, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%08" PRIx32, number);
}

static void add_segment(struct rrd_journal *journal, struct segment segment)
{
	assert(journal->n_segments < SEGMENTS_MAX);
	journal->segments[journal->n_segments++] = segment;
	if (segment.number >= journal->next_number)
		journal->next_number = segment.number + 1;
}

static void remove_segment(struct rrd_journal *journal, size_t i)
{
	char name[NAME_SIZE];

	name_of(journal->segments[i].number, name);
	unlinkat(journal->dir_fd, name, 0);
	memmove(&journal->segments[i], &journal->segments[i + 1],
		(--journal->n_segments - i) * sizeof(journal->segments[0]));
}

static struct segment *current(struct rrd_journal *journal)
{
	return journal->fd >= 0 ? &journal->segments[journal->n_segments - 1] : NULL;
}

static size_t octets_of_all(const struct rrd_journal *journal)
{
	size_t octets = 0;

	for (size_t i = 0; i < journal->n_segments; i++)
		octets += journal->segments[i].octets;
	return octets;
}

static int begin_segment(struct rrd_journal *journal, int64_t now_s)
{
	char name[NAME_SIZE];

	if (journal->n_segments == SEGMENTS_MAX || octets_of_all(journal) > RRD_JOURNAL_OCTETS_MAX)
		return -EDQUOT;
	name_of(journal->next_number, name);
	journal->fd = openat(journal->dir_fd, name,
			     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (journal->fd < 0)
		return -errno;
	fsync(journal->dir_fd); /* its name is to be there after a power cut, too */
	add_segment(journal, (struct segment){.number = journal->next_number});
	journal->begun_s = journal->synced_s = now_s;
	return 0;
}

static void end_segment(struct rrd_journal *journal)
{
	const struct segment *segment = current(journal);

	if (!segment)
		return;
	fdatasync(journal->fd);
	close(journal->fd);
	journal->fd = -1;
}

/* ---- open, replay ---- */

static int compare_segments(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int list_segments(struct rrd_journal *journal)
{
	const int fd = dup(journal->dir_fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *one;

	if (!dir)
		return -errno;
	while ((one = readdir(dir))) {
		char *end;
		const unsigned long number = strtoul(one->d_name, &end, 16);

		if (strlen(one->d_name) == 8 && !*end && number < UINT32_MAX - 1 &&
		    journal->n_segments < SEGMENTS_MAX / 2)
			add_segment(journal, (struct segment){.number = (uint32_t)number,
							      .of_before = true});
	}
	closedir(dir);
	qsort(journal->segments, journal->n_segments, sizeof(journal->segments[0]),
	      compare_segments);
	return 0;
}

int rrd_journal_open(const char *dir, struct rrd_journal **ret)
{
	struct rrd_journal *journal = calloc(1, sizeof(*journal));
	cleanup_free char *path = NULL;
	int r = -ENOMEM;

	if (journal && asprintf(&path, "%s/.journal", dir) < 0)
		path = NULL;
	if (!journal || !path)
		goto fail;
	journal->fd = -1;
	journal->works = true;
	journal->next_number = 1;
	journal->buffer = malloc(BUFFER_MAX);
	if (mkdir(path, 0750) < 0 && errno != EEXIST)
		journal->dir_fd = -1;
	else
		journal->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	r = !journal->buffer ? -ENOMEM : journal->dir_fd < 0 ? -errno : list_segments(journal);
	if (r < 0)
		goto fail;
	*ret = journal;
	return 0;
fail:
	if (journal) {
		if (journal->dir_fd > 0)
			close(journal->dir_fd);
		free(journal->buffer);
		free(journal);
	}
	return r;
}

struct rrd_journal *rrd_journal_close(struct rrd_journal *journal)
{
	if (!journal)
		return NULL;
	if (journal->fd >= 0)
		close(journal->fd);
	close(journal->dir_fd);
	free(journal->buffer);
	free(journal);
	return NULL;
}

/* The whole segment; NULL: it cannot be read. */
static uint8_t *read_segment(const struct rrd_journal *journal, uint32_t number, size_t *ret_len)
{
	char name[NAME_SIZE];
	struct stat st;
	uint8_t *octets = NULL;
	ssize_t n = -1;
	int fd;

	name_of(number, name);
	fd = openat(journal->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < SEGMENT_READ_MAX)
		octets = malloc((size_t)st.st_size + 1);
	if (octets)
		n = read(fd, octets, (size_t)st.st_size);
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		free(octets);
		return NULL;
	}
	*ret_len = (size_t)n;
	return octets;
}

/* What a power cut or a full disk left of the last record is not one. */
static void replay_segment(struct rrd_journal *journal, uint32_t number, rrd_journal_fn *fn,
			   void *data)
{
	size_t len = 0, at = 0, n;
	cleanup_free uint8_t *octets = read_segment(journal, number, &len);
	struct journal_record record;

	fn(data, NULL);
	for (; octets && at < len; at += n) {
		n = journal_record_read(octets + at, len - at, &record);
		if (n == 0)
			break;
		fn(data, &record);
	}
	if (octets && at == len)
		return;
	journal->figures.damaged++;
	log_warn("rrd", "action=replay segment=%08" PRIx32 " octets=%zu read=%zu", number, len, at);
}

void rrd_journal_replay(struct rrd_journal *journal, rrd_journal_fn *fn, void *data)
{
	for (size_t i = 0; i < journal->n_segments; i++)
		if (journal->segments[i].of_before)
			replay_segment(journal, journal->segments[i].number, fn, data);
}

void rrd_journal_forget(struct rrd_journal *journal, int64_t now_s)
{
	for (size_t i = 0; i < journal->n_segments; i++)
		if (journal->segments[i].of_before)
			journal->segments[i].done_s = now_s;
}

/* ---- adding ---- */

uint32_t rrd_journal_segment(const struct rrd_journal *journal)
{
	return journal->works && journal->fd >= 0
		       ? journal->segments[journal->n_segments - 1].number
		       : 0;
}

void rrd_journal_add(struct rrd_journal *journal, const struct journal_record *record)
{
	struct segment *segment = current(journal);

	assert(segment && journal->works);
	if (journal->len + JOURNAL_RECORD_MAX >
	    BUFFER_MAX) /* a burst: not to wait for the second's end */
		rrd_journal_tick(journal, journal->synced_s);
	if (!journal->works)
		return;
	journal->len += journal_record_write(record, journal->buffer + journal->len);
	segment->outstanding += record->type == JOURNAL_RECORD_SAMPLE;
}

void rrd_journal_release(struct rrd_journal *journal, uint32_t segment, size_t n)
{
	for (size_t i = 0; i < journal->n_segments; i++) {
		struct segment *one = &journal->segments[i];

		if (one->number != segment)
			continue;
		one->outstanding -= n < one->outstanding ? n : one->outstanding;
		return;
	}
}

/* ---- once a second ---- */

static int write_all(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, octets, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENOSPC;
		octets += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_buffer(struct rrd_journal *journal)
{
	struct segment *segment = current(journal);
	int r;

	if (journal->len == 0 || !segment)
		return 0;
	r = write_all(journal->fd, journal->buffer, journal->len);
	if (r == 0) {
		segment->octets += journal->len;
		journal->figures.octets += journal->len;
	}
	journal->len = 0;
	return r;
}

static bool is_done(const struct segment *segment, int64_t now_s)
{
	return segment->done_s > 0 && now_s - segment->done_s >= RRD_JOURNAL_KEEP_S;
}

static void remove_done(struct rrd_journal *journal, int64_t now_s)
{
	for (size_t i = 0; i < journal->n_segments;) {
		struct segment *segment = &journal->segments[i];

		if (segment != current(journal) && !segment->of_before && segment->done_s == 0 &&
		    segment->outstanding == 0)
			segment->done_s = now_s;
		if (is_done(segment, now_s))
			remove_segment(journal, i);
		else
			i++;
	}
}

static int fail(struct rrd_journal *journal, int64_t now_s, int r)
{
	journal->figures.failures++;
	if (journal->works || now_s - journal->logged_s >= 60) {
		log_error("rrd",
			  "action=journal err=\"%s\": samples are written to their files at once",
			  strerror(-r));
		journal->logged_s = now_s;
	}
	journal->works = false;
	journal->failed_s = now_s;
	end_segment(journal); /* it may end within a record */
	return r;
}

int rrd_journal_tick(struct rrd_journal *journal, int64_t now_s)
{
	int r = write_buffer(journal);

	if (r == 0 && journal->fd >= 0 && now_s - journal->synced_s >= RRD_JOURNAL_SYNC_S) {
		r = fdatasync(journal->fd) < 0 ? -errno : 0;
		journal->synced_s = now_s;
	}
	if (r < 0)
		return fail(journal, now_s, r);
	if (journal->fd >= 0 && now_s - journal->begun_s >= RRD_JOURNAL_SEGMENT_S &&
	    current(journal)->octets > 0)
		end_segment(journal);
	remove_done(journal, now_s);
	if (journal->fd < 0 && !journal->works && now_s - journal->failed_s < AGAIN_S)
		return 0;
	if (journal->fd < 0) {
		r = begin_segment(journal, now_s);
		if (r < 0)
			return fail(journal, now_s, r);
	}
	journal->works = true;
	return 0;
}

void rrd_journal_end(struct rrd_journal *journal)
{
	const int r = write_buffer(journal);
	size_t outstanding = 0;

	if (r < 0)
		(void)fail(journal, journal->synced_s, r);
	end_segment(journal);
	for (size_t i = 0; i < journal->n_segments; i++)
		outstanding += journal->segments[i].outstanding +
			       (journal->segments[i].of_before && journal->segments[i].done_s == 0);
	if (outstanding > 0 || syncfs(journal->dir_fd) < 0)
		return;
	while (journal->n_segments > 0)
		remove_segment(journal, journal->n_segments - 1);
}

bool rrd_journal_is_busy(const struct rrd_journal *journal)
{
	return journal->len > 0 || journal->n_segments > 1 || !journal->works;
}

struct rrd_journal_figures rrd_journal_figures(const struct rrd_journal *journal)
{
	struct rrd_journal_figures figures = journal->figures;

	figures.segments = (unsigned int)journal->n_segments;
	return figures;
}
