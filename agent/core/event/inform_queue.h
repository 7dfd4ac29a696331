/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one receiver has not acknowledged yet. The queue is a position in the event ring,
 * nothing is copied: all after `acked` is still to be sent, again and again until the
 * receiver answers, but for the few after it that are marked as under way or arrived. Up
 * to INFORM_WINDOW are under way at once: of one link only one, so that each link's events
 * arrive in order, the uplink's before all others; one of no link waits for all before it,
 * and all behind it wait for it. Time and outcome are arguments; sending
 * is agent/io/event/notify_send.
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

enum {
	INFORM_WINDOW = 16, /* under way at once; one while the receiver is silent */
	INFORM_AHEAD = 64,  /* events after the first unacknowledged one that may be begun */
};

/* An event that is begun: how far. */
struct inform_place {
	uint32_t number;
	uint8_t type;
	uint8_t part; /* that is next or under way; INFORM_PARTS: all have arrived */
	bool in_flight;
	bool gone; /* the ring gave up the event while it was under way */
	int64_t sent_us;
};

struct inform_stats {
	uint64_t sent, acknowledged, failed, dropped;
};

struct inform_queue {
	const struct agent_conf_receiver *conf;
	uint32_t acked; /* all up to this number are done with */
	struct inform_place places[INFORM_AHEAD];
	uint32_t n_places, n_in_flight;
	bool silent; /* the last word was a failure: one at a time until one arrives */
	enum inform_failure last_failure;
	int64_t failed_us, retry_us; /* retry_us: not before this; 0 at once */
	int64_t pause_us, pause_max_us;
	uint32_t dropped_untold; /* not yet told by an eventsDropped */
	struct inform_stats stats;
};

enum inform_next {
	INFORM_NOTHING, /* all is acknowledged or under way, or no more may be */
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

/* What inform_queue_next() gave is under way. */
void inform_queue_sent(struct inform_queue *queue, const struct mib_event *event,
		       enum inform_part part, int64_t now_us);
/* What was under way of that event has arrived; how far the receiver is now is
 * inform_queue_done(). */
void inform_queue_acknowledged(struct inform_queue *queue, uint32_t number,
			       const struct mib_data *data);
/* All up to a number, and the parts of the first after it. What arrived of later events is
 * not in it: after a restart they are sent again, and the receiver knows them by number. */
struct inform_done inform_queue_done(const struct inform_queue *queue);
void inform_queue_failed(struct inform_queue *queue, uint32_t number, enum inform_failure why,
			 int64_t now_us);
/* Nothing could be sent: no route to the receiver. */
void inform_queue_no_way(struct inform_queue *queue, int64_t now_us);

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
