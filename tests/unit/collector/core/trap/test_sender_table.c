/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is remembered, why, in which order, and what a flood of addresses does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/trap/sender_table.h"

#include <cmocka.h>

static struct sender_table *make(size_t max)
{
	struct sender_table *table;

	assert_int_equal(sender_table_new(max, &table), 0);
	return table;
}

/* "source:count:refused:reason:first-last " of each, newest first. */
static const char *list(const struct sender_table *table, uint64_t before)
{
	static char buf[2048];
	size_t used = 0;

	buf[0] = '\0';
	for (const struct sender *s = sender_table_before(table, before); s;
	     s = sender_table_next(table, s))
		used += (size_t)snprintf(
			buf + used, sizeof(buf) - used, "%s:%llu:%llu:%s:%lld-%lld ", s->source,
			(unsigned long long)s->count, (unsigned long long)s->refused,
			sender_reason_name(s->reason), (long long)s->first_ms,
			(long long)s->last_ms);
	return buf;
}

static void test_order(void **state)
{
	struct sender_table *table = make(512);

	(void)state;
	assert_string_equal(list(table, 0), "");
	sender_table_note(table, "192.0.2.1", false, SENDER_BAD_COMMUNITY, 1000);
	sender_table_note(table, "2001:db8::9", false, SENDER_WRONG_KEY, 2000);
	sender_table_note(table, "192.0.2.1", false, SENDER_UNKNOWN_ADDRESS,
			  1500); /* the clock went back */
	assert_string_equal(list(table, 0), "192.0.2.1:2:1:unknown-address:1000-1500 "
					    "2001:db8::9:1:1:wrong-key:2000-2000 ");
	assert_int_equal(sender_table_n(table), 2);
	assert_int_equal(sender_table_dropped(table), 0);
	sender_table_free(table);
}

/* A page begins where the one before ended, whoever is heard of meanwhile. */
static void test_pages(void **state)
{
	struct sender_table *table = make(512);
	uint64_t turn;

	(void)state;
	sender_table_note(table, "a", false, SENDER_MALFORMED, 1);
	sender_table_note(table, "b", false, SENDER_MALFORMED, 2);
	sender_table_note(table, "c", false, SENDER_MALFORMED, 3);
	turn = sender_table_before(table, 0)->turn;
	assert_string_equal(list(table, turn), "b:1:1:malformed:2-2 a:1:1:malformed:1-1 ");
	sender_table_note(table, "d", false, SENDER_MALFORMED, 4);
	sender_table_note(table, "a", false, SENDER_MALFORMED, 5); /* goes to the first page */
	assert_string_equal(list(table, turn), "b:1:1:malformed:2-2 ");
	assert_string_equal(list(table, 1), "");
	assert_null(sender_table_before(table, 2)); /* a's old turn and what was before it */
	sender_table_free(table);
}

static void test_flood(void **state)
{
	struct sender_table *table = make(512);
	char source[32];
	uint64_t of_one = 0;
	size_t n = 0;

	(void)state;
	sender_table_note(table, "192.0.2.1", false, SENDER_BAD_COMMUNITY, 1);
	for (int i = 0; i < 100000; i++) {
		snprintf(source, sizeof(source), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		sender_table_note(table, source, false, SENDER_BAD_COMMUNITY, i);
		if (i % 100 == 0) /* who goes on is not forgotten */
			sender_table_note(table, "192.0.2.7", false, SENDER_WRONG_KEY, i);
	}
	assert_int_equal(sender_table_n(table), 512);
	assert_int_equal(sender_table_max(table), 512);
	assert_int_equal(sender_table_dropped(table), 100000 + 2 - 512);
	for (const struct sender *s = sender_table_before(table, 0); s;
	     s = sender_table_next(table, s)) {
		n++;
		if (strcmp(s->source, "192.0.2.7") == 0)
			of_one = s->count;
	}
	assert_int_equal(n, 512);
	assert_int_equal(of_one, 1000);
	sender_table_free(table);
}

/* A device whose key is wrong is not forgotten because others forge addresses. */
static void test_devices_stay(void **state)
{
	struct sender_table *table = make(3);
	char source[32];

	(void)state;
	sender_table_note(table, "192.0.2.1", true, SENDER_WRONG_KEY, 1);
	sender_table_note(table, "192.0.2.2", true, SENDER_WRONG_KEY, 2);
	for (int i = 0; i < 1000; i++) {
		snprintf(source, sizeof(source), "10.0.%d.%d", i >> 8, i & 255);
		sender_table_note(table, source, false, SENDER_BAD_COMMUNITY, 3);
	}
	assert_string_equal(list(table, 0), "10.0.3.231:1:1:bad-community:3-3 "
					    "192.0.2.2:1:1:wrong-key:2-2 "
					    "192.0.2.1:1:1:wrong-key:1-1 ");
	assert_int_equal(sender_table_dropped(table), 999);
	sender_table_note(table, "192.0.2.3", true, SENDER_WRONG_KEY, 4);
	sender_table_note(table, "10.0.0.1", false, SENDER_BAD_COMMUNITY, 5); /* no room */
	assert_int_equal(sender_table_dropped(table), 1001);
	sender_table_note(table, "192.0.2.4", true, SENDER_WRONG_KEY, 6);
	assert_string_equal(list(table, 0), "192.0.2.4:1:1:wrong-key:6-6 "
					    "192.0.2.3:1:1:wrong-key:4-4 "
					    "192.0.2.2:1:1:wrong-key:2-2 ");
	sender_table_free(table);
}

static void test_one_place(void **state)
{
	struct sender_table *table = make(0);
	char no_address[ENDPOINT_ADDRESS_SIZE + 1] = "";

	(void)state;
	memset(no_address, '1', ENDPOINT_ADDRESS_SIZE);
	sender_table_note(table, "a", false, SENDER_NO_OID, 1);
	sender_table_note(table, "b", false, SENDER_NO_OID, 2);
	sender_table_note(table, "b", false, SENDER_BAD_BINDINGS, 3);
	assert_string_equal(list(table, 0), "b:2:2:bad-bindings:2-3 ");
	assert_int_equal(sender_table_dropped(table), 1);
	sender_table_note(table, no_address, false, SENDER_NO_OID, 4);
	assert_string_equal(list(table, 0), "b:2:2:bad-bindings:2-3 ");
	sender_table_free(table);
}

static void test_accepted(void **state)
{
	struct sender_table *table = make(8);

	(void)state;
	sender_table_accepted(table, "a", 1); /* of whom nothing was wrong nothing is known */
	assert_int_equal(sender_table_n(table), 0);
	/* we started anew: it had our old time */
	sender_table_note(table, "a", false, SENDER_NOT_IN_WINDOW, 2);
	sender_table_note(table, "a", false, SENDER_NOT_IN_WINDOW, 3);
	sender_table_accepted(table, "a", 4);
	assert_int_equal(sender_table_n(table), 0);
	assert_int_equal(sender_table_dropped(table), 0);
	/* a wrong key that was put right is still told, and since when it is right */
	sender_table_note(table, "b", false, SENDER_WRONG_KEY, 5);
	sender_table_note(table, "b", false, SENDER_NOT_IN_WINDOW, 6);
	sender_table_accepted(table, "b", 7);
	assert_string_equal(list(table, 0), "b:2:2:not-in-window:5-6 ");
	assert_int_equal(sender_table_before(table, 0)->accepted_ms, 7);
	/* somebody repeats what it heard, again and again */
	for (int i = 0; i < 20; i++)
		sender_table_note(table, "c", false, SENDER_NOT_IN_WINDOW, 8);
	sender_table_accepted(table, "c", 9);
	assert_string_equal(list(table, 0), "c:20:20:not-in-window:8-8 b:2:2:not-in-window:5-6 ");
	sender_table_free(table);
}

static void test_restore(void **state)
{
	struct sender_table *table = make(8);

	(void)state;
	sender_table_restore(table, "a", 7, 100, 200);
	sender_table_restore(table, "b", 1, 300, 300);
	sender_table_note(table, "a", false, SENDER_NOT_IN_WINDOW, 400);
	sender_table_accepted(table, "a", 500);
	assert_string_equal(list(table, 0),
			    "a:8:1:not-in-window:100-400 b:1:0:unknown-address:300-300 ");
	sender_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),	  cmocka_unit_test(test_pages),
		cmocka_unit_test(test_flood),	  cmocka_unit_test(test_devices_stay),
		cmocka_unit_test(test_one_place), cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
