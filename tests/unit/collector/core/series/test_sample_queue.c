/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples that wait: in order, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/series/sample_queue.h"

#include <cmocka.h>

static void put(struct sample_queue *queue, int64_t time_ms)
{
	struct sample_queue_entry *entry = sample_queue_put(queue);

	assert_non_null(entry);
	entry->time_ms = time_ms;
	entry->value[0] = (double)time_ms;
	entry->value[queue->n_ds - 1] = (double)-time_ms;
}

static void test_order(void **state)
{
	struct sample_queue queue = {.n_ds = 3};

	(void)state;
	for (int i = 1; i <= 100; i++)
		put(&queue, i);
	sample_queue_drop(&queue, 40);
	assert_int_equal(queue.n, 60);
	for (size_t i = 0; i < queue.n; i++) {
		const struct sample_queue_entry *entry = sample_queue_at(&queue, i);

		assert_int_equal(entry->time_ms, 41 + (int64_t)i);
		assert_true(entry->value[0] == 41 + (double)i);
		assert_true(entry->value[2] == -41 - (double)i);
	}
	sample_queue_drop(&queue, 60);
	put(&queue, 7);
	assert_int_equal(sample_queue_at(&queue, 0)->time_ms, 7);
	sample_queue_clear(&queue);
}

static void test_bound(void **state)
{
	struct sample_queue queue = {.n_ds = 1};

	(void)state;
	for (int i = 0; i < SAMPLE_QUEUE_MAX; i++)
		put(&queue, i);
	assert_null(sample_queue_put(&queue));
	sample_queue_drop(&queue, 1);
	put(&queue, 1000);
	assert_int_equal(sample_queue_at(&queue, 0)->time_ms, 1);
	sample_queue_clear(&queue);
	assert_int_equal(queue.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
