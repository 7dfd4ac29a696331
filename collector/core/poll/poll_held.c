/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds samples until all rows of the cycle are in. Of interfaces that are known by their number
 * alone: where one of them does not go on from where it was, the numbers may have been given to
 * others, and of these what seems plausible is not known either. And those of rows that stood still, as long as all did: a
 * device that renewed nothing gave no reading.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "collector/core/device/device.h"
#include "collector/core/poll/poll_session_impl.h"

#define STILL_US	(65 * INT64_C(1000000)) /* counters that stand still so long are no stepped ones */
#define STILL_INTERVALS 6
#define STEPS_FROM_MS	5000 /* net-snmp reads its own every 3 s: no more often is asked for a rate */

struct poll_held {
	size_t row, group;
	uint32_t steps;
	struct sample sample;
};

static bool make_room(struct poll_session *s)
{
	size_t room = s->held_room ? s->held_room * 2 : 16;
	struct poll_held *held;

	if (s->n_held < s->held_room)
		return true;
	held = realloc(s->held, room * sizeof(*held));
	if (!held)
		return false;
	s->held = held;
	s->held_room = room;
	return true;
}

void poll_held_add(void *session, size_t group, const struct sample *sample, uint32_t steps)
{
	struct poll_session *s = session;

	assert(s->cycle && s->cycle->row >= 0);
	if (!make_room(s)) {
		s->env->counts.no_memory++;
		return;
	}
	s->held[s->n_held++] = (struct poll_held){
		.row = (size_t)s->cycle->row, .group = group, .steps = steps, .sample = *sample};
}

/* Of rates; what is no rate is of the moment. */
static void make_unknown(struct sample *sample)
{
	for (size_t d = 0; sample->duration_ms && d < sample->series->group->n_ds; d++)
		sample->value[d] = NAN;
}

int64_t poll_held_patience_us(const struct poll_session *s)
{
	const int64_t us = s->env->interval_ms * STILL_INTERVALS * 1000;

	return us < STILL_US ? STILL_US : us;
}

/* Nothing that was read moved: if that is all, the device is said to have stood still. */
static void note_still(struct poll_session *s, bool complete)
{
	struct link_round *round = &s->cycle->round;

	if (s->env->recorded || s->env->interval_ms < STEPS_FROM_MS)
		return;
	if (round->compared && round->counted && !round->moved)
		round->stood = !complete || !counter_step_note(&s->step, s->cycle->when.local_us,
							       false, poll_held_patience_us(s));
}

void poll_held_release(struct poll_session *s, bool complete)
{
	const bool known = complete && !s->cycle->moved;

	note_still(s, complete);
	for (size_t i = 0; i < s->n_held; i++) {
		struct poll_held *held = &s->held[i];
		const struct link_poll_context ctx = {
			.links = &s->profile->links,
			.counts = &s->env->counts,
			.data = s->env->hooks.data,
			.sample = s->env->hooks.sample,
			.step = &s->step,
			.round = &s->cycle->round,
		};

		if (!link_poll_settle(s->links[held->row], held->group, &held->sample, held->steps,
				      &ctx))
			continue;
		if (!known && s->links[held->row]->by_number)
			make_unknown(&held->sample);
		link_poll_deliver(s->links[held->row], held->group, &s->device->links[held->row],
				  &held->sample, &ctx);
	}
	s->n_held = 0;
}
