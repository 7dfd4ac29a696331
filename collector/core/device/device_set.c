/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lookup of many devices in two sorted arrays. A set never changes once made: a reload
 * makes a new one and moves the devices that stay.
 */
#include "collector/core/device/device_set.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"

static int compare_id(const void *a, const void *b)
{
	const struct device *const *x = a, *const *y = b;

	return strcmp((*x)->entry->id, (*y)->entry->id);
}

static int compare_address(const void *a, const void *b)
{
	const struct device *const *x = a, *const *y = b;
	int r = strcmp((*x)->entry->address, (*y)->entry->address);

	return r ? r : compare_id(a, b);
}

int device_set_init(struct device_set *set, struct device **devices, size_t n)
{
	struct device_set made = {.n = n};

	assert(n == 0 || devices);
	made.devices = calloc(n ? n : 1, sizeof(struct device *));
	made.by_address = calloc(n ? n : 1, sizeof(struct device *));
	if (!made.devices || !made.by_address) {
		free(made.devices);
		free(made.by_address);
		return -ENOMEM;
	}
	if (n) {
		memcpy(made.devices, devices, n * sizeof(*devices));
		memcpy(made.by_address, devices, n * sizeof(*devices));
		qsort(made.devices, n, sizeof(*devices), compare_id);
		qsort(made.by_address, n, sizeof(*devices), compare_address);
	}
	*set = made;
	return 0;
}

void device_set_deinit(struct device_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		device_free(set->devices[i]);
	device_set_release(set);
}

void device_set_release(struct device_set *set)
{
	free(set->devices);
	free(set->by_address);
	*set = (struct device_set){0};
}

struct device *device_set_find(const struct device_set *set, const char *id)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int r = strcmp(set->devices[mid]->entry->id, id);

		if (r == 0)
			return set->devices[mid];
		if (r < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *device_set_name(const struct device_set *set, const char *id)
{
	const struct device *device = id[0] ? device_set_find(set, id) : NULL;

	return device ? device->entry->name : NULL;
}

struct device *device_set_find_address(const struct device_set *set, const char *address,
				       bool *ret_shared)
{
	size_t low = 0, high = set->n;

	while (low < high) { /* the first that is not below */
		size_t mid = low + (high - low) / 2;

		if (strcmp(set->by_address[mid]->entry->address, address) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == set->n || strcmp(set->by_address[low]->entry->address, address) != 0)
		return NULL;
	if (ret_shared)
		*ret_shared = low + 1 < set->n &&
			      strcmp(set->by_address[low + 1]->entry->address, address) == 0;
	return set->by_address[low];
}
