/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/engine/request_table: keys are found, unique, spread, and remembered when they end. */
#include <setjmp.h>
#include <stdarg.h>

#include "common/engine/request_table.h"

#include <cmocka.h>

enum { N = 5000 };

static void test_many(void **state)
{
	static struct request_node nodes[N];
	struct request_table table;
	uint32_t same_top = 0;

	(void)state;
	assert_int_equal(request_table_init(&table, 1), 0);
	for (int i = 0; i < N; i++)
		request_table_add(&table, &nodes[i]);
	assert_int_equal(table.n, N);
	assert_true(table.n_buckets >= N / 2);
	for (int i = 0; i < N; i++) {
		assert_ptr_equal(request_table_find(&table, nodes[i].key), &nodes[i]);
		assert_true(nodes[i].key < 1u << REQUEST_TABLE_KEY_BITS);
		if (i > 0 && nodes[i].key >> 20 == nodes[i - 1].key >> 20)
			same_top++;
	}
	assert_true(same_top < N / 10); /* 1 in 64 by chance: not counting up */
	for (int i = 0; i < N; i += 2)
		request_table_remove(&table, &nodes[i], REQUEST_ENDED_ANSWERED);
	for (int i = 0; i < N; i++)
		assert_ptr_equal(request_table_find(&table, nodes[i].key),
				 i % 2 ? &nodes[i] : NULL);
	request_table_deinit(&table);
}

static void test_ended(void **state)
{
	struct request_node a = {0}, b = {0};
	struct request_table table;

	(void)state;
	assert_int_equal(request_table_init(&table, 99), 0);
	request_table_add(&table, &a);
	request_table_add(&table, &b);
	assert_int_equal(request_table_ended(&table, a.key), REQUEST_ENDED_UNKNOWN);
	request_table_remove(&table, &a, REQUEST_ENDED_ANSWERED);
	request_table_remove(&table, &b, REQUEST_ENDED_SILENT);
	assert_int_equal(request_table_ended(&table, a.key), REQUEST_ENDED_ANSWERED);
	assert_int_equal(request_table_ended(&table, b.key), REQUEST_ENDED_SILENT);
	assert_int_equal(request_table_ended(&table, a.key ^ REQUEST_TABLE_MEMORY),
			 REQUEST_ENDED_UNKNOWN);
	request_table_deinit(&table);
}

static void test_wire_ids(void **state)
{
	struct request_node node = {.key = 0x2abcdef};
	unsigned int transmission;
	uint32_t key;

	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		uint32_t id = request_table_wire_id(&node, i);

		assert_true(id >= 1u << 30 && id < 1u << 31); /* 4 octets, positive */
		assert_int_equal(request_table_split(id, &key, &transmission), 0);
		assert_int_equal(key, node.key);
		assert_int_equal(transmission, i);
	}
	assert_true(request_table_split(0, &key, &transmission) < 0);
	assert_true(request_table_split(-1, &key, &transmission) < 0);
	assert_true(request_table_split(1 << 29, &key, &transmission) < 0);
	assert_true(request_table_split(1ll << 31, &key, &transmission) < 0);
	assert_true(request_table_split(INT64_MAX, &key, &transmission) < 0);
	assert_true(request_table_split(INT64_MIN, &key, &transmission) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_wire_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
