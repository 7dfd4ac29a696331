/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is given must hold. */
#include "collector/core/device/device_filter.h"

#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"

bool device_filter_is_right(const struct device_filter *filter)
{
	enum inventory_kind kind;
	enum device_status status;

	return (!filter->kind[0] || inventory_kind_parse(filter->kind, &kind)) &&
	       (!filter->status[0] || device_status_parse(filter->status, &status));
}

bool device_filter_matches(const struct device_filter *filter, const struct device *device)
{
	const struct inventory_entry *entry = device->entry;

	if (filter->kind[0] && strcmp(filter->kind, inventory_kind_name(entry->kind)) != 0)
		return false;
	if (filter->status[0] && strcmp(filter->status, device_status_name(device->status)) != 0)
		return false;
	return !filter->q[0] || strcasestr(entry->id, filter->q) ||
	       strcasestr(entry->name, filter->q) || strcasestr(entry->address, filter->q) ||
	       (entry->group && strcasestr(entry->group, filter->q)) ||
	       (entry->short_name && strcasestr(entry->short_name, filter->q)) ||
	       (entry->kelurahan && strcasestr(entry->kelurahan, filter->q)) ||
	       (entry->provider && strcasestr(entry->provider, filter->q));
}
