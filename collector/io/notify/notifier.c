/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's end: two lines, each to a worker of its own, and what is under way on them. A
 * flight ends by a result, by its line's end, or by the deadline that a worker itself should have
 * kept: then the worker hangs and is killed.
 */
#include "collector/io/notify/notifier.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/codec/notify/notify_frame.h"
#include "collector/io/starter/starter.h"
#include "common/base/queue.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum { LINE_NETWORK, LINE_COMMANDS, LINES_N }; /* also the workers' numbers */

enum {
	GRACE_MS = 3000, /* for a worker to tell what became of a request that took too long */
	RESTART_US = 10000,
	RESTART_SLOW_US = 1000000, /* of one that did not live that long, or could not be started */
};

struct flight {
	TAILQ_ENTRY(flight) entry;
	int64_t id;
	char channel[NOTIFY_NAME_MAX + 1];
	notifier_done_fn *fn;
	void *data;
	int64_t deadline_us;
	uint64_t end; /* of its frame, in octets of the line */
};
TAILQ_HEAD(flights, flight);

struct line {
	struct notifier *notifier;
	unsigned int number;
	int fd; /* -1: not running */
	int64_t started_us;
	struct loop_fd *watch;
	struct loop_timer *restart, *deadline;
	struct notify_buffer in, out;
	uint64_t put, written; /* octets, of the line's whole life */
	struct flights flights;
};

struct notifier_figures {
	uint64_t requests, arrived, later, refused, unknown, busy, deaths, hangs, starts;
	unsigned int in_flight;
};

struct notifier {
	struct loop *loop;
	char *argv[3];
	struct starter *starter; /* NULL: died */
	bool starter_told;
	int64_t last_id;
	struct line lines[LINES_N];
	struct notifier_figures count;
};

/* ---- flights ---- */

static void end_flight(struct notifier *notifier, struct flight *flight,
		       const struct notify_result *result)
{
	uint64_t *const counters[] = {
		[DELIVERY_ARRIVED] = &notifier->count.arrived,
		[DELIVERY_LATER] = &notifier->count.later,
		[DELIVERY_REFUSED] = &notifier->count.refused,
		[DELIVERY_UNKNOWN] = &notifier->count.unknown,
	};
	notifier_done_fn *fn = flight->fn;
	void *data = flight->data;

	(*counters[result->outcome])++;
	notifier->count.in_flight--;
	free(flight);
	fn(data, result);
}

static void arm_deadline(struct line *line)
{
	const struct flight *flight;
	int64_t first = INT64_MAX;

	TAILQ_FOREACH (flight, &line->flights, entry)
		first = flight->deadline_us < first ? flight->deadline_us : first;
	if (first == INT64_MAX)
		loop_timer_disarm(line->deadline);
	else
		loop_timer_arm(line->deadline, first - loop_now_us());
}

/* ---- lines ---- */

/* Ends the worker. What it was not given whole it cannot have sent. */
static void line_end(struct line *line, const char *why)
{
	struct notifier *notifier = line->notifier;
	const uint64_t written = line->written;
	struct flights flights;
	struct flight *flight;

	line->watch = loop_fd_free(line->watch);
	close(line->fd);
	line->fd = -1;
	if (notifier->starter)
		starter_kill(notifier->starter, line->number);
	notify_buffer_deinit(&line->in);
	notify_buffer_deinit(&line->out);
	loop_timer_disarm(line->deadline);
	loop_timer_arm(line->restart, loop_now_us() - line->started_us < RESTART_SLOW_US
					      ? RESTART_SLOW_US
					      : RESTART_US);
	/* From a list of their own: a call may want to send again. */
	TAILQ_INIT(&flights);
	while ((flight = TAILQ_FIRST(&line->flights))) {
		TAILQ_REMOVE(&line->flights, flight, entry);
		TAILQ_INSERT_TAIL(&flights, flight, entry);
	}
	while ((flight = TAILQ_FIRST(&flights))) {
		struct notify_result result = {
			.id = flight->id,
			.outcome = flight->end <= written ? DELIVERY_UNKNOWN : DELIVERY_LATER,
		};

		snprintf(result.answer, sizeof(result.answer), "%s", why);
		TAILQ_REMOVE(&flights, flight, entry);
		end_flight(notifier, flight, &result);
	}
}

static void line_died(struct line *line, const char *why)
{
	line->notifier->count.deaths++;
	log_warn("notify", "worker=%u err=\"%s\"", line->number, why);
	line_end(line, why);
}

static void on_deadline(void *data)
{
	struct line *line = data;

	line->notifier->count.hangs++;
	log_warn("notify", "worker=%u err=\"keeps no deadline\"", line->number);
	line_end(line, "the process that sends did not answer");
}

static int line_write(struct line *line)
{
	while (line->out.len > 0) {
		const ssize_t n = send(line->fd, line->out.octets + line->out.at, line->out.len,
				       MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n < 0)
			break;
		line->written += (uint64_t)n;
		notify_buffer_drop(&line->out, (size_t)n);
	}
	return loop_fd_set(line->watch, line->out.len > 0 ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

/* One of an id that is not under way is not ours to judge: -EPROTO. */
static int take_result(struct line *line, const char *text, size_t len)
{
	struct notify_result result;
	struct flight *flight;
	int r = notify_result_parse(text, len, &result);

	if (r < 0)
		return r;
	TAILQ_FOREACH (flight, &line->flights, entry) {
		if (flight->id == result.id)
			break;
	}
	if (!flight)
		return -EPROTO;
	TAILQ_REMOVE(&line->flights, flight, entry);
	arm_deadline(line);
	end_flight(line->notifier, flight, &result);
	return 0;
}

static int take_frames(struct line *line)
{
	for (;;) {
		const char *text;
		size_t len;
		int r = notify_frame_get(&line->in, &text, &len);

		if (r > 0)
			r = take_result(line, text, len) < 0 ? -EPROTO : 1;
		if (r <= 0)
			return r;
		/* the call may have ended the line */
		if (line->fd < 0)
			return 0;
		notify_buffer_drop(&line->in, NOTIFY_FRAME_HEAD + len);
	}
}

static int line_read(struct line *line)
{
	char octets[4096];
	const ssize_t n = recv(line->fd, octets, sizeof(octets), MSG_DONTWAIT);
	int r;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -EPIPE;
	r = notify_buffer_append(&line->in, octets, (size_t)n);
	return r < 0 ? r : take_frames(line);
}

static void on_ready(void *data, int fd, unsigned int what)
{
	struct line *line = data;
	int r = 0;

	assert(fd == line->fd);
	(void)fd;
	if (what & LOOP_READ)
		r = line_read(line);
	if (r == 0 && line->fd >= 0 && what & LOOP_WRITE)
		r = line_write(line);
	if (r < 0 && line->fd >= 0)
		line_died(line, r == -EPROTO ? "the process that sends spoke nonsense"
					     : "the process that sends died");
}

/* The starter, when it has died. In a sandbox no other can be had. */
static int starter_again(struct notifier *notifier)
{
	char *const no_environment[] = {NULL};
	const int r = notifier->starter
			      ? 0
			      : starter_new(notifier->argv, no_environment, &notifier->starter);

	if (r < 0 && !notifier->starter_told)
		log_error("notify",
			  "program=%s err=\"the process that starts senders died: %s\" "
			  "right=\"restart the collector, or no message leaves\"",
			  notifier->argv[0], strerror(-r));
	notifier->starter_told = r < 0;
	return r;
}

static int line_start(struct line *line)
{
	struct notifier *notifier = line->notifier;
	int r = starter_again(notifier);

	assert(line->fd < 0 && TAILQ_EMPTY(&line->flights));
	if (r == 0)
		r = starter_start(notifier->starter, line->number);
	if (r == -EPIPE || r == -ECONNRESET)
		notifier->starter = starter_free(notifier->starter);
	if (r < 0)
		return r;
	line->fd = r;
	line->started_us = loop_now_us();
	line->put = line->written = 0;
	r = loop_fd_new(notifier->loop, line->fd, LOOP_READ, on_ready, line, &line->watch);
	if (r < 0)
		line_end(line, strerror(-r));
	else
		notifier->count.starts++;
	return r;
}

static void on_restart(void *data)
{
	struct line *line = data;

	if (line->fd < 0 && line_start(line) < 0)
		loop_timer_arm(line->restart, RESTART_SLOW_US);
}

/* ---- sending ---- */

static unsigned int of_channel(const struct notifier *notifier, const char *channel)
{
	const struct flight *flight;
	unsigned int n = 0;

	for (size_t i = 0; i < LINES_N; i++)
		TAILQ_FOREACH (flight, &notifier->lines[i].flights, entry)
			n += strcmp(flight->channel, channel) == 0;
	return n;
}

static int put_request(struct line *line, const struct notify_request *request, int64_t id)
{
	struct notify_request numbered = *request;
	char *text;
	int r;

	numbered.id = id;
	text = notify_request_text(&numbered);
	if (!text)
		return -EINVAL;
	r = notify_frame_put(&line->out, text, strlen(text));
	if (r == 0)
		line->put += NOTIFY_FRAME_HEAD + strlen(text);
	explicit_bzero(text, strlen(text));
	free(text);
	return r;
}

int notifier_send(struct notifier *notifier, const struct notify_request *request,
		  notifier_done_fn *fn, void *data)
{
	struct line *line = &notifier->lines[request->protocol == NOTIFY_COMMAND ? LINE_COMMANDS
										 : LINE_NETWORK];
	struct flight *flight;
	int r;

	loop_assert_thread(notifier->loop);
	assert(notify_request_is_whole(request));
	if (line->fd < 0 || notifier->count.in_flight >= NOTIFIER_MAX ||
	    of_channel(notifier, request->channel) >= NOTIFIER_CHANNEL_MAX) {
		notifier->count.busy++;
		return -EAGAIN;
	}
	flight = calloc(1, sizeof(*flight));
	if (!flight)
		return -ENOMEM;
	r = put_request(line, request, notifier->last_id + 1);
	if (r < 0) {
		free(flight);
		return r;
	}
	*flight = (struct flight){
		.id = ++notifier->last_id,
		.fn = fn,
		.data = data,
		.deadline_us = loop_now_us() + (request->timeout_ms + GRACE_MS) * 1000,
		.end = line->put,
	};
	snprintf(flight->channel, sizeof(flight->channel), "%s", request->channel);
	TAILQ_INSERT_TAIL(&line->flights, flight, entry);
	notifier->count.requests++;
	notifier->count.in_flight++;
	arm_deadline(line);
	/* A worker that is gone is seen by the watch, not from inside this call. */
	if (line_write(line) < 0)
		log_debug("notify", "worker=%u err=\"%s\"", line->number, strerror(errno));
	return 0;
}

/* ---- the notifier ---- */

static int line_init(struct notifier *notifier, unsigned int number)
{
	struct line *line = &notifier->lines[number];
	int r = loop_timer_new(notifier->loop, on_restart, line, &line->restart);

	if (r == 0)
		r = loop_timer_new(notifier->loop, on_deadline, line, &line->deadline);
	return r < 0 ? r : line_start(line);
}

int notifier_new(struct loop *loop, const struct notifier_conf *conf, struct notifier **ret)
{
	cleanup_(notifier_freep) struct notifier *notifier = calloc(1, sizeof(*notifier));
	int r = 0;

	if (!notifier)
		return -ENOMEM;
	notifier->loop = loop;
	for (unsigned int i = 0; i < LINES_N; i++) {
		struct line *line = &notifier->lines[i];

		*line = (struct line){.notifier = notifier, .number = i, .fd = -1};
		TAILQ_INIT(&line->flights);
	}
	notifier->argv[0] =
		conf->program ? strdup(conf->program) : starter_program("pantau-notify");
	notifier->argv[1] = strdup(conf->sandbox ? "sandbox" : "-");
	if (!notifier->argv[0] || !notifier->argv[1])
		return -ENOMEM;
	if (access(notifier->argv[0], X_OK) < 0)
		r = -errno;
	for (unsigned int i = 0; r == 0 && i < LINES_N; i++)
		r = line_init(notifier, i);
	if (r < 0) {
		log_error("notify", "program=%s err=\"%s\"", notifier->argv[0], strerror(-r));
		return r;
	}
	*ret = steal_ptr(notifier);
	return 0;
}

static void line_deinit(struct line *line)
{
	struct flight *flight;

	while ((flight = TAILQ_FIRST(&line->flights))) {
		TAILQ_REMOVE(&line->flights, flight, entry);
		free(flight);
	}
	if (line->fd >= 0) {
		loop_fd_free(line->watch);
		close(line->fd);
	}
	if (line->fd >= 0 && line->notifier->starter)
		starter_kill(line->notifier->starter, line->number);
	notify_buffer_deinit(&line->in);
	notify_buffer_deinit(&line->out);
	loop_timer_free(line->restart);
	loop_timer_free(line->deadline);
}

struct notifier *notifier_free(struct notifier *notifier)
{
	if (!notifier)
		return NULL;
	loop_assert_thread(notifier->loop);
	for (size_t i = 0; i < LINES_N; i++)
		line_deinit(&notifier->lines[i]);
	starter_free(notifier->starter);
	for (size_t i = 0; i < ARRAY_LEN(notifier->argv); i++)
		free(notifier->argv[i]);
	free(notifier);
	return NULL;
}

void notifier_freep(struct notifier **notifier)
{
	*notifier = notifier_free(*notifier);
}

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct notifier_figures, field, "pantau_notifier_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(requests, "requests", "Messages handed to the process that sends."),
	COUNTER(arrived, "arrived", "Messages that their receiver took."),
	COUNTER(later, "postponed", "Messages that could not be delivered for now."),
	COUNTER(refused, "refused", "Messages that their receiver will never take."),
	COUNTER(unknown, "unknown", "Messages of which nobody knows whether they arrived."),
	COUNTER(busy, "busy", "Messages held back as too many were under way."),
	COUNTER(deaths, "worker_deaths", "Sending processes that died."),
	COUNTER(hangs, "worker_hangs", "Sending processes killed as they kept no deadline."),
	COUNTER(starts, "worker_starts", "Sending processes started."),
	STATS_GAUGE(struct notifier_figures, in_flight, "pantau_notifier_in_flight",
		    "Messages under way."),
};

void notifier_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	const struct notifier *notifier = data;

	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &notifier->count, emit, emit_data);
}
