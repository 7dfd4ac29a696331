/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices that a rule, a threshold or a time of maintenance is meant for. */
#pragma once

#include <stdbool.h>

struct inventory_entry;

/* Each a NULL-terminated list of which one must fit, in any case of letters; an empty list is all. */
struct place_filter {
	char *const *groups, *const *kinds, *const *devices, *const *providers;
};

/* entry NULL: something that has no place, which only filters without places fit; device_id is "" then. */
bool place_filter_fits(const struct place_filter *filter, const struct inventory_entry *entry,
		       const char *device_id);
/* Whether text is one of names, or names is empty. */
bool place_filter_names(char *const *names, const char *text);
