/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates, means, peaks and percentiles from counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/link/link_rate.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static struct link_counters octets(uint64_t in, uint64_t out)
{
	return (struct link_counters){.in_octets = in, .out_octets = out};
}

static struct link_rate *new_rate(void)
{
	struct link_rate *rate = calloc(1, sizeof(*rate));

	link_rate_init(rate, calloc(1, sizeof(*rate->day)));
	return rate;
}

static void free_rate(struct link_rate *rate)
{
	free(rate->day);
	free(rate);
}

static const struct {
	uint64_t octets;
	int64_t span_us;
	uint64_t bps;
} RATES[] = {
	{0, 1000000, 0},
	{125000, 1000000, 1000000},
	{125000, 1001000, 999001},
	{1, 1000000, 8},
	{125000, 500000, 2000000},
	{1250000000, 1000000, UINT64_C(10000000000)},
	{100, 0, 0},
	{100, -5, 0},
	{UINT64_C(50000000000), 1000000, UINT64_C(400000000000)},
};

static void a_rate_is_bits_over_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(RATES); i++)
		assert_int_equal(link_rate_bps(RATES[i].octets, RATES[i].span_us), RATES[i].bps);
}

static void put(struct link_rate *rate, struct mib_link *row, struct link_counters c, bool goes_on)
{
	row->sample_us += 1000000;
	assert_int_equal(link_rate_sample(rate, &c, row->sample_us, row), goes_on);
}

static uint64_t unicast(const struct mib_link *row)
{
	return row->counters.in_packets - row->counters.in_multicast;
}

/* Drivers update packets and multicast at moments of their own. */
static void unicast_is_never_negative_and_never_goes_back(void **state)
{
	struct mib_link row = {0};
	struct link_rate *rate = new_rate();

	(void)state;
	put(rate, &row, (struct link_counters){.in_packets = 1000, .in_multicast = 1001}, true);
	assert_int_equal(unicast(&row), 0);
	put(rate, &row, (struct link_counters){.in_packets = 1010, .in_multicast = 1001}, true);
	assert_int_equal(unicast(&row), 9);
	put(rate, &row, (struct link_counters){.in_packets = 1010, .in_multicast = 1005}, true);
	assert_int_equal(unicast(&row), 9);
	assert_int_equal(row.counters.in_multicast, 1001);
	put(rate, &row, (struct link_counters){.in_packets = 1020, .in_multicast = 1008}, true);
	assert_int_equal(unicast(&row), 12);
	assert_int_equal(row.counters.in_multicast, 1008);
	put(rate, &row, (struct link_counters){.in_packets = 3, .in_multicast = 2}, false);
	assert_int_equal(unicast(&row), 1);
	free_rate(rate);
}

/* Each counter that is served, whatever the others do. */
static void any_counter_that_goes_back_is_a_discontinuity(void **state)
{
	static const struct link_counters FULL = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
	struct mib_link row = {0};
	struct link_rate *rate = new_rate();

	(void)state;
	for (size_t i = 0; i < sizeof(FULL) / sizeof(uint64_t); i++) {
		struct link_counters less = FULL;

		((uint64_t *)&less)[i] = 8;
		link_rate_discontinuity(rate);
		put(rate, &row, FULL, true);
		put(rate, &row, FULL, true);
		put(rate, &row, less, false);
	}
	free_rate(rate);
}

static void a_minute_has_mean_and_peak(void **state)
{
	struct mib_link row = {.capacity_kbps = 10000};
	struct link_rate *rate = new_rate();
	struct link_counters c;
	uint64_t in = 1000;

	(void)state;
	for (int s = 0; s <= 60; s++) {
		if (s)
			in += s == 30 ? 1250000 : 125000; /* 1 Mbit/s, one second of 10 */
		c = octets(in, 5);
		assert_true(link_rate_sample(rate, &c, INT64_C(1000000) * (s + 1), &row));
		if (s == 30)
			assert_int_equal(row.in_util_permille, 1000);
	}
	assert_int_equal(row.in_rate_bps, 1000000);
	assert_int_equal(row.in_util_permille, 100);
	assert_int_equal(row.in_peak_bps, 0); /* of the last whole minute: there was none */
	link_rate_minute(rate, &row);
	assert_int_equal(row.in_peak_bps, 10000000);
	assert_int_equal(row.in_mean_bps, 1150000);
	assert_int_equal(row.out_mean_bps, 0);
	link_rate_minute(rate, &row);
	assert_int_equal(row.in_peak_bps, 0); /* the next begins afresh */
	free_rate(rate);
}

static void a_counter_that_went_back_gives_no_number(void **state)
{
	struct link_counters first = octets(UINT64_C(1) << 40, 7), second = octets(100, 8),
			     third = octets(1100, 8);
	struct link_rate *rate = new_rate();
	struct mib_link row = {0};

	(void)state;
	assert_true(link_rate_sample(rate, &first, 1000000, &row));
	assert_false(link_rate_sample(rate, &second, 2000000, &row));
	assert_int_equal(row.in_rate_bps, 0);
	assert_int_equal(row.counters.in_octets, 100);
	assert_true(link_rate_sample(rate, &third, 3000000, &row));
	assert_int_equal(row.in_rate_bps, 8000);
	link_rate_minute(rate, &row);
	assert_int_equal(row.in_peak_bps, 8000);
	assert_int_equal(row.in_mean_bps, 8000);
	free_rate(rate);
}

static void without_capacity_the_speed_counts(void **state)
{
	struct link_counters a = octets(0, 0), b = octets(125000, 12500000);
	struct link_rate *rate = new_rate();
	struct mib_link row = {.speed_kbps = 100000};

	(void)state;
	link_rate_sample(rate, &a, 1000000, &row);
	link_rate_sample(rate, &b, 2000000, &row);
	assert_int_equal(row.in_util_permille, 10);
	assert_int_equal(row.out_util_permille, 1000);
	row.speed_kbps = 0;
	b = octets(250000, 0);
	link_rate_sample(rate, &b, 3000000, &row);
	assert_int_equal(row.in_util_permille, 0);
	free_rate(rate);
}

/* Against a sort of all values, for every number of values of a day. */
static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void the_percentile_is_that_of_a_sort(void **state)
{
	uint64_t values[DAY_RATES_MAX];
	struct day_rates p;

	(void)state;
	day_rates_reset(&p);
	assert_int_equal(day_rates_p95(&p), 0);
	srand(7);
	for (uint32_t n = 0; n < DAY_RATES_MAX; n++) {
		values[n] = (uint64_t)(rand() % 1000000) * 1000;
		day_rates_add(&p, values[n]);
		qsort(values, n + 1, sizeof(values[0]), by_value);
		assert_int_equal(day_rates_p95(&p), values[(95 * (n + 1) + 99) / 100 - 1]);
	}
	day_rates_add(&p, 5); /* a 289th is left out */
	assert_int_equal(p.n, DAY_RATES_MAX);
	assert_int_equal(day_rates_p95(&p), values[273]);
}

static void five_minutes_count_when_most_of_them_was_seen(void **state)
{
	struct link_counters a = octets(0, 0), b = octets(37500000, 0),
			     c = octets(37500000 + 1500, 0);
	struct link_rate *rate = new_rate();
	struct mib_link row = {0};

	(void)state;
	link_rate_sample(rate, &a, 1000000, &row);
	link_rate_sample(rate, &b, 301000000, &row);
	link_rate_five(rate, &row);
	assert_int_equal(row.in_p95_bps, 1000000);
	link_rate_discontinuity(rate);
	link_rate_sample(rate, &b, 400000000, &row);
	link_rate_sample(rate, &c, 500000000, &row); /* 100 of 300 seconds */
	link_rate_five(rate, &row);
	assert_int_equal(rate->day->in.n, 1);
	link_rate_day(rate, &row);
	assert_int_equal(row.in_p95_bps, 0);
	free_rate(rate);
}

/* A day of minutes, the agent restarted in the middle: the same percentile as without. */
static void a_restart_goes_on_with_the_day(void **state)
{
	struct link_rate *whole = new_rate(), *again = new_rate();
	struct mib_link row = {0}, row_again = {0};
	struct link_counters c = {0};

	(void)state;
	srand(11);
	for (uint32_t minute = 600; minute <= 900; minute++) {
		int64_t now_us = minute * INT64_C(60000000);
		struct mib_hist_row hist;

		c.in_octets += (uint64_t)(rand() % 10000000);
		link_rate_sample(whole, &c, now_us, &row);
		link_rate_minute(whole, &row);
		if (minute % 5 == 0)
			link_rate_five(whole, &row);
		hist = (struct mib_hist_row){
			.minute = minute, .sample_us = now_us, .in_octets = c.in_octets};
		if (minute <= 777) {
			link_rate_recall(again, &hist);
			continue;
		}
		link_rate_sample(again, &c, now_us, &row_again);
		link_rate_minute(again, &row_again);
		if (minute == 778) /* the minute in which it was restarted is whole too */
			assert_int_equal(row_again.in_mean_bps, row.in_mean_bps);
		if (minute % 5 == 0)
			link_rate_five(again, &row_again);
	}
	assert_int_equal(whole->day->in.n, 60);
	assert_int_equal(again->day->in.n, 60);
	assert_true(row.in_p95_bps > 0);
	assert_int_equal(row_again.in_p95_bps, row.in_p95_bps);
	free_rate(whole);
	free_rate(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_bits_over_time),
		cmocka_unit_test(unicast_is_never_negative_and_never_goes_back),
		cmocka_unit_test(any_counter_that_goes_back_is_a_discontinuity),
		cmocka_unit_test(a_minute_has_mean_and_peak),
		cmocka_unit_test(a_counter_that_went_back_gives_no_number),
		cmocka_unit_test(without_capacity_the_speed_counts),
		cmocka_unit_test(the_percentile_is_that_of_a_sort),
		cmocka_unit_test(five_minutes_count_when_most_of_them_was_seen),
		cmocka_unit_test(a_restart_goes_on_with_the_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
