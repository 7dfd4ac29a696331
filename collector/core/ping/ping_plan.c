/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots are computed from the base, not from the last echo, so lateness does not add up. */
#include "collector/core/ping/ping_plan.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum {
	GRID_MOST_US = 400000,
	GRID_HALVINGS = 5,
	BATCH_ECHOES = 48,
	QUICK_GAP_US = 1000,
	TIMEOUT_LEAST_US = 1000000,
	TIMEOUT_MOST_US = 5000000,
	TIMEOUT_TRIPS = 4,
	LATE_SEQS = 16, /* older answers than that are nobody's */
	ROOM_LEAST = 64,
};

void ping_plan_init(struct ping_plan *plan, int64_t base_us, int64_t interval_us)
{
	assert(interval_us > 0);
	*plan = (struct ping_plan){
		.base_us = base_us, .interval_us = interval_us, .grid_us = GRID_MOST_US};
}

void ping_plan_deinit(struct ping_plan *plan)
{
	timer_heap_deinit(&plan->heap);
	free(plan->targets);
	plan->targets = NULL;
}

/* ---- slots ---- */

/* Each grid is a part of the coarser one: when it changes, a slot moves within its place there. */
static void fit_grid(struct ping_plan *plan)
{
	const int64_t most_us = plan->interval_us * BATCH_ECHOES / (plan->n ? (int64_t)plan->n : 1);

	plan->grid_us = GRID_MOST_US;
	for (int i = 0; i < GRID_HALVINGS && plan->grid_us > most_us; i++)
		plan->grid_us /= 2;
}

/* The first after a time. */
static int64_t slot_after(const struct ping_plan *plan, const struct ping_target *target,
			  int64_t time_us)
{
	int64_t phase_us = (int64_t)(target->hash % (uint64_t)plan->interval_us);
	int64_t since, k;

	phase_us -= phase_us % plan->grid_us;
	since = time_us - plan->base_us - phase_us;
	k = since / plan->interval_us - (since % plan->interval_us < 0);
	return plan->base_us + phase_us + (k + 1) * plan->interval_us;
}

/* A whole city may fall into doubt at once. */
static int64_t quick_slot(const struct ping_plan *plan, int64_t from_us)
{
	return from_us > plan->quick_free_us ? from_us : plan->quick_free_us;
}

static void set_quick(struct ping_plan *plan, struct ping_target *target, int64_t at_us)
{
	plan->quick_free_us = at_us + QUICK_GAP_US;
	timer_heap_set(&plan->heap, &target->node, at_us);
}

/* ---- targets ---- */

static int reserve(struct ping_plan *plan)
{
	const uint32_t room = plan->room ? plan->room * 2 : ROOM_LEAST;
	struct ping_target **targets;

	if (timer_heap_reserve(&plan->heap, plan->n + 1) < 0)
		return -ENOMEM;
	if (plan->n < plan->room)
		return 0;
	targets = reallocarray(plan->targets, room, sizeof(struct ping_target *));
	if (!targets)
		return -ENOMEM;
	for (uint32_t i = plan->room; i < room; i++)
		targets[i] = NULL;
	plan->targets = targets;
	plan->room = room;
	return 0;
}

static uint32_t free_number(const struct ping_plan *plan)
{
	uint32_t number = plan->n_numbers;

	if (number < plan->room)
		return number;
	for (number = 0; plan->targets[number]; number++)
		;
	return number;
}

int ping_plan_add(struct ping_plan *plan, struct ping_target *target, uint64_t hash, int64_t now_us)
{
	int r = reserve(plan);

	if (r < 0)
		return r;
	*target = (struct ping_target){
		.hash = hash, .number = free_number(plan), .seq = (uint16_t)(hash >> 32)};
	plan->targets[target->number] = target;
	if (target->number >= plan->n_numbers)
		plan->n_numbers = target->number + 1;
	plan->n++;
	fit_grid(plan);
	timer_heap_set(&plan->heap, &target->node, slot_after(plan, target, now_us));
	return 0;
}

void ping_plan_remove(struct ping_plan *plan, struct ping_target *target)
{
	assert(plan->n > 0 && plan->targets[target->number] == target);
	timer_heap_remove(&plan->heap, &target->node);
	plan->targets[target->number] = NULL;
	plan->n--;
	fit_grid(plan);
}

struct ping_target *ping_plan_find(const struct ping_plan *plan, uint32_t number)
{
	return number < plan->n_numbers ? plan->targets[number] : NULL;
}

/* ---- out ---- */

int64_t ping_plan_due_us(const struct ping_plan *plan)
{
	return timer_heap_first_us(&plan->heap);
}

/* A line by satellite is not lossy for being long. */
static int64_t timeout_us(const struct ping_target *target)
{
	const int64_t us = target->smooth_us * TIMEOUT_TRIPS;

	return us < TIMEOUT_LEAST_US  ? TIMEOUT_LEAST_US
	       : us > TIMEOUT_MOST_US ? TIMEOUT_MOST_US
				      : us;
}

static void lose(struct ping_plan *plan, struct ping_target *target, int64_t now_us)
{
	const int64_t next_us = target->sent_us + PING_PLAN_QUICK_US;

	target->waiting = false;
	if (target->losses < PING_PLAN_QUICK_MAX)
		target->losses++;
	if (target->losses == PING_PLAN_QUICK_MAX)
		timer_heap_set(&plan->heap, &target->node, slot_after(plan, target, now_us));
	else
		set_quick(plan, target, quick_slot(plan, next_us > now_us ? next_us : now_us));
}

enum ping_step ping_plan_next(struct ping_plan *plan, int64_t now_us, struct ping_target **ret)
{
	struct timer_node *node = timer_heap_pop_due(&plan->heap, now_us);
	struct ping_target *target = (struct ping_target *)node;

	if (!target)
		return PING_STEP_NONE;
	*ret = target;
	if (target->waiting) {
		lose(plan, target, now_us);
		return PING_STEP_LOST;
	}
	target->waiting = true;
	target->has_answer = false;
	target->seq++;
	target->sent_us = now_us;
	timer_heap_set(&plan->heap, &target->node, now_us + timeout_us(target));
	return PING_STEP_SEND;
}

void ping_plan_sent(struct ping_target *target, int64_t sent_us)
{
	assert(target->waiting && sent_us >= target->sent_us);
	target->sent_us = sent_us;
}

void ping_plan_unsent(struct ping_plan *plan, struct ping_target *target, int64_t now_us)
{
	assert(target->waiting);
	target->waiting = false;
	timer_heap_set(&plan->heap, &target->node, slot_after(plan, target, now_us));
}

void ping_plan_hurry(struct ping_plan *plan, struct ping_target *target, int64_t now_us)
{
	const int64_t at_us = quick_slot(plan, now_us);

	if (!target->waiting && target->node.at_us > at_us)
		set_quick(plan, target, at_us);
}

/* ---- in ---- */

static void smooth(struct ping_target *target, int64_t rtt_us)
{
	target->smooth_us =
		target->smooth_us ? target->smooth_us + (rtt_us - target->smooth_us) / 8 : rtt_us;
}

static enum ping_answer answered_before(const struct ping_target *target, uint16_t seq)
{
	const uint16_t age = (uint16_t)(target->seq - seq);

	if (age == 0 && target->has_answer)
		return PING_ANSWER_DUPLICATE;
	return age < LATE_SEQS ? PING_ANSWER_LATE : PING_ANSWER_STRANGE;
}

enum ping_answer ping_plan_answered(struct ping_plan *plan, struct ping_target *target,
				    uint16_t seq, int64_t received_us, int64_t *ret_rtt_us)
{
	const int64_t rtt_us = received_us > target->sent_us ? received_us - target->sent_us : 0;
	/* No two close together: one that was hurried stands for the slot that it was near. */
	const int64_t soonest_us = target->sent_us + plan->interval_us / 2 > received_us
					   ? target->sent_us + plan->interval_us / 2
					   : received_us;
	enum ping_answer answer;

	if (seq != target->seq || !target->waiting) {
		answer = answered_before(target, seq);
		if (answer != PING_ANSWER_LATE || seq != target->seq)
			return answer;
		target->has_answer = true;
		smooth(target, rtt_us);
		return PING_ANSWER_LATE;
	}
	target->waiting = false;
	target->has_answer = true;
	target->losses = 0;
	smooth(target, rtt_us);
	timer_heap_set(&plan->heap, &target->node, slot_after(plan, target, soonest_us));
	*ret_rtt_us = rtt_us;
	return PING_ANSWER_RIGHT;
}
