/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a channel is to say, in words, before it is dressed for the channel. */
#pragma once

#include <stddef.h>
#include <stdint.h>

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

/* The message as text, without an end of line at its end. Returns buf. */
char *channel_letter_text(const struct channel_letter *letter, char buf[static NOTIFY_TEXT_SIZE]);
