/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds the samples of interfaces that are known by their number alone until all rows of the cycle
 * are in: where one of them does not go on from where it was, the numbers may have been given to
 * others, and of these what seems plausible is not known either.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "collector/core/device/device.h"
#include "collector/core/poll/poll_session_impl.h"

struct poll_held {
	size_t row, group;
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

void poll_held_add(void *session, size_t group, const struct sample *sample)
{
	struct poll_session *s = session;

	assert(s->cycle && s->cycle->row >= 0);
	if (!make_room(s)) {
		s->env->counts.no_memory++;
		return;
	}
	s->held[s->n_held++] =
		(struct poll_held){.row = (size_t)s->cycle->row, .group = group, .sample = *sample};
}

/* Of rates; what is no rate is of the moment. */
static void make_unknown(struct sample *sample)
{
	for (size_t d = 0; sample->duration_ms && d < sample->series->group->n_ds; d++)
		sample->value[d] = NAN;
}

void poll_held_release(struct poll_session *s, bool known)
{
	for (size_t i = 0; i < s->n_held; i++) {
		struct poll_held *held = &s->held[i];
		const struct link_poll_context ctx = {
			.links = &s->profile->links,
			.counts = &s->env->counts,
			.data = s->env->hooks.data,
			.sample = s->env->hooks.sample,
		};

		if (!known)
			make_unknown(&held->sample);
		link_poll_deliver(s->links[held->row], held->group, &s->device->links[held->row],
				  &held->sample, &ctx);
	}
	s->n_held = 0;
}
