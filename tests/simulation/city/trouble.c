/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The troubles. A new one is a pair of functions and a row in the table at the end; what it may
 * make unknown or silent stands in its row.
 */
#include "tests/simulation/city/trouble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/inform.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/truth/cause.h"

static struct box *box_of(const struct trouble *t)
{
	return &t->city->boxes[t->box];
}

static struct line *line_of(const struct trouble *t)
{
	return &t->city->lines[t->box];
}

/* Some port of it, the same for the same amount. */
static struct port *port_of(const struct trouble *t)
{
	struct box *box = box_of(t);

	return &box->ports[(uint64_t)t->plan->amount % box->n_ports];
}

/* ---- of devices ---- */

static void silent(struct trouble *t)
{
	box_of(t)->dead = true;
}

static void speaks(struct trouble *t)
{
	box_of(t)->dead = false;
}

static void power_off(struct trouble *t)
{
	box_switch_off(box_of(t));
}

static void power_on(struct trouble *t)
{
	box_switch_on(box_of(t));
}

static void restart_agent(struct trouble *t)
{
	box_restart_agent(box_of(t));
}

static void renumber(struct trouble *t)
{
	box_renumber(box_of(t), 1 + (unsigned int)t->plan->amount % 3);
}

static void clear(struct trouble *t)
{
	port_clear(port_of(t), NULL, stage_now_us());
}

static void glitch(struct trouble *t)
{
	struct port *port = port_of(t);

	/* lower than before, or nobody could tell */
	port->low_by = (uint64_t)(port->flow[PORT_IN_OCTETS].per_s * 5 *
				  (double)t->city->script->interval_s);
	port->low_until_us = stage_now_us() + t->city->script->interval_s * STAGE_SECOND_US;
}

static void tell_link(struct trouble *t, bool up, enum inform_way way)
{
	int port = (int)(port_of(t) - box_of(t)->ports);

	if (box_of(t)->tells)
		inform_link(t->city, t->box, port, up, way);
}

static void port_goes_down(struct trouble *t)
{
	port_set_down(port_of(t), true, stage_now_us());
	tell_link(t, false, INFORM_ITSELF);
}

static void port_comes_up(struct trouble *t)
{
	port_set_down(port_of(t), false, stage_now_us());
	tell_link(t, true, INFORM_ITSELF);
}

/* Long after it was so, if it ever was. */
static void tell_late(struct trouble *t)
{
	tell_link(t, false, INFORM_ITSELF);
}

static void tell_forged(struct trouble *t)
{
	for (int64_t i = 0; i < t->plan->amount; i++)
		tell_link(t, false, INFORM_FORGED);
}

static void tell_forwarded(struct trouble *t)
{
	tell_link(t, false, INFORM_FORWARDED);
}

static void tell_unknown(struct trouble *t)
{
	if (box_of(t)->tells)
		inform_link(t->city, t->box, -1, false, INFORM_ITSELF);
}

static void port_goes(struct trouble *t)
{
	port_of(t)->present = false;
	box_of(t)->table_changed_us = stage_now_us();
}

static void port_comes(struct trouble *t)
{
	port_of(t)->present = true;
	box_of(t)->table_changed_us = stage_now_us();
}

static void cut_walks(struct trouble *t)
{
	box_of(t)->cut_until_us = stage_now_us() + t->plan->for_s * STAGE_SECOND_US;
}

static void only_errors(struct trouble *t)
{
	box_of(t)->errors_until_us = stage_now_us() + t->plan->for_s * STAGE_SECOND_US;
}

static void slow(struct trouble *t)
{
	box_of(t)->slow_until_us = stage_now_us() + t->plan->for_s * STAGE_SECOND_US;
	box_of(t)->slow_by_us = t->plan->amount * 1000;
}

/* The amount is in percent of what it carries. */
static void surge(struct trouble *t)
{
	struct port *port = port_of(t);

	for (int c = PORT_IN_OCTETS; c <= PORT_OUT_OCTETS; c++)
		flow_change(&port->flow[c],
			    (double)(t->plan->amount % 60 + 2) / 100 * (double)port->speed_bps / 8,
			    stage_now_us());
}

/* ---- of lines ---- */

static void lose(struct trouble *t)
{
	line_of(t)->loss = (double)t->plan->amount / 100;
}

static void lose_no_more(struct trouble *t)
{
	line_of(t)->loss = 0;
}

static void cut_line(struct trouble *t)
{
	line_of(t)->cut = true;
}

static void mend_line(struct trouble *t)
{
	line_of(t)->cut = false;
}

static void delay(struct trouble *t)
{
	line_of(t)->jitter_us += t->plan->amount * 1000;
}

static void delay_no_more(struct trouble *t)
{
	line_of(t)->jitter_us -= t->plan->amount * 1000;
}

static void double_up(struct trouble *t)
{
	line_of(t)->twice = (double)t->plan->amount / 100;
}

static void single_again(struct trouble *t)
{
	line_of(t)->twice = 0;
}

static void late(struct trouble *t)
{
	line_of(t)->late = (double)t->plan->amount / 100;
	line_of(t)->late_us = dice_between(&line_of(t)->dice, 200, 4000) * 1000;
}

static void in_time(struct trouble *t)
{
	line_of(t)->late = 0;
}

static void from_elsewhere(struct trouble *t)
{
	line_of(t)->answers_from = box_of(t)->machine.address + 0x10000;
}

static void from_itself(struct trouble *t)
{
	line_of(t)->answers_from = 0;
}

/* ---- of the NOC ---- */

static void noc_goes(struct trouble *t)
{
	noc_stop(t->city->noc);
}

static void noc_dies(struct trouble *t)
{
	noc_kill(t->city->noc);
}

static void noc_loses_power(struct trouble *t)
{
	noc_kill(t->city->noc);
	disk_lose_unsynced();
}

static void on_cut_after(void *data)
{
	struct trouble *t = data;

	noc_kill(t->city->noc);
}

static void on_cut(void *data)
{
	struct trouble *t = data;

	/* in the middle of a write: nothing more of it has an effect, and then it is gone */
	noc_machine(t->city->noc)->off = true;
	t->cut = (struct stage_event){.fn = on_cut_after, .data = t};
	stage_set(&t->cut, stage_now_us());
}

/* After so many writes to its disk from now on. */
static void noc_dies_writing(struct trouble *t)
{
	disk_cut_after((unsigned int)t->plan->amount, on_cut, t);
}

static void noc_comes(struct trouble *t)
{
	disk_cut_after(0, NULL, NULL);
	if (!noc_collector(t->city->noc))
		noc_start(t->city->noc);
}

static void reload(struct trouble *t)
{
	noc_reload(t->city->noc);
}

static void set_clock(struct trouble *t)
{
	noc_machine(t->city->noc)->wall_us += t->plan->amount * STAGE_SECOND_US;
}

static void stall(struct trouble *t)
{
	noc_machine(t->city->noc)->stalled_until_us =
		stage_now_us() + t->plan->for_s * STAGE_SECOND_US;
}

static void disk_full(struct trouble *t)
{
	(void)t;
	disk_set_full(true);
}

static void disk_empty(struct trouble *t)
{
	(void)t;
	disk_set_full(false);
}

/* ---- the table ---- */

#define MINUTES 60

#define U  CAUSE_UNKNOWN
#define US (CAUSE_UNKNOWN | CAUSE_SILENT)

const struct trouble_kind TROUBLE_KINDS[] = {
	{"silent", 4, true, 20, 40 * MINUTES, 0, 0, US, SILENCES_ITSELF, false, silent, speaks},
	{"power", 4, true, 10, 30 * MINUTES, 0, 0, US, SILENCES_BEHIND, false, power_off, power_on},
	{"agent-restart", 3, true, 0, 0, 0, 0, U, REACHES_ITSELF, false, restart_agent, NULL},
	{"renumber", 4, true, 0, 0, 0, 9, U, REACHES_ITSELF, false, renumber, NULL},
	{"clear", 3, true, 0, 0, 0, 63, U, REACHES_ITSELF, false, clear, NULL},
	{"glitch", 3, true, 0, 0, 0, 63, U, REACHES_ITSELF, false, glitch, NULL},
	{"port-down", 3, true, 30, 30 * MINUTES, 0, 63, CAUSE_LINK, REACHES_ITSELF, false,
	 port_goes_down, port_comes_up},
	{"port-gone", 0, true, 2 * MINUTES, 30 * MINUTES, 0, 63, U | CAUSE_LINK, REACHES_ITSELF,
	 false, port_goes, port_comes},
	{"tell-late", 2, true, 0, 0, 0, 63, CAUSE_LINK, REACHES_ITSELF, false, tell_late, NULL},
	{"tell-forged", 2, true, 0, 0, 1, 63, 0, REACHES_ITSELF, false, tell_forged, NULL},
	{"tell-forwarded", 2, true, 0, 0, 0, 63, CAUSE_LINK, REACHES_ITSELF, false, tell_forwarded,
	 NULL},
	{"tell-unknown", 2, true, 0, 0, 0, 0, CAUSE_LINK, REACHES_ITSELF, false, tell_unknown,
	 NULL},
	{"cut-walk", 3, true, 10, 80 * MINUTES, 0, 0, 0, REACHES_ITSELF, false, cut_walks, NULL},
	{"errors", 2, true, 10, 10 * MINUTES, 0, 0, US, REACHES_ITSELF, false, only_errors, NULL},
	{"slow", 3, true, 30, 20 * MINUTES, 100, 3000, US, REACHES_ITSELF, true, slow, NULL},
	{"surge", 3, true, 0, 0, 0, 999, 0, REACHES_ITSELF, false, surge, NULL},
	{"loss", 4, true, 30, 30 * MINUTES, 1, 60, US, REACHES_ITSELF, true, lose, lose_no_more},
	{"line-cut", 3, true, 10, 40 * MINUTES, 0, 0, US, SILENCES_BEHIND, false, cut_line,
	 mend_line},
	{"delay", 3, true, 30, 30 * MINUTES, 5, 800, 0, REACHES_ITSELF, true, delay, delay_no_more},
	{"twice", 2, true, 30, 30 * MINUTES, 10, 100, 0, REACHES_ITSELF, false, double_up,
	 single_again},
	{"late", 3, true, 30, 30 * MINUTES, 1, 40, US, REACHES_ITSELF, true, late, in_time},
	{"noc-restart", 2, false, 1, 10 * MINUTES, 0, 0, CAUSE_AWAY, REACHES_ITSELF, false,
	 noc_goes, noc_comes},
	{"noc-kill", 2, false, 1, 5 * MINUTES, 0, 0, CAUSE_AWAY, REACHES_ITSELF, false, noc_dies,
	 noc_comes},
	{"noc-power", 1, false, 30, 10 * MINUTES, 0, 0, CAUSE_AWAY, REACHES_ITSELF, false,
	 noc_loses_power, noc_comes},
	{"noc-cut", 2, false, 10, 10 * MINUTES, 1, 300, CAUSE_AWAY, REACHES_ITSELF, false,
	 noc_dies_writing, noc_comes},
	{"noc-reload", 1, false, 0, 0, 0, 0, 0, REACHES_ITSELF, false, reload, NULL},
	{"noc-clock", 2, false, 0, 0, -600, 3600, CAUSE_CLOCK, REACHES_ITSELF, false, set_clock,
	 NULL},
	{"noc-stall", 1, false, 1, 30, 0, 0, CAUSE_AWAY | CAUSE_SILENT, REACHES_ITSELF, true, stall,
	 NULL},
	{"noc-disk-full", 2, false, 30, 40 * MINUTES, 0, 0, 0, REACHES_ITSELF, false, disk_full,
	 disk_empty},
	{"elsewhere", 1, true, 30, 10 * MINUTES, 0, 0, US, SILENCES_ITSELF, false, from_elsewhere,
	 from_itself},
};
const unsigned int TROUBLE_KINDS_N = ARRAY_LEN(TROUBLE_KINDS);

const struct trouble_kind *trouble_kind_find(const char *name)
{
	for (unsigned int i = 0; i < TROUBLE_KINDS_N; i++)
		if (strcmp(TROUBLE_KINDS[i].name, name) == 0)
			return &TROUBLE_KINDS[i];
	return NULL;
}

/* ---- when ---- */

static bool reaches(const struct city *city, const struct trouble *t, const struct box *box)
{
	return t->box < 0 || t->box == (int)(box - city->boxes) ||
	       (t->plan->kind->reach == SILENCES_BEHIND && strcmp(box->parent, t->plan->box) == 0);
}

static void tell(const struct trouble *t, const char *what)
{
	if (t->city->loud)
		fprintf(stderr, "%10.3f %s %s %lld %s\n", city_time_s(t->city, stage_now_us()),
			t->plan->box[0] ? t->plan->box : "noc", t->plan->kind->name,
			(long long)t->plan->amount, what);
}

static void on_begin(void *data)
{
	struct trouble *t = data;

	tell(t, "begins");
	t->plan->kind->begin(t);
	if (t->plan->kind->end)
		stage_set(&t->end, stage_now_us() + t->plan->for_s * STAGE_SECOND_US);
}

static void on_end(void *data)
{
	struct trouble *t = data;

	tell(t, "ends");
	t->plan->kind->end(t);
}

/* From the last good reading before it to the second good one after it. */
static int64_t felt_from_us(const struct trouble *t)
{
	int64_t at_us = t->city->begun_us + t->plan->at_s * STAGE_SECOND_US;

	return at_us - t->city->script->interval_s * STAGE_SECOND_US;
}

static int64_t felt_to_us(const struct trouble *t)
{
	int64_t end_s = t->plan->at_s + t->plan->for_s + 3 * t->city->script->interval_s + 30;

	if (t->plan->kind->excuses & CAUSE_CLOCK) /* a step back is followed slowly */
		end_s += 11 * (t->plan->amount < 0 ? -t->plan->amount : t->plan->amount);
	return t->city->begun_us + end_s * STAGE_SECOND_US +
	       (t->plan->kind->excuses & CAUSE_SILENT ? NOC_BACKOFF_MAX_US : 0);
}

bool trouble_delays(const struct city *city, const struct box *box)
{
	for (unsigned int i = 0; i < city->script->n_troubles; i++)
		if (city->troubles[i].plan->kind->delays &&
		    (city->troubles[i].box < 0 ||
		     city->troubles[i].box == (int)(box - city->boxes)) &&
		    trouble_is_felt(&city->troubles[i], 600))
			return true;
	return false;
}

bool trouble_is_double(const struct city *city, const struct box *box, int64_t from_us,
		       int64_t to_us)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < city->script->n_troubles; i++) {
		const struct trouble *t = &city->troubles[i];

		n += t->plan->kind->excuses & (CAUSE_UNKNOWN | CAUSE_AWAY) &&
		     reaches(city, t, box) && trouble_touches(t, from_us, to_us);
	}
	return n > 1;
}

bool trouble_touches(const struct trouble *t, int64_t from_us, int64_t to_us)
{
	return felt_from_us(t) <= to_us && felt_to_us(t) >= from_us;
}

bool trouble_is_felt(const struct trouble *t, int64_t after_s)
{
	int64_t now_us = stage_now_us();

	return now_us >= felt_from_us(t) && now_us <= felt_to_us(t) + after_s * STAGE_SECOND_US;
}

/* What makes the collector learn anew which ports there are. */
static bool makes_learn(const struct trouble *t)
{
	return t->plan->kind->excuses & CAUSE_AWAY || t->plan->kind->begin == renumber;
}

/* Until when nothing of the box was heard, if that was so then; it may be asked some minutes later. */
static int64_t silent_until_s(const struct city *city, int box, int64_t at_s)
{
	for (unsigned int i = 0; i < city->script->n_troubles; i++) {
		const struct trouble *t = &city->troubles[i];
		int64_t end_s =
			t->plan->at_s + t->plan->for_s + NOC_BACKOFF_MAX_US / STAGE_SECOND_US;

		if (t->plan->kind->excuses & CAUSE_SILENT && reaches(city, t, &city->boxes[box]) &&
		    t->plan->at_s <= at_s && end_s > at_s)
			at_s = end_s;
	}
	return at_s;
}

/* A walk that is cut, of a device of which nothing is known yet: the next one may come as much later
 * as it was in vain before. */
static void excuse_cut_walk(struct city *city, struct trouble *t)
{
	const struct script_trouble *cut = t->plan;
	int64_t end_s = cut->at_s + cut->for_s, begun_s, until_s, more_s;

	for (unsigned int i = 0; i < city->script->n_troubles; i++) {
		const struct trouble *other = &city->troubles[i];

		begun_s = other->plan->at_s;
		until_s = makes_learn(other)
				  ? begun_s + other->plan->for_s + 3 * city->script->interval_s
				  : other->unsure_s;
		until_s = silent_until_s(city, t->box, until_s);
		if ((other->plan->kind->of_box && other->box != t->box) || begun_s > end_s ||
		    until_s < cut->at_s || other == t)
			continue;
		more_s = end_s - (begun_s > cut->at_s ? begun_s : cut->at_s) + 120 +
			 3 * city->script->interval_s;
		cause_add(city->causes, t->box, city->begun_us + begun_s * STAGE_SECOND_US,
			  city->begun_us + (end_s + more_s) * STAGE_SECOND_US, CAUSE_UNKNOWN);
		if (end_s + more_s > t->unsure_s)
			t->unsure_s = end_s + more_s;
	}
}

static void excuse(struct city *city, struct trouble *t)
{
	unsigned int excuses = t->plan->kind->excuses;

	if (t->plan->kind->begin == cut_walks)
		excuse_cut_walk(city, t);

	cause_add(city->causes, t->box, felt_from_us(t), felt_to_us(t), excuses);
	for (size_t i = 0; i < city->n_boxes && t->plan->kind->reach == SILENCES_BEHIND; i++)
		if (strcmp(city->boxes[i].parent, t->plan->box) == 0)
			cause_add(city->causes, (int)i, felt_from_us(t), felt_to_us(t), excuses);
}

void trouble_plan_all(struct city *city)
{
	const struct script *script = city->script;

	city->troubles = calloc(script->n_troubles + 1, sizeof(*city->troubles));
	if (!city->troubles)
		abort();
	for (unsigned int i = 0; i < script->n_troubles; i++) {
		struct trouble *t = &city->troubles[i];

		t->city = city;
		t->plan = &script->troubles[i];
		t->box = t->plan->kind->of_box ? city_box_of(city, t->plan->box) : -1;
		t->begin = (struct stage_event){.fn = on_begin, .data = t};
		t->end = (struct stage_event){.fn = on_end, .data = t};
		stage_set(&t->begin, city->begun_us + t->plan->at_s * STAGE_SECOND_US);
	}
	for (unsigned int i = 0; i < script->n_troubles; i++)
		excuse(city, &city->troubles[i]);
}

void trouble_free_all(struct city *city)
{
	for (unsigned int i = 0; city->troubles && i < city->script->n_troubles; i++) {
		stage_cancel(&city->troubles[i].begin);
		stage_cancel(&city->troubles[i].end);
		stage_cancel(&city->troubles[i].cut);
	}
	free(city->troubles);
	city->troubles = NULL;
}
