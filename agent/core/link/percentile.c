/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 95th percentile of a day by nearest rank: ceil(0.95 n). */
#include "agent/core/link/percentile.h"

#include <string.h>

void percentile_reset(struct percentile *p)
{
	p->n = 0;
}

void percentile_add(struct percentile *p, uint64_t bps)
{
	uint64_t kbps = (bps + 500) / 1000;
	uint32_t value = kbps > UINT32_MAX ? UINT32_MAX : (uint32_t)kbps;
	uint32_t at = p->n;

	if (p->n == PERCENTILE_MAX)
		return;
	while (at && p->kbps[at - 1] > value)
		at--;
	memmove(&p->kbps[at + 1], &p->kbps[at], (p->n - at) * sizeof(p->kbps[0]));
	p->kbps[at] = value;
	p->n++;
}

uint64_t percentile_95(const struct percentile *p)
{
	if (!p->n)
		return 0;
	return p->kbps[(p->n * 95 + 99) / 100 - 1] * UINT64_C(1000);
}
