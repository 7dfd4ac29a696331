/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each outage begins once and ends once, has a cause, and is not overlooked: what the events
 * say is held against when devices were really silent.
 */
#include <string.h>

#include "collector/core/judge/event.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/city/trouble.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

enum { OPEN_MAX = 512, ENDED_MAX = 32 };

/* Begun, and not ended yet. */
struct outage {
	enum event_kind kind;
	int64_t id;
	char device[33], link[64];
	int64_t at_us;
	bool perhaps; /* whether it is known was decided by a kill */
};

struct notes {
	struct outage open[OPEN_MAX];
	unsigned int n_open;
	struct outage ended[ENDED_MAX]; /* a ring */
	unsigned int n_ended;
	int64_t last_id;
	int64_t down_us[SCRIPT_TROUBLES_MAX]; /* while this trouble was felt; 0 not */
};

static bool begins(enum event_kind kind)
{
	return kind == EVENT_DEVICE_DOWN || kind == EVENT_LINK_DOWN ||
	       kind == EVENT_LINK_FLAPPING || kind == EVENT_AUTH_FAILED ||
	       kind == EVENT_PATH_DOWN || kind == EVENT_SNMP_SILENT;
}

static struct outage *find(struct notes *notes, enum event_kind kind, const struct event *event)
{
	for (unsigned int i = 0; i < notes->n_open; i++) {
		struct outage *o = &notes->open[i];

		if (o->kind == kind && strcmp(o->device, event->device_id) == 0 &&
		    strcmp(o->link, event->link) == 0)
			return o;
	}
	return NULL;
}

static struct outage *find_id(struct notes *notes, int64_t id)
{
	for (unsigned int i = 0; i < notes->n_open; i++)
		if (notes->open[i].id == id)
			return &notes->open[i];
	return NULL;
}

static unsigned int causes_of(enum event_kind kind)
{
	switch (kind) {
	case EVENT_DEVICE_DOWN:
	case EVENT_AUTH_FAILED:
	case EVENT_SNMP_SILENT:
		return CAUSE_SILENT;
	default:
		return CAUSE_LINK | CAUSE_SILENT;
	}
}

/* Whether what it stands behind was silent then: who is silent with it is counted to it. */
static bool is_cut_off(const struct city *city, int box, int64_t from_us, int64_t to_us)
{
	int parent = city_box_of(city, city->boxes[box].parent);

	for (unsigned int i = 0; parent >= 0 && i < city->script->n_troubles; i++)
		if (city->troubles[i].box == parent &&
		    city->troubles[i].plan->kind->reach != REACHES_ITSELF &&
		    trouble_touches(&city->troubles[i], from_us, to_us))
			return true;
	return false;
}

/* Its answers come from another address, and nothing else keeps them away. */
static bool is_elsewhere(const struct city *city, int box)
{
	int64_t now_us = stage_now_us(), from_us = now_us - 300 * STAGE_SECOND_US;
	bool found = false;

	for (unsigned int i = 0; i < city->script->n_troubles; i++) {
		const struct trouble *t = &city->troubles[i];

		if ((t->box >= 0 && t->box != box) || !trouble_touches(t, from_us, now_us))
			continue;
		if (strcmp(t->plan->kind->name, "elsewhere") == 0)
			found = true;
		else if (t->plan->kind->excuses & CAUSE_SILENT)
			return false;
	}
	return found && !is_cut_off(city, box, from_us, now_us);
}

static void look_at_cause(struct city *city, const struct event *event, int box)
{
	if (event->kind == EVENT_DEVICE_DOWN && is_elsewhere(city, box) &&
	    event->params.cause != DEVICE_CAUSE_OTHER_SOURCE)
		city_wrong(city, "outage", &city->boxes[box],
			   "answers from another address, and that is not said");
}

/* What was lost before it was written left its number to another. */
static void forget_lost(struct notes *notes, int64_t id)
{
	struct outage *o = find_id(notes, id);

	if (o && o->perhaps)
		*o = notes->open[--notes->n_open];
}

static void on_begin(struct city *city, struct notes *notes, const struct event *event, int box)
{
	int64_t now_us = stage_now_us();
	struct outage *o;

	forget_lost(notes, event->id);
	o = find(notes, event->kind, event);
	if (o && o->perhaps)
		*o = notes->open[--notes->n_open];
	else if (o)
		city_wrong(city, "outage", &city->boxes[box], "%s %s begins a second time",
			   event_kind_name(event->kind), event->link);
	if (!cause_has(city->causes, box, now_us - 60 * STAGE_SECOND_US, now_us,
		       causes_of(event->kind)))
		city_wrong(city, "outage", &city->boxes[box], "%s %s without a cause",
			   event_kind_name(event->kind), event->link);
	look_at_cause(city, event, box);
	for (unsigned int i = 0; i < city->script->n_troubles; i++)
		if (event->kind == EVENT_DEVICE_DOWN && city->troubles[i].box == box &&
		    trouble_is_felt(&city->troubles[i], 0))
			notes->down_us[i] = now_us;
	if (notes->n_open == OPEN_MAX)
		return;
	o = &notes->open[notes->n_open];
	*o = (struct outage){.kind = event->kind, .id = event->id, .at_us = now_us};
	memcpy(o->device, event->device_id, sizeof(o->device));
	memcpy(o->link, event->link, sizeof(o->link));
	notes->n_open++;
}

/* Its end was told, but a kill came before it was written. */
static bool was_undone(const struct city *city, const struct notes *notes, int64_t id)
{
	int64_t lost_from_us = noc_lost_from_us(city->noc);

	for (unsigned int i = 0; i < ENDED_MAX; i++)
		if (lost_from_us && notes->ended[i].id == id &&
		    notes->ended[i].at_us > lost_from_us)
			return true;
	return false;
}

static void on_end_of(struct city *city, struct notes *notes, const struct event *event, int box)
{
	struct outage *o = find_id(notes, event->begins);

	if (!o && was_undone(city, notes, event->begins))
		return;
	if (!o || strcmp(o->device, event->device_id) != 0) {
		city_wrong(city, "outage", &city->boxes[box], "%s %s ends what is not open",
			   event_kind_name(event->kind), event->link);
		return;
	}
	notes->ended[notes->n_ended % ENDED_MAX] = *o;
	notes->ended[notes->n_ended++ % ENDED_MAX].at_us = stage_now_us();
	*o = notes->open[--notes->n_open];
}

/* It began anew after it was killed, and may not know what it told last. */
static void on_start(const struct city *city, struct notes *notes)
{
	int64_t lost_from_us = noc_lost_from_us(city->noc);

	for (unsigned int i = 0; i < notes->n_open; i++)
		if (lost_from_us && notes->open[i].at_us > lost_from_us)
			notes->open[i].perhaps = true;
	if (lost_from_us)
		notes->last_id = 0;
}

static void on_event(struct city *city, void *data, const struct event *event)
{
	int box = city_box_of(city, event->device_id);
	struct notes *notes = data;

	if (event->kind == EVENT_COLLECTOR_START)
		on_start(city, notes);
	if (event->id <= notes->last_id)
		city_wrong(city, "outage", NULL, "event %lld after %lld", (long long)event->id,
			   (long long)notes->last_id);
	notes->last_id = event->id;
	if (box < 0)
		return;
	if (begins(event->kind))
		on_begin(city, notes, event, box);
	else if (event_kind_is_end(event->kind))
		on_end_of(city, notes, event, box);
}

/* What is open must have a reason. */
static void look_for_unending(struct city *city, const struct notes *notes)
{
	int64_t now_us = stage_now_us();

	for (unsigned int i = 0; i < notes->n_open; i++) {
		const struct outage *o = &notes->open[i];
		int box = city_box_of(city, o->device);

		if (box >= 0 && !o->perhaps &&
		    !cause_has(city->causes, box, now_us - 60 * STAGE_SECOND_US, now_us,
			       causes_of(o->kind) | CAUSE_AWAY))
			city_wrong(city, "outage", &city->boxes[box], "%s %s does not end",
				   event_kind_name(o->kind), o->link);
	}
}

/* Over just now, long enough that it must have been seen, alone, and not behind another that was silent too. */
static bool must_be_seen(const struct city *city, unsigned int i)
{
	const struct trouble *t = &city->troubles[i];
	int64_t interval_s = city->script->interval_s;
	int64_t from_us = city->begun_us + t->plan->at_s * STAGE_SECOND_US;
	int64_t to_us = from_us + t->plan->for_s * STAGE_SECOND_US;

	if (t->plan->kind->reach == REACHES_ITSELF || t->plan->for_s < 4 * interval_s + 90 ||
	    to_us > stage_now_us() || to_us + 60 * STAGE_SECOND_US <= stage_now_us())
		return false;
	for (unsigned int j = 0; j < city->script->n_troubles; j++)
		if (j != i && city->troubles[j].box == t->box &&
		    city->troubles[j].plan->kind->excuses & CAUSE_SILENT &&
		    trouble_touches(&city->troubles[j], from_us, to_us))
			return false;
	return !is_cut_off(city, t->box, from_us, to_us) &&
	       !cause_has(city->causes, -1, from_us, to_us, CAUSE_AWAY);
}

static void look_for_unseen(struct city *city, const struct notes *notes)
{
	for (unsigned int i = 0; i < city->script->n_troubles; i++)
		if (must_be_seen(city, i) && !notes->down_us[i])
			city_wrong(city, "outage", &city->boxes[city->troubles[i].box],
				   "was silent for %lld s, and never down",
				   (long long)city->troubles[i].plan->for_s);
}

static void on_minute(struct city *city, void *data)
{
	look_for_unending(city, data);
	look_for_unseen(city, data);
}

const struct invariant INVARIANT_OUTAGE = {
	.name = "outage",
	.what = "each outage begins once, ends once, has a cause and is seen",
	.notes = sizeof(struct notes),
	.event = on_event,
	.minute = on_minute,
};
