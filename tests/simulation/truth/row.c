/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the RRD files say in the end is what passed through the ports: each row lies between the
 * least and the most that passed a minute around it, each hour without troubles has the sum of
 * what passed, and a row is unknown only where there was a cause. The truth is taken from the
 * ports minute by minute, and knows neither samples nor the arithmetic of RRD files.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/series/rrd_name.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/city/trouble.h"
#include "tests/simulation/stage/rrd.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

#define MINUTE_US  (60 * STAGE_SECOND_US)
#define PART	   0.005
#define SWING	   0.15 /* of a flow, from the middle of a minute to the end of the next */
#define HEARTBEATS 3	/* steps over which librrd spreads a value */

enum { DIRECTIONS = 2, HOUR = 60 };

struct minute {
	int64_t wall_us; /* the NOC's clock */
	bool clock_is_off;
	uint64_t *total; /* by box, port and direction */
};

struct notes {
	struct minute *minutes;
	size_t n, room;
};

static size_t cell(size_t box, size_t port, int direction)
{
	return (box * BOX_PORTS_MAX + port) * DIRECTIONS + (size_t)direction;
}

static void on_minute(struct city *city, void *data)
{
	int64_t now_us = stage_now_us();
	struct notes *notes = data;
	struct minute *minute;

	if (notes->n == notes->room) {
		notes->room = notes->room ? notes->room * 2 : 512;
		notes->minutes = reallocarray(notes->minutes, notes->room, sizeof(*notes->minutes));
		if (!notes->minutes)
			abort();
	}
	minute = &notes->minutes[notes->n++];
	*minute = (struct minute){.wall_us = stage_wall_us(noc_machine(city->noc))};
	minute->clock_is_off = cause_has(city->causes, -1, now_us - MINUTE_US, now_us, CAUSE_CLOCK);
	minute->total = calloc(cell(city->n_boxes, 0, 0), sizeof(*minute->total));
	if (!minute->total)
		abort();
	for (size_t b = 0; b < city->n_boxes; b++)
		for (size_t p = 0; p < city->boxes[b].n_ports; p++)
			for (int d = 0; d < DIRECTIONS; d++)
				minute->total[cell(b, p, d)] =
					flow_total(&city->boxes[b].ports[p].flow[d], now_us);
}

static void on_free(void *data)
{
	struct notes *notes = data;

	for (size_t i = 0; i < notes->n; i++)
		free(notes->minutes[i].total);
	free(notes->minutes);
}

/* ---- one source of one file ---- */

struct source {
	struct city *city;
	const struct notes *notes;
	const struct rrd_model *file;
	size_t ds;
	int box;
	const struct port *port;
	size_t cell; /* of its totals */
	/* by minute: what the rows say passed in it, and how much of it they say nothing of */
	double *told, *silent_s;
};

static int64_t minute_us(const struct source *s, size_t minute)
{
	return s->city->begun_us + (int64_t)(minute + 1) * MINUTE_US;
}

/* Passed between two minutes. */
static double passed(const struct source *s, size_t from, size_t to)
{
	return (double)(s->notes->minutes[to].total[s->cell] -
			s->notes->minutes[from].total[s->cell]);
}

/* The minute in which the NOC's clock showed that; -1 none, or not surely. */
static long minute_of(const struct notes *notes, int64_t wall_us, size_t *hint)
{
	size_t i = *hint;

	while (i > 0 && notes->minutes[i].wall_us > wall_us)
		i--;
	while (i + 1 < notes->n && notes->minutes[i + 1].wall_us <= wall_us)
		i++;
	*hint = i;
	if (i + 1 >= notes->n || notes->minutes[i].wall_us > wall_us ||
	    notes->minutes[i].clock_is_off || notes->minutes[i + 1].clock_is_off)
		return -1;
	return (long)i;
}

/* How many minutes away a value may come from. */
static size_t reach(const struct source *s)
{
	return (size_t)(HEARTBEATS * rrd_model_step_s(s->file) + 59) / 60 + 2;
}

static bool has_cause(const struct source *s, size_t minute, unsigned int what)
{
	int64_t span_us = (int64_t)reach(s) * MINUTE_US, at_us = minute_us(s, minute);

	return cause_has(s->city->causes, s->box, at_us - span_us, at_us + span_us, what);
}

/* How many troubles may have changed there what passes. */
static unsigned int changes(const struct source *s, size_t minute)
{
	unsigned int n = 0;
	int64_t span_us = (int64_t)reach(s) * MINUTE_US, at_us = minute_us(s, minute);

	for (unsigned int i = 0; i < s->city->script->n_troubles; i++) {
		const struct trouble *t = &s->city->troubles[i];

		n += t->box == s->box && trouble_touches(t, at_us - span_us, at_us + span_us);
	}
	return n;
}

/* A rate that passed in no minute nearby was invented. */
static void check_rate(struct source *s, size_t minute, double rate)
{
	size_t from = minute - reach(s), to = minute + 1 + reach(s);
	const struct box *box = &s->city->boxes[s->box];
	double least = INFINITY, most = 0, per_s, slack;
	const unsigned int n_changes = changes(s, minute);

	if (minute < reach(s) || to >= s->notes->n)
		return; /* what passed there was not noted */
	for (size_t m = from; m < to; m++) {
		per_s = passed(s, m, m + 1) / 60;
		least = per_s < least ? per_s : least;
		most = per_s > most ? per_s : most;
	}
	/* within a minute it swings, too, and where it was stopped that minute's mean says little */
	slack = n_changes ? SWING : 2 * PART;
	least = n_changes ? 0 : least;
	if (n_changes > 1) /* between two of them no minute may tell how much it was */
		most = fmax(most, (double)s->port->speed_bps / 8);
	if (rate >= least * (1 - slack) - 1 && rate <= most * (1 + slack) + 1)
		return;
	if (trouble_is_double(s->city, box, minute_us(s, minute), minute_us(s, minute)))
		return;
	city_wrong(s->city, "row", box, "%s %s at minute %zu: %.6g a second, right is %.6g to %.6g",
		   s->port->name, rrd_model_ds_name(s->file, s->ds), minute, rate, least, most);
}

static bool may_be_unknown(const struct source *s, size_t minute)
{
	return s->city->boxes[s->box].vague ||
	       has_cause(s, minute, CAUSE_UNKNOWN | CAUSE_SILENT | CAUSE_AWAY);
}

static void take_rows(struct source *s)
{
	int64_t step_us = rrd_model_step_s(s->file) * STAGE_SECOND_US;
	int64_t wall_us = rrd_model_start_s(s->file) * STAGE_SECOND_US;
	size_t hint = 0;

	for (size_t i = 0; i < rrd_model_n_rows(s->file); i++, wall_us += step_us) {
		double rate = rrd_model_row(s->file, i, s->ds), part_s;
		long first = minute_of(s->notes, wall_us, &hint), m = first;
		int64_t at_us = wall_us, end_us;

		if (first >= 0 && !isnan(rate))
			check_rate(s, (size_t)first, rate);
		/* its share of each minute that it touches */
		for (; m >= 0 && at_us < wall_us + step_us; m = minute_of(s->notes, at_us, &hint)) {
			end_us = s->notes->minutes[m + 1].wall_us;
			end_us = end_us < wall_us + step_us ? end_us : wall_us + step_us;
			part_s = (double)(end_us - at_us) / 1e6;
			s->told[m] += isnan(rate) ? 0 : rate * part_s;
			s->silent_s[m] -= isnan(rate) ? 0 : part_s;
			at_us = end_us;
		}
	}
}

static bool is_fit(const struct source *s, size_t minute)
{
	return !has_cause(s, minute, CAUSE_CLOCK) && !may_be_unknown(s, minute) &&
	       !s->notes->minutes[minute].clock_is_off &&
	       !s->notes->minutes[minute + 1].clock_is_off;
}

/* Polled more often than sysUpTime's ticks are fine enough for, it is one value in two or three
 * intervals; where an hourly look at its ports comes between, some steps may be lost. */
static double bridge_s(const struct source *s)
{
	return s->city->script->interval_s < 10
		       ? (HEARTBEATS + 1) * (double)rrd_model_step_s(s->file)
		       : 0;
}

static void check_known(struct source *s)
{
	for (size_t m = 0; m + 1 < s->notes->n; m++) {
		if (s->silent_s[m] < 1 + bridge_s(s) || !is_fit(s, m))
			continue;
		/* the last steps are not over */
		if (m + 1 + reach(s) >= s->notes->n)
			return;
		city_wrong(s->city, "row", &s->city->boxes[s->box],
			   "%s %s at minute %zu: unknown for %.0f s", s->port->name,
			   rrd_model_ds_name(s->file, s->ds), m, s->silent_s[m]);
		return;
	}
}

/* A value is a mean over its interval, which need not end where an hour does. */
static double edge(const struct source *s, size_t minute)
{
	size_t k = (size_t)(rrd_model_step_s(s->file) + 59) / 60 + 1;
	double before, after;

	if (minute < k || minute + k >= s->notes->n)
		return INFINITY;
	before = passed(s, minute - k, minute) / (double)k;
	after = passed(s, minute, minute + k) / (double)k;
	return fabs(after - before) * (double)k;
}

static void check_hours(struct source *s)
{
	for (size_t m = 0, run = 0; m + 1 + reach(s) < s->notes->n; m++) {
		double told = 0, right;

		run = is_fit(s, m) ? run + 1 : 0;
		if (run < HOUR)
			continue;
		run = 0;
		for (size_t i = m + 1 - HOUR; i <= m; i++)
			told += s->told[i];
		right = passed(s, m + 1 - HOUR, m + 1);
		s->city->count.rows++;
		if (fabs(told - right) > right * PART + edge(s, m + 1 - HOUR) + edge(s, m + 1) + 60)
			city_wrong(s->city, "row", &s->city->boxes[s->box],
				   "%s %s, the hour to minute %zu: %.8g passed, right is %.8g",
				   s->port->name, rrd_model_ds_name(s->file, s->ds), m + 1, told,
				   right);
	}
}

static void check_source(struct source *s)
{
	s->told = calloc(s->notes->n + 1, sizeof(*s->told));
	s->silent_s = calloc(s->notes->n + 1, sizeof(*s->silent_s));
	if (!s->told || !s->silent_s)
		abort();
	for (size_t m = 0; m < s->notes->n; m++)
		s->silent_s[m] = 60;
	take_rows(s);
	check_known(s);
	check_hours(s);
	free(s->told);
	free(s->silent_s);
}

/* ---- the files ---- */

static const struct rrd_model *file_of(const struct city *city, const struct box *box,
				       const struct port *port)
{
	char key[2 * PORT_TEXT], name[RRD_NAME_MAX], path[RRD_NAME_MAX + 100];

	box_port_key(box, port, key, sizeof(key));
	if (rrd_name(box->id, "traffic", key, name, sizeof(name)) < 0)
		return NULL;
	snprintf(path, sizeof(path), "%s/rrd/%s", city->dir, name);
	return rrd_model_find(path);
}

static void check_port(struct city *city, const struct notes *notes, size_t b, size_t p)
{
	const struct box *box = &city->boxes[b];
	struct source s = {.city = city, .notes = notes, .box = (int)b, .port = &box->ports[p]};

	s.file = file_of(city, box, s.port);
	for (s.ds = 0; s.file && s.ds < rrd_model_n_ds(s.file); s.ds++) {
		s.cell = cell(b, p, strcmp(rrd_model_ds_name(s.file, s.ds), "out") == 0);
		check_source(&s);
	}
}

/* What the NOC's clock shows twice says nothing. */
static void leave_out_what_is_twice(struct notes *notes)
{
	int64_t least_us = INT64_MAX;

	for (size_t m = notes->n; m-- > 0;) {
		notes->minutes[m].clock_is_off |= notes->minutes[m].wall_us >= least_us;
		if (notes->minutes[m].wall_us < least_us)
			least_us = notes->minutes[m].wall_us;
	}
}

static void on_end(struct city *city, void *data)
{
	struct notes *notes = data;

	leave_out_what_is_twice(notes);
	for (size_t b = 0; b < city->n_boxes && notes->n > 1; b++) {
		/* a port that is known by its number alone has another file after a change */
		if (strcmp(city->boxes[b].kind->name, "numbered") == 0)
			continue;
		for (size_t p = 0; p < city->boxes[b].n_ports; p++)
			check_port(city, notes, b, p);
	}
}

const struct invariant INVARIANT_ROW = {
	.name = "row",
	.what = "each hour of an RRD file has the sum of what passed; unknown only with cause",
	.notes = sizeof(struct notes),
	.minute = on_minute,
	.end = on_end,
	.free = on_free,
};
