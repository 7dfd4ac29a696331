/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one receiver has not acknowledged yet. The queue is a position in the event ring,
 * nothing is copied: all after `acked` is still to be sent, in order, one at a time,
 * again and again until the receiver answers. Time and outcome are arguments; sending is
 * agent/io/event/notify_send.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"

/* Of one event, in this order */
enum inform_part {
	INFORM_OWN = 0,	     /* PANTAU-MIB's notification */
	INFORM_STANDARD = 1, /* IF-MIB's linkDown or linkUp */
	INFORM_PARTS = 2,
};

/* From the ring */
struct event_gone {
	uint32_t number; /* 0: none */
	uint8_t type;
};

enum inform_failure {
	INFORM_SILENT, /* no answer: the pause doubles */
	INFORM_LOCAL,  /* no route, or nobody listens: costs nothing, tried again soon */
};

/* How far a receiver is: all up to number, and of event `at` the parts below `part`. */
struct inform_done {
	uint32_t number, at;
	int part;
};

struct inform_stats {
	uint64_t sent, acknowledged, failed, dropped;
};

struct inform_queue {
	const struct agent_conf_receiver *conf;
	uint32_t acked; /* all up to this number are done with */
	uint32_t at;	/* number of the event that is next */
	int part;	/* of that event */
	uint8_t type;	/* of that event */
	bool in_flight;
	enum inform_failure last_failure;
	int64_t sent_us, retry_us; /* retry_us: not before this; 0 at once */
	int64_t pause_us, pause_max_us;
	bool gone_in_flight;	 /* the ring gave up the event of what is in flight */
	uint32_t dropped_untold; /* not yet told by an eventsDropped */
	struct inform_stats stats;
};

enum inform_next {
	INFORM_NOTHING, /* all is acknowledged, or one is in flight */
	INFORM_WAIT,	/* until ret_at_us */
	INFORM_SEND,
};

/* done: what the receiver acknowledged before. */
void inform_queue_init(struct inform_queue *queue, const struct agent_conf_receiver *conf,
		       const struct inform_done *done, int64_t pause_max_us);

/* After a restart: what the ring gave up since the receiver's place was recorded counts as
 * dropped, too. */
void inform_queue_resume(struct inform_queue *queue, const struct mib_data *data);

/* What to do now. INFORM_SEND gives the event (in the ring) and which notification of it.
 */
enum inform_next inform_queue_next(struct inform_queue *queue, const struct mib_data *data,
				   int64_t now_us, const struct mib_event **ret_event,
				   enum inform_part *ret_part, int64_t *ret_at_us);

void inform_queue_sent(struct inform_queue *queue, int64_t now_us);
/* What was in flight has arrived; how far the receiver is now is inform_queue_done(). */
void inform_queue_acknowledged(struct inform_queue *queue, const struct mib_data *data);
struct inform_done inform_queue_done(const struct inform_queue *queue);
void inform_queue_failed(struct inform_queue *queue, enum inform_failure why, int64_t now_us);

/* A link came up: what waits is tried at once. What is in flight is waited for: the
 * kernel may hold it for a neighbour that it looks for, and a second one would arrive
 * twice. only_local: only if there was no way to the receiver (an address came, which
 * happens with each router advertisement: no reason to doubt a receiver's silence). */
void inform_queue_kick(struct inform_queue *queue, bool only_local);

/* The ring gave up an event. True if this receiver wanted it and had not had it: it is
 * dropped, unless what is in flight of it arrives. */
bool inform_queue_overwritten(struct inform_queue *queue, const struct event_gone *gone);

/* All that there is has been told: the moment to tell what was dropped. Before, each word
 * about it would push one more out of a ring that is full. */
bool inform_queue_is_drained(const struct inform_queue *queue, const struct mib_data *data);
