/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * librrd's own arithmetic, and what has to be written so that it comes out right. Source:
 * rrdupdate(1), rrd_update.c of 1.7.2.
 */
#include "collector/core/series/rrd_update.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void add_values(struct rrd_update *update, const struct rrd_timeline *line, int64_t time_ms,
		       const double *value)
{
	char *buf;
	size_t at;

	assert(update->n < RRD_UPDATES_MAX);
	if (time_ms <= update->last_ms)
		return;
	/* "1700000060.250:1234.5:U" */
	buf = update->text[update->n];
	at = (size_t)sprintf(buf, "%" PRId64 ".%03d", time_ms / 1000, (int)(time_ms % 1000));
	for (size_t i = 0; i < line->n_ds; i++) {
		if (!value || !isfinite(value[i]))
			at += (size_t)sprintf(buf + at, ":U");
		else
			at += (size_t)sprintf(buf + at, ":%.12g", value[i]);
	}
	update->argv[update->n] = update->text[update->n];
	update->n++;
	update->last_ms = time_ms;
}

/* The longest interval whose value is told. Half a step more than the file's heartbeat, which librrd
 * never sees, since an update ends at each step: three intervals of which the last was a little late
 * (once an hour the device is asked for its ports first) are no silence. */
static int64_t longest_ms(const struct rrd_timeline *line)
{
	return RRD_HEARTBEAT_STEPS * line->step_ms + line->step_ms / 2;
}

bool rrd_timeline_is_gap(const struct rrd_timeline *line, int64_t start_ms)
{
	return start_ms - line->last_ms > line->step_ms / 20;
}

static bool turns_unknown(const struct rrd_timeline *line, const double *value)
{
	for (size_t i = 0; i < line->n_ds; i++)
		if (isnan(value[i]) && !isnan(line->last_value[i]))
			return true;
	return false;
}

static bool has_unknown(const struct rrd_timeline *line, const double *value)
{
	for (size_t i = 0; i < line->n_ds; i++)
		if (isnan(value[i]))
			return true;
	return false;
}

/*
 * Ends the known time before an unknown one: at a whole second (librrd counts unknown
 * time in whole seconds but known time in fractions, rrd_update.c PDP_unkn_sec_cnt: a
 * quarter of a second would thin out a minute's value by 0.4 %), and with an update just
 * before the end of that step (only there is the unknown part held against half a step;
 * else a second of known time would stand for the whole step). value: of the unknown
 * time, up to end_ms.
 */
static void end_known(struct rrd_update *update, const struct rrd_timeline *line, int64_t end_ms,
		      const double *value)
{
	const int64_t border_ms = (update->last_ms + 999) / 1000 * 1000;
	const int64_t edge_ms = (border_ms / line->step_ms + 1) * line->step_ms - 1000;

	if (border_ms < end_ms)
		add_values(update, line, border_ms, line->last_value);
	if (edge_ms < end_ms)
		add_values(update, line, edge_ms, value);
}

/*
 * A value up to end_ms, with an update at the end of every step on the way: where one
 * update ends more than one step, librrd 1.7 shares the fractions of a second out wrongly
 * (a rate of 5000 over 120 s from second 0.25 became 4954 and 5063). Beyond the heartbeat
 * there is nothing to share out: librrd makes it unknown.
 */
static void add_steps(struct rrd_update *update, const struct rrd_timeline *line, int64_t end_ms,
		      const double *value)
{
	const int64_t step_ms = line->step_ms;

	if (end_ms - update->last_ms <= longest_ms(line))
		for (int64_t t = (update->last_ms / step_ms + 1) * step_ms; t < end_ms;
		     t += step_ms)
			add_values(update, line, t, value);
	add_values(update, line, end_ms, value);
}

/* librrd stretches a value back to the last update, so what was not measured is written
 * as unknown first. */
void rrd_update_plan(struct rrd_update *update, const struct rrd_timeline *line, int64_t start_ms,
		     int64_t end_ms, const double *value)
{
	const int64_t start_whole_ms = start_ms / 1000 * 1000, whole_ms = end_ms / 1000 * 1000;
	const int64_t most_ms = longest_ms(line);

	assert(line->n_ds > 0 && line->step_ms > 0);
	*update = (struct rrd_update){.last_ms = line->last_ms};
	if (rrd_timeline_is_gap(line, start_ms)) {
		end_known(update, line, start_whole_ms, NULL);
		add_values(update, line, start_whole_ms, NULL);
	} else if (turns_unknown(line, value)) {
		end_known(update, line, whole_ms, value);
	} else if (end_ms - line->last_ms > most_ms) {
		/* A silence, measured as one: librrd takes it for unknown, as if it had been written. */
		end_known(update, line, whole_ms, NULL);
	}
	if ((has_unknown(line, value) || end_ms - update->last_ms > most_ms) &&
	    whole_ms > update->last_ms)
		add_steps(update, line, whole_ms, value);
	else
		add_steps(update, line, end_ms, value);
}
