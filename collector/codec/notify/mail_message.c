/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/mail_message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/utc_text.h"

enum {
	WORD_OCTETS_MAX = 39, /* base64 of it is an encoded word of 64; with "Subject: " 73 of 76 */
	LINE_MAX_CHARS = 75,  /* quoted-printable, without the soft break */
};

/* ---- headers ---- */

static void put_base64(FILE *out, const char *octets, size_t len)
{
	static const char DIGITS[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *at = (const unsigned char *)octets;

	for (size_t i = 0; i < len; i += 3) {
		const unsigned int n = (unsigned int)at[i] << 16 |
				       (i + 1 < len ? (unsigned int)at[i + 1] << 8 : 0) |
				       (i + 2 < len ? at[i + 2] : 0);

		fputc(DIGITS[n >> 18], out);
		fputc(DIGITS[n >> 12 & 63], out);
		fputc(i + 1 < len ? DIGITS[n >> 6 & 63] : '=', out);
		fputc(i + 2 < len ? DIGITS[n & 63] : '=', out);
	}
}

/* Encoded words (RFC 2047), a fold between them, none of which cuts a character. */
static void put_unstructured(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strnlen(text, WORD_OCTETS_MAX);

		while (len > 1 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		fputs("=?utf-8?B?", out);
		put_base64(out, text, len);
		text += len;
		fputs(*text ? "?=\r\n " : "?=", out);
	}
}

static void put_date(FILE *out, int64_t wall_ms, int utc_offset_min)
{
	static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	const struct utc_date at = utc_date(wall_ms + (int64_t)utc_offset_min * 60000);
	const int offset = abs(utc_offset_min);

	fprintf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d %c%02d%02d\r\n", DAYS[at.weekday],
		at.day, MONTHS[at.month - 1], at.year, at.hour, at.minute, at.second,
		utc_offset_min < 0 ? '-' : '+', offset / 60, offset % 60);
}

static void put_id(FILE *out, const char *header, const struct channel_conf *channel,
		   const struct channel_letter *letter, int64_t delivery)
{
	fprintf(out, "%s: <pantau.%s%s%lld%s>\r\n", header, letter->instance,
		letter->instance[0] ? "." : "", (long long)delivery, strrchr(channel->from, '@'));
}

static void put_receivers(FILE *out, char *const *to)
{
	for (size_t i = 0; to[i]; i++)
		fprintf(out, "%s%s", i ? ",\r\n " : "To: ", to[i]);
	fputs("\r\n", out);
}

static void put_headers(FILE *out, const struct channel_conf *channel,
			const struct channel_letter *letter)
{
	const struct delivery *delivery = letter->delivery;

	put_date(out, letter->now_ms, letter->utc_offset_min);
	fprintf(out, "From: Pantau <%s>\r\n", channel->from);
	put_receivers(out, channel->to);
	fputs("Subject: ", out);
	put_unstructured(out, letter->message->title);
	fputs("\r\n", out);
	put_id(out, "Message-ID", channel, letter, delivery->id);
	if (delivery->thread && delivery->thread != delivery->id) {
		put_id(out, "In-Reply-To", channel, letter, delivery->thread);
		put_id(out, "References", channel, letter, delivery->thread);
	}
	if (letter->message->severity == SEVERITY_CRITICAL &&
	    letter->message->what != NOTIFY_RECOVERY)
		fputs("Importance: high\r\n", out);
	fputs("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n", out);
}

/* ---- bodies ---- */

/* Quoted-printable of a text that comes in pieces, lines end in "\n". A space that may be the last
 * of its line is encoded. */
struct quoted {
	FILE *out;
	unsigned int column;
};

static void put_quoted(struct quoted *quoted, const char *text)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;
		const bool plain =
			(c > 32 && c < 127 && c != '=') || (c == ' ' && text[1] != '\n' && text[1]);

		if (c == '\n') {
			fputs("\r\n", quoted->out);
			quoted->column = 0;
			continue;
		}
		if (quoted->column + (plain ? 1 : 3) > LINE_MAX_CHARS) {
			fputs("=\r\n", quoted->out);
			quoted->column = 0;
		}
		fprintf(quoted->out, plain ? "%c" : "=%02X", c);
		quoted->column += plain ? 1 : 3;
	}
}

static void put_html(struct quoted *quoted, const char *text)
{
	while (*text) {
		const size_t n = strcspn(text, "&<>\"");
		cleanup_free char *plain = strndup(text, n);

		put_quoted(quoted, plain ? plain : "");
		text += n;
		if (*text == '\0')
			break;
		put_quoted(quoted, *text == '&'	  ? "&amp;"
				   : *text == '<' ? "&lt;"
				   : *text == '>' ? "&gt;"
						  : "&quot;");
		text++;
	}
}

static void put_plain_part(FILE *out, const struct notify_message *message)
{
	struct quoted quoted = {out, 0};

	put_quoted(&quoted, message->title);
	put_quoted(&quoted, "\n\n");
	for (size_t i = 0; i < message->n_lines; i++) {
		put_quoted(&quoted, message->lines[i].label);
		put_quoted(&quoted, message->lines[i].label[0] ? ": " : "");
		put_quoted(&quoted, message->lines[i].value);
		put_quoted(&quoted, "\n");
	}
	put_quoted(&quoted, message->url[0] ? "\n" : "");
	put_quoted(&quoted, message->url);
	put_quoted(&quoted, "\n");
}

static const char *colour(const struct notify_message *message)
{
	static const char *const COLOURS[] = {
		[SEVERITY_INFO] = "#1565c0",
		[SEVERITY_WARNING] = "#9a6700",
		[SEVERITY_MAJOR] = "#c2410c",
		[SEVERITY_CRITICAL] = "#b91c1c",
	};

	return message->what == NOTIFY_RECOVERY ? "#15803d" : COLOURS[message->severity];
}

static void put_html_part(FILE *out, const struct notify_message *message)
{
	struct quoted quoted = {out, 0};

	put_quoted(&quoted, "<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif\">\n"
			    "<h2 style=\"color:");
	put_quoted(&quoted, colour(message));
	put_quoted(&quoted, "\">");
	put_html(&quoted, message->title);
	put_quoted(&quoted, "</h2>\n<table>\n");
	for (size_t i = 0; i < message->n_lines; i++) {
		const struct notify_line *line = &message->lines[i];

		put_quoted(&quoted, line->label[0] ? "<tr><th align=\"left\" valign=\"top\">"
						   : "<tr><td colspan=\"2\">");
		put_html(&quoted, line->label);
		put_quoted(&quoted, line->label[0] ? "</th><td>" : "");
		put_html(&quoted, line->value);
		put_quoted(&quoted, "</td></tr>\n");
	}
	put_quoted(&quoted, "</table>\n");
	if (message->url[0]) {
		put_quoted(&quoted, "<p><a href=\"");
		put_html(&quoted, message->url);
		put_quoted(&quoted, "\">");
		put_html(&quoted, message->url);
		put_quoted(&quoted, "</a></p>\n");
	}
	put_quoted(&quoted, "</body></html>\n");
}

static void put_part_head(FILE *out, const char *subtype)
{
	fprintf(out,
		"--=_pantau\r\nContent-Type: text/%s; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		subtype);
}

/* "=_" never occurs in quoted-printable, so the boundary is in no part. */
static char *message_of(const struct channel_conf *channel, const struct channel_letter *letter)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	put_headers(out, channel, letter);
	fputs("Content-Type: multipart/alternative; boundary=\"=_pantau\"\r\n\r\n", out);
	put_part_head(out, "plain");
	put_plain_part(out, letter->message);
	fputs("\r\n", out);
	put_part_head(out, "html");
	put_html_part(out, letter->message);
	fputs("\r\n--=_pantau--\r\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int mail_request(const struct channel_conf *channel, const struct channel_letter *letter,
		 struct notify_request *ret)
{
	int r = 0;

	ret->protocol = NOTIFY_SMTP;
	ret->host = strdup(channel->host);
	ret->security = channel->security;
	ret->port = channel->port ? channel->port : channel->security == SECURITY_TLS ? 465 : 25;
	ret->from = strdup(channel->from);
	for (size_t i = 0; r == 0 && channel->to[i]; i++)
		r = notify_request_add(&ret->to, "%s", channel->to[i]);
	ret->body = message_of(channel, letter);
	return r;
}
