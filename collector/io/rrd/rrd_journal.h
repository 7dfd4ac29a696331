/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal of samples that are not in their files yet: what was added is in it a second later
 * whatever becomes of this process, and survives a power cut RRD_JOURNAL_SYNC_S later. For one thread.
 *
 * It consists of segments DIR/.journal/NUMBER. A segment goes when all its samples were written to
 * their files and the kernel had RRD_JOURNAL_KEEP_S to bring those to the disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/codec/series/journal_record.h"
#include "common/base/cleanup.h"

enum {
	RRD_JOURNAL_SYNC_S = 5,
	RRD_JOURNAL_SEGMENT_S = 60, /* then the next one begins */
	RRD_JOURNAL_KEEP_S = 90,
	RRD_JOURNAL_OCTETS_MAX = 256 << 20, /* of all segments */
};

struct rrd_journal;

struct rrd_journal_figures {
	uint64_t octets;   /* written */
	uint64_t failures; /* writes */
	uint64_t damaged;  /* segments that end in something else than a whole record */
	unsigned int segments;
};

/* Makes the directory below dir. Segments of before stay until replay. 0 or negative errno. */
must_check_ int rrd_journal_open(const char *dir, struct rrd_journal **ret);
/* Writes what was added; if nothing is outstanding, all is brought to the disk and the segments go. */
void rrd_journal_end(struct rrd_journal *journal);
struct rrd_journal *rrd_journal_close(struct rrd_journal *journal); /* returns NULL; takes NULL */

/* Gives all records of before, segment by segment: fn with NULL before each one. */
typedef void rrd_journal_fn(void *data, const struct journal_record *record);
void rrd_journal_replay(struct rrd_journal *journal, rrd_journal_fn *fn, void *data);
/* What was replayed is in its files. */
void rrd_journal_forget(struct rrd_journal *journal, int64_t now_s);

/* The segment that add() writes to, > 0. 0: nothing can be journalled now: the disk is full, or too much waits. */
uint32_t rrd_journal_segment(const struct rrd_journal *journal);
/* Into memory; a sample counts as outstanding in the current segment. */
void rrd_journal_add(struct rrd_journal *journal, const struct journal_record *record);
/* n samples of that segment are in their files, or given up. */
void rrd_journal_release(struct rrd_journal *journal, uint32_t segment, size_t n);

/* Once a second: writes what was added, now and then to the disk itself, and removes what is no more needed.
 * 0, or negative errno: what is added from then on is not kept until it works again. */
int rrd_journal_tick(struct rrd_journal *journal, int64_t now_s);
/* Whether it still has to be called although nothing is added. */
bool rrd_journal_is_busy(const struct rrd_journal *journal);
struct rrd_journal_figures rrd_journal_figures(const struct rrd_journal *journal);
