/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Well-formed UTF-8 after RFC 3629 4: no overlong form, no surrogate, nothing above
 * U+10FFFF.
 */
#include "common/base/utf8_text.h"

#include <string.h>

/* Octets of the character at text, 0 if it is not well-formed. */
static size_t char_len(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	n = p[0] >= 0xc2 && p[0] <= 0xdf   ? 2
	    : (p[0] & 0xf0) == 0xe0	   ? 3
	    : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
					   : 0;
	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

bool utf8_text_is_valid(const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		const size_t n = char_len(text + at, len - at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

size_t utf8_text_clean(const char *text, char *buf, size_t size)
{
	const size_t len = strlen(text);
	size_t out = 0;

	for (size_t at = 0; at < len;) {
		const size_t n = char_len(text + at, len - at);
		const unsigned char c = (unsigned char)text[at];

		if (out + (n ? n : 1) >= size)
			break;
		if (!n || c < 0x20 || c == 0x7f) {
			buf[out++] = '?';
			at++;
			continue;
		}
		memcpy(buf + out, text + at, n);
		out += n;
		at += n;
	}
	buf[out] = '\0';
	return out;
}
