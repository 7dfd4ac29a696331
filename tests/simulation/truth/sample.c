/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sample is right if two of the port's readings lie as far apart as it says and differ by
 * what it says, within half a percent or one tick of sysUpTime.
 */
#include "collector/core/value/sample.h"

#include <math.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/trouble.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

#define PART	  0.005
#define TICK_S	  0.01
#define RECENT_US (30 * STAGE_SECOND_US) /* an answer is used so soon, or never */

static const struct {
	const char *group, *ds;
	enum port_counter counter;
} VALUES[] = {
	{"traffic", "in", PORT_IN_OCTETS},	     {"traffic", "out", PORT_OUT_OCTETS},
	{"errors", "in_errors", PORT_IN_ERRORS},     {"errors", "out_errors", PORT_OUT_ERRORS},
	{"errors", "in_discards", PORT_IN_DISCARDS}, {"errors", "out_discards", PORT_OUT_DISCARDS},
};

static int counter_of(const struct sample_group *group, size_t ds)
{
	for (size_t i = 0; i < ARRAY_LEN(VALUES); i++)
		if (strcmp(VALUES[i].group, group->name) == 0 &&
		    strcmp(VALUES[i].ds, group->ds[ds].name) == 0)
			return (int)VALUES[i].counter;
	return -1;
}

/* Whether the rate is that between these readings. Counters that are renewed in steps say
 * nothing finer than a step. */
static bool fits(double grown, double s, double rate)
{
	/* a count more or less at either end is no fault */
	return s > 0 && fabs(rate * s - grown) <= grown * (PART + TICK_S / s) + 1;
}

static bool is_between(const struct city *city, const struct box *box,
		       const struct port_reading *from, const struct port_reading *to, int counter,
		       double rate, double *ret_right)
{
	double grown = (double)(to->total[counter] - from->total[counter]);
	double said = (double)to->count[counter] - (double)from->count[counter];
	double us =
		(double)(box->step_us ? to->as_of_us - from->as_of_us : to->at_us - from->at_us);
	double s = us / 1e6;

	*ret_right = us > 0 ? grown / s : NAN;
	/* one number that is too low is told by those before it, if there are any; that a counter was
	 * cleared, by one that is less, if it was not cleared just before already */
	return fits(grown, s, rate) ||
	       (said != grown && trouble_is_double(city, box, from->at_us, stage_now_us()) &&
		fits(said, s, rate));
}

/* By how much an interval may be another one than it says: its ends are put into the middle of a
 * round trip. What its rate is over is known better. */
#define ROUND_TRIP_S 0.3
#define LATE_S	     4.0

/* Whether the NOC's clock was set, by which it says how long an interval is; steps back add up, and
 * are followed slowly. */
static bool is_set(const struct city *city)
{
	return cause_has(city->causes, -1, city->begun_us, stage_now_us(), CAUSE_CLOCK);
}

static double slack_s(const struct city *city, const struct box *box, double s)
{
	return s * PART + TICK_S + (trouble_delays(city, box) ? LATE_S : ROUND_TRIP_S) +
	       (is_set(city) ? s / 7 : 0) + 2 * (double)box->step_us / 1e6;
}

/* Over how long the row's answers came, of which this reading is one of the last. */
static double spread_s(const struct city *city, const struct port *port, uint64_t n)
{
	const struct port_reading *last = port_reading(port, n), *reading;
	int64_t cycle_us = city->script->interval_s * STAGE_SECOND_US / 2, spread_us = 0;

	for (uint64_t m = n + 1; (reading = port_reading(port, m)); m++) {
		if (last->at_us - reading->at_us > cycle_us)
			break;
		spread_us = last->at_us - reading->at_us;
	}
	return (double)spread_us / 1e6;
}

/* Twice as long as it says is none of its readings any more. */
#define LONGEST(box, s) (2 * (s) + 2 * (double)(box)->step_us / 1e6 + LATE_S)

/* What would have been right: the readings that lie as far apart as it says, or nearly. */
struct nearest {
	double off_s, long_s, rate;
};

static void note_nearest(struct nearest *nearest, double long_s, double s, double rate)
{
	if (fabs(long_s - s) < nearest->off_s)
		*nearest = (struct nearest){fabs(long_s - s), long_s, rate};
}

static bool is_right(const struct city *city, const struct box *box, const struct port *port,
		     int counter, const struct sample *sample, double rate, struct nearest *ret)
{
	double s = (double)sample->duration_ms / 1000, right, long_s,
	       most_s = slack_s(city, box, s);
	const struct port_reading *from, *to;
	bool fits;

	*ret = (struct nearest){INFINITY, NAN, NAN};
	for (uint64_t n = 0; (to = port_reading(port, n)); n++) {
		if (stage_now_us() - to->at_us > RECENT_US)
			break;
		for (uint64_t m = n + 1; (from = port_reading(port, m)); m++) {
			long_s = (double)(to->at_us - from->at_us) / 1e6;
			if (long_s > LONGEST(box, s))
				break;
			fits = is_between(city, box, from, to, counter, rate, &right);
			note_nearest(ret, long_s, s, right);
			if (fits &&
			    fabs(long_s - s) <= most_s + (fabs(long_s - s) > most_s
								  ? spread_s(city, port, n) +
									    spread_s(city, port, m)
								  : 0))
				return true;
		}
	}
	return false;
}

static void on_sample(struct city *city, void *notes, const struct seen *seen)
{
	const struct sample *sample = seen->sample;
	const struct sample_group *group = sample->series->group;
	struct nearest right;
	int counter;

	(void)notes;
	for (size_t d = 0; d < group->n_ds; d++) {
		counter = counter_of(group, d);
		if (isnan(sample->value[d]) || counter < 0)
			continue;
		if (!seen->port)
			city_wrong(city, "name", seen->box, "%s %s: no port is known by that name",
				   sample->series->object, group->ds[d].name);
		else if (!is_right(city, seen->box, seen->port, counter, sample, sample->value[d],
				   &right))
			city_wrong(city, "sample", seen->box,
				   "%s %s: %.6g a second over %.3f s, right is %.6g over %.3f s",
				   sample->series->object, group->ds[d].name, sample->value[d],
				   (double)sample->duration_ms / 1000, right.rate, right.long_s);
	}
}

const struct invariant INVARIANT_SAMPLE = {
	.name = "sample",
	.what = "each value is what the counters grew by over its own interval",
	.sample = on_sample,
};
