/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the channels have to send: each one message at a time, in order, again after a
 * failure with ever longer pauses, for a day at most. Bounded: what was not tried yet goes
 * first, recoveries last.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/notify/delivery.h"

enum { DELIVERY_QUEUE_MAX = 500, DELIVERY_GIVE_UP_MS = 24 * 3600000 };

struct delivery_hooks {
	void *data;
	void (*put)(void *data, const struct delivery *delivery);
	void (*send)(void *data, const struct delivery *delivery);
	/* It is confirmed, failed or dropped, and gone after the call. */
	void (*done)(void *data, const struct delivery *delivery, struct moment now);
	void (*channel)(void *data, const char *channel, const char *why, uint64_t dropped);
};

struct delivery_stats {
	uint64_t made, confirmed, failed, dropped, retries;
	unsigned int channels_failing;
};

struct delivery_channel {
	char name[NOTIFY_NAME_MAX + 1]; /* "" free */
	bool is_state; /* an Alertmanager: told again and again, which is not worth a row */
	int64_t least_pause_ms;
	int64_t in_flight;     /* id; 0 none */
	bool sent;	       /* what is in flight was handed out: its row is stored */
	int64_t next_mono;     /* not before */
	unsigned int failures; /* in a row */
	bool failing;	       /* and somebody was told */
	uint64_t dropped;      /* since it began to fail */
};

struct delivery_queue {
	struct delivery_hooks hooks;
	struct delivery_channel channels[NOTIFY_CHANNELS_MAX];
	struct delivery *all[DELIVERY_QUEUE_MAX]; /* by id */
	size_t n;
	int64_t last_id;
	struct delivery_stats stats;
};

void delivery_queue_init(struct delivery_queue *queue, const struct delivery_hooks *hooks,
			 int64_t last_id);
void delivery_queue_deinit(struct delivery_queue *queue);
/* Channels that stay keep what they have to send; what is for others fails. */
void delivery_queue_set_channels(struct delivery_queue *queue, const struct notify_conf *conf,
				 struct moment now);
/* SIZE_MAX: there is none of that name. */
size_t delivery_queue_find(const struct delivery_queue *queue, const char *channel);

/* After a restart: it failed before, so that its first success is news. */
void delivery_queue_set_failing(struct delivery_queue *queue, size_t channel);

/* A new one, of at most DELIVERY_ALERTS_MAX alerts; it may be under way when the call returns. Returns its id, or
 * -ENOSPC, which is counted. */
int64_t delivery_queue_add(struct delivery_queue *queue, size_t channel,
			   const struct delivery *like, struct moment now);
/* Takes the alert out of a delivery that was never tried; one without alerts is dropped. False: it may have arrived. */
bool delivery_queue_take_back(struct delivery_queue *queue, int64_t id, int64_t alert_id,
			      struct moment now);
/* One of an earlier run that waits or was under way. What may have arrived twice is not sent a third time. */
void delivery_queue_restore(struct delivery_queue *queue, const struct delivery *stored,
			    struct moment now);

void delivery_queue_stored(struct delivery_queue *queue, int64_t id);
void delivery_queue_result(struct delivery_queue *queue, int64_t id,
			   const struct delivery_result *result, struct moment now);
/* Starts what is due. Returns the monotonic ms at which it wants to be called again, INT64_MAX: not. */
int64_t delivery_queue_tick(struct delivery_queue *queue, struct moment now);
