/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. The numbers are those of device_octets() in tests/sim/device.c, written
 * down again so that a mistake there shows. */
#include "fleet_truth.h"

#include <string.h>

#include "common/base/cleanup.h"

int fleet_link_number(const char *name)
{
	static const char *const NAMES[] = {"eth0", "wlan0", "eth1", "eth2"};

	for (unsigned int i = 0; i < ARRAY_LEN(NAMES); i++)
		if (strcmp(NAMES[i], name) == 0)
			return (int)i;
	return -1;
}

double fleet_truth(const struct fleet_link *link, bool out, double from_us, double to_us)
{
	/* pairs of links: what enters by the even one leaves by the odd one */
	uint64_t pair = link->rate / (link->n / 2 + 1);
	bool main_way = (link->n % 2 == 1) == out;
	uint64_t rate = main_way ? pair : pair / 8;
	double phase_s = (double)(link->addr * 2654435761U >> 18) + 37 * link->n;

	if (link->shape == SHAPE_FLAT)
		return (double)rate;
	return (double)(shape_octets(link->shape, rate, phase_s, (int64_t)to_us) -
			shape_octets(link->shape, rate, phase_s, (int64_t)from_us)) /
	       ((to_us - from_us) / 1e6);
}
