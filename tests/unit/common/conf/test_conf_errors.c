/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/conf/conf_errors: bounded, countable, movable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "common/conf/conf_errors.h"

#include <cmocka.h>

static void test_bounded(void **state)
{
	struct conf_errors errors = {0};

	(void)state;
	for (int i = 0; i < 2 * CONF_ERRORS_MAX; i++)
		conf_errors_add(&errors, "line %d", i);
	assert_int_equal(errors.n, CONF_ERRORS_MAX);
	assert_int_equal(errors.dropped, CONF_ERRORS_MAX);
	assert_string_equal(errors.lines[CONF_ERRORS_MAX - 1], "line 199");
	conf_errors_deinit(&errors);
	assert_int_equal(errors.n, 0);
}

static void test_move(void **state)
{
	struct conf_errors a = {0}, b = {0};

	(void)state;
	conf_errors_add(&a, "a0");
	conf_errors_add(&b, "b0");
	conf_errors_add(&b, "b1");
	conf_errors_move(&a, &b, 1);
	assert_int_equal(a.n, 2);
	assert_string_equal(a.lines[1], "b1");
	assert_int_equal(b.n, 1);
	b.dropped = 7;
	conf_errors_move(&a, &b, 0);
	assert_int_equal(a.n, 3);
	assert_string_equal(a.lines[2], "b0");
	assert_int_equal(a.dropped, 7);
	assert_int_equal(b.n, 0);
	conf_errors_deinit(&a);
	conf_errors_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
