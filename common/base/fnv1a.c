/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/fnv1a.h"

uint64_t fnv1a(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
	return hash;
}
