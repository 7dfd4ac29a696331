/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbered events: the ring that the event table shows, and the records by which it
 * survives a restart. Bytes in, bytes out; files are agent/io/event/event_store.
 *
 * Two segment files of fixed size are written in turn. A segment is a head and records,
 * each with a check seeded by the segment's generation, so that what an earlier
 * generation left behind in the file is never taken for a record of this one. A segment
 * has room for at least as many events as the ring: the two together always hold all of
 * the ring.
 *
 * A number is not used twice: numbers are reserved in blocks, and a block is on the
 * disk before the first of its numbers is sent. After a power loss, which may have eaten
 * the last records but not the reservation, numbers go on behind the block. Where the files
 * could not be written, or are gone, the history's file has the last number of this boot;
 * events of two boots differ by their epoch.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/event/inform_queue.h"
#include "agent/core/history/stamp.h"
#include "agent/core/mib/mib_data.h"

enum {
	EVENT_BLOCK = 64, /* numbers reserved at a time */
	EVENT_RECORD_MAX = 192,
	EVENT_SEGMENT_HEAD = 32,
};

enum event_record_type {
	EVENT_RECORD_NONE, /* no more */
	EVENT_RECORD_EVENT = 1,
	EVENT_RECORD_ACK = 2,	  /* how far a receiver is */
	EVENT_RECORD_RESERVE = 3, /* numbers up to number may have been used */
	EVENT_RECORD_START = 4,	  /* the agent started in the boot of epoch */
	EVENT_RECORD_STOP = 5,	  /* it stopped in good order; nothing follows in this run */
};

struct event_record {
	enum event_record_type type;
	struct mib_event event; /* EVENT */
	char receiver[AGENT_CONF_RECEIVER_SIZE];
	struct inform_done done; /* ACK */
	uint32_t number, epoch;
};

struct event_segment_head {
	uint32_t generation, reserved, epoch;
};

/* Each returns the octets written to buf: a head is EVENT_SEGMENT_HEAD, a record at most
 * EVENT_RECORD_MAX with an end mark that the next record overwrites (not counted). */
size_t event_segment_put_head(const struct event_segment_head *head, uint8_t *buf);
size_t event_segment_put(const struct event_record *record, uint32_t generation,
			 uint8_t buf[EVENT_RECORD_MAX]);

/* 0, or -EINVAL for what is no head. */
int event_segment_get_head(const uint8_t *buf, size_t len, struct event_segment_head *ret);

/*
 * The record at or after *offset; *offset moves behind it. Octets that are no record
 * before one that is are counted in *damaged; EVENT_RECORD_NONE leaves *offset behind the
 * last record.
 */
enum event_record_type event_segment_get(const uint8_t *buf, size_t len, uint32_t generation,
					 size_t *offset, size_t *damaged, struct event_record *ret);

/* What a restart finds. */
struct event_ack {
	char receiver[AGENT_CONF_RECEIVER_SIZE];
	struct inform_done done;
};
struct event_log {
	struct mib_data *data;
	uint32_t epoch_id;
	uint32_t next;	     /* number of the next event */
	uint32_t reserved;   /* of the records seen */
	bool stopped;	     /* the last record seen was a STOP */
	uint32_t stopped_at; /* the last number, as the last STOP said */
	uint32_t seen_epoch;
	struct event_ack acks[AGENT_CONF_RECEIVERS_MAX * 2];
	size_t n_acks;
};

/* data's ring must be empty. */
void event_log_init(struct event_log *log, struct mib_data *data, uint32_t epoch_id);

/* A segment's records into the ring, older segment first. Returns octets damaged in
 * between; ret_end (may be NULL) gets the end of the last record. */
size_t event_log_load(struct event_log *log, const struct event_segment_head *head,
		      const uint8_t *buf, size_t len, size_t *ret_end);
/* After loading. lost: octets of the segments that were unreadable or damaged; wall_ms: a
 * number beyond all that may have been used is made from it if nothing at all could be
 * read. */
void event_log_loaded(struct event_log *log, size_t lost, bool nothing_read, int64_t wall_ms);

/* What a receiver has acknowledged; false if it is not known. */
bool event_log_ack_of(const struct event_log *log, const char *receiver, struct inform_done *ret);
void event_log_note_ack(struct event_log *log, const char *receiver,
			const struct inform_done *done);

/*
 * Gives the event its number, time and epoch and puts it into the ring; not within a
 * write of mib_data. ret_gone gets the event that made way.
 * Returns the event in the ring.
 */
const struct mib_event *event_log_add(struct event_log *log, const struct mib_event *event,
				      const struct stamp *now, struct event_gone *ret_gone);
