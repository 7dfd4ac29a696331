/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sends messages to the collector, without any process: every receiver takes every message a moment later. */
#include "collector/io/notify/notifier.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/queue.h"
#include "common/loop/loop.h"

enum { ANSWER_US = 20000 };

struct message {
	LIST_ENTRY(message) entry;
	struct loop_timer *timer;
	notifier_done_fn *fn;
	void *data;
};

struct notifier {
	struct loop *loop;
	LIST_HEAD(messages, message) messages;
};

int notifier_new(struct loop *loop, const struct notifier_conf *conf, struct notifier **ret)
{
	struct notifier *notifier = calloc(1, sizeof(*notifier));

	(void)conf;
	if (!notifier)
		return -ENOMEM;
	notifier->loop = loop;
	*ret = notifier;
	return 0;
}

static void message_free(struct message *message)
{
	LIST_REMOVE(message, entry);
	loop_timer_free(message->timer);
	free(message);
}

struct notifier *notifier_free(struct notifier *notifier)
{
	struct message *message;

	if (!notifier)
		return NULL;
	while ((message = LIST_FIRST(&notifier->messages)))
		message_free(message);
	free(notifier);
	return NULL;
}

void notifier_freep(struct notifier **notifier)
{
	*notifier = notifier_free(*notifier);
}

static void on_answer(void *data)
{
	const struct notify_result result = {.outcome = DELIVERY_ARRIVED, .status = 200};
	const struct message message = *(struct message *)data;

	message_free(data);
	message.fn(message.data, &result);
}

int notifier_send(struct notifier *notifier, const struct notify_request *request,
		  notifier_done_fn *fn, void *data)
{
	struct message *message = calloc(1, sizeof(*message));

	(void)request;
	if (!message || loop_timer_new(notifier->loop, on_answer, message, &message->timer) < 0) {
		free(message);
		return -ENOMEM;
	}
	message->fn = fn;
	message->data = data;
	LIST_INSERT_HEAD(&notifier->messages, message, entry);
	loop_timer_arm(message->timer, ANSWER_US);
	return 0;
}

void notifier_emit_stats(void *notifier, stats_emit_fn *emit, void *emit_data)
{
	(void)notifier;
	(void)emit;
	(void)emit_data;
}
