/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides what of a device's octets is text. */
#include "common/base/text_clean.h"

#include <assert.h>
#include <string.h>

#include "common/base/utf8_text.h"

/* The next character as UTF-8 in out; returns how many octets of the input it took. */
static size_t next_char(const uint8_t *p, size_t len, uint8_t out[4], size_t *ret_n)
{
	size_t n = utf8_text_char(p, len);
	size_t took = n ? n : 1;

	if (n) {
		memcpy(out, p, n);
	} else {
		out[0] = 0xc0 | p[0] >> 6;
		out[1] = 0x80 | (p[0] & 0x3f);
		n = 2;
	}
	if (utf8_text_is_unsafe(out, n)) {
		out[0] = ' ';
		n = 1;
	}
	*ret_n = n;
	return took;
}

size_t text_clean(const uint8_t *octets, size_t len, char *buf, size_t size)
{
	size_t used = 0;
	uint8_t out[4];
	size_t n;

	assert(size > 0);
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
