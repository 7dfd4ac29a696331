/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All watched devices, looked up by id, by address and by parent. Lives in the loop's
 * thread and owns its devices.
 */
#pragma once

#include <stddef.h>

#include "collector/core/device/device.h"

struct device_set {
	struct device **devices; /* sorted by entry->id */
	size_t n;
	struct device **by_address; /* sorted by entry->address */
};

/* Takes the n devices (which it sorts). Returns 0 or -ENOMEM, then the devices stay the
 * caller's. */
int device_set_init(struct device_set *set, struct device **devices, size_t n);
/* Frees the devices too. */
void device_set_deinit(struct device_set *set);
/* Frees only the lookup: its devices are in another set by now. */
void device_set_release(struct device_set *set);

struct device *device_set_find(const struct device_set *set, const char *id);
/* What people call it; NULL if there is none with that id, or it is "". */
const char *device_set_name(const struct device_set *set, const char *id);
/* By numeric address as inet_ntop(3) writes it. Where several devices share one (behind a
 * NAT), the first by id; *ret_shared (may be NULL) says so. */
struct device *device_set_find_address(const struct device_set *set, const char *address,
				       bool *ret_shared);
