/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binary min-heap of timer nodes. Decides which is next; reads no clock, calls nobody.
 */
#include "common/timer_heap.h"

#include <assert.h>
#include <errno.h>

void timer_heap_deinit(struct timer_heap *heap)
{
	free(heap->nodes);
	*heap = (struct timer_heap){0};
}

int timer_heap_reserve(struct timer_heap *heap, size_t n)
{
	size_t room = heap->room ? heap->room : 64;
	struct timer_node **nodes;

	if (n <= heap->room)
		return 0;
	while (room < n)
		room *= 2;
	nodes = realloc(heap->nodes, (room + 1) * sizeof(struct timer_node *));
	if (!nodes)
		return -ENOMEM;
	heap->nodes = nodes;
	heap->room = room;
	return 0;
}

static void put(struct timer_heap *heap, struct timer_node *node, size_t place)
{
	heap->nodes[place] = node;
	node->place = place;
}

static void sift_up(struct timer_heap *heap, struct timer_node *node, size_t place)
{
	while (place > 1 && heap->nodes[place / 2]->at_us > node->at_us) {
		put(heap, heap->nodes[place / 2], place);
		place /= 2;
	}
	put(heap, node, place);
}

static void sift_down(struct timer_heap *heap, struct timer_node *node, size_t place)
{
	for (size_t child = place * 2; child <= heap->n; child = place * 2) {
		if (child < heap->n &&
		    heap->nodes[child + 1]->at_us < heap->nodes[child]->at_us)
			child++;
		if (heap->nodes[child]->at_us >= node->at_us)
			break;
		put(heap, heap->nodes[child], place);
		place = child;
	}
	put(heap, node, place);
}

void timer_heap_set(struct timer_heap *heap, struct timer_node *node, int64_t at_us)
{
	int64_t old_us = node->at_us;

	node->at_us = at_us;
	if (!node->place) {
		assert(heap->n < heap->room);
		sift_up(heap, node, ++heap->n);
	} else if (at_us < old_us) {
		sift_up(heap, node, node->place);
	} else if (at_us > old_us) {
		sift_down(heap, node, node->place);
	}
}

void timer_heap_remove(struct timer_heap *heap, struct timer_node *node)
{
	size_t place = node->place;
	struct timer_node *last;

	if (!place)
		return;
	node->place = 0;
	last = heap->nodes[heap->n--];
	if (last == node)
		return;
	if (place > 1 && heap->nodes[place / 2]->at_us > last->at_us)
		sift_up(heap, last, place);
	else
		sift_down(heap, last, place);
}

struct timer_node *timer_heap_first(const struct timer_heap *heap)
{
	return heap->n ? heap->nodes[1] : NULL;
}

struct timer_node *timer_heap_pop_due(struct timer_heap *heap, int64_t now_us)
{
	struct timer_node *first = timer_heap_first(heap);

	if (!first || first->at_us > now_us)
		return NULL;
	timer_heap_remove(heap, first);
	return first;
}
