/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names, texts and templates of any octets in each kind of channel: the request is whole and valid
 * UTF-8, mail headers and HTTP headers stay single lines, and another channel's secret is nowhere.
 * First octet: the kind and preset; then texts that end with a newline: title, value, device's
 * name, link, template, header.
 */
#include "collector/codec/notify/channel_request.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/webhook.h"
#include "collector/core/device/inventory.h"
#include "common/base/utf8_text.h"
#include "tests/unit/collector/codec/notify/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TITLE, VALUE, NAME, LINK, BODY, HEADER, TEXTS_N };

/* Also within a character. */
static void cut(const char *text, char *buf, size_t size)
{
	const size_t n = strnlen(text, size - 1);

	memcpy(buf, text, n);
	buf[n] = '\0';
}

/* Cuts the input into texts that end with a NUL. */
static void split(const uint8_t *data, size_t size, char texts[TEXTS_N][2000])
{
	size_t at = 0;

	for (size_t i = 0; i < TEXTS_N; i++) {
		size_t n = 0;

		for (; at < size && (i == BODY || data[at] != '\n') && data[at] != '\0'; at++)
			if (n < 1999)
				texts[i][n++] = (char)data[at];
		at += at < size;
		texts[i][n] = '\0';
	}
}

static void check_mail(const char *body)
{
	const char *end = strstr(body, "\r\n\r\n");

	if (!end || strncmp(body, "Date: ", 6) != 0)
		abort();
	for (const char *c = body; c < end; c++) {
		if (*c == '\n' && (c == body || c[-1] != '\r' || strncmp(c + 1, "X-", 2) == 0))
			abort();
	}
}

static void check(const struct notify_request *request)
{
	char *text = notify_request_text(request);

	if (!text)
		abort();
	free(text);
	for (size_t i = 0; request->headers && request->headers[i]; i++)
		if (strpbrk(request->headers[i], "\r\n"))
			abort();
	if (request->protocol == NOTIFY_SMTP)
		check_mail(request->body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char texts[TEXTS_N][2000];
	char *receivers[] = {literal("a@example.go.id"), NULL};
	char name[400], *headers[2] = {NULL, NULL};
	struct letter l;
	struct channel_conf channel;
	struct notify_request request;

	if (size < 1)
		return 0;
	split(data + 1, size - 1, texts);
	letter_init(&l);
	cut(texts[TITLE], l.message.title, sizeof(l.message.title));
	cut(texts[VALUE], l.message.lines[0].value, sizeof(l.message.lines[0].value));
	cut(texts[LINK], l.alert.link, sizeof(l.alert.link));
	utf8_text_clean(texts[NAME], name, sizeof(name));
	l.entry.name = name;
	channel = channel_of((enum channel_type)(data[0] % CHANNEL_TYPE_N));
	channel.preset = data[0] / CHANNEL_TYPE_N % 5;
	channel.body_type = data[0] % 3;
	channel.token = literal("s3cret");
	channel.host = literal("h");
	channel.from = literal("p@h");
	channel.to = receivers;
	channel.url = literal("http://h/");
	channel.command = receivers;
	/* as the configuration's checks leave them */
	if (utf8_text_is_valid(texts[BODY], strlen(texts[BODY])))
		channel.body = texts[BODY];
	if (utf8_text_is_valid(texts[HEADER], strlen(texts[HEADER])) &&
	    !strpbrk(texts[HEADER], "\r\n"))
		headers[0] = texts[HEADER];
	channel.headers = headers;
	if (channel_request_build(&channel, &l.letter, &request) == 0)
		check(&request);
	else if (channel.type != CHANNEL_WEBHOOK && channel.type != CHANNEL_COMMAND)
		abort();
	notify_request_deinit(&request);
	return 0;
}
