/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which devices somebody asks for, by kind, status and a word of their inventory. */
#pragma once

#include <stdbool.h>

struct device;

/* "" is any. */
struct device_filter {
	char kind[16], status[24];
	char q[96]; /* a part of the id, names, address, group, kelurahan or provider, in any case */
};

/* Whether kind and status are ones that there are. */
bool device_filter_is_right(const struct device_filter *filter);
bool device_filter_matches(const struct device_filter *filter, const struct device *device);
