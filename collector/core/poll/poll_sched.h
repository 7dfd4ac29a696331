/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is to be polled when, in virtual time: monotonic microseconds are arguments. Each
 * device has its slot in the interval, fixed by a hash of its name, so that polls are spread
 * evenly, stay where they are over restarts and never drift; those that are close together
 * lie together, the more the fewer polls there are. A silent device is asked ever less often,
 * and at once again when it was heard of. O(log n) per poll.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/timer_heap.h"

struct poll_sched_entry {
	struct timer_node node; /* first */
	int64_t interval_us;
	int64_t phase_us; /* the slot's place in the interval, before it is put on the grid */
	uint8_t failures; /* in a row */
	bool busy;	  /* a cycle is under way */
	bool again;	  /* woken while busy */
};

struct poll_sched {
	struct timer_heap heap;
	int64_t base_us; /* slots count from here */
	int64_t backoff_max_us;
	int64_t load;	 /* polls in a million seconds, if all answer */
	int64_t grid_us; /* slots are so far apart, or lie together */
	size_t n, backed_off;
	uint64_t slots_missed; /* cycle took longer than the interval, or we were stopped */
};

/* base_us: monotonic time of some whole hour of the wall clock, so that slots keep their place over a restart. */
void poll_sched_init(struct poll_sched *sched, int64_t base_us, int64_t backoff_max_us);
void poll_sched_deinit(struct poll_sched *sched);

/* The first poll comes within spread_us, later ones at the slot. Returns 0 or -ENOMEM. */
int poll_sched_add(struct poll_sched *sched, struct poll_sched_entry *entry, uint64_t hash,
		   int64_t interval_us, int64_t spread_us, int64_t now_us);
void poll_sched_remove(struct poll_sched *sched, struct poll_sched_entry *entry);

/* When the next poll is due; INT64_MAX if none is. */
int64_t poll_sched_due_us(const struct poll_sched *sched);
/* The next entry that is due, NULL if none; it is busy until poll_sched_done(). ret_late_us: how long ago its slot was. */
struct poll_sched_entry *poll_sched_pop(struct poll_sched *sched, int64_t now_us,
					int64_t *ret_late_us);
/* The cycle is over; sets the next. */
void poll_sched_done(struct poll_sched *sched, struct poll_sched_entry *entry, bool answered,
		     int64_t now_us);
/* Something was heard of the device: poll now, forget failures. */
void poll_sched_wake(struct poll_sched *sched, struct poll_sched_entry *entry, int64_t now_us);
/* From the next cycle on. */
void poll_sched_set_interval(struct poll_sched *sched, struct poll_sched_entry *entry,
			     uint64_t hash, int64_t interval_us);
