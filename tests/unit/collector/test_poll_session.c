/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device's cycles in virtual time: rates, restarts, renumbering, and the quirks of agents. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/oid_text.h"
#include "tests/unit/collector/fake_device.h"

#define SYS_UPTIME	"1.3.6.1.2.1.1.3.0"
#define IF_OPER_1	"1.3.6.1.2.1.2.2.1.8.1"
#define IF_OUT_32_1	"1.3.6.1.2.1.2.2.1.16.1"
#define IF_HC_IN_1	"1.3.6.1.2.1.31.1.1.1.6.1"
#define IF_DISCONT_1	"1.3.6.1.2.1.31.1.1.1.19.1"

static struct profile_set profiles;

static struct fake *make(bool v1)
{
	struct fake *fake = fake_new(&profiles, "auto", v1);

	fake_interface(fake, 1, "eth0", FAKE_IF_X | FAKE_IF_32, 125000, 50000);
	fake_interface(fake, 2, "eth1", FAKE_IF_X | FAKE_IF_32, 1000, 2000);
	return fake;
}

static void assert_rate(double value, double expected)
{
	if (!(fabs(value - expected) <= expected * 0.001))
		fail_msg("rate %.3f, expected %.3f", value, expected);
}

static void assert_traffic(const struct fake *fake, const char *object, double in, double out)
{
	const struct fake_sample *s = fake_last(fake, object, "traffic");

	assert_non_null(s);
	assert_rate(s->value[0], in);
	assert_rate(s->value[1], out);
}

/* Every rate that was handed out is the true one or unknown. */
static void assert_none_invented(const struct fake *fake, double in, double out)
{
	for (size_t i = 0; i < fake->n_samples; i++) {
		const struct fake_sample *s = &fake->samples[i];

		if (strcmp(s->group, "traffic") || strcmp(s->object, "eth0"))
			continue;
		if (!isnan(s->value[0]))
			assert_rate(s->value[0], in);
		if (!isnan(s->value[1]))
			assert_rate(s->value[1], out);
	}
}

/* The operator is told this of the device, in so many words. */
static void assert_remark(const struct fake *fake, enum device_remark remark)
{
	const char *problem = fake->device->problem;

	if (!(fake->device->remarks >> remark & 1))
		fail_msg("not remarked: %s", device_remark_name(remark));
	if (!problem || !strstr(problem, device_remark_text(remark)))
		fail_msg("not told: %s", device_remark_name(remark));
}

static void assert_no_remarks(const struct fake *fake)
{
	if (fake->device->problem)
		fail_msg("%s", fake->device->problem);
	assert_int_equal(fake->device->remarks, 0);
}

static void test_first_seeds_second_measures(void **state)
{
	struct fake *fake = make(false);

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
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_traffic(fake, "eth1", 1000, 2000);
	assert_rate(fake->device->links[0].in_bps, 1000000);
	assert_no_remarks(fake);
	fake_free(fake);
}

/* Only what is wrong in the inventory, and only once the links are known. */
static void test_capacity_of_an_unknown_link(void **state)
{
	struct inventory_link links[] = { { (char *)"eth1", 1, 1 }, { (char *)"ether1", 1, 1 } };
	struct fake *fake = make(false);

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
	struct fake *fake = make(false);

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
	struct fake *fake = make(false);

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
	struct fake *fake = make(false);

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
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_none_invented(fake, 125000, 50000);
	fake_free(fake);
}

static void test_restart_right_after_start(void **state)
{
	/* up for 5 s at the one poll and for 9 s at the next: more than before, but not by 10 s */
	struct fake *fake = make(false);

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

static void test_uptime_wraps_after_497_days(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_TIMETICKS, (UINT64_C(1) << 32) - 50000 - 500, 100);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->restarts, 0);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_discontinuity_is_unknown(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_set(fake, IF_DISCONT_1, SNMP_TYPE_TIMETICKS, 51000, 0);
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, 999999999999, 125000);
	fake_cycle_after(fake, 10);
	assert_null(fake_last(fake, "eth0", "traffic"));
	assert_traffic(fake, "eth1", 1000, 2000);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_renumbered_without_notice(void **state)
{
	/* eth0 and eth1 change places; neither uptime nor ifTableLastChange says so */
	struct fake *fake = make(false);

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
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_traffic(fake, "eth1", 1000, 2000);
	assert_none_invented(fake, 125000, 50000);
	assert_remark(fake, REMARK_RENUMBERED);
	/* two discoveries later it is history */
	for (int i = 0; i < 2; i++) {
		poll_session_rediscover(fake->session);
		fake_cycle_after(fake, 10);
	}
	assert_no_remarks(fake);
	fake_free(fake);
}

static void test_interface_comes_and_goes(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_cycle(fake, false);
	fake_remove_interface(fake, 2);
	fake_cycle_after(fake, 20);
	assert_false(fake->device->links[1].present);
	assert_int_equal(fake->device->links[1].oper, 6);
	assert_true(isnan(fake->device->links[1].in_bps));
	fake_interface(fake, 77, "eth1", FAKE_IF_X, 1000, 2000);
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 20);
	assert_true(fake->device->links[1].present);
	assert_int_equal(fake->device->n_links, 2);
	assert_int_equal(fake->device->links[1].oper, 1);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth1", 1000, 2000);
	fake_free(fake);
}

static void test_oper_status(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_set(fake, IF_OPER_1, SNMP_TYPE_INTEGER, 2, 0);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->link_changes, 1);
	assert_int_equal(fake->device->links[0].oper, 2);
	assert_in_range(fake->device->links[0].oper_since_ms, fake->now_us / 1000 + 1700000000000 - 5,
			fake->now_us / 1000 + 1700000000000);
	fake_free(fake);
}

static void test_32_bit_row_and_wraps(void **state)
{
	struct fake *fake = fake_new(&profiles, "if-mib", false);

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
	assert_remark(fake, REMARK_AMBIGUOUS);
	fake_free(fake);
}

/* No speed is stated: 1 Gbit/s is taken for possible, and a wrap for as likely as a clear. */
static void test_32_bits_of_unknown_speed(void **state)
{
	struct fake *fake = fake_new(&profiles, "if-mib", false);

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
			assert_rate(fake->samples[i].value[0], 90000000);
	fake_cycle_after(fake, 60); /* wraps, and is higher than before all the same */
	assert_true(isnan(fake_last(fake, "ath0", "traffic")->value[0]));
	assert_remark(fake, REMARK_AMBIGUOUS);
	fake_free(fake);
}

/* What cannot be followed anyway, or does not count, is no reason to ask more often. */
static void test_32_bits_that_do_not_matter(void **state)
{
	struct fake *fake = fake_new(&profiles, "if-mib", false);

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
	assert_int_equal(fake->device->links[1].capacity_bps, 0); /* more than fits, not 4.3 Gbit/s */
	fake_free(fake);
}

/* A counter as Gauge32 neither wraps visibly nor goes on beyond its end. */
static void test_counter_as_gauge(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_GAUGE32, 1000, 125000);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_rate(fake_last(fake, "eth0", "traffic")->value[0], 125000);
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
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, 0, 0);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_wrong_types(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_GAUGE32, 0, 125000); /* a counter as Gauge32 */
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.10.1", "12345"); /* and one as text */
	fake_unset(fake, IF_OUT_32_1);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_rate(fake_last(fake, "eth0", "traffic")->value[0], 125000);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[1]));
	assert_true(fake->env.counts.wrong_types > 0);
	assert_remark(fake, REMARK_WRONG_TYPES);
	fake_free(fake);
}

static void test_disjoint_tables(void **state)
{
	/* one row only in ifTable, one only in ifXTable, one with a huge ifIndex */
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	fake_interface(fake, 1, "old", FAKE_IF_32, 1000, 1000);
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.1.5", "new");
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.6.5", SNMP_TYPE_COUNTER64, 0, 7000);
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.10.5", SNMP_TYPE_COUNTER64, 0, 8000);
	fake_interface(fake, 4294967295u, "huge", FAKE_IF_X, 3000, 3000);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "old", 1000, 1000);
	assert_traffic(fake, "new", 7000, 8000);
	assert_traffic(fake, "huge", 3000, 3000);
	assert_remark(fake, REMARK_PARTIAL_ROWS);
	fake_free(fake);
}

static void test_no_uptime(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_unset(fake, SYS_UPTIME);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_remark(fake, REMARK_NO_UPTIME);
	fake_free(fake);
}

/* Without sysUpTime, host-resources has a clock that is as good. */
static void test_uptime_of_the_host(void **state)
{
	struct fake *fake = make(false);

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
	assert_no_remarks(fake);
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
		{ "prompt", NULL, 10, true, false },
		{ "slow, but always the same", third_of_a_second, 10, true, false },
		{ "a little uneven", hardly_any, 10, true, false },
		{ "anything up to 2 s", up_to_two_seconds, 10, false, true },
		{ "the same, every minute", up_to_two_seconds, 60, false, true },
	};

	(void)state;
	for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
		struct fake *fake = make(false);
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
		assert_remark(fake, REMARK_NO_UPTIME);
		fake_free(fake);
	}
}

/* Uptime in seconds where hundredths belong: the rate is right once that is known. */
static void test_uptime_in_wrong_unit(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, SYS_UPTIME, SNMP_TYPE_GAUGE32, 100000, 1);
	for (int i = 0; i < 8; i++)
		fake_cycle_after(fake, 10);
	assert_none_invented(fake, 125000, 50000);
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_int_equal(fake->restarts, 0);
	assert_remark(fake, REMARK_BAD_UPTIME);
	fake_free(fake);
}

static void test_v1(void **state)
{
	struct fake *fake = make(true);

	(void)state;
	fake_interface(fake, 3, "eth2", FAKE_IF_32, 30, 40);
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->requests, 1); /* what it lacks is known by now */
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_traffic(fake, "eth2", 30, 40);
	fake_free(fake);
}

/* --- agents that cannot bear much --- */

struct quirk {
	const char *name;
	enum fake_too_much too_much;
	size_t most;
	bool no_bulk, shuffled, v1;
	enum device_remark remark;
};

static const struct quirk QUIRKS[] = {
	{ "tooBig above 10", FAKE_TOO_BIG, 10, false, false, false, REMARK_TOO_BIG },
	{ "tooBig with an empty list, GETBULK too", FAKE_TOO_BIG_EMPTY, 6, false, false, false, REMARK_TOO_BIG },
	{ "silent above 12", FAKE_SILENT, 12, false, false, false, REMARK_SILENT_TO_LARGE },
	{ "silent above 1", FAKE_SILENT, 1, false, false, false, REMARK_SILENT_TO_LARGE },
	{ "answers cut at 7", FAKE_CUT, 7, false, false, false, REMARK_CUT_ANSWERS },
	{ "answers cut at 1", FAKE_CUT, 1, false, false, false, REMARK_CUT_ANSWERS },
	{ "genErr above 4", FAKE_GEN_ERR, 4, false, false, false, REMARK_GEN_ERRORS },
	{ "hangs on GETBULK", FAKE_FITS, 0, true, false, false, REMARK_NO_BULK },
	{ "bindings out of place", FAKE_FITS, 0, false, true, false, REMARK_OTHER_NAMES },
	{ "v1, tooBig above 5", FAKE_TOO_BIG, 5, false, false, true, REMARK_TOO_BIG },
	{ "v1, silent above 3", FAKE_SILENT, 3, true, false, true, REMARK_SILENT_TO_LARGE },
};

static void test_quirk(const struct quirk *q)
{
	struct fake *fake = make(q->v1);

	fake->too_much = q->too_much;
	fake->most = q->most;
	fake->no_bulk = q->no_bulk;
	fake->shuffled = q->shuffled;
	/* a device that chokes on the first request is asked for one value next */
	for (int i = 0; i < 6; i++) {
		fake->now_us += 10000000;
		fake_cycle(fake, i > 0);
	}
	fake_forget(fake);
	fake->now_us += 10000000;
	if (!fake_cycle(fake, false))
		fail_msg("%s: no answer", q->name);
	if (fake->silences)
		fail_msg("%s: still asked too much", q->name);
	if (!fake_last(fake, "eth0", "traffic") || !fake_last(fake, "eth1", "traffic"))
		fail_msg("%s: no sample", q->name);
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_traffic(fake, "eth1", 1000, 2000);
	assert_remark(fake, q->remark);
	fake_free(fake);
}

/* A firmware that was put right is asked for as much as any other. */
static void test_new_firmware_is_learned_anew(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake->too_much = FAKE_TOO_BIG;
	fake->most = 6;
	fake_cycle_after(fake, 10);
	fake_cycle_after(fake, 10);
	assert_remark(fake, REMARK_TOO_BIG);
	assert_in_range(fake->device->values_at_once, 1, 6);
	fake->most = 0;
	fake_set_text(fake, "1.3.6.1.2.1.1.1.0", "a fake device, version 2");
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->requests, 1);
	assert_no_remarks(fake);
	fake_free(fake);
}

static void test_quirks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(QUIRKS) / sizeof(QUIRKS[0]); i++)
		test_quirk(&QUIRKS[i]);
}

/* The collector's machine sleeps for ten minutes: its clock counted on, so the mean over that
 * time is known, and right. */
static void test_suspended(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_cycle_after(fake, 607.3);
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_in_range(fake_last(fake, "eth0", "traffic")->duration_ms, 607299, 607302);
	assert_int_equal(fake->env.counts.clock_jumps, 0);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_dead_and_back(void **state)
{
	struct fake *fake = make(false);

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
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_int_equal(fake->restarts, 0);
	fake_free(fake);
}

static void test_one_lost_answer_costs_no_size(void **state)
{
	struct fake *fake = make(false);

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
	assert_no_remarks(fake);
	fake_free(fake);
}

static void test_names(void **state)
{
	static const uint8_t LATIN1[] = { 'K', 0xe9, 'd', 'i', 'r', 'i', 0 };
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	fake_interface(fake, 1, "x", FAKE_IF_X, 1000, 1000);
	fake_set_octets(fake, "1.3.6.1.2.1.31.1.1.1.1.1", LATIN1, sizeof(LATIN1));
	fake_interface(fake, 2, "same", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 3000, 3000);
	fake_set_text(fake, "1.3.6.1.2.1.2.2.1.2.2", "port A");
	fake_set_text(fake, "1.3.6.1.2.1.2.2.1.2.3", "port B");
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "K\xc3\xa9" "diri", 1000, 1000);
	assert_traffic(fake, "same@port A", 2000, 2000);
	assert_traffic(fake, "same@port B", 3000, 3000);
	assert_remark(fake, REMARK_NOT_UTF8);
	assert_remark(fake, REMARK_NAMES_REPEATED);
	fake_free(fake);
}

/* Empty names: by alias, by MAC address, by nothing but the number. */
static void test_no_names(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	fake_interface(fake, 1, "", FAKE_IF_X, 1000, 1000);
	fake_interface(fake, 2, "", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "", FAKE_IF_X, 3000, 3000);
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.18.1", "to core");
	fake_set_octets(fake, "1.3.6.1.2.1.2.2.1.6.2", "\x02\0\0\0\0\x07", 6);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "to core", 1000, 1000);
	assert_traffic(fake, "02:00:00:00:00:07", 2000, 2000);
	assert_traffic(fake, "if3", 3000, 3000);
	assert_remark(fake, REMARK_NAMES_MISSING);
	assert_remark(fake, REMARK_KNOWN_BY_NUMBER);
	fake_free(fake);
}

/* What a link's samples may be: this, or unknown. */
static void assert_only(const struct fake *fake, const char *object, double in)
{
	for (size_t i = 0; i < fake->n_samples; i++) {
		const struct fake_sample *s = &fake->samples[i];

		if (!strcmp(s->group, "traffic") && !strcmp(s->object, object) && !isnan(s->value[0]))
			assert_rate(s->value[0], in);
	}
}

/* Two of the same name change places, and nothing says so but the description that tells them apart. */
static void test_repeated_names_change_places(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		fake_interface(fake, 2 + swapped, "same", FAKE_IF_X, 2000, 2000);
		fake_interface(fake, 3 - swapped, "same", FAKE_IF_X, 3000, 3000);
		fake_set_text(fake, swapped ? "1.3.6.1.2.1.2.2.1.2.3" : "1.3.6.1.2.1.2.2.1.2.2", "port A");
		fake_set_text(fake, swapped ? "1.3.6.1.2.1.2.2.1.2.2" : "1.3.6.1.2.1.2.2.1.2.3", "port B");
		for (int i = 0; i < 3; i++)
			fake_cycle_after(fake, 10);
		assert_traffic(fake, "same@port A", 2000, 2000);
		assert_traffic(fake, "same@port B", 3000, 3000);
	}
	assert_only(fake, "same@port A", 2000);
	assert_only(fake, "same@port B", 3000);
	assert_remark(fake, REMARK_RENUMBERED);
	fake_free(fake);
}

/* Nothing but the number tells them apart: what the table's change brings is another interface. */
static void test_known_by_number(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.31.1.5.0", SNMP_TYPE_TIMETICKS, 100, 0);
	fake_interface(fake, 2, "same", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 3000, 3000);
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 10);
	assert_traffic(fake, "same@2", 2000, 2000);
	assert_remark(fake, REMARK_KNOWN_BY_NUMBER);
	fake_set(fake, "1.3.6.1.2.1.31.1.5.0", SNMP_TYPE_TIMETICKS, 60000, 0);
	fake_interface(fake, 2, "same", FAKE_IF_X, 3000, 3000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 2000, 2000);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_null(fake_last(fake, "same@2", "traffic"));
	assert_null(fake_last(fake, "same@3", "traffic"));
	for (int i = 0; i < 2; i++)
		fake_cycle_after(fake, 10);
	assert_traffic(fake, "same@2", 3000, 3000);
	assert_traffic(fake, "same@3", 2000, 2000);
	fake_free(fake);
}

/* ifHighSpeed 0 leaves it to ifSpeed; where that is 0 too, only the load is unknown. */
static void test_no_speed(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.15.1", SNMP_TYPE_GAUGE32, 0, 0);
	fake_cycle(fake, false);
	assert_int_equal(fake->device->links[0].capacity_bps, 100000000);
	assert_no_remarks(fake);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.1", SNMP_TYPE_GAUGE32, 0, 0);
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->device->links[0].capacity_bps, 0);
	assert_remark(fake, REMARK_NO_SPEED);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

static void test_implausible(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, UINT64_C(1) << 50, 125000);
	fake_cycle_after(fake, 10);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[0]));
	assert_remark(fake, REMARK_IMPLAUSIBLE);
	assert_int_equal(fake->device->count.unknown_samples, 1);
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

/* --- agents that walk badly: the whole cycle, not the walk alone (test_poll_walk.c) --- */

static bool is_in(const struct fake_object *o, const char *column)
{
	struct profile_oid oid;

	return oid_text_parse(column, &oid) == 0 && o->len == oid.len + 1u &&
	       !memcmp(o->oid, oid.id, oid.len * sizeof(*oid.id));
}

/* The object behind oid in the agent's own order: ifName comes as 1, 3, 2. */
static bool out_of_order(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	static const uint32_t NEXT[] = { 1, 3, 0, 2 }; /* behind 0, 1, 2, 3 */
	static const char COLUMN[] = "1.3.6.1.2.1.31.1.1.1.1";
	struct profile_oid column;
	uint32_t after;

	assert_int_equal(oid_text_parse(COLUMN, &column), 0);
	if (len < column.len || len > column.len + 1u || memcmp(oid, column.id, column.len * sizeof(*oid)))
		return false;
	after = len > column.len ? NEXT[oid[len - 1]] : 1;
	for (size_t i = 0; after && i < fake->n_objects; i++) {
		if (!is_in(&fake->objects[i], COLUMN) || fake->objects[i].oid[column.len] != after)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* Behind the last interface's name comes the first again. */
static bool looping(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	static const char COLUMN[] = "1.3.6.1.2.1.31.1.1.1.1";
	struct profile_oid column;

	assert_int_equal(oid_text_parse(COLUMN, &column), 0);
	if (len != column.len + 1u || memcmp(oid, column.id, column.len * sizeof(*oid)) || oid[len - 1] < 3)
		return false;
	for (size_t i = 0; i < fake->n_objects; i++) {
		if (!is_in(&fake->objects[i], COLUMN))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static void test_bad_walks(void **state)
{
	static const struct {
		bool (*successor)(struct fake *, const snmp_oid_t *, size_t, size_t *);
		enum device_remark remark;
	} CASES[] = { { out_of_order, REMARK_OUT_OF_ORDER }, { looping, REMARK_LOOPS } };

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct fake *fake = make(false);

		fake_interface(fake, 3, "eth2", FAKE_IF_X, 30, 40);
		fake->successor = CASES[i].successor;
		fake_cycle(fake, false);
		assert_int_equal(fake->device->n_links, 3);
		fake_cycle_after(fake, 10);
		assert_traffic(fake, "eth0", 125000, 50000);
		assert_traffic(fake, "eth1", 1000, 2000);
		assert_traffic(fake, "eth2", 30, 40);
		assert_remark(fake, CASES[i].remark);
		fake_free(fake);
	}
}

/* Rows that GETBULK and GETNEXT leave out, though GET has them. */
static bool skipping(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	static const char COLUMN[] = "1.3.6.1.2.1.31.1.1.1.1";
	struct profile_oid column;

	assert_int_equal(oid_text_parse(COLUMN, &column), 0);
	if (len != column.len + 1u || memcmp(oid, column.id, column.len * sizeof(*oid)) || oid[len - 1] != 1)
		return false;
	for (size_t i = 0; i < fake->n_objects; i++) {
		if (!is_in(&fake->objects[i], COLUMN) || fake->objects[i].oid[len - 1] != 3)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static void test_skipped_rows(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake_interface(fake, 3, "eth2", FAKE_IF_X, 30, 40);
	fake->successor = skipping;
	fake_cycle(fake, false);
	assert_int_equal(fake->device->n_links, 3); /* the second by its ifDescr */
	fake_cycle_after(fake, 10);
	assert_traffic(fake, "eth1", 1000, 2000);
	assert_traffic(fake, "eth2", 30, 40);
	assert_remark(fake, REMARK_PARTIAL_ROWS);
	fake_free(fake);
}

static void test_many_interfaces(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);
	char name[20];

	(void)state;
	for (unsigned int i = 1; i <= 52; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		fake_interface(fake, 10100 + i, name, FAKE_IF_X | FAKE_IF_32, 100.0 * i, 200.0 * i);
	}
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	for (unsigned int i = 1; i <= 52; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		assert_traffic(fake, name, 100.0 * i, 200.0 * i);
	}
	fake_free(fake);
}

static void test_too_many_interfaces(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);
	char name[20];

	(void)state;
	fake->env.max_links = 8;
	for (unsigned int i = 1; i <= 12; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		fake_interface(fake, i, name, FAKE_IF_X, 100.0 * i, 200.0 * i);
	}
	fake_cycle(fake, false);
	assert_int_equal(fake->device->n_links, 8);
	assert_true(fake->env.counts.rows_dropped > 0);
	assert_remark(fake, REMARK_TOO_MANY_LINKS);
	fake_free(fake);
}

/* Nothing is left to ask of it but a sign of life, and that is asked. */
static void test_no_access(void **state)
{
	struct fake *fake = make(false);

	(void)state;
	fake->no_access = true;
	for (int i = 0; i < 4; i++) {
		fake->now_us += 10000000;
		assert_int_equal(fake_cycle(fake, false), POLL_REFUSED);
		assert_remark(fake, REMARK_ACCESS_LIMITED);
	}
	assert_int_equal(fake->n_samples, 0);
	fake->no_access = false; /* and it is noticed at once */
	for (int i = 0; i < 3; i++)
		assert_int_equal(fake_cycle_after(fake, 10), POLL_ANSWERED);
	assert_traffic(fake, "eth0", 125000, 50000);
	assert_no_remarks(fake);
	fake_free(fake);
}

/* A device that shows nothing at all lives nevertheless, and may be heard to die. */
static void test_nothing_to_ask(void **state)
{
	struct fake *fake = fake_new(&profiles, "auto", false);

	(void)state;
	fake_unset(fake, SYS_UPTIME);
	for (int i = 0; i < 4; i++)
		assert_int_equal(fake_cycle_after(fake, 10), POLL_ANSWERED);
	fake->dead = true;
	assert_int_equal(fake_cycle_after(fake, 10), POLL_SILENT);
	fake_free(fake);
}

static int setup(void **state)
{
	(void)state;
	fake_if_mib(&profiles);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&profiles);
	return 0;
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
		cmocka_unit_test(test_quirks),
		cmocka_unit_test(test_new_firmware_is_learned_anew),
		cmocka_unit_test(test_suspended),
		cmocka_unit_test(test_dead_and_back),
		cmocka_unit_test(test_one_lost_answer_costs_no_size),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_repeated_names_change_places),
		cmocka_unit_test(test_known_by_number),
		cmocka_unit_test(test_no_speed),
		cmocka_unit_test(test_implausible),
		cmocka_unit_test(test_bad_walks),
		cmocka_unit_test(test_skipped_rows),
		cmocka_unit_test(test_many_interfaces),
		cmocka_unit_test(test_too_many_interfaces),
		cmocka_unit_test(test_no_access),
		cmocka_unit_test(test_nothing_to_ask),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
