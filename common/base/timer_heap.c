/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Min-heap of timer nodes, four children to a place: half as deep as a binary one, and four
 * children are a cache line. Decides which is next; reads no clock, calls nobody.
 */
#include "common/base/timer_heap.h"

#include <assert.h>
#include <errno.h>

void timer_heap_deinit(struct timer_heap *heap)
{
	free(heap->slots);
	free(heap->nodes);
	free(heap->places);
	*heap = (struct timer_heap){0};
}

/* Those that grew before another could not are larger than needed: no harm. */
int timer_heap_reserve(struct timer_heap *heap, size_t n)
{
	size_t room = heap->room ? heap->room : 64;
	void *grown;

	if (n <= heap->room)
		return 0;
	while (room < n)
		room *= 2;
	if (room > UINT32_MAX / 4)
		return -ENOMEM;
	grown = reallocarray(heap->slots, room + 1, sizeof(*heap->slots));
	if (!grown)
		return -ENOMEM;
	heap->slots = grown;
	grown = reallocarray(heap->nodes, room + 1, sizeof(struct timer_node *));
	if (!grown)
		return -ENOMEM;
	heap->nodes = grown;
	grown = reallocarray(heap->places, room + 1, sizeof(*heap->places));
	if (!grown)
		return -ENOMEM;
	heap->places = grown;
	heap->room = (uint32_t)room;
	return 0;
}

static uint32_t take_id(struct timer_heap *heap, struct timer_node *node)
{
	uint32_t id = heap->free_id;

	if (id)
		heap->free_id = heap->places[id];
	else
		id = ++heap->n_ids;
	heap->nodes[id] = node;
	return id;
}

static void give_id(struct timer_heap *heap, uint32_t id)
{
	heap->places[id] = heap->free_id;
	heap->free_id = id;
}

static uint32_t parent_of(uint32_t place)
{
	return (place + 2) / 4;
}

static uint32_t first_child_of(uint32_t place)
{
	return place * 4 - 2;
}

static void put(struct timer_heap *heap, struct timer_slot slot, uint32_t place)
{
	heap->slots[place] = slot;
	heap->places[slot.id] = place;
}

static void sift_up(struct timer_heap *heap, struct timer_slot slot, uint32_t place)
{
	while (place > 1 && heap->slots[parent_of(place)].at_us > slot.at_us) {
		put(heap, heap->slots[parent_of(place)], place);
		place = parent_of(place);
	}
	put(heap, slot, place);
}

static uint32_t earliest_child(const struct timer_heap *heap, uint32_t place)
{
	uint32_t best = first_child_of(place), end = best + 4;

	if (end > heap->n + 1)
		end = heap->n + 1;
	for (uint32_t child = best + 1; child < end; child++)
		if (heap->slots[child].at_us < heap->slots[best].at_us)
			best = child;
	return best;
}

static void sift_down(struct timer_heap *heap, struct timer_slot slot, uint32_t place)
{
	while (first_child_of(place) <= heap->n) {
		uint32_t child = earliest_child(heap, place);

		if (heap->slots[child].at_us >= slot.at_us)
			break;
		put(heap, heap->slots[child], place);
		place = child;
	}
	put(heap, slot, place);
}

void timer_heap_set(struct timer_heap *heap, struct timer_node *node, int64_t at_us)
{
	int64_t old_us = node->at_us;

	node->at_us = at_us;
	if (!node->id) {
		assert(heap->n < heap->room);
		node->id = take_id(heap, node);
		sift_up(heap, (struct timer_slot){at_us, node->id}, ++heap->n);
	} else if (at_us < old_us) {
		sift_up(heap, (struct timer_slot){at_us, node->id}, heap->places[node->id]);
	} else if (at_us > old_us) {
		sift_down(heap, (struct timer_slot){at_us, node->id}, heap->places[node->id]);
	}
}

void timer_heap_remove(struct timer_heap *heap, struct timer_node *node)
{
	struct timer_slot last;
	uint32_t place;

	assert(node->id <= heap->room);
	if (!node->id)
		return;
	place = heap->places[node->id];
	last = heap->slots[heap->n--];
	give_id(heap, node->id);
	node->id = 0;
	if (place > heap->n)
		return; /* it was the last */
	if (place > 1 && heap->slots[parent_of(place)].at_us > last.at_us)
		sift_up(heap, last, place);
	else
		sift_down(heap, last, place);
}

struct timer_node *timer_heap_first(const struct timer_heap *heap)
{
	return heap->n ? heap->nodes[heap->slots[1].id] : NULL;
}

int64_t timer_heap_first_us(const struct timer_heap *heap)
{
	return heap->n ? heap->slots[1].at_us : INT64_MAX;
}

struct timer_node *timer_heap_pop_due(struct timer_heap *heap, int64_t now_us)
{
	struct timer_node *first = timer_heap_first(heap);

	if (!first || heap->slots[1].at_us > now_us)
		return NULL;
	timer_heap_remove(heap, first);
	return first;
}
