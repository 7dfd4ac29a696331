/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a plain model: what was added lately is known, what is older is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/core/trap/recent_keys.h"

#include <cmocka.h>

static void test_add_find_remove(void **state)
{
	struct recent_keys *keys;
	int thing;

	(void)state;
	assert_int_equal(recent_keys_new(4, &keys), 0);
	assert_null(recent_keys_find(keys, 5, 0));
	recent_keys_add(keys, 5, &thing, INT64_MAX);
	assert_ptr_equal(*recent_keys_find(keys, 5, 0), &thing);
	*recent_keys_find(keys, 5, 0) = NULL;
	assert_non_null(recent_keys_find(keys, 5, 0));
	assert_null(*recent_keys_find(keys, 5, 0));
	recent_keys_remove(keys, 5);
	assert_null(recent_keys_find(keys, 5, 0));
	recent_keys_remove(keys, 5);
	recent_keys_add(keys, 0, &thing, INT64_MAX);
	assert_null(recent_keys_find(keys, 0, 0));
	recent_keys_free(keys);
}

static void test_oldest_is_forgotten(void **state)
{
	struct recent_keys *keys;

	(void)state;
	assert_int_equal(recent_keys_new(4, &keys), 0);
	for (uint64_t k = 1; k <= 5; k++)
		recent_keys_add(keys, k, NULL, INT64_MAX);
	assert_null(recent_keys_find(keys, 1, 0));
	for (uint64_t k = 2; k <= 5; k++)
		assert_non_null(recent_keys_find(keys, k, 0));
	recent_keys_free(keys);
}

/* Keys that collide in the table, removed and added in any order; the seed is printed on failure. */
static void test_random_against_model(void **state)
{
	enum { CAPACITY = 16, STEPS = 20000 };
	uint64_t ring[CAPACITY] = {0};
	struct recent_keys *keys;
	size_t next = 0;

	(void)state;
	srand(4711);
	assert_int_equal(recent_keys_new(CAPACITY, &keys), 0);
	for (int step = 0; step < STEPS; step++) {
		/* few values of the low bits: long probe sequences */
		uint64_t key = (uint64_t)(rand() % 8) << 32 | (uint64_t)(rand() % 4 + 1);
		size_t at = CAPACITY;

		for (size_t i = 0; i < CAPACITY; i++) {
			if (ring[i] == key)
				at = i;
		}
		assert_int_equal(recent_keys_find(keys, key, 0) != NULL, at != CAPACITY);
		if (at != CAPACITY) {
			recent_keys_remove(keys, key);
			ring[at] = 0;
		} else {
			recent_keys_add(keys, key, NULL, INT64_MAX);
			ring[next] = key;
			next = (next + 1) % CAPACITY;
		}
	}
	recent_keys_free(keys);
}

/* Known until its time, but as long as it carries something; then it may come anew. */
static void test_until(void **state)
{
	struct recent_keys *keys;
	int thing;

	(void)state;
	assert_int_equal(recent_keys_new(4, &keys), 0);
	recent_keys_add(keys, 5, NULL, 1000);
	recent_keys_add(keys, 6, &thing, 1000);
	recent_keys_add(keys, 7, NULL, INT64_MAX);
	assert_non_null(recent_keys_find(keys, 5, 999));
	assert_null(recent_keys_find(keys, 5, 1000));
	assert_null(recent_keys_find(keys, 5, 999)); /* forgotten for good */
	assert_ptr_equal(*recent_keys_find(keys, 6, 5000), &thing);
	*recent_keys_find(keys, 6, 5000) = NULL;
	assert_null(recent_keys_find(keys, 6, 5000));
	recent_keys_add(keys, 5, NULL, 9000);
	/* its first place in the ring is another's by now */
	recent_keys_add(keys, 8, NULL, INT64_MAX);
	recent_keys_add(keys, 9, NULL, INT64_MAX);
	assert_non_null(recent_keys_find(keys, 5, 8999));
	assert_non_null(recent_keys_find(keys, 7, INT64_MAX - 1));
	recent_keys_free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_find_remove),
		cmocka_unit_test(test_oldest_is_forgotten),
		cmocka_unit_test(test_random_against_model),
		cmocka_unit_test(test_until),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
