/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One message by one channel, from its first try to the receiver's answer. It is stored
 * before each try, so that after a kill it is known what may have arrived.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/notify/notify_message.h"

enum delivery_state {
	DELIVERY_WAITING,
	DELIVERY_IN_FLIGHT,
	DELIVERY_CONFIRMED,
	DELIVERY_FAILED,  /* refused, or tried for too long */
	DELIVERY_DROPPED, /* no room, or over before it was tried */
	DELIVERY_STATE_N
};
const char *delivery_state_name(enum delivery_state state); /* "waiting", ... as in the API */
bool delivery_state_parse(const char *name, enum delivery_state *ret);

enum { DELIVERY_ALERTS_MAX = 200, DELIVERY_ANSWER_MAX = 159, DELIVERY_REMOTE_MAX = 63 };

struct delivery {
	int64_t id; /* ever-rising; the receiver sees it in Message-ID or as the message's key */
	char channel[NOTIFY_NAME_MAX + 1];
	enum notify_what what;
	enum delivery_state state;
	bool uncertain; /* was in flight when the collector died: it may arrive twice */
	unsigned int tries;
	int64_t created_ms, tried_ms;	      /* wall; tried_ms 0: not yet */
	int64_t thread;			      /* the delivery that it answers; 0 it is the first */
	char remote[DELIVERY_REMOTE_MAX + 1]; /* what the receiver calls it: Telegram's number */
	char answer[DELIVERY_ANSWER_MAX + 1]; /* the receiver's last */
	size_t n_alerts;
	int64_t alerts[DELIVERY_ALERTS_MAX];
};

enum delivery_outcome {
	DELIVERY_ARRIVED,
	DELIVERY_LATER,	  /* try again: no connection, 5xx, 429 */
	DELIVERY_REFUSED, /* it would be refused again: wrong token, no such chat */
	DELIVERY_UNKNOWN, /* the process that sent it died: it may have arrived */
};

struct delivery_result {
	enum delivery_outcome outcome;
	int64_t retry_after_ms;	     /* as the receiver asks; 0: it does not */
	const char *remote, *answer; /* UTF-8, cut where they are too long; may be "" */
};

/* What somebody asks of the stored ones; newest first. */
struct delivery_query {
	char channel[NOTIFY_NAME_MAX + 1]; /* "" any */
	int64_t alert_id;		   /* 0 any */
	int64_t before_id;		   /* only ids below; 0: from the newest */
	unsigned int limit;
};

bool delivery_is_done(const struct delivery *delivery);
bool delivery_has_alert(const struct delivery *delivery, int64_t alert_id);
/* Without effect where it has it not. */
void delivery_remove_alert(struct delivery *delivery, int64_t alert_id);
