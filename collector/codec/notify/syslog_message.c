/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/syslog_message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/utc_text.h"
#include "common/base/utf8_text.h"

enum { FACILITY_DAEMON = 3 };

/* Those of RFC 5424 6.2.1. */
static int priority(const struct notify_message *message)
{
	static const int SEVERITIES[] = {
		[SEVERITY_INFO] = 6,
		[SEVERITY_WARNING] = 4,
		[SEVERITY_MAJOR] = 3,
		[SEVERITY_CRITICAL] = 2,
	};
	const int severity = message->what == NOTIFY_RECOVERY ? 5 : SEVERITIES[message->severity];

	return FACILITY_DAEMON * 8 + severity;
}

/* PRINTUSASCII, or the nil value. */
static void put_word(FILE *out, const char *word)
{
	fputc(' ', out);
	if (word[0] == '\0')
		fputc('-', out);
	for (size_t i = 0; i < 255 && word[i]; i++)
		fputc(word[i] > 32 && word[i] < 127 ? word[i] : '_', out);
}

static void put_param(FILE *out, const char *name, const char *value)
{
	char clean[256];

	if (utf8_text_clean(value, clean, sizeof(clean)) == 0)
		return;
	fprintf(out, " %s=\"", name);
	for (value = clean; *value; value++) {
		if (strchr("\"\\]", *value))
			fputc('\\', out);
		fputc(*value, out);
	}
	fputc('"', out);
}

static void put_number(FILE *out, const char *name, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	put_param(out, name, text);
}

/* The MIB's enterprise, net-snmp's play pen. */
static void put_data(FILE *out, const struct channel_letter *letter)
{
	fputs(" [pantau@8072", out);
	put_param(out, "what", notify_what_name(letter->delivery->what));
	put_number(out, "delivery", letter->delivery->id);
	if (letter->delivery->thread)
		put_number(out, "thread", letter->delivery->thread);
	if (letter->n_items == 1) {
		const struct alert *alert = letter->items[0].alert;

		put_number(out, "alert", alert->id);
		put_param(out, "kind", alert_kind_name(alert->kind));
		put_param(out, "severity", severity_name(alert->severity));
		put_param(out, "device", alert->device_id);
		put_param(out, "link", alert->link);
	}
	fputc(']', out);
}

/* In one line, for receivers that take the line for the message. */
static void put_text(FILE *out, const struct notify_message *message)
{
	fprintf(out, " \xef\xbb\xbf%s", message->title);
	for (size_t i = 0; i < message->n_lines; i++) {
		const struct notify_line *line = &message->lines[i];

		fprintf(out, " | %s%s%s", line->label, line->label[0] ? ": " : "", line->value);
	}
	if (message->url[0])
		fprintf(out, " | %s", message->url);
}

/* At most max octets of whole characters. */
static size_t fitting(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}

static char *message_of(const struct channel_letter *letter, size_t max)
{
	char *text = NULL, when[UTC_TEXT_SIZE];
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fprintf(out, "<%d>1 %s", priority(letter->message), utc_text(letter->now_ms, when));
	put_word(out, letter->host);
	put_word(out, "pantau-collector");
	put_word(out, "");
	put_word(out, notify_what_name(letter->delivery->what));
	put_data(out, letter);
	put_text(out, letter->message);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	text[fitting(text, len, max)] = '\0';
	return text;
}

int syslog_request(const struct channel_conf *channel, const struct channel_letter *letter,
		   struct notify_request *ret)
{
	const bool datagram = channel->transport == TRANSPORT_UDP;
	cleanup_free char *text = message_of(letter, datagram ? SYSLOG_UDP_MAX : SYSLOG_STREAM_MAX);

	if (!text)
		return -ENOMEM;
	ret->protocol = NOTIFY_SYSLOG;
	ret->host = strdup(channel->host);
	ret->transport = channel->transport;
	ret->port = channel->port			  ? channel->port
		    : channel->transport == TRANSPORT_TLS ? 6514
							  : 514;
	if (datagram)
		ret->body = steal_ptr(text);
	else if (asprintf(&ret->body, "%zu %s", strlen(text), text) < 0)
		ret->body = NULL;
	return 0;
}
