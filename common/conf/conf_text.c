/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where strings, comments, braces and statements of a configuration file begin and end, in
 * libconfuse's syntax; what they mean is conf_raw.c's and conf.c's affair.
 */
#include "common/conf/conf_text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *skip_string(char *p)
{
	char quote = *p++;

	while (*p && *p != quote)
		p += p[0] == '\\' && p[1] ? 2 : 1;
	return *p ? p + 1 : p;
}

static char *skip_blank(char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* A string or a comment, which may hold braces that do not count; NULL if p is at
 * neither. */
static char *skip_opaque(char *p)
{
	char *end;

	if (*p == '"' || *p == '\'')
		return skip_string(p);
	if (*p == '#' || (p[0] == '/' && p[1] == '/'))
		return p + strcspn(p, "\n");
	if (p[0] != '/' || p[1] != '*')
		return NULL;
	end = strstr(p + 2, "*/");
	return end ? end + 2 : p + strlen(p);
}

/* From a '{' to after its '}', or to the end. */
static char *skip_braces(char *p, bool *ret_closed)
{
	unsigned int depth = 0;

	*ret_closed = false;
	while (*p && !*ret_closed) {
		char *after = skip_opaque(p);

		if (after) {
			p = after;
			continue;
		}
		if (*p == '{')
			depth++;
		if (*p++ == '}' && --depth == 0)
			*ret_closed = true;
	}
	return p;
}

unsigned int conf_text_open_brace(char *text)
{
	unsigned int line = 1;
	bool closed = true;

	for (char *p = text, *counted = text; *p;) {
		char *after = skip_opaque(p);

		if (after) {
			p = after;
		} else if (*p != '{') {
			p++;
		} else {
			for (; counted < p; counted++)
				line += *counted == '\n';
			p = skip_braces(p, &closed);
			if (!closed)
				return line;
		}
	}
	return 0;
}

void conf_text_blank_comments(char *text)
{
	bool in_word = false;

	for (char *p = text; *p;) {
		bool is_string = *p == '"' || *p == '\'';
		char *after = in_word && *p == '/' ? NULL : skip_opaque(p);

		if (!after) {
			in_word = !strchr(" \t\r\n={}(),+", *p++);
			continue;
		}
		if (p[0] == '/' && p[1] == '*' && (after < p + 4 || after[-1] != '/'))
			return;
		for (; p < after; p++)
			if (!is_string && *p != '\n')
				*p = ' ';
		in_word = false;
	}
}

static char *skip_word(char *p)
{
	if (*p == '"' || *p == '\'')
		return skip_string(p);
	return p + strcspn(p, " \t\r\n={}(),+#");
}

/* After KEY = VALUE, KEY = { LIST } or SECTION TITLE { ... }; NULL if it looks like
 * neither. */
static char *skip_statement(char *p)
{
	bool closed;

	p = skip_blank(skip_word(p));
	if (*p == '+')
		p++;
	if (*p == '=') {
		p = skip_blank(p + 1);
		return *p == '{' ? skip_braces(p, &closed) : skip_word(p);
	}
	if (*p != '{')
		p = skip_blank(skip_word(p));
	return *p == '{' ? skip_braces(p, &closed) : NULL;
}

bool conf_text_blank_statement(char *text, unsigned int line, const char *key)
{
	char *p = text, *end;

	for (unsigned int i = 1; i < line; i++) {
		p += strcspn(p, "\n");
		if (!*p++)
			return false;
	}
	end = p + strcspn(p, "\n");
	p = *key ? strstr(p, key) : NULL;
	if (!p || p >= end)
		return false;
	if (p > text && (p[-1] == '"' || p[-1] == '\''))
		p--;
	end = skip_statement(p);
	for (; end && p < end; p++)
		if (*p != '\n')
			*p = ' ';
	return end;
}

#define MARK "\"" CONF_TEXT_EMPTY "\""

/* Whether an '=' at p has "{}" behind it. Returns where the '{' is, or NULL. */
static const char *empty_braces(const char *p)
{
	const char *open = p + 1 + strspn(p + 1, " \t\r\n");

	return *open == '{' && open[1 + strspn(open + 1, " \t\r\n")] == '}' ? open : NULL;
}

char *conf_text_mark_empty(const char *text)
{
	const size_t len = strlen(text), most = len / strlen("={}") + 1;
	char *marked = malloc(len + most * strlen(MARK) + 1), *to = marked;

	for (const char *p = text; marked && *p;) {
		const char *open = *p == '=' ? empty_braces(p) : NULL;
		const char *end = *p == '"' || *p == '\'' ? skip_string((char *)(uintptr_t)p)
				  : open		  ? open + 1
							  : p + 1;

		memcpy(to, p, (size_t)(end - p));
		to += end - p;
		if (open)
			to = stpcpy(to, MARK);
		p = end;
	}
	if (marked)
		*to = '\0';
	return marked;
}
