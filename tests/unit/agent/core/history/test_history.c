/* SPDX-License-Identifier: GPL-3.0-or-later */
/* History rings: positions, take-over, damage, a clock that is set; and the walks over them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/history/history.h"
#include "common/base/cleanup.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

enum { MINUTES = 60, M = 29800000, EPOCH = 5 };

static const struct mib_sizes SIZES = {
	.max_links = 4, .max_paths = 2, .max_events = 4, .hist_minutes = MINUTES};

static struct mib_hist_row row(uint32_t minute, uint32_t epoch)
{
	return (struct mib_hist_row){
		.minute = minute, .in_octets = minute * UINT64_C(10), .epoch_id = epoch};
}

static void start(struct test_memory *m)
{
	test_memory_init(m, &SIZES);
	assert_int_equal(history_adopt(&m->data, M, EPOCH), HISTORY_NEW);
}

static void fill(struct test_memory *m, const char *name, uint32_t if_index, uint32_t from,
		 uint32_t to)
{
	uint16_t slot = history_slot(&m->data, name);

	for (uint32_t minute = from; minute <= to; minute++) {
		struct mib_hist_row r = row(minute, EPOCH);

		history_put(&m->data, slot, &r);
	}
	history_show(&m->data, slot, if_index);
}

/* All rows in SNMP order, as "ifIndex:first-last ..." of minutes without a hole. */
static const char *walk(const struct test_memory *m)
{
	static char text[256];
	uint32_t if_index = 0, minute = 0, first = 0, last = 0, of = 0;
	size_t at = 0;

	text[0] = '\0';
	for (;;) {
		const struct mib_hist_row *r =
			mib_data_hist_at(&m->data, if_index, minute, &if_index, NULL);

		if (of && (!r || if_index != of || r->minute != last + 1))
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%u:%d-%d ", of,
					       (int)(first - M), (int)(last - M));
		if (!r)
			return text;
		if (if_index != of || r->minute != last + 1)
			first = r->minute;
		of = if_index;
		last = r->minute;
		minute = r->minute + 1;
	}
}

static void a_walk_goes_by_link_then_minute(void **state)
{
	struct test_memory m;

	(void)state;
	start(&m);
	fill(&m, "wan0", 9, M, M + 3);
	fill(&m, "lan0", 2, M + 1, M + 2);
	fill(&m, "wan0", 9, M + 6, M + 7);
	assert_string_equal(walk(&m), "2:1-2 9:0-3 9:6-7 ");
	assert_non_null(mib_data_hist(&m.data, 9, M + 6, NULL));
	assert_null(mib_data_hist(&m.data, 9, M + 5, NULL));
	assert_null(mib_data_hist(&m.data, 9, M + 6 + MINUTES, NULL));
	assert_null(mib_data_hist(&m.data, 3, M, NULL));
	test_memory_deinit(&m);
}

static void the_ring_gives_up_the_oldest(void **state)
{
	struct test_memory m;

	(void)state;
	start(&m);
	fill(&m, "wan0", 9, M, M + 200);
	assert_string_equal(walk(&m), "9:141-200 ");
	fill(&m, "wan0", 9, M + 500, M + 500); /* the agent was away for long */
	assert_string_equal(walk(&m), "9:500-500 ");
	test_memory_deinit(&m);
}

static void a_name_keeps_its_ring_under_another_index(void **state)
{
	struct test_memory m;
	uint16_t wan;

	(void)state;
	start(&m);
	fill(&m, "wan0", 9, M, M + 1);
	fill(&m, "lan0", 3, M, M + 1);
	wan = history_slot(&m.data, "wan0");
	history_show(&m.data, wan, 3); /* lan0 is gone and its index is wan0's now */
	assert_string_equal(walk(&m), "3:0-1 ");
	assert_int_equal(history_slot(&m.data, "wan0"), wan);
	test_memory_deinit(&m);
}

static void the_least_recent_absent_link_makes_room(void **state)
{
	struct test_memory m;
	uint16_t b;

	(void)state;
	start(&m);
	fill(&m, "a", 1, M, M + 9);
	fill(&m, "b", 2, M, M + 1);
	fill(&m, "c", 3, M, M);
	fill(&m, "d", 4, M, M + 8);
	strcpy(m.data.links[0].name, "c"); /* present */
	m.data.head->n_links = 1;
	b = history_find(&m.data, "b");
	assert_int_equal(history_slot(&m.data, "new"), b);
	assert_string_equal(walk(&m), "1:0-9 3:0-0 4:0-8 ");
	test_memory_deinit(&m);
}

static void a_restart_takes_over_what_is_whole(void **state)
{
	struct test_memory m;
	uint16_t slot;

	(void)state;
	start(&m);
	fill(&m, "wan0", 9, M - 10, M + 3);
	slot = history_find(&m.data, "wan0");
	m.data.slots[slot].kernel_index = 9;
	m.data.slots[slot].carrier_downs = 4;
	m.data.rows[slot * MINUTES + (M - 5) % MINUTES].in_octets ^= 1; /* torn */
	m.data.slots[slot].last = 0xffffffff;				/* rotten */
	assert_int_equal(history_adopt(&m.data, M, EPOCH), HISTORY_KEPT);
	assert_string_equal(walk(&m), "9:-10--6 9:-4-0 "); /* later than now: a wrong clock's */
	assert_int_equal(m.data.slots[slot].carrier_downs, 4);
	assert_int_equal(history_adopt(&m.data, M, EPOCH + 1), HISTORY_KEPT);
	assert_int_equal(m.data.slots[slot].carrier_downs, 0); /* another boot's counters */
	m.data.hist_head->hist_minutes = 7;
	assert_int_equal(history_adopt(&m.data, M, EPOCH), HISTORY_FOREIGN);
	test_memory_deinit(&m);
}

static const struct {
	int32_t shift;
	const char *after;
} SHIFTS[] = {
	{0, "9:0-19 "},
	{1, "9:1-20 "},
	{-1, "9:-1-18 "},
	{60, "9:60-79 "},
	{61, "9:61-80 "},
	{-1000, "9:-1000--981 "},
	{100000, "9:100000-100019 "},
};

static void a_set_clock_moves_the_minutes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SHIFTS); i++) {
		struct test_memory m;

		start(&m);
		fill(&m, "wan0", 9, M, M + 19);
		assert_int_equal(history_shift(&m.data, SHIFTS[i].shift, EPOCH), 0);
		assert_string_equal(walk(&m), SHIFTS[i].after);
		assert_int_equal(
			mib_data_hist(&m.data, 9, (uint32_t)(M + 3 + SHIFTS[i].shift), NULL)
				->in_octets,
			(M + 3) * UINT64_C(10));
		test_memory_deinit(&m);
	}
}

/* A router without a clock: minutes of 1970, then the time comes. Yesterday's stay. */
static void a_boot_in_1970_does_not_poison(void **state)
{
	struct test_memory m;
	struct mib_hist_row old = row(M, EPOCH - 1);
	uint16_t slot;

	(void)state;
	start(&m);
	slot = history_slot(&m.data, "wan0");
	history_put(&m.data, slot, &old);
	fill(&m, "wan0", 9, 1, 5);
	assert_int_equal(history_shift(&m.data, M + 10, EPOCH), 0);
	assert_string_equal(walk(&m), "9:0-0 9:11-15 ");
	test_memory_deinit(&m);
}

static void paths_have_rings_too(void **state)
{
	struct mib_path_row r = {.minute = M, .sent = 60, .epoch_id = EPOCH};
	struct test_memory m;
	uint32_t index = 0;

	(void)state;
	start(&m);
	m.data.head->n_paths = 2;
	m.data.paths[0].index = 1;
	m.data.paths[1].index = 2;
	history_put_path(&m.data, 1, &r);
	r.minute = M + 4;
	history_put_path(&m.data, 1, &r);
	assert_int_equal(mib_data_path_hist_at(&m.data, 0, 0, &index)->minute, M);
	assert_int_equal(index, 2);
	assert_int_equal(mib_data_path_hist_at(&m.data, 2, M + 1, &index)->minute, M + 4);
	assert_null(mib_data_path_hist_at(&m.data, 2, M + 5, &index));
	assert_null(mib_data_path_hist(&m.data, 1, M));
	assert_int_equal(history_shift(&m.data, 7, EPOCH), 0);
	assert_int_equal(mib_data_path_hist(&m.data, 2, M + 11)->sent, 60);
	m.data.path_rows[MINUTES + (M + 11) % MINUTES].lost = 9; /* torn */
	assert_null(mib_data_path_hist(&m.data, 2, M + 11));
	test_memory_deinit(&m);
}

/* Whatever is in the file: no crash, no endless walk, and rows that are whole. */
/* Four places; whichever of six paths the configuration has in whatever order, each finds the rows
 * that it wrote last, unless it was away while its ring was needed: then none. Never another's. */
static void rings_of_paths_go_with_their_names(void **state)
{
	static const char *const NAMES[] = {"noc",
					    "noc 2",
					    "gateway",
					    "dns",
					    "a-name-of-sixteen-octets-or-more-a",
					    "a-name-of-sixteen-octets-or-more-b"};
	const struct mib_sizes sizes = {
		.max_links = 1, .max_paths = 4, .max_events = 4, .hist_minutes = MINUTES};
	uint32_t wrote[ARRAY_LEN(NAMES)] = {0};
	struct test_memory m;

	(void)state;
	test_memory_init(&m, &sizes);
	assert_int_equal(history_adopt(&m.data, M, EPOCH), HISTORY_NEW);
	srand(11);
	for (uint32_t minute = M; minute < M + 50; minute++) {
		uint32_t ids[4], who[4], n = (uint32_t)(1 + rand() % 4);

		for (uint32_t i = 0; i < n; i++) {
			bool twice = false;

			who[i] = (uint32_t)rand() % ARRAY_LEN(NAMES);
			ids[i] = history_path_id(NAMES[who[i]]);
			for (uint32_t k = 0; k < i; k++)
				twice |= ids[k] == ids[i];
			i -= twice;
		}
		history_claim_paths(&m.data, ids, n);
		m.data.head->n_paths = n;
		for (uint32_t i = 0; i < n; i++) {
			struct mib_path_row r = {
				.minute = minute, .sent = who[i], .epoch_id = EPOCH};
			const struct mib_path_row *found, *any;
			uint32_t index = 0;

			m.data.paths[i].index = i + 1;
			found = mib_data_path_hist(&m.data, i + 1, wrote[who[i]]);
			any = mib_data_path_hist_at(&m.data, i + 1, 0, &index);
			if (found)
				assert_int_equal(found->sent, who[i]);
			else
				assert_true(!any || index != i + 1);
			if (minute > M && wrote[who[i]] == minute - 1)
				assert_non_null(found);
			history_put_path(&m.data, i, &r);
		}
		for (uint32_t i = 0; i < n; i++)
			wrote[who[i]] = minute;
	}
	test_memory_deinit(&m);
}

/* fill(), with rows that know their monotonic time: minute M is at an hour. */
static int64_t us_of(uint32_t minute)
{
	return ((int64_t)minute - M + 60) * 60000000;
}

static void fill_timed(struct test_memory *m, const char *name, uint32_t if_index, uint32_t from,
		       uint32_t to, uint32_t epoch)
{
	uint16_t slot = history_slot(&m->data, name);

	for (uint32_t minute = from; minute <= to; minute++) {
		struct mib_hist_row r = row(minute, epoch);

		r.sample_us = us_of(minute);
		history_put(&m->data, slot, &r);
	}
	history_show(&m->data, slot, if_index);
	m->data.slots[slot].state_since_ms = M * INT64_C(60000) + 7;
}

static void a_clock_set_while_no_agent_was_there_moves_the_minutes(void **state)
{
	static const struct {
		int64_t step_ms;
		int32_t minutes;
		const char *walk;
	} CASES[] = {
		{0, 0, "9:1-10 "},
		{29000, 0, "9:1-10 "}, /* less than a minute's half */
		{-29000, 0, "9:1-10 "},
		{31000, 1, "9:2-11 "},
		{120 * 60000, 120, "9:121-130 "},
		{-60 * 60000, -60, "9:-59--50 "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct stamp now = {.us = us_of(M + 10) + 45000000,
					  .wall_ms = (M + 10) * INT64_C(60000) + 45000 +
						     CASES[i].step_ms};
		struct test_memory m;
		int32_t minutes = 77;

		start(&m);
		fill_timed(&m, "wan0", 9, M + 1, M + 10, EPOCH);
		assert_int_equal(history_redate(&m.data, EPOCH, &now, &minutes), 0);
		assert_int_equal(minutes, CASES[i].minutes);
		assert_int_equal(history_adopt(&m.data, (uint32_t)(now.wall_ms / 60000), EPOCH),
				 HISTORY_KEPT);
		assert_string_equal(walk(&m), CASES[i].walk);
		assert_int_equal(m.data.slots[history_find(&m.data, "wan0")].state_since_ms,
				 (M + CASES[i].minutes) * INT64_C(60000) + 7);
		test_memory_deinit(&m);
	}
}

static void rows_of_another_boot_or_time_say_nothing_of_the_clock(void **state)
{
	const struct stamp now = {.us = us_of(M + 10), .wall_ms = (M + 500) * INT64_C(60000)};
	struct test_memory m;
	int32_t minutes;

	(void)state;
	start(&m);
	assert_int_equal(history_redate(&m.data, EPOCH, &now, &minutes), 0);
	assert_int_equal(minutes, 0);
	fill_timed(&m, "wan0", 9, M + 1, M + 5, EPOCH + 1);
	fill_timed(&m, "lan0", 3, M + 11, M + 12, EPOCH); /* sampled later than now */
	assert_int_equal(history_redate(&m.data, EPOCH, &now, &minutes), 0);
	assert_int_equal(minutes, 0);
	assert_string_equal(walk(&m), "3:11-12 9:1-5 ");
	test_memory_deinit(&m);
}

static void any_rubbish_is_borne(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 50; seed++) {
		struct test_memory m;
		int32_t minutes;
		uint8_t *octets;

		start(&m);
		fill(&m, "wan0", 9, M, M + 50);
		fill(&m, "lan0", 3, M, M + 50);
		octets = m.hist;
		srand(seed);
		for (int i = 0; i < 2000; i++)
			octets[sizeof(struct mib_hist_head) +
			       (size_t)rand() % (mib_hist_size(&SIZES) -
						 sizeof(struct mib_hist_head))] = (uint8_t)rand();
		walk(&m);
		assert_int_equal(history_redate(&m.data, EPOCH,
						&(struct stamp){.us = 1, .wall_ms = 1}, &minutes),
				 0);
		assert_int_equal(history_adopt(&m.data, M + 20, EPOCH), HISTORY_KEPT);
		walk(&m);
		test_memory_deinit(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_goes_by_link_then_minute),
		cmocka_unit_test(the_ring_gives_up_the_oldest),
		cmocka_unit_test(a_name_keeps_its_ring_under_another_index),
		cmocka_unit_test(the_least_recent_absent_link_makes_room),
		cmocka_unit_test(a_restart_takes_over_what_is_whole),
		cmocka_unit_test(a_set_clock_moves_the_minutes),
		cmocka_unit_test(a_boot_in_1970_does_not_poison),
		cmocka_unit_test(paths_have_rings_too),
		cmocka_unit_test(rings_of_paths_go_with_their_names),
		cmocka_unit_test(a_clock_set_while_no_agent_was_there_moves_the_minutes),
		cmocka_unit_test(rows_of_another_boot_or_time_say_nothing_of_the_clock),
		cmocka_unit_test(any_rubbish_is_borne),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
