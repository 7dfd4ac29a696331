/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 5424; on TCP and TLS with its length before it (RFC 6587 3.4.1, RFC 5425 4.3). */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"

/* Octets of a message: all receivers take so many by UDP, and should by the others (RFC 5426 3.2, RFC 5425 4.3.1). */
enum { SYSLOG_UDP_MAX = 2048, SYSLOG_STREAM_MAX = 8192 };

must_check_ int syslog_request(const struct channel_conf *channel,
			       const struct channel_letter *letter, struct notify_request *ret);
