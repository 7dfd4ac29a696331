/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event log on disk: events.0 and events.1 in the state directory, written in turn
 * (agent/core/event/event_log has the format and the numbering).
 *
 * What is on disk when:
 *  - Before an event is sent, its record has been handed to the kernel by one pwrite(2):
 * it survives kill -9 and any crash of the agent. No fsync is waited for: 0.6 ms from
 * link to receiver leaves no room for a flash chip.
 *  - A thread calls fdatasync(2) at once afterwards, so a power loss takes at most the
 * last moments. What it takes may have been sent: its number is not used again, since
 *    numbers are reserved in blocks and a reservation is synced before the first of its
 *    block is used (event_log_loaded).
 *  - Acknowledgements are written the same way; one that a power loss takes makes an
 * inform be sent twice, with the same event number. The files are allocated whole at the
 * start, so a full disk cannot stop the log. Where it was full before, or the file system
 * cannot allocate, events live in memory until the next one finds room: then all that are
 * missing are written. Nothing is written while nothing happens.
 */
#pragma once

#include <stdint.h>

#include "agent/core/event/event_log.h"

struct event_store;
struct loop;

struct event_store_stats {
	uint64_t records, syncs, rotations;
	uint64_t write_errors;	 /* of records; made up for when there is room again */
	uint64_t blocking_syncs; /* a block of numbers was used up before its successor
				    was synced */
	uint64_t set_aside;	 /* damaged files */
};

/*
 * Loads what is in state_dir into log, sets damaged files aside with a warning, and notes
 * the start. Where the directory is not there or cannot be written, events live in memory.
 * receivers: how many will acknowledge, for the files' size. Returns 0, or -errno when there
 * is no memory.
 */
int event_store_open(const char *state_dir, struct event_log *log, size_t receivers,
		     int64_t wall_ms, struct event_store **ret);
/* From here on a thread syncs; before, each call does. After privileges were dropped:
 * threads have theirs of their own. 0 or -errno. */
int event_store_start_thread(struct event_store *store, struct loop *loop);
/* Notes a stop in good order and waits until all is on disk, for three seconds at most. */
struct event_store *event_store_close(struct event_store *store);
void event_store_closep(struct event_store **store);

/* Keeps an event; failures are counted and logged. Call it before the event is sent. */
void event_store_add(struct event_store *store, const struct mib_event *event);
/* Keeps what a receiver has acknowledged. */
void event_store_ack(struct event_store *store, const char *receiver,
		     const struct inform_done *done);
void event_store_get_stats(struct event_store *store, struct event_store_stats *ret);
