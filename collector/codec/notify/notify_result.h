/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a notify_request, as the process that sent it tells the collector. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/notify/delivery.h"
#include "common/base/cleanup.h"

enum { NOTIFY_MOVED_MAX = 32, NOTIFY_RETRY_MAX_MS = 24 * 3600000 };

struct notify_result {
	int64_t id; /* of the request */
	enum delivery_outcome outcome;
	int status;		/* of HTTP or SMTP, of a command's end; 0: none came */
	int64_t retry_after_ms; /* as the receiver asks, at most NOTIFY_RETRY_MAX_MS; 0: it does not */
	char remote[DELIVERY_REMOTE_MAX + 1];
	char answer[DELIVERY_ANSWER_MAX + 1]; /* in one line, clean UTF-8 */
	char moved_to[NOTIFY_MOVED_MAX + 1];  /* Telegram: the chat is that one now; "" */
};

const char *notify_outcome_name(enum delivery_outcome outcome); /* "arrived", "later", ... */

/* As JSON text; NULL: out of memory. Freed by the caller. */
char *notify_result_text(const struct notify_result *result);
/* What comes is not trusted: texts are made clean, numbers are bounded. 0; -EINVAL. */
must_check_ int notify_result_parse(const char *text, size_t len, struct notify_result *ret);
/* The plan's view of it; valid as long as result. */
struct delivery_result notify_result_view(const struct notify_result *result);
