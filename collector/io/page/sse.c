/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fan-out of live messages. Knows nothing of what they say. How many clients there may
 * be and how much may wait for one is the HTTP server's business.
 */
#include "collector/io/page/sse.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/page/http_request.h"
#include "collector/io/http/http_exchange.h"
#include "common/base/cleanup.h"
#include "common/base/queue.h"
#include "common/loop/loop.h"

enum {
	RING_MAX = 1024,
	RING_OCTETS_MAX = 4 << 20,
	MESSAGE_MAX = 256 << 10,
	HEARTBEAT_MS = 10000,
	RETRY_MS = 2000,
};

struct sse_client {
	TAILQ_ENTRY(sse_client) entry;
	struct sse *sse;
	struct http_exchange *exchange;
	bool gone; /* told to go; its abort callback frees it */
};
TAILQ_HEAD(sse_clients, sse_client);

struct sse_message {
	char *text; /* whole, with its empty line */
	size_t len;
};

struct sse {
	struct loop_timer *heartbeat;
	int64_t heartbeat_us, epoch;
	unsigned int n_clients, ring_max;
	struct sse_clients clients;
	struct sse_message *ring; /* message N is at N % ring_max */
	uint64_t seq, oldest;	  /* last number sent; first one still there */
	size_t ring_octets;
	struct {
		uint64_t accepted, refused, sent, resumed, restarted, dropped;
	} count;
};

static void on_client_gone(void *data)
{
	struct sse_client *client = data;

	TAILQ_REMOVE(&client->sse->clients, client, entry);
	client->sse->n_clients--;
	free(client);
}

/* False once the client is given up. */
static bool client_write(struct sse_client *client, const char *text, size_t len)
{
	assert(client->sse->n_clients > 0);
	if (client->gone)
		return false;
	if (http_exchange_write(client->exchange, text, len) == 0)
		return true;
	client->gone = true;
	client->sse->count.dropped++;
	return false;
}

/* ---- the ring ---- */

static void drop_oldest(struct sse *sse)
{
	struct sse_message *message = &sse->ring[sse->oldest % sse->ring_max];

	sse->ring_octets -= message->len;
	free(message->text);
	*message = (struct sse_message){0};
	sse->oldest++;
}

/* Numbers the message. text is taken over; NULL leaves a hole that makes resumers start
 * over. */
static void ring_put(struct sse *sse, char *text, size_t len)
{
	assert(sse->oldest <= sse->seq + 1);
	sse->seq++;
	while (sse->oldest < sse->seq && (!text || sse->seq - sse->oldest >= sse->ring_max ||
					  sse->ring_octets + len > RING_OCTETS_MAX))
		drop_oldest(sse);
	if (!text) {
		sse->oldest = sse->seq + 1;
		return;
	}
	sse->ring[sse->seq % sse->ring_max] = (struct sse_message){text, len};
	sse->ring_octets += len;
}

void sse_send(struct sse *sse, const char *event, const char *data, size_t len)
{
	struct sse_client *client;
	char *text = NULL;
	int n = -1;

	if (len <= MESSAGE_MAX)
		n = asprintf(&text, "id: %" PRId64 "-%" PRIu64 "\nevent: %s\ndata: %.*s\n\n",
			     sse->epoch, sse->seq + 1, event, (int)len, data);
	if (n < 0)
		text = NULL;
	ring_put(sse, text, n < 0 ? 0 : (size_t)n);
	if (!text)
		return;
	sse->count.sent++;
	TAILQ_FOREACH (client, &sse->clients, entry)
		client_write(client, text, (size_t)n);
}

/* ---- clients ---- */

/* The number after which the client wants to go on; false if it is new or of another run.
 */
static bool parse_last_id(const struct sse *sse, const char *text, uint64_t *ret)
{
	int64_t epoch;
	uint64_t seq;
	char end;

	if (sscanf(text, "%" SCNd64 "-%" SCNu64 "%c", &epoch, &seq, &end) != 2)
		return false;
	if (epoch != sse->epoch || seq > sse->seq || seq + 1 < sse->oldest)
		return false;
	*ret = seq;
	return true;
}

static void greet(struct sse_client *client, const char *last_id, const char *hello)
{
	struct sse *sse = client->sse;
	uint64_t seq = sse->seq;
	const bool resumed = parse_last_id(sse, last_id, &seq);
	cleanup_free char *text = NULL;
	int n;

	sse->count.resumed += resumed;
	sse->count.restarted += !resumed && *last_id;
	n = asprintf(&text,
		     "retry: %d\nid: %" PRId64 "-%" PRIu64 "\nevent: hello\n"
		     "data: {\"resumed\":%s,\"seq\":%" PRIu64 "%s%s}\n\n",
		     RETRY_MS, sse->epoch, seq, resumed ? "true" : "false", seq, *hello ? "," : "",
		     hello);
	if (n < 0) {
		text = NULL;
		return;
	}
	client_write(client, text, (size_t)n);
	for (uint64_t i = seq + 1; i <= sse->seq; i++)
		client_write(client, sse->ring[i % sse->ring_max].text,
			     sse->ring[i % sse->ring_max].len);
}

void sse_accept(struct sse *sse, struct http_exchange *exchange, const char *hello)
{
	struct sse_client *client = calloc(1, sizeof(*client));
	char last_id[HTTP_VALUE_MAX];

	strcpy(last_id, http_exchange_request(exchange)->last_event_id);
	http_exchange_header(exchange, "Cache-Control", "no-store");
	http_exchange_header(exchange, "X-Accel-Buffering",
			     "no"); /* a proxy in between must not gather */
	if (!client || http_exchange_stream(exchange, "text/event-stream") < 0) {
		static const char full[] = "{\"error\":\"too many streams\"}";

		free(client);
		sse->count.refused++;
		http_exchange_header(exchange, "Retry-After", "10");
		http_exchange_reply(exchange, 503, "application/json", full, sizeof(full) - 1);
		return;
	}
	client->sse = sse;
	client->exchange = exchange;
	TAILQ_INSERT_TAIL(&sse->clients, client, entry);
	sse->n_clients++;
	sse->count.accepted++;
	http_exchange_on_abort(exchange, on_client_gone, client);
	greet(client, last_id, hello);
	if (!loop_timer_armed(sse->heartbeat))
		loop_timer_arm(sse->heartbeat, sse->heartbeat_us);
}

static void on_heartbeat(void *data)
{
	static const char beat[] = "event: beat\ndata: 0\n\n";
	struct sse *sse = data;
	struct sse_client *client;

	/* An event and not a comment: the page's script sees it and knows that the line
	 * is alive. */
	TAILQ_FOREACH (client, &sse->clients, entry)
		client_write(client, beat, sizeof(beat) - 1);
	if (sse->n_clients)
		loop_timer_arm(sse->heartbeat, sse->heartbeat_us);
}

/* ---- the whole ---- */

int sse_new(struct loop *loop, const struct sse_conf *conf, struct sse **ret)
{
	struct sse *sse = calloc(1, sizeof(*sse));

	if (!sse)
		return -ENOMEM;
	TAILQ_INIT(&sse->clients);
	sse->ring_max = conf->ring_max ? conf->ring_max : RING_MAX;
	sse->heartbeat_us = (conf->heartbeat_ms > 0 ? conf->heartbeat_ms : HEARTBEAT_MS) * 1000;
	sse->epoch = conf->epoch;
	sse->oldest = 1;
	sse->ring = calloc(sse->ring_max, sizeof(*sse->ring));
	if (!sse->ring || loop_timer_new(loop, on_heartbeat, sse, &sse->heartbeat) < 0) {
		free(sse->ring);
		free(sse);
		return -ENOMEM;
	}
	*ret = sse;
	return 0;
}

struct sse *sse_free(struct sse *sse)
{
	if (!sse)
		return NULL;
	assert(TAILQ_EMPTY(&sse->clients) && sse->n_clients == 0);
	while (sse->oldest <= sse->seq)
		drop_oldest(sse);
	loop_timer_free(sse->heartbeat);
	free(sse->ring);
	free(sse);
	return NULL;
}

unsigned int sse_clients(const struct sse *sse)
{
	return sse->n_clients;
}

static const struct stats_row ROWS[] = {
	STATS_COUNTER(struct sse, count.accepted, "pantau_stream_accepted", "Live streams opened."),
	STATS_COUNTER(struct sse, count.refused, "pantau_stream_refused",
		      "Live streams refused at the limit of clients."),
	STATS_COUNTER(struct sse, count.sent, "pantau_stream_messages",
		      "Live messages sent to all clients."),
	STATS_COUNTER(struct sse, count.resumed, "pantau_stream_resumed",
		      "Live streams resumed without a gap."),
	STATS_COUNTER(struct sse, count.restarted, "pantau_stream_restarted",
		      "Live streams that came back too late to resume."),
	STATS_COUNTER(struct sse, count.dropped, "pantau_stream_dropped",
		      "Live clients dropped because they did not read."),
	STATS_GAUGE(struct sse, n_clients, "pantau_stream_clients", "Live streams open."),
};

void sse_emit_stats(void *sse, stats_emit_fn *emit, void *emit_data)
{
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), sse, emit, emit_data);
}
