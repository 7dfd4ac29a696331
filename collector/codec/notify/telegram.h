/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telegram's sendMessage (core.telegram.org/bots/api), in HTML mode: that one escapes least. */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"

enum { TELEGRAM_TEXT_MAX = 4096 /* UTF-16 units, after entities are parsed */ };

/* Text of the message, lines that do not fit left out; NULL: out of memory. Freed by the caller. */
char *telegram_text(const struct notify_message *message);
must_check_ int telegram_request(const struct channel_conf *channel,
				 const struct channel_letter *letter, struct notify_request *ret);
