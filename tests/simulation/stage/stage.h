/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stage on which the real programs play: time that passes only from one event to the
 * next, and machines with wall clocks of their own. It takes the place of the operating
 * system, so there is one in a process. Nothing here knows SNMP.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/timer_heap.h"
#include "tests/simulation/stage/dice.h"

#define STAGE_SECOND_US INT64_C(1000000)

/* A computer: whose code is running decides what its clock shows and whether what it does has
 * an effect. */
struct machine {
	const char *name;
	uint32_t address;	  /* IPv4, host order */
	int64_t wall_us;	  /* wall clock = stage_now_us() + this */
	bool off;		  /* killed: it may tidy up its memory, but nothing leaves it */
	int64_t stalled_until_us; /* stopped: nothing of it runs before */
};

/* Something that will happen, within its owner. machine: whose code it is; NULL: nobody's. */
struct stage_event {
	struct timer_node node; /* first */
	struct machine *machine;
	void (*fn)(void *data);
	void *data;
};

void stage_open(uint64_t seed);
/* All events must have been cancelled. */
void stage_close(void);

/* Since the stage was opened, and a while before. Never runs back. */
int64_t stage_now_us(void);
/* For what the operating system decides by chance. */
struct dice *stage_dice(void);

/* Whose code is running now; NULL: nobody's. */
struct machine *stage_machine(void);
/* Returns whose code ran before, to go back to it. */
struct machine *stage_enter(struct machine *machine);
int64_t stage_wall_us(const struct machine *machine);

void stage_set(struct stage_event *event, int64_t at_us);
void stage_cancel(struct stage_event *event);
bool stage_waits(const struct stage_event *event);

/* Does what happens until then, and time is then. */
void stage_run(int64_t until_us);
/* Events so far: what a run costs, and by which two runs can be compared. */
uint64_t stage_events(void);
