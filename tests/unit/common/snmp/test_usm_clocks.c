/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 3414 3.2 7 b: which message of another engine is of now, what moves its clock, and who
 * makes room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/snmp/snmp_credential.h"
#include "common/snmp/usm_clocks.h"

#include <cmocka.h>

#define S INT64_C(1000000)

static const uint8_t ROUTER[] = "\x80\0\0\0\1router";

static bool accept_at(struct usm_clocks *clocks, uint32_t boots, uint32_t time, int64_t now_s)
{
	return usm_clocks_accept(clocks, ROUTER, sizeof(ROUTER) - 1, boots, time, now_s * S) !=
	       USM_CLOCK_REFUSED;
}

static void test_window(void **state)
{
	static const struct {
		uint32_t boots, time;
		int64_t now_s;
		bool accepted;
	} CASES[] = {
		{3, 1000, 50, true},  /* heard of for the first time */
		{3, 1000, 50, true},  /* the same again: within the window it may be */
		{3, 1100, 150, true}, /* on time */
		{3, 950, 150, true},  /* 150 s late */
		{3, 949, 150, false}, /* 151 s */
		{3, 1099, 299, true}, /* the clock did not go back by those */
		{3, 1099, 301, false},	    {2, 999999, 301, false}, /* boots before */
		{3, 9999, 301, true}, /* it may be ahead, and moves the clock */
		{3, 9848, 301, false},	    {3, 9849, 301, true},
		{4, 0, 301, true},	    /* booted: its time is small again */
		{3, 99999, 301, false},	    /* and nothing of before counts */
		{INT32_MAX, 5, 302, false}, /* latched: nothing is authentic any more */
		{4, 0, 302, true},
	};
	struct usm_clocks *clocks;

	(void)state;
	assert_int_equal(usm_clocks_new(4, &clocks), 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		if (accept_at(clocks, CASES[i].boots, CASES[i].time, CASES[i].now_s) !=
		    CASES[i].accepted)
			fail_msg("case %zu", i);
	}
	usm_clocks_free(clocks);
}

static void test_each_engine_has_its_own(void **state)
{
	static const uint8_t SHORT[] = "\x80\0\0\0\1route"; /* begins like the other */
	struct usm_clocks *clocks;

	(void)state;
	assert_int_equal(usm_clocks_new(4, &clocks), 0);
	assert_true(accept_at(clocks, 9, 1000, 10));
	assert_true(usm_clocks_accept(clocks, SHORT, sizeof(SHORT) - 1, 1, 5, 10 * S));
	assert_false(accept_at(clocks, 1, 5, 10));
	assert_true(usm_clocks_accept(clocks, SHORT, sizeof(SHORT) - 1, 1, 5, 10 * S));
	usm_clocks_free(clocks);
}

/* Who was proved longest ago is forgotten; the others are not. */
static void test_room(void **state)
{
	static const uint8_t KEPT[] = {1, 3, 4};
	uint8_t id[] = {0x80, 0, 0, 0, 1, 0};
	struct usm_clocks *clocks;

	(void)state;
	assert_int_equal(usm_clocks_new(3, &clocks), 0);
	for (id[5] = 1; id[5] <= 3; id[5]++)
		assert_true(usm_clocks_accept(clocks, id, sizeof(id), 5, 100, id[5] * S));
	id[5] = 1;
	assert_true(usm_clocks_accept(clocks, id, sizeof(id), 5, 110, 11 * S));
	id[5] = 4; /* takes the place of 2 */
	assert_true(usm_clocks_accept(clocks, id, sizeof(id), 5, 100, 12 * S));
	for (size_t i = 0; i < sizeof(KEPT); i++) {
		id[5] = KEPT[i];
		assert_false(usm_clocks_accept(clocks, id, sizeof(id), 4, 0, 13 * S));
	}
	id[5] = 2;
	assert_true(usm_clocks_accept(clocks, id, sizeof(id), 4, 0, 13 * S));
	usm_clocks_free(clocks);
}

/* What was recorded before a restart is refused after it, however soon or late. */
static void test_restored(void **state)
{
	struct usm_clocks *clocks;

	(void)state;
	assert_int_equal(usm_clocks_new(4, &clocks), 0);
	usm_clocks_restore(clocks, ROUTER, sizeof(ROUTER) - 1, 3, 1000, 50 * S);
	assert_false(accept_at(clocks, 3, 1000, 50));
	assert_false(accept_at(clocks, 3, 999, 50));
	assert_false(accept_at(clocks, 2, 99999, 50));
	/* we were down for a second, or were it long and it sends its first now */
	assert_true(accept_at(clocks, 3, 1001, 5000));
	assert_true(accept_at(clocks, 3, 900, 5000)); /* from now on as always: late by 101 s */
	usm_clocks_restore(clocks, ROUTER, sizeof(ROUTER) - 1, 3, 1000, 50 * S);
	assert_true(accept_at(clocks, 4, 0, 50));
	usm_clocks_free(clocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_each_engine_has_its_own),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
