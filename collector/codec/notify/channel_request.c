/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/channel_request.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/alertmanager_json.h"
#include "collector/codec/notify/mail_message.h"
#include "collector/codec/notify/syslog_message.h"
#include "collector/codec/notify/telegram.h"
#include "collector/codec/notify/webhook.h"
#include "common/base/utf8_text.h"

static char *copy_known(const char *text)
{
	return text && text[0] ? strdup(text) : NULL;
}

/* The message as its input; what it is about, and nothing else, in its environment. */
static int command_request(const struct channel_conf *channel, const struct channel_letter *letter,
			   struct notify_request *ret)
{
	const struct alert *alert = letter->n_items > 0 ? letter->items[0].alert : NULL;
	char text[NOTIFY_TEXT_SIZE];
	int r = 0;

	ret->protocol = NOTIFY_COMMAND;
	for (size_t i = 0; r == 0 && channel->command[i]; i++)
		r = notify_request_add(&ret->argv, "%s", channel->command[i]);
	if (r == 0)
		r = notify_request_add(&ret->env, "PANTAU_WHAT=%s",
				       notify_what_name(letter->delivery->what));
	if (r == 0)
		r = notify_request_add(&ret->env, "PANTAU_SEVERITY=%s",
				       severity_name(letter->message->severity));
	if (r == 0)
		r = notify_request_add(&ret->env, "PANTAU_DELIVERY=%lld",
				       (long long)letter->delivery->id);
	if (r == 0)
		r = notify_request_add(&ret->env, "PANTAU_TITLE=%s", letter->message->title);
	if (r == 0 && alert)
		r = notify_request_add(&ret->env, "PANTAU_ALERT=%lld", (long long)alert->id);
	if (r == 0 && alert)
		r = notify_request_add(&ret->env, "PANTAU_KIND=%s", alert_kind_name(alert->kind));
	if (r == 0 && alert)
		r = notify_request_add(&ret->env, "PANTAU_DEVICE=%s", alert->device_id);
	if (asprintf(&ret->body, "%s\n", channel_letter_text(letter, text)) < 0)
		ret->body = NULL;
	return r;
}

static int dress(const struct channel_conf *channel, const struct channel_letter *letter,
		 struct notify_request *ret)
{
	switch ((enum channel_type)channel->type) {
	case CHANNEL_TELEGRAM:
		return telegram_request(channel, letter, ret);
	case CHANNEL_MAIL:
		return mail_request(channel, letter, ret);
	case CHANNEL_WEBHOOK:
		return webhook_request(channel, letter, ret);
	case CHANNEL_SYSLOG:
		return syslog_request(channel, letter, ret);
	case CHANNEL_COMMAND:
		return command_request(channel, letter, ret);
	case CHANNEL_ALERTMANAGER:
		return alertmanager_request(channel, letter, ret);
	case CHANNEL_TYPE_N:
	default:
		assert(false);
		return -EINVAL;
	}
}

/* What was cut within a character, or came from a device: whole characters in single lines from here on. */
static void clean(const struct notify_message *message, struct notify_message *ret)
{
	*ret = *message;
	utf8_text_clean(message->title, ret->title, sizeof(ret->title));
	utf8_text_clean(message->url, ret->url, sizeof(ret->url));
	for (size_t i = 0; i < message->n_lines; i++) {
		utf8_text_clean(message->lines[i].label, ret->lines[i].label,
				sizeof(ret->lines[i].label));
		utf8_text_clean(message->lines[i].value, ret->lines[i].value,
				sizeof(ret->lines[i].value));
	}
}

int channel_request_build(const struct channel_conf *channel, const struct channel_letter *letter,
			  struct notify_request *ret)
{
	struct notify_message message;
	struct channel_letter cleaned = *letter;
	int r;

	assert(letter->message->n_lines <= NOTIFY_LINES_MAX);
	clean(letter->message, &message);
	cleaned.message = &message;
	*ret = (struct notify_request){
		.channel = strdup(channel->title),
		.timeout_ms = channel->timeout_ms,
		.ca_file = copy_known(channel->ca_file),
		.user = copy_known(channel->user),
		.password = copy_known(channel->password),
	};
	r = dress(channel, &cleaned, ret);
	if (r < 0)
		return r;
	return notify_request_is_whole(ret) ? 0 : -ENOMEM;
}

int channel_request_heartbeat(const struct heartbeat_conf *heartbeat, struct notify_request *ret)
{
	enum { TIMEOUT_MS = 10000 };

	*ret = (struct notify_request){
		.protocol = NOTIFY_HTTP,
		.channel = strdup(heartbeat->title),
		.timeout_ms = TIMEOUT_MS,
		.url = strdup(heartbeat->url),
		.method = strdup("GET"),
		.headers = calloc(1, sizeof(char *)),
		.ca_file = copy_known(heartbeat->ca_file),
		.ok_from = 200,
		.ok_to = 299,
		.body = strdup(""),
	};
	return notify_request_is_whole(ret) ? 0 : -ENOMEM;
}
