/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Well-formed UTF-8 after RFC 3629 4: no overlong form, no surrogate, nothing above
 * U+10FFFF. What turns the direction of writing: Unicode's property Bidi_Control.
 */
#include "common/base/utf8_text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

size_t utf8_text_char(const void *octets, size_t len)
{
	const uint8_t *p = octets;
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

bool utf8_text_is_unsafe(const void *octets, size_t n)
{
	const uint8_t *p = octets;

	switch (n) {
	case 1:
		return p[0] < 0x20 || p[0] == 0x7f;
	case 2: /* U+0080 to U+009F, U+061C */
		return (p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c);
	case 3: /* U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069 */
		return p[0] == 0xe2 && ((p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
							  (p[2] >= 0xa8 && p[2] <= 0xae))) ||
					(p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
	default:
		return false;
	}
}

bool utf8_text_is_valid(const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		const size_t n = utf8_text_char(text + at, len - at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}

size_t utf8_text_clean_octets(const void *octets, size_t len, char *buf, size_t size)
{
	const char *text = octets;
	size_t out = 0;

	assert(size > 0);
	for (size_t at = 0; at < len;) {
		const size_t n = utf8_text_char(text + at, len - at);
		const bool good = n && !utf8_text_is_unsafe(text + at, n);

		if (out + (good ? n : 1) >= size)
			break;
		if (good) {
			memcpy(buf + out, text + at, n);
			out += n;
		} else {
			buf[out++] = '?';
		}
		at += n ? n : 1;
	}
	buf[out] = '\0';
	return out;
}

size_t utf8_text_clean(const char *text, char *buf, size_t size)
{
	return utf8_text_clean_octets(text, strlen(text), buf, size);
}
