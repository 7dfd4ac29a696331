/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides what of a device's octets is text. Source: RFC 3629 4 for what UTF-8 is. */
#include "common/base/text_clean.h"

#include <string.h>

/* Length of the well-formed UTF-8 character at p, 0 if there is none. */
static size_t utf8_len(const uint8_t *p, size_t len)
{
	size_t n = p[0] < 0x80			 ? 1
		   : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
		   : (p[0] & 0xf0) == 0xe0	 ? 3
		   : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
						 : 0;

	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0; /* overlong, surrogate, beyond Unicode */
	return n;
}

static bool is_control(const uint8_t *p, size_t n)
{
	return (n == 1 && (p[0] < 0x20 || p[0] == 0x7f)) || (n == 2 && p[0] == 0xc2 && p[1] < 0xa0);
}

/* The next character as UTF-8 in out; returns how many octets of the input it took. */
static size_t next_char(const uint8_t *p, size_t len, uint8_t out[4], size_t *ret_n)
{
	size_t n = utf8_len(p, len);
	size_t took = n ? n : 1;

	if (n) {
		memcpy(out, p, n);
	} else {
		out[0] = 0xc0 | p[0] >> 6;
		out[1] = 0x80 | (p[0] & 0x3f);
		n = 2;
	}
	if (is_control(out, n)) {
		out[0] = ' ';
		n = 1;
	}
	*ret_n = n;
	return took;
}

bool text_is_utf8(const uint8_t *octets, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_len(octets + i, len - i);
		if (!n)
			return false;
	}
	return true;
}

size_t text_clean(const uint8_t *octets, size_t len, char *buf, size_t size)
{
	size_t used = 0;
	uint8_t out[4];
	size_t n;

	for (size_t i = 0; i < len;) {
		i += next_char(octets + i, len - i, out, &n);
		if (out[0] == ' ' && (!used || buf[used - 1] == ' '))
			continue;
		if (used + n > size - 1)
			break;
		memcpy(buf + used, out, n);
		used += n;
	}
	while (used && buf[used - 1] == ' ')
		used--;
	buf[used] = '\0';
	return used;
}
