/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Server-sent events (the HTML standard, 9.2): a ring of the last messages, the clients
 * that listen, and the heartbeat that tells both ends of a dead connection.
 *
 * Ids are "EPOCH-NUMBER"; a client that comes back with one gets what it missed, or is
 * told to start over when that is no longer there. A client that does not read is
 * dropped.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/stats.h"

struct http_exchange;
struct loop;
struct sse;

struct sse_conf {
	unsigned int ring_max; /* messages kept for those who come back; 0: 1024 */
	int64_t heartbeat_ms;  /* 0: 10 s */
	int64_t epoch;	       /* distinguishes this run from the last, e.g. its start in ms */
};

int sse_new(struct loop *loop, const struct sse_conf *conf, struct sse **ret);
struct sse *sse_free(
	struct sse *sse); /* after the server, whose clients' abort callbacks come here */

/* Takes the exchange over: a stream that begins with a hello,
 * {"resumed":bool,"seq":N,...}, or 503 when there are too many. hello: further members of
 * that object without braces ("\"now_ms\":1"), may be "". */
void sse_accept(struct sse *sse, struct http_exchange *exchange, const char *hello);

/* Sends to all and remembers. data: one line (JSON). Nothing is kept for a message beyond
 * 256 KiB. */
void sse_send(struct sse *sse, const char *event, const char *data, size_t len);
unsigned int sse_clients(const struct sse *sse);

void sse_emit_stats(void *sse, stats_emit_fn *emit, void *emit_data);
