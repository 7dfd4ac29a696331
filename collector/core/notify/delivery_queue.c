/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few hundred at the most: they are looked through from the oldest on. */
#include "collector/core/notify/delivery_queue.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

enum { FAILURES_TOLD = 3 /* in a row make a failing channel */ };

void delivery_queue_init(struct delivery_queue *queue, const struct delivery_hooks *hooks,
			 int64_t last_id)
{
	*queue = (struct delivery_queue){.hooks = *hooks, .last_id = last_id};
}

void delivery_queue_deinit(struct delivery_queue *queue)
{
	for (size_t i = 0; i < queue->n; i++)
		free(queue->all[i]);
	queue->n = 0;
}

size_t delivery_queue_find(const struct delivery_queue *queue, const char *channel)
{
	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		if (queue->channels[i].name[0] && strcmp(queue->channels[i].name, channel) == 0)
			return i;
	}
	return SIZE_MAX;
}

static size_t place_of(const struct delivery_queue *queue, int64_t id)
{
	size_t i = 0;

	while (i < queue->n && queue->all[i]->id != id)
		i++;
	return i;
}

static struct delivery_channel *channel_of(struct delivery_queue *queue,
					   const struct delivery *delivery)
{
	const size_t i = delivery_queue_find(queue, delivery->channel);

	return i == SIZE_MAX ? NULL : &queue->channels[i];
}

/* Told over and over by itself: no row, no waiting for one. */
static bool is_passing(const struct delivery_channel *channel, const struct delivery *delivery)
{
	return channel && channel->is_state && delivery->what == NOTIFY_REPEAT;
}

static void put(struct delivery_queue *queue, const struct delivery *delivery)
{
	if (!is_passing(channel_of(queue, delivery), delivery))
		queue->hooks.put(queue->hooks.data, delivery);
}

static void say(struct delivery *delivery, const char *answer)
{
	utf8_text_clean(answer, delivery->answer, sizeof(delivery->answer));
}

/* Out of the queue, for good. */
static void finish(struct delivery_queue *queue, size_t place, enum delivery_state state,
		   struct moment now)
{
	struct delivery *delivery = queue->all[place];
	struct delivery_channel *channel = channel_of(queue, delivery);

	assert(place < queue->n);
	delivery->state = state;
	queue->stats.confirmed += state == DELIVERY_CONFIRMED;
	queue->stats.failed += state == DELIVERY_FAILED;
	queue->stats.dropped += state == DELIVERY_DROPPED;
	if (channel && channel->in_flight == delivery->id)
		channel->in_flight = 0;
	queue->n--;
	memmove(&queue->all[place], &queue->all[place + 1],
		(queue->n - place) * sizeof(queue->all[0]));
	put(queue, delivery);
	queue->hooks.done(queue->hooks.data, delivery, now);
	free(delivery);
}

static void tell_channel(struct delivery_queue *queue, struct delivery_channel *channel,
			 const char *why)
{
	if (channel->failing == (why != NULL))
		return;
	channel->failing = why != NULL;
	queue->stats.channels_failing += why ? 1 : -1u;
	queue->hooks.channel(queue->hooks.data, channel->name, why, channel->dropped);
	channel->dropped = 0;
}

static bool conf_has(const struct notify_conf *conf, const char *name)
{
	return notify_conf_channel(conf, name) != SIZE_MAX;
}

static void drop_channel(struct delivery_queue *queue, struct delivery_channel *channel,
			 struct moment now)
{
	for (size_t i = 0; i < queue->n;) {
		if (strcmp(queue->all[i]->channel, channel->name) != 0) {
			i++;
			continue;
		}
		say(queue->all[i], "the channel is not in the configuration any more");
		finish(queue, i, DELIVERY_FAILED, now);
	}
	tell_channel(queue, channel, NULL);
	*channel = (struct delivery_channel){.name = ""};
}

static struct delivery_channel *free_channel(struct delivery_queue *queue)
{
	size_t i = 0;

	while (queue->channels[i].name[0])
		i++;
	assert(i < NOTIFY_CHANNELS_MAX); /* the configuration has no more */
	return &queue->channels[i];
}

void delivery_queue_set_channels(struct delivery_queue *queue, const struct notify_conf *conf,
				 struct moment now)
{
	assert(conf->n_channels <= NOTIFY_CHANNELS_MAX);
	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		if (queue->channels[i].name[0] && !conf_has(conf, queue->channels[i].name))
			drop_channel(queue, &queue->channels[i], now);
	}
	for (size_t i = 0; i < conf->n_channels; i++) {
		const struct channel_conf *c = &conf->channels[i];
		const size_t at = delivery_queue_find(queue, c->title);
		struct delivery_channel *channel =
			at == SIZE_MAX ? free_channel(queue) : &queue->channels[at];

		snprintf(channel->name, sizeof(channel->name), "%s", c->title);
		channel->is_state = c->type == CHANNEL_ALERTMANAGER;
		channel->least_pause_ms = c->least_pause_ms;
		channel->next_mono = now.mono_ms; /* whoever corrected it wants to see it work */
	}
}

void delivery_queue_set_failing(struct delivery_queue *queue, size_t at)
{
	struct delivery_channel *channel = &queue->channels[at];

	assert(at < NOTIFY_CHANNELS_MAX && channel->name[0]);
	queue->stats.channels_failing += !channel->failing;
	channel->failing = true;
}

/* The oldest that waits. */
static struct delivery *next_of(struct delivery_queue *queue,
				const struct delivery_channel *channel)
{
	for (size_t i = 0; i < queue->n; i++) {
		if (queue->all[i]->state == DELIVERY_WAITING &&
		    strcmp(queue->all[i]->channel, channel->name) == 0)
			return queue->all[i];
	}
	return NULL;
}

static void start(struct delivery_queue *queue, struct delivery_channel *channel,
		  struct delivery *delivery, struct moment now)
{
	assert(channel->in_flight == 0);
	delivery->state = DELIVERY_IN_FLIGHT;
	queue->stats.retries += delivery->tries > 0;
	delivery->tries++;
	delivery->tried_ms = now.wall_ms;
	channel->in_flight = delivery->id;
	channel->sent = false;
	channel->next_mono = now.mono_ms + channel->least_pause_ms;
	put(queue, delivery);
	if (is_passing(channel, delivery))
		delivery_queue_stored(queue, delivery->id);
}

static bool pump(struct delivery_queue *queue, struct delivery_channel *channel, struct moment now)
{
	struct delivery *delivery;

	if (channel->in_flight != 0 || now.mono_ms < channel->next_mono)
		return false;
	delivery = next_of(queue, channel);
	if (delivery)
		start(queue, channel, delivery, now);
	return delivery != NULL;
}

/* What is least missed: not tried yet, and not the end of something that was told. */
static bool make_room(struct delivery_queue *queue, struct moment now)
{
	for (size_t i = 0; i < queue->n; i++) {
		const struct delivery *delivery = queue->all[i];

		if (delivery->state != DELIVERY_WAITING || delivery->tries > 0 ||
		    delivery->what == NOTIFY_RECOVERY)
			continue;
		channel_of(queue, delivery)->dropped++;
		finish(queue, i, DELIVERY_DROPPED, now);
		return true;
	}
	return false;
}

static struct delivery *append(struct delivery_queue *queue, const struct delivery *like)
{
	struct delivery *delivery = malloc(sizeof(*delivery));

	if (!delivery)
		return NULL;
	*delivery = *like;
	queue->all[queue->n++] = delivery;
	return delivery;
}

int64_t delivery_queue_add(struct delivery_queue *queue, size_t at, const struct delivery *like,
			   struct moment now)
{
	struct delivery_channel *channel = &queue->channels[at];
	struct delivery *delivery = NULL;

	assert(at < NOTIFY_CHANNELS_MAX && channel->name[0]);
	assert(like->n_alerts <= DELIVERY_ALERTS_MAX);
	if (queue->n < DELIVERY_QUEUE_MAX || make_room(queue, now))
		delivery = append(queue, like);
	if (!delivery) {
		queue->stats.dropped++;
		channel->dropped++;
		return -ENOSPC;
	}
	delivery->id = ++queue->last_id;
	delivery->state = DELIVERY_WAITING;
	delivery->created_ms = now.wall_ms;
	snprintf(delivery->channel, sizeof(delivery->channel), "%s", channel->name);
	queue->stats.made++;
	if (!pump(queue, channel, now) || channel->in_flight != delivery->id)
		put(queue, delivery);
	return queue->last_id;
}

bool delivery_queue_take_back(struct delivery_queue *queue, int64_t id, int64_t alert_id,
			      struct moment now)
{
	const size_t at = place_of(queue, id);
	struct delivery *delivery = at < queue->n ? queue->all[at] : NULL;

	if (!delivery || delivery->tries > 0)
		return false;
	delivery_remove_alert(delivery, alert_id);
	if (delivery->n_alerts == 0) {
		say(delivery, "over before it was sent");
		finish(queue, at, DELIVERY_DROPPED, now);
	}
	return true;
}

void delivery_queue_restore(struct delivery_queue *queue, const struct delivery *stored,
			    struct moment now)
{
	struct delivery *delivery;

	assert(!delivery_is_done(stored) && stored->id <= queue->last_id);
	if (queue->n == DELIVERY_QUEUE_MAX ||
	    delivery_queue_find(queue, stored->channel) == SIZE_MAX)
		return;
	delivery = append(queue, stored);
	if (!delivery)
		return;
	if (stored->state == DELIVERY_IN_FLIGHT && stored->uncertain) {
		say(delivery, "sent twice without an answer that was kept");
		finish(queue, queue->n - 1, DELIVERY_CONFIRMED, now);
		return;
	}
	delivery->uncertain = stored->uncertain || stored->state == DELIVERY_IN_FLIGHT;
	delivery->state = DELIVERY_WAITING;
}

void delivery_queue_stored(struct delivery_queue *queue, int64_t id)
{
	const size_t at = place_of(queue, id);
	struct delivery_channel *channel = at < queue->n ? channel_of(queue, queue->all[at]) : NULL;

	if (!channel || channel->in_flight != id || channel->sent)
		return;
	channel->sent = true;
	queue->hooks.send(queue->hooks.data, queue->all[at]);
}

/* 2 s, 4 s, ... 5 min. */
static int64_t pause_ms(unsigned int failures)
{
	return failures >= 8 ? 300000 : INT64_C(1000) << failures;
}

static void put_back(struct delivery_queue *queue, size_t place,
		     const struct delivery_result *result, struct moment now)
{
	struct delivery *delivery = queue->all[place];
	struct delivery_channel *channel = channel_of(queue, delivery);
	const int64_t wait_ms = pause_ms(++channel->failures);

	channel->in_flight = 0;
	channel->next_mono =
		now.mono_ms + (result->retry_after_ms > wait_ms ? result->retry_after_ms : wait_ms);
	if (channel->failures >= FAILURES_TOLD)
		tell_channel(queue, channel, result->answer);
	if (now.wall_ms - delivery->created_ms > DELIVERY_GIVE_UP_MS) {
		finish(queue, place, DELIVERY_FAILED, now);
		return;
	}
	delivery->state = DELIVERY_WAITING;
	put(queue, delivery);
}

/* The process that sends died with it: once more, and not again. */
static void repeat(struct delivery_queue *queue, size_t place, struct moment now)
{
	struct delivery *delivery = queue->all[place];
	struct delivery_channel *channel = channel_of(queue, delivery);

	if (delivery->uncertain) {
		finish(queue, place, DELIVERY_CONFIRMED, now);
		return;
	}
	delivery->uncertain = true;
	delivery->state = DELIVERY_WAITING;
	channel->in_flight = 0;
	channel->next_mono = now.mono_ms + pause_ms(1);
	put(queue, delivery);
}

void delivery_queue_result(struct delivery_queue *queue, int64_t id,
			   const struct delivery_result *result, struct moment now)
{
	const size_t at = place_of(queue, id);
	struct delivery *delivery = at < queue->n ? queue->all[at] : NULL;
	struct delivery_channel *channel = delivery ? channel_of(queue, delivery) : NULL;

	if (!channel || channel->in_flight != id)
		return; /* of a channel that was taken out meanwhile */
	say(delivery, result->answer);
	switch (result->outcome) {
	case DELIVERY_ARRIVED:
		utf8_text_clean(result->remote, delivery->remote, sizeof(delivery->remote));
		channel->failures = 0;
		tell_channel(queue, channel, NULL);
		finish(queue, at, DELIVERY_CONFIRMED, now);
		break;
	case DELIVERY_REFUSED:
		channel->failures = FAILURES_TOLD;
		channel->next_mono = now.mono_ms + pause_ms(1);
		tell_channel(queue, channel, result->answer);
		finish(queue, at, DELIVERY_FAILED, now);
		break;
	case DELIVERY_UNKNOWN:
		repeat(queue, at, now);
		break;
	case DELIVERY_LATER:
		put_back(queue, at, result, now);
		break;
	}
}

int64_t delivery_queue_tick(struct delivery_queue *queue, struct moment now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		struct delivery_channel *channel = &queue->channels[i];

		if (!channel->name[0] || channel->in_flight != 0 || !next_of(queue, channel))
			continue;
		if (!pump(queue, channel, now) && channel->next_mono < next)
			next = channel->next_mono;
	}
	return next;
}
