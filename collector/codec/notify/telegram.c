/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/telegram.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"

/* As Telegram counts: a character beyond the basic plane is two. */
static size_t units(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80 ? 1 + ((unsigned char)*text >= 0xf0) : 0;
	return n;
}

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

/* The words say it too; this is for the eye. */
static const char *mark(const struct notify_message *message)
{
	static const char *const MARKS[] = {
		[SEVERITY_INFO] = "\xf0\x9f\x94\xb5",	  /* blue circle */
		[SEVERITY_WARNING] = "\xf0\x9f\x9f\xa1",  /* yellow */
		[SEVERITY_MAJOR] = "\xf0\x9f\x9f\xa0",	  /* orange */
		[SEVERITY_CRITICAL] = "\xf0\x9f\x94\xb4", /* red */
	};

	if (message->what == NOTIFY_RECOVERY)
		return "\xe2\x9c\x85"; /* white heavy check mark */
	return MARKS[message->severity];
}

static void put_line(FILE *out, const struct notify_line *line)
{
	fputc('\n', out);
	if (line->label[0]) {
		fputs("<b>", out);
		put_escaped(out, line->label);
		fputs(":</b> ", out);
	}
	put_escaped(out, line->value);
}

char *telegram_text(const struct notify_message *message)
{
	size_t left = TELEGRAM_TEXT_MAX - 2; /* "\n…" */
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fprintf(out, "%s <b>", mark(message));
	put_escaped(out, message->title);
	fputs("</b>", out);
	left -= units(mark(message)) + 1 + units(message->title);
	left -= message->url[0] ? units(message->url) + 1 : 0;
	for (size_t i = 0; i < message->n_lines; i++) {
		const struct notify_line *line = &message->lines[i];
		const size_t n = 1 + units(line->label) + 2 + units(line->value);

		if (n > left) {
			fputs("\n\xe2\x80\xa6", out);
			break;
		}
		left -= n;
		put_line(out, line);
	}
	if (message->url[0]) {
		fputc('\n', out);
		put_escaped(out, message->url);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static char *body(const struct channel_conf *channel, const struct channel_letter *letter)
{
	cleanup_free char *text = telegram_text(letter->message);
	json_t *json = json_object();
	char *ret;

	member_put_text(json, "chat_id", letter->chat[0] ? letter->chat : channel->chat);
	member_put(json, "text", text ? json_string(text) : NULL);
	member_put_text(json, "parse_mode", "HTML");
	member_put_bool(json, "disable_web_page_preview", true);
	if (letter->delivery->thread && letter->thread_remote[0]) {
		member_put_integer(json, "reply_to_message_id", atoll(letter->thread_remote));
		/* the first may have been deleted */
		member_put_bool(json, "allow_sending_without_reply", true);
	}
	ret = json && json_object_get(json, "text") ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return ret;
}

int telegram_request(const struct channel_conf *channel, const struct channel_letter *letter,
		     struct notify_request *ret)
{
	const char *server = channel->url[0] ? channel->url : "https://api.telegram.org";
	const size_t n = strlen(server);

	ret->protocol = NOTIFY_HTTP;
	ret->dialect = NOTIFY_TELEGRAM;
	if (asprintf(&ret->url, "%.*s/bot%s/sendMessage", (int)(n - (server[n - 1] == '/')), server,
		     channel->token) < 0)
		ret->url = NULL;
	ret->method = strdup("POST");
	ret->ok_from = 200;
	ret->ok_to = 299;
	ret->ok_field = strdup("ok");
	ret->ok_value = strdup("true");
	ret->id_field = strdup("/result/message_id");
	ret->body = body(channel, letter);
	return notify_request_add(&ret->headers, "Content-Type: application/json");
}
