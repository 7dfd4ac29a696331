/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message dressed for its channel: what the plan has to send becomes what the process that
 * sends it needs.
 */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"
#include "common/base/cleanup.h"

/* ret is the caller's, to be deinitialised also after an error. 0; -ENOMEM; -E2BIG: the body, filled in, is
 * larger than NOTIFY_BODY_MAX. */
must_check_ int channel_request_build(const struct channel_conf *channel,
				      const struct channel_letter *letter,
				      struct notify_request *ret);
/* The GET of a heartbeat. */
must_check_ int channel_request_heartbeat(const struct heartbeat_conf *heartbeat,
					  struct notify_request *ret);
