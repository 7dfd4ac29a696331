/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message dressed for its channel: what the plan has to send becomes what the process that
 * sends it needs.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/core/notify/delivery.h"
#include "collector/core/notify/notify_message.h"

struct channel_letter {
	const struct delivery *delivery;
	const struct notify_message *message;
	const struct notify_item *items; /* the alerts that it is of */
	size_t n_items;
	const char *thread_remote; /* what the receiver calls the first message of the thread; "" */
	const char *chat;	   /* Telegram: where the group has moved to; "": as configured */
	const char *host;	   /* this machine's name */
	const char *
		instance; /* of this installation's database: makes Message-IDs the world's only; "" */
	const char *page_url; /* "" none */
	int64_t now_ms;	      /* wall */
	int utc_offset_min;   /* of the date in mails */
};

/* Also for an Alertmanager: what lasts is resent within this time, or it counts as over. */
enum { CHANNEL_ALERTMANAGER_RESEND_MS = 60000 };

/* ret is the caller's, to be deinitialised also after an error. 0; -ENOMEM; -E2BIG: the body, filled in, is
 * larger than NOTIFY_BODY_MAX. */
must_check_ int channel_request_build(const struct channel_conf *channel,
				      const struct channel_letter *letter,
				      struct notify_request *ret);
/* The GET of a heartbeat. */
must_check_ int channel_request_heartbeat(const struct heartbeat_conf *heartbeat,
					  struct notify_request *ret);
