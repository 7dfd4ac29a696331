/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what to leave out: first many troubles and devices at once, then fewer, then one
 * (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002). What is left out
 * changes nothing for the rest, since each thing has dice of its own.
 */
#include "tests/simulation/shrink.h"

#include <string.h>

#include "tests/simulation/real_time.h"

struct shrinking {
	struct script *script;
	struct violation *violation;
	const char *dir;
	double until_s;
	unsigned int tried;
};

/* Takes over what still fails in the same way. */
static bool take(struct shrinking *s, const struct script *smaller)
{
	struct violation violation;
	struct city count;

	if (real_time_s() > s->until_s)
		return false;
	s->tried++;
	if (city_run(smaller, s->dir, false, &violation, &count) ||
	    strcmp(violation.invariant, s->violation->invariant) != 0 ||
	    strcmp(violation.box, s->violation->box) != 0)
		return false;
	*s->script = *smaller;
	*s->violation = violation;
	return true;
}

static bool without_troubles(struct shrinking *s, unsigned int at, unsigned int n)
{
	static struct script smaller;
	unsigned int end = at + n < s->script->n_troubles ? at + n : s->script->n_troubles;

	smaller = *s->script;
	memmove(&smaller.troubles[at], &smaller.troubles[end],
		(smaller.n_troubles - end) * sizeof(smaller.troubles[0]));
	smaller.n_troubles -= end - at;
	return take(s, &smaller);
}

static void remove_box(struct script *script, unsigned int at)
{
	const struct script_box gone = script->boxes[at];
	unsigned int kept = 0;

	memmove(&script->boxes[at], &script->boxes[at + 1],
		(script->n_boxes - at - 1) * sizeof(script->boxes[0]));
	script->n_boxes--;
	for (unsigned int i = 0; i < script->n_boxes; i++)
		if (strcmp(script->boxes[i].parent, gone.id) == 0)
			script->boxes[i].parent[0] = '\0';
	for (unsigned int i = 0; i < script->n_troubles; i++)
		if (strcmp(script->troubles[i].box, gone.id) != 0)
			script->troubles[kept++] = script->troubles[i];
	script->n_troubles = kept;
}

static bool without_boxes(struct shrinking *s, unsigned int at, unsigned int n)
{
	static struct script smaller;

	smaller = *s->script;
	for (unsigned int i = 0; i < n && at < smaller.n_boxes && smaller.n_boxes > 1; i++)
		remove_box(&smaller, at);
	return smaller.n_boxes < s->script->n_boxes && take(s, &smaller);
}

static void leave_out(struct shrinking *s,
		      bool (*without)(struct shrinking *, unsigned int, unsigned int),
		      const unsigned int *n)
{
	for (unsigned int part = (*n + 1) / 2; part > 0; part /= 2)
		for (unsigned int at = 0; at < *n;)
			if (!without(s, at, part))
				at += part;
}

/* Mostly it is about one device and what befell it. */
static void only_that_box(struct shrinking *s)
{
	static struct script smaller;
	unsigned int kept = 0;

	smaller = *s->script;
	for (unsigned int i = 0; i < smaller.n_boxes;)
		if (strcmp(smaller.boxes[i].id, s->violation->box) != 0 && smaller.n_boxes > 1)
			remove_box(&smaller, i);
		else
			i++;
	for (unsigned int i = 0; i < smaller.n_troubles; i++)
		if (smaller.troubles[i].at_s <= s->violation->at_s)
			smaller.troubles[kept++] = smaller.troubles[i];
	smaller.n_troubles = kept;
	(void)take(s, &smaller);
}

unsigned int shrink(struct script *script, struct violation *violation, const char *dir,
		    double seconds_max)
{
	struct shrinking s = {script, violation, dir, real_time_s() + seconds_max, 0};

	only_that_box(&s);
	leave_out(&s, without_troubles, &script->n_troubles);
	leave_out(&s, without_boxes, &script->n_boxes);
	leave_out(&s, without_troubles, &script->n_troubles);
	script->hours = violation->at_s / 3600 + 1;
	return s.tried;
}
