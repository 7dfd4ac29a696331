/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/base/timer_heap against a plain search, with random operations from a fixed seed. */
#include <setjmp.h>
#include <stdarg.h>

#include "common/base/timer_heap.h"

#include <cmocka.h>

enum { N = 500, STEPS = 20000 };

static struct timer_node *plain_first(struct timer_node *nodes)
{
	struct timer_node *first = NULL;

	for (int i = 0; i < N; i++) {
		if (nodes[i].id && (!first || nodes[i].at_us < first->at_us))
			first = &nodes[i];
	}
	return first;
}

static void check(const struct timer_heap *heap, struct timer_node *nodes)
{
	struct timer_node *first = plain_first(nodes);

	assert_int_equal(first != NULL, timer_heap_first(heap) != NULL);
	if (first)
		assert_int_equal(first->at_us, timer_heap_first(heap)->at_us);
	assert_int_equal(timer_heap_first_us(heap), first ? first->at_us : INT64_MAX);
	for (uint32_t i = 1; i <= heap->n; i++) {
		uint32_t id = heap->slots[i].id;

		assert_int_equal(heap->places[id], i);
		assert_int_equal(heap->nodes[id]->id, id);
		assert_int_equal(heap->nodes[id]->at_us, heap->slots[i].at_us);
	}
	assert_in_range(heap->n_ids, heap->n, N); /* ids are used again */
}

static void test_random(void **state)
{
	static struct timer_node nodes[N];
	struct timer_heap heap = {0};
	unsigned int seed = 4711;

	(void)state;
	assert_int_equal(timer_heap_reserve(&heap, N), 0);
	for (int step = 0; step < STEPS; step++) {
		struct timer_node *node = &nodes[rand_r(&seed) % N];

		if (rand_r(&seed) % 3 == 0)
			timer_heap_remove(&heap, node);
		else
			timer_heap_set(&heap, node, rand_r(&seed) % 1000);
		if (step % 16 == 0)
			check(&heap, nodes);
	}
	timer_heap_deinit(&heap);
}

static void test_due(void **state)
{
	struct timer_node a = {0}, b = {0};
	struct timer_heap heap = {0};

	(void)state;
	assert_null(timer_heap_pop_due(&heap, INT64_MAX));
	assert_int_equal(timer_heap_reserve(&heap, 2), 0);
	timer_heap_set(&heap, &a, 200);
	timer_heap_set(&heap, &b, 100);
	assert_null(timer_heap_pop_due(&heap, 99));
	assert_ptr_equal(timer_heap_pop_due(&heap, 100), &b);
	assert_int_equal(b.id, 0);
	assert_null(timer_heap_pop_due(&heap, 199));
	timer_heap_set(&heap, &a, 50);
	assert_ptr_equal(timer_heap_pop_due(&heap, 60), &a);
	timer_heap_remove(&heap, &a); /* harmless */
	assert_null(timer_heap_first(&heap));
	timer_heap_deinit(&heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
