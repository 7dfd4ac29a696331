/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A path is taken for what its name says in the agent's configuration: one that begins with
 * "gateway" leads to the next router, one that begins with "internet" or "beyond" out of the
 * intranet, any other to the core.
 */
#include "collector/core/judge/trouble_place.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

/* Of the echoes of a minute: more than a bad line loses. */
#define LOST_PERCENT 50

static const char *const NAMES[TROUBLE_PLACE_N] = {
	[TROUBLE_NOWHERE] = "",	       [TROUBLE_HERE] = "here",	  [TROUBLE_BEFORE] = "before",
	[TROUBLE_LINE] = "line",       [TROUBLE_THERE] = "there", [TROUBLE_AGENT] = "agent",
	[TROUBLE_GATEWAY] = "gateway", [TROUBLE_CORE] = "core",	  [TROUBLE_BEYOND] = "beyond",
};

static const struct {
	const char *prefix;
	enum trouble_place place;
} PATHS[] = {
	{"gateway", TROUBLE_GATEWAY},
	{"internet", TROUBLE_BEYOND},
	{"beyond", TROUBLE_BEYOND},
};

static enum trouble_place place_of_path(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(PATHS); i++) {
		if (strncasecmp(name, PATHS[i].prefix, strlen(PATHS[i].prefix)) == 0)
			return PATHS[i].place;
	}
	return TROUBLE_CORE;
}

static bool is_loss(const struct device_metric *metric)
{
	return strcmp(metric->group, "path") == 0 && strcmp(metric->name, "loss") == 0;
}

/* The nearest that is not reached, unless the same is reached another way (IPv6, a second core). */
static enum trouble_place place_by_paths(const struct device *device)
{
	bool lost[TROUBLE_PLACE_N] = {false}, reached[TROUBLE_PLACE_N] = {false};

	for (size_t i = 0; i < device->n_metrics; i++) {
		const struct device_metric *metric = &device->metrics[i];
		const enum trouble_place place =
			is_loss(metric) ? place_of_path(metric->object) : TROUBLE_NOWHERE;

		lost[place] |= isgreaterequal(metric->value, LOST_PERCENT);
		reached[place] |= isless(metric->value, LOST_PERCENT);
	}
	for (enum trouble_place place = TROUBLE_GATEWAY; place < TROUBLE_PLACE_N; place++) {
		if (lost[place] && !reached[place])
			return place;
	}
	return TROUBLE_NOWHERE;
}

static enum trouble_place place_of_dead(const struct device *device)
{
	if (device->cause == DEVICE_CAUSE_LINK_DOWN)
		return TROUBLE_LINE;
	if (device->cause == DEVICE_CAUSE_UNREACHABLE && !device->entry->parent[0])
		return TROUBLE_HERE;
	return TROUBLE_THERE;
}

enum trouble_place trouble_place_of(const struct device *device)
{
	switch (device->status) {
	case DEVICE_UNREACHABLE:
		return TROUBLE_BEFORE;
	case DEVICE_DOWN:
		return place_of_dead(device);
	case DEVICE_SNMP_SILENT:
	case DEVICE_AUTH_FAILED:
		return TROUBLE_AGENT;
	case DEVICE_UP:
	case DEVICE_DEGRADED:
		return place_by_paths(device);
	default:
		return TROUBLE_NOWHERE;
	}
}

const char *trouble_place_name(enum trouble_place place)
{
	return (unsigned int)place < TROUBLE_PLACE_N ? NAMES[place] : "";
}
