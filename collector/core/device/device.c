/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words for a device's state, and its making and unmaking. What state it is in is
 * decided in device_state.c; its values come from the poller.
 */
#include "collector/core/device/device.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/snmp/link_mib.h"

static const char *const STATUS_NAMES[DEVICE_STATUS_N] = {
	[DEVICE_PENDING] = "pending",
	[DEVICE_UP] = "up",
	[DEVICE_DEGRADED] = "degraded",
	[DEVICE_SUSPECT] = "suspect",
	[DEVICE_DOWN] = "down",
	[DEVICE_UNREACHABLE] = "unreachable",
	[DEVICE_AUTH_FAILED] = "auth-failed",
	[DEVICE_SNMP_SILENT] = "snmp-silent",
};

static const char *const CAUSE_NAMES[DEVICE_CAUSE_N] = {
	[DEVICE_CAUSE_NONE] = "",
	[DEVICE_CAUSE_NO_ANSWER] = "no-answer",
	[DEVICE_CAUSE_LINK_DOWN] = "link-down",
	[DEVICE_CAUSE_PARENT] = "parent-down",
	[DEVICE_CAUSE_REFUSED] = "refused",
	[DEVICE_CAUSE_UNREACHABLE] = "no-route",
	[DEVICE_CAUSE_UNKNOWN_USER] = "unknown-user",
	[DEVICE_CAUSE_WRONG_KEY] = "wrong-key",
	[DEVICE_CAUSE_WRONG_PRIVACY] = "wrong-privacy-key",
	[DEVICE_CAUSE_AUTH_OTHER] = "auth-other",
	[DEVICE_CAUSE_NO_ACCESS] = "no-access",
	[DEVICE_CAUSE_OTHER_SOURCE] = "other-source",
};

const char *device_status_name(enum device_status status)
{
	return (unsigned int)status < DEVICE_STATUS_N ? STATUS_NAMES[status] : "unknown";
}

bool device_status_parse(const char *name, enum device_status *ret)
{
	for (int i = 0; i < DEVICE_STATUS_N; i++) {
		if (strcmp(STATUS_NAMES[i], name) == 0) {
			*ret = (enum device_status)i;
			return true;
		}
	}
	return false;
}

const char *device_cause_name(enum device_cause cause)
{
	return (unsigned int)cause < DEVICE_CAUSE_N ? CAUSE_NAMES[cause] : "unknown";
}

bool device_cause_parse(const char *name, enum device_cause *ret)
{
	for (int i = 0; i < DEVICE_CAUSE_N; i++) {
		if (strcmp(CAUSE_NAMES[i], name) == 0) {
			*ret = (enum device_cause)i;
			return true;
		}
	}
	return false;
}

struct device *device_new(const struct inventory_entry *entry)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return NULL;
	assert(entry);
	device->entry = entry;
	device->status = DEVICE_PENDING;
	device->uptime_s = -1;
	device->rtt_ms = NAN;
	device->echo.last_rtt_ms = NAN;
	return device;
}

struct device *device_free(struct device *device)
{
	if (!device)
		return NULL;
	for (size_t i = 0; i < device->n_links; i++) {
		free(device->links[i].name);
		free(device->links[i].alias);
	}
	free(device->links);
	free(device->metrics);
	free(device->sys_name);
	free(device->sys_descr);
	free(device->sys_object_id);
	free(device->model);
	free(device->firmware);
	free(device->serial);
	free(device->problem);
	free(device->state);
	free(device);
	return NULL;
}

void device_freep(struct device **device)
{
	device_free(*device);
}

void device_set_problem(struct device *device, const char *text)
{
	char *copy;

	if (device->problem ? !strcmp(device->problem, text) : !text[0])
		return;
	copy = text[0] ? strdup(text) : NULL;
	free(device->problem);
	device->problem = copy;
}

struct device_link *device_find_link(const struct device *device, const char *name)
{
	for (size_t i = 0; i < device->n_links; i++) {
		if (strcmp(device->links[i].name, name) == 0)
			return &device->links[i];
	}
	return NULL;
}

/* How well a link may stand for the device: by its role, then by whether it is up. */
static unsigned int standing(const struct device_link *link)
{
	bool down = link_mib_is_down(link->oper) || link->oper == LINK_OPER_NOT_PRESENT;
	unsigned int up = link->oper == LINK_OPER_UP ? 2 : !down;

	if (!link->present)
		return 0;
	if (link->role == LINK_ROLE_UPLINK)
		return up ? 6 + up : 4;
	if (link->role == LINK_ROLE_BACKUP && up)
		return 4 + up;
	return 1 + up;
}

static unsigned int best_standing(const struct device *device)
{
	unsigned int best = 0;

	for (size_t i = 0; i < device->n_links; i++)
		if (standing(&device->links[i]) > best)
			best = standing(&device->links[i]);
	return best;
}

static double load_of(const struct device_link *link)
{
	return (isfinite(link->in_bps) ? link->in_bps : 0) +
	       (isfinite(link->out_bps) ? link->out_bps : 0);
}

/* What a bridge takes in by one link it puts out by another: of links with about the same
 * load always the first, or the choice would go to and fro and in would be out. */
const struct device_link *device_main_link(const struct device *device)
{
	const unsigned int best = best_standing(device);
	double highest = 0;

	for (size_t i = 0; best && i < device->n_links; i++)
		if (standing(&device->links[i]) == best)
			highest = fmax(highest, load_of(&device->links[i]));
	for (size_t i = 0; best && i < device->n_links; i++)
		if (standing(&device->links[i]) == best &&
		    load_of(&device->links[i]) >= highest / 2)
			return &device->links[i];
	return NULL;
}

static void take_known(uint64_t *field, uint64_t value)
{
	if (value)
		*field = value;
}

struct device_capacity device_link_capacity(const struct device *device,
					    const struct device_link *link, bool main)
{
	const struct inventory_link *by_hand = inventory_find_link(device->entry, link->name);
	struct device_capacity capacity = {link->capacity_bps, link->capacity_bps};

	if (by_hand)
		return (struct device_capacity){by_hand->in_bps, by_hand->out_bps};
	if (main) {
		take_known(&capacity.in_bps, device->entry->capacity_down_bps);
		take_known(&capacity.out_bps, device->entry->capacity_up_bps);
	}
	return capacity;
}

double device_link_load(const struct device_link *link, const struct device_capacity *capacity)
{
	double in = capacity->in_bps ? link->in_bps / (double)capacity->in_bps : NAN;
	double out = capacity->out_bps ? link->out_bps / (double)capacity->out_bps : NAN;

	assert(link && capacity);
	return fmax(in, out); /* the other one if one is NAN */
}

const struct inventory_link *device_next_unknown_link(const struct device *device,
						      const struct inventory_link *after)
{
	const struct inventory_entry *entry = device->entry;

	if (device->n_links == 0)
		return NULL;
	for (size_t i = after ? (size_t)(after - entry->links) + 1 : 0; i < entry->n_links; i++) {
		if (!device_find_link(device, entry->links[i].name))
			return &entry->links[i];
	}
	return NULL;
}

const char *device_link_names(const struct device *device, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < device->n_links; i++) {
		const char *name = device->links[i].name;
		bool last = i + 1 == device->n_links;

		if (used + strlen(name) + (last ? 1 : sizeof(", ...")) > size) {
			memcpy(buf + used, "...", sizeof("..."));
			break;
		}
		used += (size_t)sprintf(buf + used, "%s%s", name, last ? "" : ", ");
	}
	return buf;
}
