/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From left to right; what was put in is not looked at again, so a name with "{{token}}" in it is only a name. */
#include "collector/core/notify/message_template.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct out {
	char *buf;
	size_t size, len;
	bool full;
};

static void put(struct out *out, const char *text, size_t n)
{
	out->full = out->full || n >= out->size - out->len;
	if (out->full)
		return;
	memcpy(out->buf + out->len, text, n);
	out->len += n;
}

static void put_text(struct out *out, const char *text)
{
	for (; *text; text++)
		put(out, (unsigned char)*text < 0x20 || *text == 0x7f ? " " : text, 1);
}

static void put_json(struct out *out, const char *text)
{
	put(out, "\"", 1);
	for (; *text; text++) {
		char code[7];

		if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
			put(out, code, (size_t)snprintf(code, sizeof(code), "\\u%04x", *text));
		else
			put(out, text, 1);
	}
	put(out, "\"", 1);
}

static void put_form(struct out *out, const char *text)
{
	static const char SAFE[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

	for (; *text; text++) {
		char code[4];

		if (strchr(SAFE, *text))
			put(out, text, 1);
		else
			put(out, code,
			    (size_t)snprintf(code, sizeof(code), "%%%02X", (unsigned char)*text));
	}
}

static void put_word(struct out *out, const struct template_word *word, enum template_escape escape)
{
	if (escape == TEMPLATE_FORM)
		put_form(out, word->text);
	else if (escape == TEMPLATE_JSON && !word->number)
		put_json(out, word->text);
	else
		put_text(out, word->text);
}

/* The word between the braces that text begins with, without blanks; returns behind them, or NULL. */
static const char *read_word(const char *text, const char **ret_name, size_t *ret_len)
{
	const char *end = strstr(text, "}}");
	size_t n;

	assert(strncmp(text, "{{", 2) == 0);
	if (!end)
		return NULL;
	text += 2 + strspn(text + 2, " ");
	n = end > text ? (size_t)(end - text) : 0;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	*ret_name = text;
	*ret_len = n;
	return end + 2;
}

static bool is_word(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && memcmp(name, text, len) == 0;
}

int message_template_fill(const char *text, const struct template_word *words, size_t n_words,
			  enum template_escape escape, char *buf, size_t size)
{
	struct out out = {.buf = buf, .size = size};
	const char *open, *name;
	size_t len;

	assert(size > 0);
	for (; (open = strstr(text, "{{")); text = read_word(open, &name, &len)) {
		put(&out, text, (size_t)(open - text));
		if (!read_word(open, &name, &len))
			break;
		for (size_t i = 0; i < n_words; i++) {
			if (is_word(words[i].name, name, len))
				put_word(&out, &words[i], escape);
		}
	}
	if (!open)
		put(&out, text, strlen(text));
	buf[out.full ? 0 : out.len] = '\0';
	return out.full ? -E2BIG : (int)out.len;
}

bool message_template_is_right(const char *text, const char *const *names, size_t n_names,
			       char *buf, size_t size)
{
	const char *open, *name = NULL;
	size_t len = 0, i;

	for (; (open = strstr(text, "{{")); text = read_word(open, &name, &len)) {
		if (!read_word(open, &name, &len)) {
			snprintf(buf, size, "{{");
			return false;
		}
		for (i = 0; i < n_names && !is_word(names[i], name, len); i++)
			;
		if (i == n_names) {
			snprintf(buf, size, "{{%.*s}}", (int)(len < 40 ? len : 40), name);
			return false;
		}
	}
	return true;
}
