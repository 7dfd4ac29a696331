/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row's counters are believed to say: stubs of 64 bits, clears that look like wraps,
 * single odd readings, speeds that traffic contradicts, rows that change hands. Each case
 * knows the truth.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/collector/core/poll/fake_check.h"

#include <cmocka.h>

#define IF_SPEED   "1.3.6.1.2.1.2.2.1.5.1"
#define IF_IN	   "1.3.6.1.2.1.2.2.1.10.1"
#define IF_OUT	   "1.3.6.1.2.1.2.2.1.16.1"
#define IF_IN_ERR  "1.3.6.1.2.1.2.2.1.14.1"
#define IF_HC_IN   "1.3.6.1.2.1.31.1.1.1.6.1"
#define IF_HC_OUT  "1.3.6.1.2.1.31.1.1.1.10.1"
#define IF_HIGH	   "1.3.6.1.2.1.31.1.1.1.15.1"
#define SO_FAR	   UINT64_C(5000000000000) /* octets: nothing that a clear would leave */
#define IF_NAME(n) "1.3.6.1.2.1.31.1.1.1.1." #n

static double in_rate(struct fake *fake)
{
	const struct fake_sample *s;

	fake_forget(fake);
	fake_cycle_after(fake, 10);
	s = fake_last(fake, "eth0", "traffic");
	return s ? s->value[0] : NAN;
}

static struct fake *begin(void)
{
	struct fake *fake = fake_check_two(false);

	fake_cycle(fake, false);
	return fake;
}

/* Firmware without 64-bit counters leaves them at some constant while those of 32 bits count. */
static void a_64_bit_counter_that_stands_still_is_a_stub(void **state)
{
	static const uint64_t STUBS[] = {0, 12345, UINT32_MAX, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(STUBS) / sizeof(STUBS[0]); i++) {
		struct fake *fake = fake_check_two(false);

		fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, STUBS[i], 0);
		fake_cycle(fake, false);
		for (int n = 0; n < 5; n++)
			fake_check_rate(in_rate(fake), 125000);
		fake_free(fake);
	}
}

/* An idle port is decided upon when something moves, and costs no spike. */
static void an_idle_port_is_zero_until_it_counts(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, 7000, 0);
	fake_set(fake, IF_IN, SNMP_TYPE_COUNTER32, 7000, 0);
	fake_cycle(fake, false);
	for (int n = 0; n < 3; n++)
		assert_true(in_rate(fake) == 0);
	fake_change_rate(fake, IF_IN, 125000);
	fake_change_rate(fake, IF_HC_IN, 125000);
	for (int n = 0; n < 3; n++)
		fake_check_rate(in_rate(fake), 125000);
	fake_free(fake);
}

/* in 4.28e9 -> 0 alone would be a wrap; out and the errors show that it is none. */
static void a_clear_takes_all_counters_of_the_row(void **state)
{
	struct fake *fake = fake_check_two(false);
	const struct fake_sample *s;

	(void)state;
	fake_remove_interface(fake, 1);
	fake_interface(fake, 1, "eth0", FAKE_IF_32, 0, 0);
	fake_set(fake, IF_IN, SNMP_TYPE_COUNTER32, 4280000000u, 100000);
	fake_set(fake, IF_OUT, SNMP_TYPE_COUNTER32, 1000000000, 100000);
	fake_set(fake, IF_IN_ERR, SNMP_TYPE_COUNTER32, 5000, 0);
	fake_cycle(fake, false);
	fake_check_rate(in_rate(fake), 100000);
	fake_set(fake, IF_IN, SNMP_TYPE_COUNTER32, 0, 100000);
	fake_set(fake, IF_OUT, SNMP_TYPE_COUNTER32, 0, 100000);
	fake_set(fake, IF_IN_ERR, SNMP_TYPE_COUNTER32, 0, 0);
	assert_true(isnan(in_rate(fake)));
	s = fake_last(fake, "eth0", "traffic");
	assert_true(s && isnan(s->value[1]));
	for (int n = 0; n < 3; n++)
		fake_check_rate(in_rate(fake), 100000);
	fake_free(fake);
}

static void a_true_wrap_is_still_one(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_remove_interface(fake, 1);
	fake_interface(fake, 1, "eth0", FAKE_IF_32, 0, 0);
	fake_set(fake, IF_IN, SNMP_TYPE_COUNTER32, 4294000000u, 100000);
	fake_set(fake, IF_OUT, SNMP_TYPE_COUNTER32, 1000000000, 100000);
	fake_cycle(fake, false);
	for (int n = 0; n < 4; n++)
		fake_check_rate(in_rate(fake), 100000);
	fake_free(fake);
}

/* One reading is wrong by this much, the next is right again: the interval is unknown, and the
 * next one is the mean of both, whatever the wrong number was. */
static void one_odd_reading_is_no_base(void **state)
{
	static const double WRONG_BY[] = {-2e6, -1e3, 3e9, 1e15};

	(void)state;
	for (size_t i = 0; i < sizeof(WRONG_BY) / sizeof(WRONG_BY[0]); i++) {
		struct fake *fake = fake_check_two(false);
		int64_t at_us;

		fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, SO_FAR, 125000);
		fake_cycle(fake, false);
		for (int n = 0; n < 3; n++)
			in_rate(fake);
		at_us = fake->now_us;
		fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64,
			 SO_FAR + (uint64_t)(125000.0 * (double)(at_us - fake->boot_us) / 1e6 +
					     1250000 + WRONG_BY[i]),
			 0);
		if (WRONG_BY[i] == -1e3) { /* still growth: indistinguishable from the truth */
			fake_check_rate(in_rate(fake), 124900);
		} else {
			assert_true(isnan(in_rate(fake)));
		}
		fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, SO_FAR, 125000);
		for (int n = 0; n < 3; n++)
			fake_check_rate(in_rate(fake), 125000);
		fake_free(fake);
	}
}

/* Two polls, one of them out of turn, meet the same odd moment: what comes back is no traffic. */
static void two_odd_readings_are_no_base_either(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, SO_FAR, 125000);
	fake_cycle(fake, false);
	for (int n = 0; n < 3; n++)
		in_rate(fake);
	fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, SO_FAR - 50000000, 125000);
	assert_true(isnan(in_rate(fake)));
	fake_check_rate(in_rate(fake), 125000); /* both are too low by as much */
	fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, SO_FAR, 125000);
	assert_true(isnan(in_rate(fake)));
	for (int n = 0; n < 3; n++)
		fake_check_rate(in_rate(fake), 125000);
	fake_free(fake);
}

/* The row is asked for its speed again; then its traffic is believed and its load is not. */
static void traffic_contradicts_the_stated_speed(void **state)
{
	static const struct {
		uint64_t mbps;
		double octets_per_s;
	} CASES[] = {{10, 1e8}, {1000, 1.875e9}, {0, 5e8}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct fake *fake = fake_check_two(false);

		fake_set(fake, IF_HIGH, SNMP_TYPE_GAUGE32, CASES[i].mbps, 0);
		fake_set(fake, IF_SPEED, SNMP_TYPE_GAUGE32, CASES[i].mbps * 1000000, 0);
		fake_set(fake, IF_HC_IN, SNMP_TYPE_COUNTER64, 1, CASES[i].octets_per_s);
		fake_cycle(fake, false);
		assert_true(isnan(in_rate(fake)));
		for (int n = 0; n < 3; n++)
			fake_check_rate(in_rate(fake), CASES[i].octets_per_s);
		assert_int_equal(fake->device->links[0].capacity_bps, 0);
		if (CASES[i].mbps)
			fake_check_remark(fake, REMARK_STATED_SPEED);
		fake_free(fake);
	}
}

/* A port that renegotiates: the stated speed is read again as soon as it is contradicted. */
static void a_speed_that_changed_is_read_again(void **state)
{
	struct fake *fake = begin();

	(void)state;
	fake_check_rate(in_rate(fake), 125000);
	fake_set(fake, IF_HIGH, SNMP_TYPE_GAUGE32, 1000, 0);
	fake_set(fake, IF_SPEED, SNMP_TYPE_GAUGE32, 1000000000, 0);
	fake_change_rate(fake, IF_HC_IN, 5e7);
	assert_true(isnan(in_rate(fake)));
	for (int n = 0; n < 3; n++)
		fake_check_rate(in_rate(fake), 5e7);
	assert_int_equal(fake->device->links[0].capacity_bps, 1000000000);
	fake_free(fake);
}

static void bits_where_megabits_belong_are_no_speed(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HIGH, SNMP_TYPE_GAUGE32, 100000000, 0);
	fake_cycle(fake, false);
	fake_check_rate(in_rate(fake), 125000);
	assert_int_equal(fake->device->links[0].capacity_bps, 100000000);
	fake_free(fake);
}

/* ifName is there but empty: ifDescr tells the ports apart, also when they change places. */
static void an_empty_name_identifies_nothing(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set_text(fake, IF_NAME(1), "");
	fake_set_text(fake, IF_NAME(2), "");
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_interface(fake, 1, "eth1", FAKE_IF_X | FAKE_IF_32, 1000, 2000);
	fake_interface(fake, 2, "eth0", FAKE_IF_X | FAKE_IF_32, 125000, 50000);
	fake_set_text(fake, IF_NAME(1), "");
	fake_set_text(fake, IF_NAME(2), "");
	fake_forget(fake);
	for (int n = 0; n < 4; n++) {
		const struct fake_sample *s;

		fake_cycle_after(fake, 10);
		s = fake_last(fake, "eth0", "traffic");
		if (s && !isnan(s->value[0]))
			fake_check_rate(s->value[0], 125000);
		s = fake_last(fake, "eth1", "traffic");
		if (s && !isnan(s->value[0]))
			fake_check_rate(s->value[0], 1000);
	}
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_64_bit_counter_that_stands_still_is_a_stub),
		cmocka_unit_test(an_idle_port_is_zero_until_it_counts),
		cmocka_unit_test(a_clear_takes_all_counters_of_the_row),
		cmocka_unit_test(a_true_wrap_is_still_one),
		cmocka_unit_test(one_odd_reading_is_no_base),
		cmocka_unit_test(two_odd_readings_are_no_base_either),
		cmocka_unit_test(traffic_contradicts_the_stated_speed),
		cmocka_unit_test(a_speed_that_changed_is_read_again),
		cmocka_unit_test(bits_where_megabits_belong_are_no_speed),
		cmocka_unit_test(an_empty_name_identifies_nothing),
	};

	return cmocka_run_group_tests(tests, fake_check_setup, fake_check_teardown);
}
