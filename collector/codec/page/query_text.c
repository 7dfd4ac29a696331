/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes URL text from clients. Strict: a broken escape is an error, never a literal,
 * and what comes out is valid UTF-8 without NUL, so that it may go into JSON and C
 * strings.
 */
#include "collector/codec/page/query_text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/number_text.h"
#include "common/base/utf8_text.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One octet at text[*at]; moves *at behind it. Returns it, or -EINVAL. */
static int next_octet(const char *text, size_t len, size_t *at, bool plus)
{
	const char c = text[(*at)++];
	int high, low;

	if (c == '+' && plus)
		return ' ';
	if (c != '%')
		return (unsigned char)c;
	if (len - *at < 2)
		return -EINVAL;
	high = hex_value(text[*at]);
	low = hex_value(text[*at + 1]);
	if (high < 0 || low < 0)
		return -EINVAL;
	*at += 2;
	return high << 4 | low;
}

/* Decodes; without buf it only measures and checks. */
static int decode(const char *text, size_t len, bool plus, char *buf)
{
	size_t n = 0;

	for (size_t at = 0; at < len;) {
		const int octet = next_octet(text, len, &at, plus);

		if (octet <= 0)
			return -EINVAL;
		if (buf)
			buf[n] = (char)octet;
		n++;
	}
	if (buf)
		buf[n] = '\0';
	return (int)n;
}

int query_text_decode(const char *text, size_t len, bool plus, char *buf, size_t size)
{
	const int n = decode(text, len, plus, NULL);

	assert(size > 0);
	if (n < 0)
		return n;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	decode(text, len, plus, buf);
	return utf8_text_is_valid(buf, (size_t)n) ? n : -EINVAL;
}

int query_text_get(const char *query, const char *name, char *buf, size_t size)
{
	const size_t name_len = strlen(name);

	assert(size > 0);
	for (const char *p = query; *p;) {
		const size_t len = strcspn(p, "&");

		if (len > name_len && p[name_len] == '=' && strncmp(p, name, name_len) == 0)
			return query_text_decode(p + name_len + 1, len - name_len - 1, true, buf,
						 size);
		p += len + (p[len] == '&');
	}
	return -ENOENT;
}

static int index_of(const char *name, size_t len, const char *const *names)
{
	for (int i = 0; names[i]; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	}
	return -EINVAL;
}

int query_text_check(const char *query, const char *const *names)
{
	uint32_t seen = 0;

	for (const char *p = query; *p;) {
		const size_t len = strcspn(p, "&"), name_len = strcspn(p, "=&");
		const int i = name_len < len ? index_of(p, name_len, names) : -EINVAL;

		if (i < 0 || i > 31 || seen >> i & 1)
			return -EINVAL;
		seen |= UINT32_C(1) << i;
		p += len + (p[len] == '&');
	}
	return 0;
}

int query_text_get_int(const char *query, const char *name, int64_t min, int64_t max, int64_t *ret)
{
	char text[24];
	const int len = query_text_get(query, name, text, sizeof(text));
	uint64_t n;

	assert(min <= max);
	if (len == -ENOENT)
		return -ENOENT;
	if (len < 0 || !number_text(text, (uint64_t)min, (uint64_t)max, &n))
		return -EINVAL;
	*ret = (int64_t)n;
	return 0;
}
