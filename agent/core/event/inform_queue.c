/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Order and back-off of informs to one receiver. One outstanding of each link keeps the
 * order of that link without help of the receiver; several links at once, since 200 events
 * one after the other over a round trip of 100 ms take 20 s.
 */
#include "agent/core/event/inform_queue.h"

#include <assert.h>
#include <string.h>

enum {
	PAUSE_FIRST_US = 500000,
	PAUSE_LOCAL_US = 1000000,
};

void inform_queue_init(struct inform_queue *queue, const struct agent_conf_receiver *conf,
		       const struct inform_done *done, int64_t pause_max_us)
{
	assert(conf && pause_max_us > 0);
	*queue = (struct inform_queue){
		.conf = conf,
		.acked = done->number,
		.pause_max_us = pause_max_us,
	};
	if (done->part > 0 && done->at > done->number)
		queue->places[queue->n_places++] = (struct inform_place){
			.number = done->at,
			.part = (uint8_t)done->part,
		};
}

static struct inform_place *find_place(struct inform_queue *queue, uint32_t number)
{
	for (uint32_t i = 0; i < queue->n_places; i++) {
		if (queue->places[i].number == number)
			return &queue->places[i];
	}
	return NULL;
}

static void remove_place(struct inform_queue *queue, struct inform_place *place)
{
	if (place)
		*place = queue->places[--queue->n_places];
}

static void drop(struct inform_queue *queue, uint32_t n)
{
	queue->stats.dropped += n;
	queue->dropped_untold += n;
}

void inform_queue_resume(struct inform_queue *queue, const struct mib_data *data)
{
	uint32_t first = data->head->first_event, gone;

	if (first <= queue->acked + 1)
		return;
	gone = first - queue->acked - 1;
	queue->acked = first - 1;
	drop(queue, gone);
}

struct inform_done inform_queue_done(const struct inform_queue *queue)
{
	struct inform_done done = {.number = queue->acked};

	assert(queue->n_places <= INFORM_AHEAD);
	for (uint32_t i = 0; i < queue->n_places; i++) {
		const struct inform_place *place = &queue->places[i];

		if (!place->part || place->part == INFORM_PARTS ||
		    (done.at && done.at < place->number))
			continue;
		done.at = place->number;
		done.part = place->part;
	}
	return done;
}

static bool has_part(const struct inform_queue *queue, uint8_t type, int part)
{
	if (!agent_conf_receiver_wants(queue->conf, type))
		return false;
	if (part == INFORM_OWN)
		return queue->conf->own;
	return queue->conf->standard && (type == EVENT_LINK_DOWN || type == EVENT_LINK_UP);
}

/* The first part from that one on that this receiver wants, or INFORM_PARTS. */
static int wanted_from(const struct inform_queue *queue, uint8_t type, int part)
{
	while (part < INFORM_PARTS && !has_part(queue, type, part))
		part++;
	return part;
}

static int next_part(struct inform_queue *queue, const struct mib_event *event)
{
	const struct inform_place *place = find_place(queue, event->number);

	return wanted_from(queue, event->type, place ? place->part : 0);
}

/* Steps over what is done with. Returns the first event that is not, or NULL. */
static const struct mib_event *advance(struct inform_queue *queue, const struct mib_data *data)
{
	const struct mib_event *event;

	while ((event = mib_data_event_at(data, queue->acked + 1))) {
		if (next_part(queue, event) < INFORM_PARTS)
			return event;
		remove_place(queue, find_place(queue, event->number));
		queue->acked = event->number;
	}
	return NULL;
}

/* Of one link down and up make sense in their order only; what is of no link (the agent
 * started, the clock was set) parts what was before from what comes after. */
static bool must_keep_order(const struct mib_event *a, const struct mib_event *b)
{
	return !a->if_name[0] || !b->if_name[0] || !strcmp(a->if_name, b->if_name);
}

/* Whether an event can be begun or gone on with: nothing of it is under way, and nothing
 * waits that must come before it. */
static bool is_free(struct inform_queue *queue, const struct mib_data *data,
		    const struct mib_event *first, const struct mib_event *event)
{
	const struct inform_place *place = find_place(queue, event->number);
	const struct mib_event *other = first;

	if (place ? place->in_flight : event != first && queue->n_places >= INFORM_AHEAD - 1)
		return false;
	if (next_part(queue, event) == INFORM_PARTS)
		return false;
	for (; other != event; other = mib_data_event_at(data, other->number + 1)) {
		if (must_keep_order(other, event) && next_part(queue, other) < INFORM_PARTS)
			return false;
	}
	return true;
}

/* The uplink's first: it tells why all else was late. Of the others only the next few are
 * looked at. */
static const struct mib_event *choose(struct inform_queue *queue, const struct mib_data *data,
				      const struct mib_event *first)
{
	const struct mib_event *event = first;

	/* Of which link one is that the ring gave up cannot be told any more. */
	for (uint32_t i = 0; i < queue->n_places; i++) {
		if (queue->places[i].gone)
			return NULL;
	}
	for (; event; event = mib_data_event_at(data, event->number + 1)) {
		if (event->role == LINK_ROLE_UPLINK && is_free(queue, data, first, event))
			return event;
	}
	event = first;
	for (int i = 0; event && i < INFORM_AHEAD; i++) {
		if (is_free(queue, data, first, event))
			return event;
		event = mib_data_event_at(data, event->number + 1);
	}
	return NULL;
}

enum inform_next inform_queue_next(struct inform_queue *queue, const struct mib_data *data,
				   int64_t now_us, const struct mib_event **ret_event,
				   enum inform_part *ret_part, int64_t *ret_at_us)
{
	const struct mib_event *event;

	assert(queue->n_in_flight <= queue->n_places);
	if (queue->n_in_flight >= (queue->silent ? 1 : INFORM_WINDOW))
		return INFORM_NOTHING;
	event = advance(queue, data);
	if (event)
		event = choose(queue, data, event);
	if (!event)
		return INFORM_NOTHING;
	if (now_us < queue->retry_us) {
		*ret_at_us = queue->retry_us;
		return INFORM_WAIT;
	}
	*ret_event = event;
	*ret_part = (enum inform_part)next_part(queue, event);
	return INFORM_SEND;
}

void inform_queue_sent(struct inform_queue *queue, const struct mib_event *event,
		       enum inform_part part, int64_t now_us)
{
	struct inform_place *place = find_place(queue, event->number);

	assert(queue->n_in_flight < INFORM_WINDOW);
	assert(place ? !place->in_flight : queue->n_places < INFORM_AHEAD);
	if (!place)
		place = &queue->places[queue->n_places++];
	*place = (struct inform_place){
		.number = event->number,
		.type = event->type,
		.part = (uint8_t)part,
		.in_flight = true,
		.sent_us = now_us,
	};
	queue->n_in_flight++;
	queue->stats.sent++;
}

/* Nothing of the event is under way any more. */
static struct inform_place *land(struct inform_queue *queue, uint32_t number)
{
	struct inform_place *place = find_place(queue, number);

	assert(place && place->in_flight);
	place->in_flight = false;
	queue->n_in_flight--;
	return place;
}

void inform_queue_acknowledged(struct inform_queue *queue, uint32_t number,
			       const struct mib_data *data)
{
	struct inform_place *place = land(queue, number);

	queue->pause_us = queue->retry_us = 0;
	queue->silent = false;
	queue->stats.acknowledged++;
	place->part = (uint8_t)wanted_from(queue, place->type, place->part + 1);
	if (place->gone) {
		if (place->part < INFORM_PARTS)
			drop(queue, 1);
		remove_place(queue, place);
	}
	advance(queue, data);
}

static void pause_queue(struct inform_queue *queue, enum inform_failure why, int64_t now_us)
{
	queue->last_failure = why;
	queue->silent = true;
	if (why == INFORM_LOCAL)
		queue->pause_us = PAUSE_LOCAL_US;
	else
		queue->pause_us = queue->pause_us ? queue->pause_us * 2 : PAUSE_FIRST_US;
	if (queue->pause_us > queue->pause_max_us)
		queue->pause_us = queue->pause_max_us;
	queue->failed_us = now_us;
	queue->retry_us = now_us + queue->pause_us;
}

void inform_queue_failed(struct inform_queue *queue, uint32_t number, enum inform_failure why,
			 int64_t now_us)
{
	struct inform_place *place = land(queue, number);
	int64_t sent_us = place->sent_us;

	if (place->gone) {
		drop(queue, 1);
		remove_place(queue, place);
	}
	/* Those that were sent before the pause began say nothing new. */
	if (sent_us >= queue->failed_us)
		pause_queue(queue, why, now_us);
	queue->stats.failed++;
}

void inform_queue_no_way(struct inform_queue *queue, int64_t now_us)
{
	pause_queue(queue, INFORM_LOCAL, now_us);
	queue->stats.failed++;
}
void inform_queue_kick(struct inform_queue *queue, bool only_local)
{
	if (only_local && queue->last_failure != INFORM_LOCAL)
		return;
	queue->retry_us = 0;
	queue->pause_us = 0;
}

bool inform_queue_overwritten(struct inform_queue *queue, const struct event_gone *gone)
{
	struct inform_place *place = find_place(queue, gone->number);

	if (!gone->number || gone->number <= queue->acked ||
	    wanted_from(queue, gone->type, place ? place->part : 0) == INFORM_PARTS) {
		remove_place(queue, place);
		return false;
	}
	if (place && place->in_flight) {
		place->gone = true;
		return true;
	}
	remove_place(queue, place);
	drop(queue, 1);
	return true;
}

bool inform_queue_is_drained(const struct inform_queue *queue, const struct mib_data *data)
{
	return !queue->n_in_flight && queue->acked + 1 >= data->head->next_event;
}
