/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whether a cycle's values begin with the very request that the last cycle's began
 * with. It is so nearly always, and laying it out and encoding it anew is a quarter of what a
 * poll costs. Nobody has to say that something changed: what a request is made from is
 * digested each time, which reads little that the answer will not need.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/poll/poll_session_impl.h"

/* Multiplication carries each bit upwards, the shift brings the result down again. */
static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

static uint64_t mix_links(const struct poll_session *s, uint64_t h)
{
	for (size_t i = 0; i < s->n_links; i++) {
		const struct link_poll *link = s->links[i];

		if (!link->watched || link->cycle == s->cycles)
			continue;
		h = mix(h, link->have);
		h = mix(h, (uint64_t)i << 32 | link->if_index);
	}
	return h;
}

static uint64_t mix_groups(const struct poll_session *s, uint64_t h)
{
	for (size_t g = 0; g < s->n_groups; g++)
		if (!s->groups[g].group->walks && poll_due(s, g))
			h = mix(h, (uint64_t)g << 32 | s->scalar_missing[g]);
	return h;
}

uint64_t poll_plan_key(const struct poll_session *s, size_t room)
{
	uint64_t h = mix(0, (uintptr_t)s->profile);

	h = mix(h, (uint64_t)s->missing << 32 | s->limits.varbinds);
	h = mix(h, (uint64_t)s->env->max_octets << 32 | (uint32_t)room);
	h = mix(h, (uint64_t)s->n_links << 32 | (uint32_t)s->n_groups);
	h = mix(h, (uint64_t)s->host_uptime << 1 | (s->cycle->requests > 0));
	return mix_groups(s, mix_links(s, h));
}

bool poll_plan_use(struct poll_session *s, uint64_t key, uint32_t kept)
{
	const struct poll_plan *plan = s->plan;

	if (!plan || plan->key != key || plan->number != kept)
		return false;
	s->cycle->items = plan->items;
	s->cycle->n_items = plan->n;
	return true;
}

uint32_t poll_plan_keep(struct poll_session *s, uint64_t key)
{
	size_t octets = s->cycle->n_items * sizeof(s->cycle->items[0]);
	struct poll_plan *plan;

	assert(octets <= sizeof(s->cycle->room));
	assert(s->cycle->items == s->cycle->room);
	if (s->plan && s->plan->key == key)
		return s->plan->number;
	poll_plan_forget(s);
	plan = malloc(sizeof(*plan) + octets);
	if (!plan)
		return 0;
	plan->key = key;
	plan->n = (uint32_t)s->cycle->n_items;
	plan->number = ++s->plans ? s->plans : ++s->plans;
	memcpy(plan->items, s->cycle->items, octets);
	s->plan = plan;
	return plan->number;
}

void poll_plan_forget(struct poll_session *s)
{
	free(s->plan);
	s->plan = NULL;
}
