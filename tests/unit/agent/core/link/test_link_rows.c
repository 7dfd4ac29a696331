/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links kept in the order of their index, beside the rows that SNMP serves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "agent/core/link/link_rows.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

#define MAX 4

static const struct mib_sizes SIZES = {.max_links = MAX, .max_events = 1, .hist_minutes = 1};

struct fixture {
	struct test_memory memory;
	struct link_rows rows;
};

static int setup(void **state)
{
	static struct fixture f;

	test_memory_init(&f.memory, &SIZES);
	assert_int_equal(link_rows_init(&f.rows, &f.memory.data), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	link_rows_deinit(&f->rows);
	test_memory_deinit(&f->memory);
	return 0;
}

static struct link *insert(struct fixture *f, uint32_t if_index)
{
	struct link *link = link_rows_insert(&f->rows, if_index);

	assert_non_null(link);
	snprintf(link->row->name, sizeof(link->row->name), "eth%u", if_index);
	return link;
}

/* The rows are of these indexes, and each is beside its link. */
static void check(const struct fixture *f, const uint32_t *indexes, uint32_t n)
{
	const struct mib_link *rows = f->memory.data.links;

	assert_int_equal(f->rows.n, n);
	assert_int_equal(f->memory.data.head->n_links, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(rows[i].if_index, indexes[i]);
		assert_ptr_equal(f->rows.order[i]->row, &rows[i]);
	}
}

static void comes_to_its_place(void **state)
{
	struct fixture *f = *state;
	struct link *seven = insert(f, 7), *three = insert(f, 3), *five = insert(f, 5);

	check(f, (uint32_t[]){3, 5, 7}, 3);
	assert_ptr_equal(link_rows_find(&f->rows, 5), five);
	assert_string_equal(five->row->name, "eth5");
	assert_null(link_rows_find(&f->rows, 4));
	assert_null(link_rows_find(&f->rows, 8));
	link_rows_drop(&f->rows, five);
	check(f, (uint32_t[]){3, 7}, 2);
	assert_string_equal(seven->row->name, "eth7");
	assert_string_equal(three->row->name, "eth3");
	assert_null(link_rows_find(&f->rows, 5));
}

static void found_in_any_order(void **state)
{
	static const uint32_t ASKED[] = {2, 3, 4, 9, 9, 2, 5, 3, 1, 4};
	struct fixture *f = *state;

	for (uint32_t i = 2; i < 2 + MAX; i++)
		insert(f, i == 5 ? 9 : i);
	for (size_t i = 0; i < sizeof(ASKED) / sizeof(ASKED[0]); i++)
		assert_ptr_equal(link_rows_find_next(&f->rows, ASKED[i]),
				 link_rows_find(&f->rows, ASKED[i]));
}

static void found_by_name(void **state)
{
	struct fixture *f = *state;
	struct link *link = insert(f, 3);

	insert(f, 4);
	assert_ptr_equal(link_rows_find_name(&f->rows, "eth3", NULL), link);
	assert_null(link_rows_find_name(&f->rows, "eth3", link));
	assert_null(link_rows_find_name(&f->rows, "eth5", NULL));
}

/* No two links share a struct or a day, whatever came and went before. */
static void serves_again_what_is_free(void **state)
{
	struct fixture *f = *state;

	for (uint32_t i = 1; i <= MAX; i++)
		insert(f, i);
	assert_null(link_rows_insert(&f->rows, 9));
	check(f, (uint32_t[]){1, 2, 3, 4}, MAX);
	link_rows_drop(&f->rows, link_rows_find(&f->rows, 2));
	link_rows_drop(&f->rows, link_rows_find(&f->rows, 3));
	insert(f, 9);
	insert(f, 8);
	check(f, (uint32_t[]){1, 4, 8, 9}, MAX);
	for (uint32_t i = 0; i < MAX; i++) {
		for (uint32_t j = 0; j < i; j++) {
			assert_ptr_not_equal(f->rows.order[i], f->rows.order[j]);
			assert_ptr_not_equal(f->rows.order[i]->rate.day,
					     f->rows.order[j]->rate.day);
		}
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(comes_to_its_place),
		TEST(found_in_any_order),
		TEST(found_by_name),
		TEST(serves_again_what_is_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
