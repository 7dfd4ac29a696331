/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/core/device/place_filter.h"

#include <stddef.h>
#include <strings.h>

#include "collector/core/device/inventory.h"

bool place_filter_names(char *const *names, const char *text)
{
	size_t i = 0;

	while (names[i] && strcasecmp(names[i], text) != 0)
		i++;
	return !names[0] || names[i];
}

bool place_filter_fits(const struct place_filter *filter, const struct inventory_entry *entry,
		       const char *device_id)
{
	return place_filter_names(filter->devices, device_id) &&
	       place_filter_names(filter->groups, entry ? entry->group : "") &&
	       place_filter_names(filter->kinds, entry ? inventory_kind_name(entry->kind) : "") &&
	       place_filter_names(filter->providers, entry ? entry->provider : "");
}
