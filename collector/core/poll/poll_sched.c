/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides when each device is polled. Slots are computed from the base, not from the last
 * poll, so lateness does not add up. After a failure comes one early second look (it tells
 * a lost datagram from a dead device), then the interval, then twice as long each time.
 */
#include "collector/core/poll/poll_sched.h"

#include <assert.h>

#define SECOND_LOOK_US 5000000
/*
 * Slots lie on a grid, so that polls of about the same time are one batch: what is dear is not
 * the datagram but the wake-up for it (tests/bench/bench_poller.c paced: 10,000 devices every 10 s
 * cost 4.2 % of a core in batches of 10, 3.2 % in batches of 20). Nobody is late for it: the slot
 * itself is on the grid. The grid is as coarse as a batch stays under half the engine's usual
 * window, and answers do not come in a rush.
 */
#define GRID_MOST_US   100000
#define GRID_HALVINGS  4
#define BATCH_POLLS    32
#define LOAD_US	       INT64_C(1000000000000) /* load counts the polls in so much time */
#define DOUBLINGS_MAX  20
#define TICK_US	       10000
#define DITHER_STEP_US 6180 /* golden section of a tick: evenly spread however many are taken */

void poll_sched_init(struct poll_sched *sched, int64_t base_us, int64_t backoff_max_us)
{
	assert(backoff_max_us > 0);
	*sched = (struct poll_sched){
		.base_us = base_us, .backoff_max_us = backoff_max_us, .grid_us = GRID_MOST_US};
}

void poll_sched_deinit(struct poll_sched *sched)
{
	timer_heap_deinit(&sched->heap);
}

static int64_t load_of(const struct poll_sched_entry *entry)
{
	return LOAD_US / entry->interval_us;
}

/* Each grid is a part of the coarser one: when it changes, a slot moves within its place there. */
static void add_load(struct poll_sched *sched, int64_t load)
{
	int64_t most_us = LOAD_US * BATCH_POLLS;

	sched->load += load;
	if (sched->load > 0)
		most_us /= sched->load;
	sched->grid_us = GRID_MOST_US;
	for (int i = 0; i < GRID_HALVINGS && sched->grid_us > most_us; i++)
		sched->grid_us /= 2;
}

/* A slot at or after a time, and by no more than a tick not the first. */
static int64_t slot_from(const struct poll_sched *sched, const struct poll_sched_entry *entry,
			 int64_t from_us)
{
	int64_t phase_us = entry->phase_us - entry->phase_us % sched->grid_us;
	int64_t since = from_us - sched->base_us - phase_us;
	int64_t k = since / entry->interval_us;

	if (since > k * entry->interval_us)
		k++; /* division rounds towards zero: this is the ceiling for either sign */
	/* Slots are shifted within a tick of sysUpTime, each differently, so that readings fall on all
	 * parts of a tick and device_clock can place the tick. */
	return sched->base_us + phase_us + k * entry->interval_us + (k * DITHER_STEP_US % TICK_US);
}

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void set_interval(struct poll_sched *sched, struct poll_sched_entry *entry, uint64_t hash,
			 int64_t interval_us)
{
	entry->interval_us = interval_us;
	entry->phase_us = (int64_t)(hash % (uint64_t)interval_us);
	add_load(sched, load_of(entry));
}

void poll_sched_set_interval(struct poll_sched *sched, struct poll_sched_entry *entry,
			     uint64_t hash, int64_t interval_us)
{
	assert(interval_us > 0 && entry->interval_us > 0);
	add_load(sched, -load_of(entry));
	set_interval(sched, entry, hash, interval_us);
}

int poll_sched_add(struct poll_sched *sched, struct poll_sched_entry *entry, uint64_t hash,
		   int64_t interval_us, int64_t spread_us, int64_t now_us)
{
	int r = timer_heap_reserve(&sched->heap, sched->n + 1);

	assert(interval_us > 0);
	if (r < 0)
		return r;
	*entry = (struct poll_sched_entry){0};
	set_interval(sched, entry, hash, interval_us);
	spread_us = min64(spread_us, interval_us);
	timer_heap_set(&sched->heap, &entry->node,
		       now_us + (spread_us > 0 ? (int64_t)(hash % (uint64_t)spread_us) : 0));
	sched->n++;
	return 0;
}

void poll_sched_remove(struct poll_sched *sched, struct poll_sched_entry *entry)
{
	assert(sched->n > 0);
	timer_heap_remove(&sched->heap, &entry->node);
	add_load(sched, -load_of(entry));
	sched->backed_off -= entry->failures > 0;
	sched->n--;
}

int64_t poll_sched_due_us(const struct poll_sched *sched)
{
	return timer_heap_first_us(&sched->heap);
}

struct poll_sched_entry *poll_sched_pop(struct poll_sched *sched, int64_t now_us,
					int64_t *ret_late_us)
{
	struct timer_node *node;
	struct poll_sched_entry *entry;

	while ((node = timer_heap_pop_due(&sched->heap, now_us))) {
		entry = (struct poll_sched_entry *)node;
		*ret_late_us = now_us - node->at_us;
		if (*ret_late_us <= entry->interval_us / 2) {
			entry->busy = true;
			return entry;
		}
		/* We were stopped for long: everybody is late, and polling all at once would be a burst. */
		sched->slots_missed++;
		timer_heap_set(&sched->heap, node, slot_from(sched, entry, now_us));
	}
	return NULL;
}

static int64_t pause_us(const struct poll_sched *sched, const struct poll_sched_entry *entry)
{
	int64_t most = sched->backoff_max_us > entry->interval_us ? sched->backoff_max_us
								  : entry->interval_us;
	int doublings = entry->failures - 2;

	if (entry->failures == 1)
		return min64(SECOND_LOOK_US, entry->interval_us);
	if (doublings > DOUBLINGS_MAX || entry->interval_us << doublings > most)
		return most;
	return entry->interval_us << doublings;
}

void poll_sched_done(struct poll_sched *sched, struct poll_sched_entry *entry, bool answered,
		     int64_t now_us)
{
	int64_t slot = entry->node.at_us;
	int64_t next;

	assert(entry->busy);
	entry->busy = false;
	sched->backed_off -= entry->failures > 0;
	if (answered)
		entry->failures = 0;
	else if (entry->failures < UINT8_MAX)
		entry->failures++;
	sched->backed_off += entry->failures > 0;
	if (answered)
		/* half an interval on, so that a first or extra poll just before a slot does for it */
		next = slot_from(sched, entry, slot + entry->interval_us / 2 + 1);
	else if (entry->failures == 1)
		next = now_us + pause_us(sched, entry);
	else
		next = slot_from(sched, entry,
				 now_us + pause_us(sched, entry) - entry->interval_us + 1);
	if (entry->again) {
		next = now_us;
	} else if (next <= now_us) {
		sched->slots_missed += (uint64_t)((now_us - next) / entry->interval_us) + 1;
		next = slot_from(sched, entry, now_us + 1);
	}
	entry->again = false;
	timer_heap_set(&sched->heap, &entry->node, next);
}

void poll_sched_wake(struct poll_sched *sched, struct poll_sched_entry *entry, int64_t now_us)
{
	sched->backed_off -= entry->failures > 0;
	entry->failures = 0;
	if (entry->busy)
		entry->again = true;
	else
		timer_heap_set(&sched->heap, &entry->node, now_us);
}
