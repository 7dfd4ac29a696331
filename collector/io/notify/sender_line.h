/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker's end of the line: requests come, results go, on descriptor 0. */
#pragma once

#include "collector/codec/notify/notify_frame.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"
#include "common/base/cleanup.h"

struct sender_line {
	struct notify_buffer in, out;
};

/* Reads what is there. 0; -EPIPE: the collector is gone. */
must_check_ int sender_line_receive(struct sender_line *line);
/* The next request: 1, ret is the caller's; 0: none yet; -EPROTO: what came is none. */
must_check_ int sender_line_next(struct sender_line *line, struct notify_request *ret);
/* 0 or negative errno; what does not go at once waits for sender_line_send(). */
must_check_ int sender_line_tell(struct sender_line *line, const struct notify_result *result);
must_check_ int sender_line_send(struct sender_line *line);
