/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mail of text and HTML: RFC 5322, 2045 to 2047, 3834. The same delivery has the same Message-ID
 * however often it is sent; what follows an alert's first message answers it.
 */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"

must_check_ int mail_request(const struct channel_conf *channel,
			     const struct channel_letter *letter, struct notify_request *ret);
