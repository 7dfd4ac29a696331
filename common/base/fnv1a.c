/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/fnv1a.h"

#include <string.h>

uint64_t fnv1a(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t fnv1a_text(uint64_t hash, const char *text)
{
	return fnv1a(hash, text, strlen(text));
}

uint64_t fnv1a_field(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t end = 0xff;

	return fnv1a(fnv1a(hash, octets, len), &end, sizeof(end));
}
