/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a device says that it is: model, firmware, serial number. Read at each discovery, by one
 * walk over all the places where its profile says that this may stand.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "collector/core/reading/poll_walk.h"

struct device;
struct profile;

enum { HARDWARE_POLL_ROWS_MAX = 64 }; /* a chassis stands before its modules */

/* False: the profile knows no such place. */
bool hardware_poll_begin(const struct profile *profile, struct poll_walk *ret);
/* All is read: the first place that says something counts. False: out of memory. */
bool hardware_poll_take(const struct profile *profile, const struct poll_walk *walk,
			struct device *device);
