/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides which groups of a profile a cycle reads: a group has an interval of its own, a
 * multiple of the device's, and devices and groups are spread over it.
 */
#include <assert.h>

#include "collector/core/poll/poll_session_impl.h"

/* Cycles come more often where a device was heard of or its counters are short, and less often
 * where it is silent: what has an interval of its own goes by time. Rounded, for slots are
 * dithered. */
void poll_due_tick(struct poll_session *s, int64_t now_us)
{
	int64_t interval_us = s->env->interval_ms * 1000;
	int64_t n = (now_us - s->tick_us + interval_us / 2) / interval_us;

	if (!s->cycles || n < 0)
		s->tick_us = now_us;
	else
		s->tick_us += n * interval_us;
	if (s->cycles && n > 0)
		s->ticks += (uint32_t)n;
}

uint32_t poll_due_every(const struct poll_session *s, const struct profile_group *group)
{
	int64_t every = (group->interval_ms + s->env->interval_ms / 2) / s->env->interval_ms;

	assert(s->env->interval_ms > 0);
	return every < 1 ? 1 : (uint32_t)every;
}

bool poll_due_stands_back(const struct poll_session *s, size_t group)
{
	size_t head = (size_t)s->groups[group].group->stands_for;

	assert(group < s->n_groups && s->groups[group].group->stands_for >= 0);
	for (size_t g = head; g < group; g++)
		if ((g == head || s->groups[g].group->stands_for == (int)head) &&
		    s->groups[g].gives)
			return true;
	return false;
}

bool poll_due(const struct poll_session *s, size_t group)
{
	const struct group_poll *poll = &s->groups[group];
	uint32_t every = poll_due_every(s, poll->group);
	uint32_t offset = s->phase % every + (uint32_t)group;

	assert(group < s->n_groups);
	if (poll->absent || poll->cycle == s->cycles)
		return false; /* none, or read in this cycle already */
	if (poll->group->stands_for >= 0 && poll_due_stands_back(s, group))
		return false;
	return !poll->cycle || every == 1 ||
	       (s->ticks + offset) / every != (poll->tick + offset) / every;
}
