/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a receiver's answer by HTTP means: gateways answer 200 and "status": false, Telegram says
 * how long to wait and where a group went. A receiver may answer anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"

struct http_answer {
	int status;
	const char *body; /* any octets */
	size_t len;
	bool cut;	       /* there was more, or the connection ended within it */
	int64_t retry_after_s; /* of the header; 0 none */
};

/* Sets all of ret but its id. */
void http_answer_judge(const struct notify_request *request, const struct http_answer *answer,
		       struct notify_result *ret);
