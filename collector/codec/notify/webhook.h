/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request of the operator's own making, by template, or one of a preset: ntfy, Gotify, Fonnte,
 * Mattermost. What the channel's section says goes before what the preset would.
 */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"
#include "common/conf/conf_errors.h"

/* Adds a line to errors for each {{word}} of the channel's body and headers that there is not, and for a
 * body that would be no JSON. {{token}} is the channel's own: no other secret can be had. */
void webhook_check(const struct channel_conf *channel, struct conf_errors *errors);

/* All that is known, as JSON: the body of a webhook whose section says none. NULL: out of memory.
 * Freed by the caller. */
char *webhook_json(const struct channel_letter *letter);
must_check_ int webhook_request(const struct channel_conf *channel,
				const struct channel_letter *letter, struct notify_request *ret);
