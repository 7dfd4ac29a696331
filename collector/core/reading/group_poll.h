/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile's group of one device: values beside links (clients, CPU, memory, temperature).
 * From scalars or from a walked table, one series per object, rows aggregated as the profile
 * says. Fills device->metrics and hands out samples.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/profile.h"
#include "collector/core/reading/poll_counts.h"
#include "collector/core/reading/poll_walk.h"
#include "collector/core/value/device_clock.h"

struct device;
struct group_value;
struct wall_map;
struct group_series;

enum { GROUP_POLL_OBJECTS_MAX = 128, GROUP_POLL_METRICS_MAX = 512 };

struct group_poll {
	const struct profile_group *group;
	struct group_series *series; /* pointers would move: each is held by its own allocation */
	size_t n_series;
	bool absent;	      /* the device has none of it, as of the last discovery */
	bool gives;	      /* it has had values, and the device has it still */
	bool walked;	      /* its columns are in the walk under way */
	uint32_t cycle, tick; /* of the device in which it was read last; 0 none */
};

struct group_poll_context {
	struct device *device;
	const struct wall_map *wall;
	struct poll_counts *counts;
	uint32_t life;		   /* of the device's counters */
	int64_t step_ms;	   /* how often this group is read */
	struct device_moment when; /* the values were taken */
	const struct device_clock *clock;
	void *data;
	void (*sample)(void *data, const struct sample *sample);
};

void group_poll_deinit(struct group_poll *poll);
/* Scalars: terms and lacking as group_value_say() has them. */
void group_poll_scalars(struct group_poll *poll, const struct group_value *terms, uint32_t lacking,
			const struct group_poll_context *ctx);
/* Adds the columns that the group needs to a walk. False, and none added, if there is no room for them. */
bool group_poll_columns(const struct profile_group *group, struct poll_walk *walk);
/* The walk is complete; the group's columns are those from first on. */
void group_poll_table(struct group_poll *poll, const struct poll_walk *walk, size_t first,
		      const struct group_poll_context *ctx);
