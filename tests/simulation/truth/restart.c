/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is said to have restarted did, and it is the device only if it was not its agent alone. */
#include "collector/core/judge/event.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

#define LONG_AGO_US (120 * STAGE_SECOND_US)

struct notes {
	int64_t host_boot_us[SCRIPT_BOXES_MAX]; /* that was told of, or that it began with */
};

static void begin(struct city *city, void *data)
{
	struct notes *notes = data;

	for (size_t i = 0; i < city->n_boxes; i++)
		notes->host_boot_us[i] = city->boxes[i].host_boot_us;
}

/* Where its answer about the machine was lost, the worse is said. */
static bool is_excused(const struct city *city, int box)
{
	int64_t now_us = stage_now_us();

	return cause_has(city->causes, box, now_us - LONG_AGO_US, now_us,
			 CAUSE_SILENT | CAUSE_AWAY);
}

static void on_event(struct city *city, void *data, const struct event *event)
{
	int at = city_box_of(city, event->device_id);
	struct notes *notes = data;
	struct box *box;

	if (at < 0 ||
	    (event->kind != EVENT_DEVICE_RESTARTED && event->kind != EVENT_AGENT_RESTARTED))
		return;
	box = &city->boxes[at];
	if (event->kind == EVENT_AGENT_RESTARTED && !box->host)
		city_wrong(city, "restart", box, "its agent alone? nothing says so");
	else if (event->kind == EVENT_AGENT_RESTARTED &&
		 box->host_boot_us != notes->host_boot_us[at])
		city_wrong(city, "restart", box, "its agent alone? it restarted itself");
	else if (event->kind == EVENT_DEVICE_RESTARTED && box->host && !is_excused(city, at) &&
		 box->host_boot_us == notes->host_boot_us[at])
		city_wrong(city, "restart", box, "the device? it was up all the while");
	notes->host_boot_us[at] = box->host_boot_us;
}

const struct invariant INVARIANT_RESTART = {
	.name = "restart",
	.what = "who is said to have restarted did: the device, or its agent alone",
	.notes = sizeof(struct notes),
	.begin = begin,
	.event = on_event,
};
