/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many timers, one at a time per owner: a heap of nodes that live inside their owners.
 * Room is reserved beforehand, so that setting a timer cannot fail.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"

struct timer_node {
	int64_t at_us;
	uint32_t id; /* in the heap; 0: not in it */
};

/* Everything that ordering needs lies in the heap's own arrays: it touches no owner's
 * memory but that of the node which is set or removed. */
struct timer_slot {
	int64_t at_us;
	uint32_t id;
};

struct timer_heap {
	struct timer_slot *slots;  /* in the heap's order; slots[0] unused */
	struct timer_node **nodes; /* by id; nodes[0] unused */
	uint32_t *places;	   /* by id: in slots; of a free id: the next free one */
	uint32_t n, room;
	uint32_t free_id; /* 0: none but those above n_ids */
	uint32_t n_ids;	  /* given out so far */
};

void timer_heap_deinit(struct timer_heap *heap);
/* Room for n nodes. Returns 0 or -ENOMEM. */
must_check_ int timer_heap_reserve(struct timer_heap *heap, size_t n);
/* Adds the node, or moves it to another time. */
void timer_heap_set(struct timer_heap *heap, struct timer_node *node, int64_t at_us);
/* No effect on a node that is not in the heap. */
void timer_heap_remove(struct timer_heap *heap, struct timer_node *node);
/* The earliest node; NULL if there is none. */
struct timer_node *timer_heap_first(const struct timer_heap *heap);
/* Its time, without touching it; INT64_MAX if there is none. */
int64_t timer_heap_first_us(const struct timer_heap *heap);
/* The earliest node if it is due at now_us, taken out; NULL otherwise. */
struct timer_node *timer_heap_pop_due(struct timer_heap *heap, int64_t now_us);
