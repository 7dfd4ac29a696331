/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Order and back-off of informs to one receiver. One outstanding at a time keeps the
 * order without help of the receiver; at a round trip of 10 ms that is a hundred events a
 * second.
 */
#include "agent/core/event/inform_queue.h"

enum {
	PAUSE_FIRST_US = 500000,
	PAUSE_LOCAL_US = 1000000,
};

void inform_queue_init(struct inform_queue *queue, const struct agent_conf_receiver *conf,
		       const struct inform_done *done, int64_t pause_max_us)
{
	*queue = (struct inform_queue){
		.conf = conf,
		.acked = done->number,
		.at = done->at,
		.part = done->part,
		.pause_max_us = pause_max_us,
	};
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
	return (struct inform_done){queue->acked, queue->at, queue->part};
}

static bool has_part(const struct inform_queue *queue, uint8_t type, int part)
{
	if (!agent_conf_receiver_wants(queue->conf, type))
		return false;
	if (part == INFORM_OWN)
		return queue->conf->own;
	return queue->conf->standard && (type == EVENT_LINK_DOWN || type == EVENT_LINK_UP);
}

/* From the part that is next on. */
static bool has_more(struct inform_queue *queue)
{
	for (; queue->part < INFORM_PARTS; queue->part++) {
		if (has_part(queue, queue->type, queue->part))
			return true;
	}
	return false;
}

/* The next notification that this receiver wants, or NULL. */
static const struct mib_event *find_next(struct inform_queue *queue, const struct mib_data *data)
{
	const struct mib_event *event;

	while ((event = mib_data_event_at(data, queue->acked + 1))) {
		if (event->number != queue->at) { /* a new one, or a half-sent one left the ring */
			queue->at = event->number;
			queue->part = 0;
		}
		queue->type = event->type;
		if (has_more(queue))
			return event;
		queue->acked = event->number;
	}
	return NULL;
}

enum inform_next inform_queue_next(struct inform_queue *queue, const struct mib_data *data,
				   int64_t now_us, const struct mib_event **ret_event,
				   enum inform_part *ret_part, int64_t *ret_at_us)
{
	const struct mib_event *event;

	if (queue->in_flight)
		return INFORM_NOTHING;
	event = find_next(queue, data);
	if (!event)
		return INFORM_NOTHING;
	if (now_us < queue->retry_us) {
		*ret_at_us = queue->retry_us;
		return INFORM_WAIT;
	}
	*ret_event = event;
	*ret_part = (enum inform_part)queue->part;
	return INFORM_SEND;
}

void inform_queue_sent(struct inform_queue *queue, int64_t now_us)
{
	queue->in_flight = true;
	queue->sent_us = now_us;
	queue->stats.sent++;
}

void inform_queue_acknowledged(struct inform_queue *queue, const struct mib_data *data)
{
	queue->pause_us = queue->retry_us = 0;
	queue->stats.acknowledged++;
	queue->part++;
	if (queue->gone_in_flight && has_more(queue))
		drop(queue, 1);
	queue->in_flight = queue->gone_in_flight = false;
	find_next(queue, data);
}

void inform_queue_failed(struct inform_queue *queue, enum inform_failure why, int64_t now_us)
{
	if (queue->gone_in_flight)
		drop(queue, 1);
	queue->in_flight = queue->gone_in_flight = false;
	queue->last_failure = why;
	queue->stats.failed++;
	if (why == INFORM_LOCAL)
		queue->pause_us = PAUSE_LOCAL_US;
	else
		queue->pause_us = queue->pause_us ? queue->pause_us * 2 : PAUSE_FIRST_US;
	if (queue->pause_us > queue->pause_max_us)
		queue->pause_us = queue->pause_max_us;
	queue->retry_us = now_us + queue->pause_us;
}

void inform_queue_kick(struct inform_queue *queue, bool only_local)
{
	if (only_local && queue->last_failure != INFORM_LOCAL)
		return;
	queue->retry_us = 0;
	queue->pause_us = 0;
}

static bool wants(const struct inform_queue *queue, uint8_t type)
{
	return has_part(queue, type, INFORM_OWN) || has_part(queue, type, INFORM_STANDARD);
}

bool inform_queue_overwritten(struct inform_queue *queue, const struct event_gone *gone)
{
	if (!gone->number || gone->number <= queue->acked || !wants(queue, gone->type))
		return false;
	if (queue->in_flight && gone->number == queue->at)
		queue->gone_in_flight = true;
	else
		drop(queue, 1);
	return true;
}

bool inform_queue_is_drained(const struct inform_queue *queue, const struct mib_data *data)
{
	return !queue->in_flight && queue->acked + 1 >= data->head->next_event;
}
