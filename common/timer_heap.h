/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many timers, one at a time per owner: a binary heap of nodes that live inside their
 * owners. Room is reserved beforehand, so that setting a timer cannot fail.
 */
#pragma once

#include "common/cleanup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer_node {
	int64_t at_us;
	size_t place; /* in the heap, counted from 1; 0: not in it */
};

struct timer_heap {
	struct timer_node **nodes; /* nodes[0] unused */
	size_t n, room;
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
/* The earliest node if it is due at now_us, taken out; NULL otherwise. */
struct timer_node *timer_heap_pop_due(struct timer_heap *heap, int64_t now_us);
