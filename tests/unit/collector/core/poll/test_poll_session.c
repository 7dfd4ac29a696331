/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device's cycles in virtual time: rates, clocks, restarts, renumbering, silence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "tests/unit/collector/core/poll/fake_check.h"

#include <cmocka.h>

#define SYS_UPTIME   "1.3.6.1.2.1.1.3.0"
#define HOST_UPTIME  "1.3.6.1.2.1.25.1.1.0"
#define ENGINE_TIME  "1.3.6.1.6.3.10.2.1.3.0"
#define IF_OPER_1    "1.3.6.1.2.1.2.2.1.8.1"
#define IF_OUT_32_1  "1.3.6.1.2.1.2.2.1.16.1"
#define IF_HC_IN_1   "1.3.6.1.2.1.31.1.1.1.6.1"
#define IF_DISCONT_1 "1.3.6.1.2.1.31.1.1.1.19.1"

/* Every rate that was handed out is the true one or unknown. */
static void assert_none_invented(const struct fake *fake, double in, double out)
{
	for (size_t i = 0; i < fake->n_samples; i++) {
		const struct fake_sample *s = &fake->samples[i];

		if (strcmp(s->group, "traffic") || strcmp(s->object, "eth0"))
			continue;
		if (!isnan(s->value[0]))
			fake_check_rate(s->value[0], in);
		if (!isnan(s->value[1]))
			fake_check_rate(s->value[1], out);
	}
}

static void test_first_seeds_second_measures(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	assert_true(fake_cycle(fake, false));
	assert_int_equal(fake->n_samples, 0);
	assert_string_equal(fake->device->profile, "if-mib");
	assert_string_equal(fake->device->sys_name, "fake");
	assert_int_equal(fake->device->n_links, 2);
	assert_int_equal(fake->device->links[0].capacity_bps, 100000000);
	assert_int_equal(fake->discoveries, 1);
	assert_int_equal(fake->discovering, fake->requests - 1); /* and then the values */
	fake_forget(fake);
	assert_true(fake_cycle_after(fake, 10));
	assert_int_equal(fake->requests, 1); /* all in one packet */
	assert_int_equal(fake->discovering, 0);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_check_rate(fake->device->links[0].in_bps, 1000000);
	fake_check_no_remarks(fake);
	fake_free(fake);
}

/* Only what is wrong in the inventory, and only once the links are known. */
static void test_capacity_of_an_unknown_link(void **state)
{
	struct inventory_link links[] = {{(char *)"eth1", 1, 1}, {(char *)"ether1", 1, 1}};
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->entry.links = links;
	fake->entry.n_links = 1;
	fake_cycle(fake, false);
	assert_null(fake->device->problem);
	fake->entry.n_links = 2; /* a reload */
	fake_cycle_after(fake, 10);
	assert_non_null(fake->device->problem);
	assert_non_null(strstr(fake->device->problem, "capacity of \"ether1\""));
	assert_ptr_equal(device_next_unknown_link(fake->device, NULL), &links[1]);
	assert_null(device_next_unknown_link(fake->device, &links[1]));
	fake->entry.n_links = 1;
	fake_cycle_after(fake, 10);
	assert_null(fake->device->problem);
	fake_free(fake);
}

static int64_t two_seconds(struct fake *fake)
{
	return fake->requests % 3 == 0 ? 2000000 : 0;
}

static void test_late_answers_do_not_bend_rates(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 9.987);
	fake->extra_delay = two_seconds; /* the way back: the reading was taken before */
	fake_forget(fake);
	for (int i = 0; i < 30; i++)
		fake_cycle_after(fake, 9.987);
	assert_int_equal(fake->n_samples, 30 * 4);
	assert_none_invented(fake, 125000, 50000);
	for (size_t i = 0; i < fake->n_samples; i++)
		assert_false(isnan(fake->samples[i].value[0]));
	fake_free(fake);
}

static int64_t up_to_two_seconds(struct fake *fake)
{
	return fake->requests * 701 % 2000 * INT64_C(1000);
}

/* All answers are late and polls 3 s apart: a hundredth of a second of sysUpTime is more than
 * 0.1 % of that. Rates are then over several polls, and no time is left out. */
static void test_short_intervals_of_a_slow_device(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->env.interval_ms = 3000;
	fake->extra_delay = up_to_two_seconds;
	for (int i = 0; i < 80; i++)
		fake_cycle_after(fake, 3.005);
	assert_in_range(fake->n_samples, 12 * 4, 40 * 4);
	assert_none_invented(fake, 125000, 50000);
	for (size_t i = 0; i < fake->n_samples; i++)
		assert_false(isnan(fake->samples[i].value[0]));
	fake_free(fake);
}

static void test_restart_is_unknown(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake->now_us += 4000000;
	fake_reboot(fake);
	fake_forget(fake);
	fake_cycle_after(fake, 6);
	assert_int_equal(fake->restarts, 1);
	assert_null(fake_last(fake, "eth0", "traffic"));
	assert_in_range(fake->boot_ms, fake->boot_us / 1000 + 1700000000000 - 20,
			fake->boot_us / 1000 + 1700000000000 + 20);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	assert_none_invented(fake, 125000, 50000);
	fake_free(fake);
}

static void test_restart_right_after_start(void **state)
{
	/* up for 5 s at the one poll and for 9 s at the next: more than before, but not by 10 s */
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->boot_us = fake->now_us - 5000000;
	fake_cycle(fake, false);
	fake->now_us += 1000000;
	fake_reboot(fake);
	fake_cycle_after(fake, 9);
	assert_int_equal(fake->restarts, 1);
	assert_int_equal(fake->n_samples, 0);
	fake_free(fake);
}

/* It shows 0 now. */
static void restart_ticks(struct fake *fake, const char *oid)
{
	fake_set(fake, oid, SNMP_TYPE_TIMETICKS,
		 (uint64_t) - ((fake->now_us - fake->boot_us) / 10000), 100);
}

static void test_uptime_wraps_after_497_days(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_TIMETICKS, (UINT64_C(1) << 32) - 50000 - 500, 100);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->restarts, 0);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

/* Passed while it is watched, or before: then the engine's time tells. */
static void test_uptime_beyond_497_days(void **state)
{
	const int64_t wrap_s = (INT64_C(1) << 32) / 100;
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_TIMETICKS, (UINT64_C(1) << 32) - 50000 - 500, 100);
	fake_cycle(fake, false);
	assert_int_equal(fake->device->uptime_s, wrap_s - 5);
	for (int i = 1; i <= 3; i++) {
		fake_cycle_after(fake, 10);
		assert_in_range(fake->device->uptime_s, wrap_s - 5 + 10 * i, wrap_s - 4 + 10 * i);
	}
	fake_free(fake);

	fake = fake_check_two(false);
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_TIMETICKS, 2200, 100);
	fake_set(fake, ENGINE_TIME, SNMP_TYPE_INTEGER, (uint64_t)wrap_s + 22, 1);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_in_range(fake->device->uptime_s, wrap_s + 31 + 500, wrap_s + 34 + 500);
	fake_free(fake);
}

/* snmpd alone is restarted: the machine's uptime goes on, and so do its counters. */
static void test_agent_restarted(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, HOST_UPTIME, SNMP_TYPE_TIMETICKS, 57 * UINT64_C(8640000), 100);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 60);
	fake_forget(fake);
	fake->now_us += 35000000;
	restart_ticks(fake, SYS_UPTIME);
	fake_cycle_after(fake, 25);
	assert_int_equal(fake->agent_restarts, 1);
	assert_int_equal(fake->restarts, 0);
	assert_in_range(1700000000000 + fake->now_us / 1000 - fake->boot_ms, 24900, 25200);
	fake_check_traffic(fake, "eth0", 125000, 50000); /* the interval is known */
	fake_check_traffic(fake, "eth1", 1000, 2000);
	assert_true(fake->device->uptime_s > 57 * 86400);
	fake_cycle_after(fake, 60);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	assert_none_invented(fake, 125000, 50000);
	assert_int_equal(fake->agent_restarts, 1);
	fake_free(fake);
}

/* The device itself: nothing is measured across it. After an outage, or in one interval. */
static void test_device_restarted_with_host_uptime(void **state)
{
	(void)state;
	for (int outage = 0; outage < 2; outage++) {
		struct fake *fake = fake_check_two(false);

		fake_set(fake, HOST_UPTIME, SNMP_TYPE_TIMETICKS, 57 * UINT64_C(8640000), 100);
		fake_cycle(fake, false);
		fake_cycle_after(fake, 60);
		fake_forget(fake);
		fake->now_us += 35000000;
		fake_reboot(fake);
		fake->now_us += 25000000;
		fake_cycle(fake, outage);
		assert_int_equal(fake->restarts, 1);
		assert_int_equal(fake->agent_restarts, 0);
		assert_int_equal(fake->n_samples, 0);
		assert_in_range(fake->device->uptime_s, 24, 26);
		fake_cycle_after(fake, 60);
		fake_check_traffic(fake, "eth0", 125000, 50000);
		assert_none_invented(fake, 125000, 50000);
		fake_free(fake);
	}
}

/* What answers about the machine does not come is taken for the worse. */
static void test_restart_that_stays_in_doubt(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, HOST_UPTIME, SNMP_TYPE_TIMETICKS, 57 * UINT64_C(8640000), 100);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 60);
	fake_forget(fake);
	restart_ticks(fake, SYS_UPTIME);
	fake_unset(fake, HOST_UPTIME);
	fake_cycle_after(fake, 25);
	assert_int_equal(fake->restarts, 1);
	assert_int_equal(fake->agent_restarts, 0);
	assert_int_equal(fake->n_samples, 0);
	fake_free(fake);
}

static void test_discontinuity_is_unknown(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_set(fake, IF_DISCONT_1, SNMP_TYPE_TIMETICKS, 51000, 0);
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, 999999999999, 125000);
	fake_cycle_after(fake, 10);
	assert_null(fake_last(fake, "eth0", "traffic"));
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_renumbered_without_notice(void **state)
{
	/* eth0 and eth1 change places; neither uptime nor ifTableLastChange says so */
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_interface(fake, 1, "eth1", FAKE_IF_X | FAKE_IF_32, 1000, 2000);
	fake_interface(fake, 2, "eth0", FAKE_IF_X | FAKE_IF_32, 125000, 50000);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->discoveries, 1);
	assert_int_equal(fake->device->n_links, 2);
	assert_string_equal(fake->device->links[0].name, "eth0");
	assert_int_equal(fake->device->links[0].if_index, 2);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	assert_none_invented(fake, 125000, 50000);
	fake_check_remark(fake, REMARK_RENUMBERED);
	/* two discoveries later it is history */
	for (int i = 0; i < 2; i++) {
		poll_session_rediscover(fake->session);
		fake_cycle_after(fake, 10);
	}
	fake_check_no_remarks(fake);
	fake_free(fake);
}

static void test_interface_comes_and_goes(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_remove_interface(fake, 2);
	fake_cycle_after(fake, 20);
	assert_false(fake->device->links[1].present);
	assert_int_equal(fake->device->links[1].oper, LINK_OPER_NOT_PRESENT);
	assert_true(isnan(fake->device->links[1].in_bps));
	fake_interface(fake, 77, "eth1", FAKE_IF_X, 1000, 2000);
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 20);
	assert_true(fake->device->links[1].present);
	assert_int_equal(fake->device->n_links, 2);
	assert_int_equal(fake->device->links[1].oper, LINK_OPER_UP);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_free(fake);
}

static void test_oper_status(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_set(fake, IF_OPER_1, SNMP_TYPE_INTEGER, 2, 0);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->link_changes, 1);
	assert_int_equal(fake->device->links[0].oper, LINK_OPER_DOWN);
	assert_in_range(fake->device->links[0].oper_since_ms,
			fake->now_us / 1000 + 1700000000000 - 5,
			fake->now_us / 1000 + 1700000000000);
	fake_free(fake);
}

static void test_32_bit_row_and_wraps(void **state)
{
	struct fake *fake = fake_check_bare("if-mib");

	(void)state;
	fake_interface(fake, 1, "eth0", FAKE_IF_32, 9000000, 50000);
	fake_set(fake, IF_OUT_32_1, SNMP_TYPE_COUNTER32, UINT32_MAX - 26000000, 50000);
	fake_cycle(fake, false);
	for (int i = 0; i < 60; i++) /* wraps at 9 MB/s every 477 s, and out once */
		fake_cycle_after(fake, 10);
	assert_none_invented(fake, 9000000, 50000);
	for (size_t i = 0; i < fake->n_samples; i++)
		assert_false(isnan(fake->samples[i].value[0]));
	/* 100 Mbit/s wrap in 343 s: with the margin an interval of 10 minutes is too long */
	assert_in_range(poll_session_max_interval_us(fake->session), 270000000, 280000000);
	fake_forget(fake);
	fake_cycle_after(fake, 600);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[0]));
	fake_check_remark(fake, REMARK_AMBIGUOUS);
	fake_free(fake);
}

/* No speed is stated: 1 Gbit/s is taken for possible, and a wrap for as likely as a clear. */
static void test_32_bits_of_unknown_speed(void **state)
{
	struct fake *fake = fake_check_bare("if-mib");

	(void)state;
	fake_interface(fake, 1, "ath0", FAKE_IF_32, 90000000, 50000);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.1", SNMP_TYPE_GAUGE32, 0, 0);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_in_range(poll_session_max_interval_us(fake->session), 27000000, 28000000);
	for (int i = 0; i < 12; i++)
		fake_cycle_after(fake, 20);
	assert_int_equal(fake->n_samples, 13 * 2); /* traffic, errors */
	for (size_t i = 0; i < fake->n_samples; i++)
		if (!strcmp(fake->samples[i].group, "traffic") && !isnan(fake->samples[i].value[0]))
			fake_check_rate(fake->samples[i].value[0], 90000000);
	fake_cycle_after(fake, 60); /* wraps, and is higher than before all the same */
	assert_true(isnan(fake_last(fake, "ath0", "traffic")->value[0]));
	fake_check_remark(fake, REMARK_AMBIGUOUS);
	fake_free(fake);
}

/* What cannot be followed anyway, or does not count, is no reason to ask more often. */
static void test_32_bits_that_do_not_matter(void **state)
{
	struct fake *fake = fake_check_bare("if-mib");

	(void)state;
	fake_interface(fake, 1, "down", FAKE_IF_32, 0, 0);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.10.1", SNMP_TYPE_COUNTER32, 5000, 0);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.1", SNMP_TYPE_GAUGE32, 1000000000, 0);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.8.1", SNMP_TYPE_INTEGER, 2, 0);
	fake_interface(fake, 2, "40G", FAKE_IF_32, 1000, 1000);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.2", SNMP_TYPE_GAUGE32, UINT32_MAX, 0);
	fake_interface(fake, 3, "never used", FAKE_IF_32, 0, 0);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.3", SNMP_TYPE_GAUGE32, 0, 0);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_int_equal(poll_session_max_interval_us(fake->session), INT64_MAX);
	assert_true(isnan(fake_last(fake, "40G", "traffic")->value[0]));
	assert_int_equal(fake->device->links[1].capacity_bps,
			 0); /* more than fits, not 4.3 Gbit/s */
	fake_free(fake);
}

/* A counter as Gauge32 neither wraps visibly nor goes on beyond its end. */
static void test_counter_as_gauge(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_GAUGE32, 1000, 125000);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_rate(fake_last(fake, "eth0", "traffic")->value[0], 125000);
	fake_cycle_after(fake, 600);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[0]));
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_GAUGE32, UINT32_MAX, 0); /* stuck */
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 10);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[0]));
	fake_free(fake);
}

static void test_stub_of_64_bits(void **state)
{
	/* ifHCInOctets is there, but always 0 */
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, 0, 0);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_wrong_types(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_GAUGE32, 0, 125000);  /* a counter as Gauge32 */
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.10.1", "12345"); /* and one as text */
	fake_unset(fake, IF_OUT_32_1);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_rate(fake_last(fake, "eth0", "traffic")->value[0], 125000);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[1]));
	assert_true(fake->env.counts.wrong_types > 0);
	fake_check_remark(fake, REMARK_WRONG_TYPES);
	fake_free(fake);
}

static void test_disjoint_tables(void **state)
{
	/* one row only in ifTable, one only in ifXTable, one with a huge ifIndex */
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	fake_interface(fake, 1, "old", FAKE_IF_32, 1000, 1000);
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.1.5", "new");
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.6.5", SNMP_TYPE_COUNTER64, 0, 7000);
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.10.5", SNMP_TYPE_COUNTER64, 0, 8000);
	fake_interface(fake, 4294967295u, "huge", FAKE_IF_X, 3000, 3000);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "old", 1000, 1000);
	fake_check_traffic(fake, "new", 7000, 8000);
	fake_check_traffic(fake, "huge", 3000, 3000);
	fake_check_remark(fake, REMARK_PARTIAL_ROWS);
	fake_free(fake);
}

static void test_no_uptime(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_unset(fake, SYS_UPTIME);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_remark(fake, REMARK_NO_UPTIME);
	fake_free(fake);
}

/* Without sysUpTime, host-resources has a clock that is as good. */
static void test_uptime_of_the_host(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_unset(fake, SYS_UPTIME);
	fake_set(fake, "1.3.6.1.2.1.25.1.1.0", SNMP_TYPE_TIMETICKS, 0, 100);
	fake_cycle(fake, false);
	for (int i = 0; i < 5; i++)
		fake_cycle_after(fake, 9.987);
	fake->extra_delay = two_seconds;
	for (int i = 0; i < 20; i++) {
		if (i == 10) /* and stays with it */
			poll_session_rediscover(fake->session);
		fake_cycle_after(fake, 9.987);
	}
	assert_int_equal(fake->n_samples, 25 * 4);
	assert_none_invented(fake, 125000, 50000);
	for (size_t i = 0; i < fake->n_samples; i++)
		assert_false(isnan(fake->samples[i].value[0]));
	fake_check_no_remarks(fake);
	assert_true(fake->device->uptime_s > 0);
	fake->now_us += 4000000;
	fake_reboot(fake);
	fake_forget(fake);
	fake_cycle_after(fake, 6);
	assert_int_equal(fake->restarts, 1);
	fake_free(fake);
}

static int64_t third_of_a_second(struct fake *fake)
{
	(void)fake;
	return 333333;
}

static int64_t hardly_any(struct fake *fake)
{
	return fake->requests * 701 % 10 * INT64_C(1000);
}

/* No clock at all: how long an answer takes is all that is known. */
static void test_slow_without_a_clock(void **state)
{
	static const struct {
		const char *name;
		int64_t (*delay)(struct fake *);
		int64_t interval_s;
		bool known, unknown; /* are there such values? */
	} CASES[] = {
		{"prompt", NULL, 10, true, false},
		{"slow, but always the same", third_of_a_second, 10, true, false},
		{"a little uneven", hardly_any, 10, true, false},
		{"anything up to 2 s", up_to_two_seconds, 10, false, true},
		{"the same, every minute", up_to_two_seconds, 60, false, true},
	};

	(void)state;
	for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
		struct fake *fake = fake_check_two(false);
		bool known = false, unknown = false;

		fake_unset(fake, SYS_UPTIME);
		fake->env.interval_ms = CASES[c].interval_s * 1000;
		fake->extra_delay = CASES[c].delay;
		for (int i = 0; i < 72; i++) {
			if (i == 12) { /* how long its answers take is known by now */
				assert_none_invented(fake, 125000, 50000);
				fake_forget(fake);
			}
			fake_cycle_after(fake, (double)CASES[c].interval_s);
		}
		assert_none_invented(fake, 125000, 50000);
		for (size_t i = 0; i < fake->n_samples; i++) {
			known |= !isnan(fake->samples[i].value[0]);
			unknown |= isnan(fake->samples[i].value[0]);
		}
		if (known < CASES[c].known || unknown != CASES[c].unknown)
			fail_msg("%s: known %d unknown %d", CASES[c].name, known, unknown);
		fake_check_remark(fake, REMARK_NO_UPTIME);
		fake_free(fake);
	}
}

/* Uptime in seconds where hundredths belong: the rate is right once that is known. */
static void test_uptime_in_wrong_unit(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_GAUGE32, 100000, 1);
	for (int i = 0; i < 8; i++)
		fake_cycle_after(fake, 10);
	assert_none_invented(fake, 125000, 50000);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	assert_int_equal(fake->restarts, 0);
	fake_check_remark(fake, REMARK_BAD_UPTIME);
	fake_free(fake);
}

static void test_v1(void **state)
{
	struct fake *fake = fake_check_two(true);

	(void)state;
	fake_interface(fake, 3, "eth2", FAKE_IF_32, 30, 40);
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->requests, 1); /* what it lacks is known by now */
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth2", 30, 40);
	fake_free(fake);
}

/* The collector's machine sleeps for ten minutes: its clock counted on, so the mean over that
 * time is known, and right. */
static void test_suspended(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_cycle_after(fake, 607.3);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	assert_in_range(fake_last(fake, "eth0", "traffic")->duration_ms, 607299, 607302);
	assert_int_equal(fake->env.counts.clock_jumps, 0);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_dead_and_back(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake->dead = true;
	fake_forget(fake);
	fake->now_us += 10000000;
	assert_false(fake_cycle(fake, false));
	fake->now_us += 10000000;
	assert_false(fake_cycle(fake, true));
	assert_int_equal(fake->requests, 2); /* one each: not a word more to the dead */
	fake->dead = false;
	fake->now_us += 40000000;
	fake_forget(fake);
	assert_true(fake_cycle(fake, true));
	/* the counters went on meanwhile: the mean over the gap is right */
	fake_check_traffic(fake, "eth0", 125000, 50000);
	assert_int_equal(fake->restarts, 0);
	fake_free(fake);
}

static void test_one_lost_answer_costs_no_size(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake->dead = true;
	fake->now_us += 10000000;
	fake_cycle(fake, false);
	fake->dead = false;
	fake->now_us += 5000000;
	fake_cycle(fake, true);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->requests, 1);
	fake_check_no_remarks(fake);
	fake_free(fake);
}

/* Nothing is left to ask of it but a sign of life, and that is asked. */
static void test_no_access(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->no_access = true;
	for (int i = 0; i < 4; i++) {
		fake->now_us += 10000000;
		assert_int_equal(fake_cycle(fake, false), POLL_REFUSED);
		fake_check_remark(fake, REMARK_ACCESS_LIMITED);
	}
	assert_int_equal(fake->n_samples, 0);
	fake->no_access = false; /* and it is noticed at once */
	for (int i = 0; i < 3; i++)
		assert_int_equal(fake_cycle_after(fake, 10), POLL_ANSWERED);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_no_remarks(fake);
	fake_free(fake);
}

/* A device that shows nothing at all lives nevertheless, and may be heard to die. */
static void test_nothing_to_ask(void **state)
{
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	fake_unset(fake, SYS_UPTIME);
	for (int i = 0; i < 4; i++)
		assert_int_equal(fake_cycle_after(fake, 10), POLL_ANSWERED);
	fake->dead = true;
	assert_int_equal(fake_cycle_after(fake, 10), POLL_SILENT);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_seeds_second_measures),
		cmocka_unit_test(test_capacity_of_an_unknown_link),
		cmocka_unit_test(test_late_answers_do_not_bend_rates),
		cmocka_unit_test(test_short_intervals_of_a_slow_device),
		cmocka_unit_test(test_restart_is_unknown),
		cmocka_unit_test(test_restart_right_after_start),
		cmocka_unit_test(test_uptime_wraps_after_497_days),
		cmocka_unit_test(test_uptime_beyond_497_days),
		cmocka_unit_test(test_agent_restarted),
		cmocka_unit_test(test_device_restarted_with_host_uptime),
		cmocka_unit_test(test_restart_that_stays_in_doubt),
		cmocka_unit_test(test_discontinuity_is_unknown),
		cmocka_unit_test(test_renumbered_without_notice),
		cmocka_unit_test(test_interface_comes_and_goes),
		cmocka_unit_test(test_oper_status),
		cmocka_unit_test(test_32_bit_row_and_wraps),
		cmocka_unit_test(test_32_bits_of_unknown_speed),
		cmocka_unit_test(test_32_bits_that_do_not_matter),
		cmocka_unit_test(test_counter_as_gauge),
		cmocka_unit_test(test_stub_of_64_bits),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_disjoint_tables),
		cmocka_unit_test(test_no_uptime),
		cmocka_unit_test(test_uptime_of_the_host),
		cmocka_unit_test(test_slow_without_a_clock),
		cmocka_unit_test(test_uptime_in_wrong_unit),
		cmocka_unit_test(test_v1),
		cmocka_unit_test(test_suspended),
		cmocka_unit_test(test_dead_and_back),
		cmocka_unit_test(test_one_lost_answer_costs_no_size),
		cmocka_unit_test(test_no_access),
		cmocka_unit_test(test_nothing_to_ask),
	};

	return cmocka_run_group_tests(tests, fake_check_setup, fake_check_teardown);
}
