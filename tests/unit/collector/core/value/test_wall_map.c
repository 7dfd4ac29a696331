/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample time while the wall clock is set: forward at once, back without running back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/value/wall_map.h"

#include <cmocka.h>

#define S    INT64_C(1000000)
#define MIN  (60 * S)
#define WALL 1700000000000

static void test_follows(void **state)
{
	struct wall_map map = {0};

	(void)state;
	wall_map_update(&map, 5 * S, WALL);
	assert_int_equal(wall_map_ms(&map, 5 * S), WALL);
	assert_int_equal(wall_map_ms(&map, 4 * S), WALL - 1000);
	wall_map_update(&map, 15 * S, WALL + 10000);
	assert_int_equal(wall_map_ms(&map, 16 * S), WALL + 11000);
	assert_int_equal(map.steps, 0);
}

static void test_step_forward(void **state)
{
	struct wall_map map = {0};

	(void)state;
	wall_map_update(&map, 0, WALL);
	wall_map_update(&map, 10 * S, WALL + 10000 + 3600000);
	assert_int_equal(wall_map_ms(&map, 10 * S), WALL + 10000 + 3600000);
	assert_int_equal(map.steps, 1);
}

static void test_step_back(void **state)
{
	struct wall_map map = {0};
	int64_t last = 0, now;

	(void)state;
	wall_map_update(&map, 0, WALL + 600000);
	for (int i = 1; i <= 800; i++) { /* ten minutes back; caught up after 100 */
		wall_map_update(&map, i * 10 * S, WALL + i * 10000);
		now = wall_map_ms(&map, i * 10 * S);
		assert_true(now > last);
		last = now;
	}
	assert_int_equal(last, WALL + 8000000);
	assert_int_equal(map.steps, 1);
}

static void test_wild_step_back(void **state)
{
	struct wall_map map = {0};

	(void)state;
	wall_map_update(&map, 0, WALL + 86400000);
	wall_map_update(&map, 10 * S, WALL);
	assert_int_equal(wall_map_ms(&map, 10 * S), WALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_step_forward),
		cmocka_unit_test(test_step_back),
		cmocka_unit_test(test_wild_step_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
