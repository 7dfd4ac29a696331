/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whether a device's counters were renewed since they were read last, and over how long they
 * grew. That a device is polled leaves its mark in its own counters: a live device whose ports all
 * stand still between two answers hardly exists, and its zero is right over both intervals, too.
 */
#include "collector/core/value/counter_step.h"

#include <assert.h>

#define EXACT_PART    200	 /* a step is known to 0.5 % */
#define IRREGULAR_MAX 3		 /* no steps, then, but sometimes nothing passes */
#define GAP	      (1u << 20) /* in the count */

/* What was counted before says nothing of what comes. */
static void begin_anew(struct counter_step *step)
{
	step->anchor_lo = step->anchor_hi = 0;
	step->n = 0;
	step->count += GAP;
	step->lo_us = 0;
	step->hi_us = INT64_MAX;
}

static bool stand(struct counter_step *step, int64_t before_us, int64_t now_us, int64_t patience_us)
{
	if (step->quiet)
		return true;
	if (!step->still_us)
		step->still_us = before_us ? before_us : now_us;
	if (now_us - step->still_us < patience_us) {
		if (!step->suspected)
			begin_anew(step);
		step->suspected = true;
		return false;
	}
	step->quiet = true;
	step->suspected = false;
	return true;
}

static int64_t max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A step was between these two readings. */
static void take_step(struct counter_step *step, int64_t before_us, int64_t now_us)
{
	step->count++;
	if (step->lo_us && now_us - before_us > step->lo_us)
		begin_anew(step); /* or two */
	if (!step->anchor_hi) {
		step->anchor_lo = before_us;
		step->anchor_hi = now_us;
		return;
	}
	step->n++;
	step->lo_us = max64(step->lo_us, (before_us - step->anchor_hi) / step->n);
	step->hi_us = min64(step->hi_us, (now_us - step->anchor_lo) / step->n);
	if (step->lo_us <= step->hi_us)
		return;
	begin_anew(step);
	step->irregular++;
}

bool counter_step_note(struct counter_step *step, int64_t now_us, bool moved, int64_t patience_us)
{
	const int64_t before_us = step->at_us;

	assert(patience_us > 0);
	step->at_us = now_us;
	if (!moved)
		return stand(step, before_us, now_us, patience_us);
	step->still_us = 0;
	step->quiet = false;
	if (counter_step_is_suspected(step) && before_us)
		take_step(step, before_us, now_us);
	return true;
}

bool counter_step_is_suspected(const struct counter_step *step)
{
	return step->suspected && step->irregular < IRREGULAR_MAX;
}

int64_t counter_step_whole_us(const struct counter_step *step, uint32_t since_count)
{
	const uint32_t n = step->count - since_count;
	const int64_t width_us = step->hi_us - step->lo_us, us = step->lo_us + width_us / 2;

	return n < GAP && width_us / 2 <= us / EXACT_PART ? us * n : 0;
}
