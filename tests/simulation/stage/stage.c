/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides what happens next. */
#include "tests/simulation/stage/stage.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MAX = 2000000 }; /* events without a microsecond passing: something spins */

#define FIRST_US (INT64_C(100000) * STAGE_SECOND_US) /* nothing that runs takes 0 for a time */

/* The operating system's state: one, as there. */
static struct {
	struct timer_heap heap;
	int64_t now_us;
	struct machine *machine;
	struct dice dice;
	uint64_t events;
	unsigned int busy;
} stage;

void stage_open(uint64_t seed)
{
	memset(&stage, 0, sizeof(stage));
	stage.now_us = FIRST_US;
	stage.dice = dice_of(seed, "operating system");
}

void stage_close(void)
{
	assert(!timer_heap_first(&stage.heap));
	timer_heap_deinit(&stage.heap);
}

int64_t stage_now_us(void)
{
	return stage.now_us;
}

struct dice *stage_dice(void)
{
	return &stage.dice;
}

struct machine *stage_machine(void)
{
	return stage.machine;
}

struct machine *stage_enter(struct machine *machine)
{
	struct machine *before = stage.machine;

	stage.machine = machine;
	return before;
}

int64_t stage_wall_us(const struct machine *machine)
{
	return stage.now_us + (machine ? machine->wall_us : 0);
}

void stage_set(struct stage_event *event, int64_t at_us)
{
	if (timer_heap_reserve(&stage.heap, stage.heap.n + 1u) < 0)
		abort();
	timer_heap_set(&stage.heap, &event->node, at_us < stage.now_us ? stage.now_us : at_us);
}

void stage_cancel(struct stage_event *event)
{
	timer_heap_remove(&stage.heap, &event->node);
}

bool stage_waits(const struct stage_event *event)
{
	return event->node.id != 0;
}

uint64_t stage_events(void)
{
	return stage.events;
}

static void happen(struct stage_event *event)
{
	struct machine *machine = event->machine;

	if (machine && machine->stalled_until_us > stage.now_us) {
		stage_set(event, machine->stalled_until_us);
		return;
	}
	stage.events++;
	stage.machine = machine;
	event->fn(event->data);
	stage.machine = NULL;
}

void stage_run(int64_t until_us)
{
	struct timer_node *node;
	int64_t at_us;

	while ((at_us = timer_heap_first_us(&stage.heap)) <= until_us) {
		stage.busy = at_us > stage.now_us ? 0 : stage.busy + 1;
		if (stage.busy > BUSY_MAX) {
			fprintf(stderr, "time stands still: something spins\n");
			abort();
		}
		stage.now_us = at_us > stage.now_us ? at_us : stage.now_us;
		node = timer_heap_pop_due(&stage.heap, at_us);
		happen((struct stage_event *)node);
	}
	stage.now_us = until_us;
}
