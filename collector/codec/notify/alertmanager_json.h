/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alertmanager's /api/v2/alerts. Labels are an alert's identity there, so nothing that changes
 * while it lasts is in them; what lasts is to be sent again and again, or it counts as over.
 */
#pragma once

#include "collector/codec/notify/channel_letter.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/core/conf/notify_conf.h"

/* At the latest after so long; three that are lost in a row do not end an alert. */
enum { ALERTMANAGER_RESEND_MS = 60000, ALERTMANAGER_LASTS_MS = 4 * ALERTMANAGER_RESEND_MS };

must_check_ int alertmanager_request(const struct channel_conf *channel,
				     const struct channel_letter *letter,
				     struct notify_request *ret);
