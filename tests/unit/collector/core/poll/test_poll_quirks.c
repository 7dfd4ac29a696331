/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The quirks of agents: what they cannot bear, names that are missing or repeat, tables that are
 * out of order, and what the operator is told of each.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "tests/unit/collector/core/poll/fake_check.h"

#include <cmocka.h>

#define IF_HC_IN_1 "1.3.6.1.2.1.31.1.1.1.6.1"

/* ---- agents that cannot bear much ---- */

struct quirk {
	const char *name;
	enum fake_too_much too_much;
	size_t most;
	bool no_bulk, shuffled, v1;
	enum device_remark remark;
};

static const struct quirk QUIRKS[] = {
	{"tooBig above 10", FAKE_TOO_BIG, 10, false, false, false, REMARK_TOO_BIG},
	{"tooBig with an empty list, GETBULK too", FAKE_TOO_BIG_EMPTY, 6, false, false, false,
	 REMARK_TOO_BIG},
	{"silent above 12", FAKE_SILENT, 12, false, false, false, REMARK_SILENT_TO_LARGE},
	{"silent above 1", FAKE_SILENT, 1, false, false, false, REMARK_SILENT_TO_LARGE},
	{"answers cut at 7", FAKE_CUT, 7, false, false, false, REMARK_CUT_ANSWERS},
	{"answers cut at 1", FAKE_CUT, 1, false, false, false, REMARK_CUT_ANSWERS},
	{"genErr above 4", FAKE_GEN_ERR, 4, false, false, false, REMARK_GEN_ERRORS},
	{"hangs on GETBULK", FAKE_FITS, 0, true, false, false, REMARK_NO_BULK},
	{"bindings out of place", FAKE_FITS, 0, false, true, false, REMARK_OTHER_NAMES},
	{"v1, tooBig above 5", FAKE_TOO_BIG, 5, false, false, true, REMARK_TOO_BIG},
	{"v1, silent above 3", FAKE_SILENT, 3, true, false, true, REMARK_SILENT_TO_LARGE},
};

static void test_quirk(const struct quirk *q)
{
	struct fake *fake = fake_check_two(q->v1);

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
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_check_remark(fake, q->remark);
	fake_free(fake);
}

/* A request that is lost, or whose time runs out, is no reason to ask for one value at a time: where
 * answers take a second, no cycle would come to its end any more. */
static void test_lost_request(void **state)
{
	struct fake *fake = fake_check_two(false);
	unsigned int requests;

	(void)state;
	fake->env.max_varbinds = 10;
	for (int i = 0; i < 4; i++)
		fake_cycle_after(fake, 20);
	fake_forget(fake);
	fake_cycle_after(fake, 20);
	requests = fake->requests;
	assert_in_range(requests, 2, 10);
	for (unsigned int i = 2; i <= requests; i++) {
		fake_forget(fake);
		fake->lost = i;
		fake_cycle_after(fake, 20);
		assert_int_equal(fake->silences, 1);
		assert_int_equal(fake->requests, requests + 1); /* that one again */
		fake_check_traffic(fake, "eth0", 125000, 50000);
		fake_check_traffic(fake, "eth1", 1000, 2000);
	}
	/* the walk over the interfaces, too */
	poll_session_rediscover(fake->session);
	fake_forget(fake);
	fake_cycle_after(fake, 20);
	requests = fake->requests;
	for (unsigned int i = 2; i <= requests; i++) {
		poll_session_rediscover(fake->session);
		fake_forget(fake);
		fake->lost = i;
		fake_cycle_after(fake, 20);
		assert_int_equal(fake->silences, 1);
		assert_int_equal(fake->requests, requests + 1);
	}
	fake_check_no_remarks(fake);
	fake_free(fake);
}

/* What a device bore for long it may not bear any more. */
static void test_bears_less_than_before(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	for (int i = 0; i < 4; i++)
		fake_cycle_after(fake, 20);
	fake->too_much = FAKE_SILENT;
	fake->most = 6;
	fake_cycle_after(fake, 20);
	for (int i = 0; i < 2; i++) {
		fake->now_us += 20000000;
		fake_cycle(fake, true);
	}
	fake_forget(fake);
	fake_cycle_after(fake, 20);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_remark(fake, REMARK_SILENT_TO_LARGE);
	fake_free(fake);
}

/* A firmware that was put right is asked for as much as any other. */
static void test_new_firmware_is_learned_anew(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->too_much = FAKE_TOO_BIG;
	fake->most = 6;
	fake_cycle_after(fake, 10);
	fake_cycle_after(fake, 10);
	fake_check_remark(fake, REMARK_TOO_BIG);
	assert_in_range(fake->device->values_at_once, 1, 6);
	fake->most = 0;
	fake_set_text(fake, "1.3.6.1.2.1.1.1.0", "a fake device, version 2");
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->requests, 1);
	fake_check_no_remarks(fake);
	fake_free(fake);
}

/* A row that begins to come in many answers, a third of a second apart, is read over as long a
 * time: each value has its own. */
static void test_row_in_parts(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->delay_us = 300000;
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 30);
	fake->too_much = FAKE_TOO_BIG;
	fake->most = 4;
	for (int i = 0; i < 3; i++) {
		fake_forget(fake);
		fake_cycle_after(fake, 30);
		fake_check_traffic(fake, "eth0", 125000, 50000);
		fake_check_traffic(fake, "eth1", 1000, 2000);
	}
	fake_free(fake);
}

/* However many values fit, and however that divides what is asked for: the time is in each answer
 * with values, also while all columns are asked for once more. */
static void test_time_in_every_part(void **state)
{
	(void)state;
	for (size_t most = 4; most < 24; most++) {
		struct fake *fake = fake_check_two(false);

		fake->too_much = FAKE_TOO_BIG;
		fake->most = most;
		fake->delay_us = 30000; /* without it, that would be all that is known */
		for (int i = 0; i < 6; i++)
			fake_cycle_after(fake, 15);
		poll_session_rediscover(fake->session);
		for (int i = 0; i < 2; i++) {
			fake_forget(fake);
			fake_cycle_after(fake, 15);
			fake_check_traffic(fake, "eth0", 125000, 50000);
			fake_check_traffic(fake, "eth1", 1000, 2000);
		}
		fake_free(fake);
	}
}

static void test_quirks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(QUIRKS) / sizeof(QUIRKS[0]); i++)
		test_quirk(&QUIRKS[i]);
}

static void test_names(void **state)
{
	static const uint8_t LATIN1[] = {'K', 0xe9, 'd', 'i', 'r', 'i', 0};
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	fake_interface(fake, 1, "x", FAKE_IF_X, 1000, 1000);
	fake_set_octets(fake, "1.3.6.1.2.1.31.1.1.1.1.1", LATIN1, sizeof(LATIN1));
	fake_interface(fake, 2, "same", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 3000, 3000);
	fake_set_text(fake, "1.3.6.1.2.1.2.2.1.2.2", "port A");
	fake_set_text(fake, "1.3.6.1.2.1.2.2.1.2.3", "port B");
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake,
			   "K\xc3\xa9"
			   "diri",
			   1000, 1000);
	fake_check_traffic(fake, "same@port A", 2000, 2000);
	fake_check_traffic(fake, "same@port B", 3000, 3000);
	fake_check_remark(fake, REMARK_NOT_UTF8);
	fake_check_remark(fake, REMARK_NAMES_REPEATED);
	fake_free(fake);
}

/* Empty names: by alias, by MAC address, by nothing but the number. */
static void test_no_names(void **state)
{
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	fake_interface(fake, 1, "", FAKE_IF_X, 1000, 1000);
	fake_interface(fake, 2, "", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "", FAKE_IF_X, 3000, 3000);
	fake_set_text(fake, "1.3.6.1.2.1.31.1.1.1.18.1", "to core");
	fake_set_octets(fake, "1.3.6.1.2.1.2.2.1.6.2", "\x02\0\0\0\0\x07", 6);
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "to core", 1000, 1000);
	fake_check_traffic(fake, "02:00:00:00:00:07", 2000, 2000);
	fake_check_traffic(fake, "if3", 3000, 3000);
	fake_check_remark(fake, REMARK_NAMES_MISSING);
	fake_check_remark(fake, REMARK_KNOWN_BY_NUMBER);
	fake_free(fake);
}

/* What a link's samples may be: this, or unknown. */
static void assert_only(const struct fake *fake, const char *object, double in)
{
	for (size_t i = 0; i < fake->n_samples; i++) {
		const struct fake_sample *s = &fake->samples[i];

		if (!strcmp(s->group, "traffic") && !strcmp(s->object, object) &&
		    !isnan(s->value[0]))
			fake_check_rate(s->value[0], in);
	}
}

/* Two of the same name change places, and nothing says so but the description that tells them apart. */
static void test_repeated_names_change_places(void **state)
{
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		fake_interface(fake, 2 + swapped, "same", FAKE_IF_X, 2000, 2000);
		fake_interface(fake, 3 - swapped, "same", FAKE_IF_X, 3000, 3000);
		fake_set_text(fake, swapped ? "1.3.6.1.2.1.2.2.1.2.3" : "1.3.6.1.2.1.2.2.1.2.2",
			      "port A");
		fake_set_text(fake, swapped ? "1.3.6.1.2.1.2.2.1.2.2" : "1.3.6.1.2.1.2.2.1.2.3",
			      "port B");
		for (int i = 0; i < 3; i++)
			fake_cycle_after(fake, 10);
		fake_check_traffic(fake, "same@port A", 2000, 2000);
		fake_check_traffic(fake, "same@port B", 3000, 3000);
	}
	assert_only(fake, "same@port A", 2000);
	assert_only(fake, "same@port B", 3000);
	fake_check_remark(fake, REMARK_RENUMBERED);
	fake_free(fake);
}

/* Nothing but the number tells them apart: what the table's change brings is another interface. */
static void test_known_by_number(void **state)
{
	struct fake *fake = fake_check_bare("auto");

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.31.1.5.0", SNMP_TYPE_TIMETICKS, 100, 0);
	fake_interface(fake, 2, "same", FAKE_IF_X, 2000, 2000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 3000, 3000);
	for (int i = 0; i < 3; i++)
		fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "same@2", 2000, 2000);
	fake_check_remark(fake, REMARK_KNOWN_BY_NUMBER);
	fake_set(fake, "1.3.6.1.2.1.31.1.5.0", SNMP_TYPE_TIMETICKS, 60000, 0);
	fake_interface(fake, 2, "same", FAKE_IF_X, 3000, 3000);
	fake_interface(fake, 3, "same", FAKE_IF_X, 2000, 2000);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_null(fake_last(fake, "same@2", "traffic"));
	assert_null(fake_last(fake, "same@3", "traffic"));
	for (int i = 0; i < 2; i++)
		fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "same@2", 3000, 3000);
	fake_check_traffic(fake, "same@3", 2000, 2000);
	fake_free(fake);
}

/* Six ports of one name; from then on each number is of the port with the next greater rate. */
static void renumber_by_number(struct fake *fake, unsigned int shift)
{
	for (unsigned int i = 0; i < 6; i++)
		fake_interface(fake, i + 1, "same", FAKE_IF_X, 2000 + (i + shift) % 6 * 1000.0,
			       2000 + (i + shift) % 6 * 1000.0);
}

/* Each sample is right for the port that has the number, or unknown. */
static unsigned int check_numbered(const struct fake *fake, unsigned int shift)
{
	unsigned int known = 0;
	char name[20];

	for (unsigned int i = 0; i < 6; i++) {
		const struct fake_sample *sample;

		snprintf(name, sizeof(name), "same@%u", i + 1);
		sample = fake_last(fake, name, "traffic");
		if (!sample || isnan(sample->value[0]))
			continue;
		fake_check_rate(sample->value[0], 2000 + (i + shift) % 6 * 1000.0);
		known++;
	}
	return known;
}

/* And where nothing says that they changed: five of the six seem to have carried more than before,
 * and only the last one shows that they are others. It comes in another answer than the first. */
static void test_numbers_change_unsaid(void **state)
{
	(void)state;
	for (unsigned int most = 8; most <= 64; most *= 2) {
		struct fake *fake = fake_check_bare("auto");

		fake->env.max_varbinds = most;
		renumber_by_number(fake, 0);
		for (int i = 0; i < 4; i++)
			fake_cycle_after(fake, 20);
		assert_int_equal(check_numbered(fake, 0), 6);
		renumber_by_number(fake, 1);
		fake_forget(fake);
		fake_cycle_after(fake, 20);
		assert_int_equal(check_numbered(fake, 1), 0);
		assert_true(isnan(fake->device->links[0].in_bps));
		for (int i = 0; i < 3; i++) {
			fake_forget(fake);
			fake_cycle_after(fake, 20);
			assert_in_range(check_numbered(fake, 1), i ? 6 : 1, 6);
		}
		fake_check_rate(fake->device->links[0].in_bps, 3000 * 8);
		fake_free(fake);
	}
}

/* Counters that are renewed every 30 s, or 37, and polled every 10: never nothing, never three times
 * as much: unknown until the step is known, then the mean over whole steps. */
static void test_counters_in_steps(void **state)
{
	static const int64_t STEPS_S[] = {30, 37, 14};

	(void)state;
	for (size_t i = 0; i < sizeof(STEPS_S) / sizeof(STEPS_S[0]); i++) {
		struct fake *fake = fake_check_two(false);
		unsigned int known = 0, samples = 0;
		bool stood = STEPS_S[i] > 20; /* else some polls pass before they do so once */

		fake->renewed_us = STEPS_S[i] * 1000000;
		fake->now_us += 3000000;
		fake_cycle(fake, false);
		for (int n = 0; n < 900; n++) {
			const struct fake_sample *sample;

			fake_forget(fake);
			fake_cycle_after(fake, 10);
			sample = fake_last(fake, "eth0", "traffic");
			samples += sample != NULL;
			stood |= !sample;
			if (!sample || !stood || isnan(sample->value[0]))
				continue;
			if (!(fabs(sample->value[0] - 125000) <= 125000 * 0.005))
				fail_msg("step %d, poll %d: %f", (int)STEPS_S[i], n,
					 sample->value[0]);
			known++;
		}
		assert_in_range(samples, 9000 / STEPS_S[i] - 4, 9000 / STEPS_S[i] + 4);
		assert_in_range(known, samples / 2, samples);
		fake_free(fake);
	}
}

/* A device through which nothing passes for minutes says zero, and then what it carries. */
static void test_nothing_passes(void **state)
{
	int64_t longest_ms = 0;
	struct fake *fake = fake_check_two(false);
	static const char *const OIDS[] = {"1.3.6.1.2.1.31.1.1.1.6.1", "1.3.6.1.2.1.31.1.1.1.10.1",
					   "1.3.6.1.2.1.31.1.1.1.6.2", "1.3.6.1.2.1.31.1.1.1.10.2",
					   "1.3.6.1.2.1.2.2.1.10.1",   "1.3.6.1.2.1.2.2.1.16.1",
					   "1.3.6.1.2.1.2.2.1.10.2",   "1.3.6.1.2.1.2.2.1.16.2"};

	(void)state;
	for (int i = 0; i < 4; i++)
		fake_cycle_after(fake, 10);
	for (size_t i = 0; i < sizeof(OIDS) / sizeof(OIDS[0]); i++)
		fake_change_rate(fake, OIDS[i], 0);
	fake_forget(fake);
	for (int i = 0; i < 9; i++)
		fake_cycle_after(fake, 10);
	assert_true(fake_last(fake, "eth0", "traffic")->value[0] == 0);
	for (size_t i = 0; i < fake->n_samples; i++)
		if (fake->samples[i].duration_ms > longest_ms)
			longest_ms = fake->samples[i].duration_ms;
	assert_in_range(longest_ms, 60000, 80000); /* of all that time */
	fake_change_rate(fake, OIDS[0], 5000);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 5000, 0);
	fake_free(fake);
}

/* Many devices have no ifTableLastChange, or one that stands still: that they have more interfaces
 * than before is seen by the next poll all the same. */
static void test_new_port_by_number(void **state)
{
	static const bool STANDS_STILL[] = {false, true};

	(void)state;
	for (size_t i = 0; i < sizeof(STANDS_STILL); i++) {
		struct fake *fake = fake_check_bare("auto");

		if (STANDS_STILL[i])
			fake_set(fake, "1.3.6.1.2.1.31.1.5.0", SNMP_TYPE_TIMETICKS, 0, 0);
		fake_set(fake, "1.3.6.1.2.1.2.1.0", SNMP_TYPE_INTEGER, 1, 0);
		fake_interface(fake, 2, "old", FAKE_IF_X, 2000, 2000);
		fake_cycle(fake, false);
		for (int n = 0; n < 3; n++)
			fake_cycle_after(fake, 60);
		assert_int_equal(fake->discoveries, 1);
		fake_interface(fake, 3, "new", FAKE_IF_X, 3000, 3000);
		fake_set(fake, "1.3.6.1.2.1.2.1.0", SNMP_TYPE_INTEGER, 2, 0);
		fake_cycle_after(fake, 60);
		assert_int_equal(fake->discoveries, 2);
		fake_check_traffic(fake, "old", 2000, 2000); /* what was there goes on */
		fake_cycle_after(fake, 60);
		fake_check_traffic(fake, "old", 2000, 2000);
		fake_check_traffic(fake, "new", 3000, 3000);
		assert_int_equal(fake->discoveries, 2);
		fake_free(fake);
	}
}

/* ifHighSpeed 0 leaves it to ifSpeed; where that is 0 too, only the load is unknown. */
static void test_no_speed(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.15.1", SNMP_TYPE_GAUGE32, 0, 0);
	fake_cycle(fake, false);
	assert_int_equal(fake->device->links[0].capacity_bps, 100000000);
	fake_check_no_remarks(fake);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.1", SNMP_TYPE_GAUGE32, 0, 0);
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_cycle_after(fake, 10);
	assert_int_equal(fake->device->links[0].capacity_bps, 0);
	fake_check_remark(fake, REMARK_NO_SPEED);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake->entry.capacity_down_bps = fake->entry.capacity_up_bps = 10000000;
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_check_no_remarks(fake); /* the inventory knows */
	fake_free(fake);
}

/* A VLAN beside the main link has no speed, and needs none. */
static void test_no_speed_of_others(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.31.1.1.1.15.2", SNMP_TYPE_GAUGE32, 0, 0);
	fake_set(fake, "1.3.6.1.2.1.2.2.1.5.2", SNMP_TYPE_GAUGE32, 0, 0);
	for (int i = 0; i < 2; i++)
		fake_cycle_after(fake, 10);
	assert_int_equal(fake->device->links[1].capacity_bps, 0);
	fake_check_no_remarks(fake);
	fake_free(fake);
}

static void test_v1_is_told(void **state)
{
	struct fake *fake = fake_check_two(true);

	(void)state;
	fake_cycle(fake, false);
	fake_check_remark(fake, REMARK_SNMPV1);
	fake_free(fake);
}

static void test_implausible(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_set(fake, IF_HC_IN_1, SNMP_TYPE_COUNTER64, UINT64_C(1) << 50, 125000);
	fake_cycle_after(fake, 10);
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[0]));
	fake_check_remark(fake, REMARK_IMPLAUSIBLE);
	/* The row is not known to be the interface's own: none of its counters is believed. */
	assert_true(isnan(fake_last(fake, "eth0", "traffic")->value[1]));
	assert_int_equal(fake->device->count.unknown_samples, 4);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_free(fake);
}

/* ---- agents that walk badly: the whole cycle, not the walk alone (test_poll_walk.c) ---- */

static bool is_in(const struct fake_object *o, const char *column)
{
	struct profile_oid oid;

	return oid_text_parse(column, &oid) == 0 && o->len == oid.len + 1u &&
	       !memcmp(o->oid, oid.id, oid.len * sizeof(*oid.id));
}

/* The object behind oid in the agent's own order: ifName comes as 1, 3, 2. */
static bool out_of_order(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	static const uint32_t NEXT[] = {1, 3, 0, 2}; /* behind 0, 1, 2, 3 */
	static const char COLUMN[] = "1.3.6.1.2.1.31.1.1.1.1";
	struct profile_oid column;
	uint32_t after;

	assert_int_equal(oid_text_parse(COLUMN, &column), 0);
	if (len < column.len || len > column.len + 1u ||
	    memcmp(oid, column.id, column.len * sizeof(*oid)))
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
	if (len != column.len + 1u || memcmp(oid, column.id, column.len * sizeof(*oid)) ||
	    oid[len - 1] < 3)
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
	} CASES[] = {{out_of_order, REMARK_OUT_OF_ORDER}, {looping, REMARK_LOOPS}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct fake *fake = fake_check_two(false);

		fake_interface(fake, 3, "eth2", FAKE_IF_X, 30, 40);
		fake->successor = CASES[i].successor;
		fake_cycle(fake, false);
		assert_int_equal(fake->device->n_links, 3);
		fake_cycle_after(fake, 10);
		fake_check_traffic(fake, "eth0", 125000, 50000);
		fake_check_traffic(fake, "eth1", 1000, 2000);
		fake_check_traffic(fake, "eth2", 30, 40);
		fake_check_remark(fake, CASES[i].remark);
		fake_free(fake);
	}
}

/* Rows that GETBULK and GETNEXT leave out, though GET has them. */
static bool skipping(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	static const char COLUMN[] = "1.3.6.1.2.1.31.1.1.1.1";
	struct profile_oid column;

	assert_int_equal(oid_text_parse(COLUMN, &column), 0);
	if (len != column.len + 1u || memcmp(oid, column.id, column.len * sizeof(*oid)) ||
	    oid[len - 1] != 1)
		return false;
	for (size_t i = 0; i < fake->n_objects; i++) {
		if (!is_in(&fake->objects[i], COLUMN) || fake->objects[i].oid[len - 1] != 3)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static void test_gen_error_to_bulk(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake->bulk_gen_err = true;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth0", 125000, 50000);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_check_remark(fake, REMARK_NO_BULK);
	fake_free(fake);
}

/* ifTable and ifXTable end after their first row, though GET has all of them. */
static bool cut_short(struct fake *fake, const snmp_oid_t *oid, size_t len, size_t *ret)
{
	for (size_t i = 0; i < fake->n_objects; i++) {
		const struct fake_object *o = &fake->objects[i];

		if (o->len != len || memcmp(o->oid, oid, len * sizeof(*oid)) || oid[len - 1] != 1 ||
		    len < 10)
			continue;
		for (i++; i < fake->n_objects; i++) {
			o = &fake->objects[i];
			if (o->len == len && !memcmp(o->oid, oid, (len - 1) * sizeof(*oid)))
				continue;
			*ret = i;
			return true;
		}
	}
	return false;
}

static void test_a_walk_cut_short(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake->successor = cut_short;
	poll_session_rediscover(fake->session);
	for (int n = 0; n < 3; n++) {
		fake_forget(fake);
		fake_cycle_after(fake, 10);
		fake_check_traffic(fake, "eth1", 1000, 2000);
		assert_true(fake->device->links[1].present);
	}
	/* The next walk tells that it is gone; so does its GET. */
	fake->successor = NULL;
	fake_remove_interface(fake, 2);
	for (int n = 0; n < 7; n++)
		fake_cycle_after(fake, 10);
	assert_false(fake->device->links[1].present);
	assert_true(fake->device->links[0].present);
	fake_free(fake);
}

/* What the first walk missed was never seen: ifNumber alone tells. Walked again in a minute, and ever
 * later where it never comes. */
static void test_the_first_walk_cut_short(void **state)
{
	struct fake *fake = fake_check_two(false);
	unsigned int walks;

	(void)state;
	fake_set(fake, "1.3.6.1.2.1.2.1.0", SNMP_TYPE_INTEGER, 2, 0);
	fake->successor = cut_short;
	fake_cycle(fake, false);
	assert_int_equal(fake->device->n_links, 1);
	for (int n = 0; n < 60; n++)
		fake_cycle_after(fake, 10);
	walks = fake->env.counts.discoveries;
	assert_in_range(walks, 3, 5); /* at 0, 1, 3 and 7 minutes */
	fake->successor = NULL;
	for (int n = 0; n < 60; n++)
		fake_cycle_after(fake, 10);
	assert_int_equal(fake->env.counts.discoveries, walks + 1);
	assert_int_equal(fake->device->n_links, 2);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_free(fake);
}

/* Ever new names, as PPP sessions have them: those that are gone make room. */
static void test_names_that_are_gone_make_room(void **state)
{
	struct fake *fake = fake_check_two(false);
	char name[16];

	(void)state;
	fake->env.max_links = 6;
	for (uint32_t round = 0; round < 5; round++) {
		for (uint32_t i = 0; i < 4; i++) {
			if (round)
				fake_remove_interface(fake, 100 * round + i);
			snprintf(name, sizeof(name), "ppp%u", 4 * round + i);
			fake_interface(fake, 100 * (round + 1) + i, name, FAKE_IF_X, 10, 20);
		}
		poll_session_rediscover(fake->session);
		for (int n = 0; n < 8; n++)
			fake_cycle_after(fake, 10);
		fake_check_traffic(fake, name, 10, 20);
		fake_check_traffic(fake, "eth0", 125000, 50000);
		assert_in_range(fake->device->n_links, 6, 6);
	}
	fake_check_no_remarks(fake);
	fake_interface(fake, 3, "eth2", FAKE_IF_X, 30, 40); /* one more than there is room for */
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_check_remark(fake, REMARK_TOO_MANY_LINKS);
	fake_free(fake);
}

static void test_skipped_rows(void **state)
{
	struct fake *fake = fake_check_two(false);

	(void)state;
	fake_interface(fake, 3, "eth2", FAKE_IF_X, 30, 40);
	fake->successor = skipping;
	fake_cycle(fake, false);
	assert_int_equal(fake->device->n_links, 3); /* the second by its ifDescr */
	fake_cycle_after(fake, 10);
	fake_check_traffic(fake, "eth1", 1000, 2000);
	fake_check_traffic(fake, "eth2", 30, 40);
	fake_check_remark(fake, REMARK_PARTIAL_ROWS);
	fake_free(fake);
}

static void test_many_interfaces(void **state)
{
	struct fake *fake = fake_check_bare("auto");
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
		fake_check_traffic(fake, name, 100.0 * i, 200.0 * i);
	}
	fake_free(fake);
}

static void test_too_many_interfaces(void **state)
{
	struct fake *fake = fake_check_bare("auto");
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
	fake_check_remark(fake, REMARK_TOO_MANY_LINKS);
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quirks),
		cmocka_unit_test(test_row_in_parts),
		cmocka_unit_test(test_time_in_every_part),
		cmocka_unit_test(test_lost_request),
		cmocka_unit_test(test_bears_less_than_before),
		cmocka_unit_test(test_new_firmware_is_learned_anew),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_repeated_names_change_places),
		cmocka_unit_test(test_known_by_number),
		cmocka_unit_test(test_numbers_change_unsaid),
		cmocka_unit_test(test_counters_in_steps),
		cmocka_unit_test(test_nothing_passes),
		cmocka_unit_test(test_new_port_by_number),
		cmocka_unit_test(test_no_speed),
		cmocka_unit_test(test_no_speed_of_others),
		cmocka_unit_test(test_v1_is_told),
		cmocka_unit_test(test_implausible),
		cmocka_unit_test(test_bad_walks),
		cmocka_unit_test(test_gen_error_to_bulk),
		cmocka_unit_test(test_a_walk_cut_short),
		cmocka_unit_test(test_the_first_walk_cut_short),
		cmocka_unit_test(test_names_that_are_gone_make_room),
		cmocka_unit_test(test_skipped_rows),
		cmocka_unit_test(test_many_interfaces),
		cmocka_unit_test(test_too_many_interfaces),
	};

	return cmocka_run_group_tests(tests, fake_check_setup, fake_check_teardown);
}
