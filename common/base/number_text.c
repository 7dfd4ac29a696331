/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/number_text.h"

#include <assert.h>
#include <stddef.h>

bool number_text(const char *text, uint64_t least, uint64_t most, uint64_t *ret)
{
	uint64_t n = 0;

	assert(least <= most);
	if (!text || !*text)
		return false;
	for (; *text; text++) {
		const uint64_t digit = (uint64_t)*text - '0';

		if (*text < '0' || *text > '9' || digit > most || n > (most - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n < least)
		return false;
	*ret = n;
	return true;
}
