/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording answers, that a poll session reads it as a device, and what it is said
 * to lack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/codec/text/snmprec.h"
#include "collector/core/poll/recording_device.h"
#include "common/conf/conf_errors.h"
#include "tests/unit/collector/core/poll/fake_device.h"

#include <cmocka.h>

static const char TEXT[] = "1.3.6.1.2.1.1.1.0|4|recorded\n"
			   "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.32473.1\n"
			   "1.3.6.1.2.1.1.3.0|67|500\n"
			   "1.3.6.1.2.1.2.2.1.2.7|4|eth0\n"
			   "1.3.6.1.2.1.2.2.1.3.7|2|6\n"
			   "1.3.6.1.2.1.2.2.1.5.7|66|100000000\n"
			   "1.3.6.1.2.1.2.2.1.8.7|2|1\n"
			   "1.3.6.1.2.1.2.2.1.10.7|65|1000\n"
			   "1.3.6.1.2.1.2.2.1.16.7|65|2000\n";

struct fixture {
	struct snmprec rec;
	struct recording_device device;
};

static struct fixture load(void)
{
	struct conf_errors errors = {0};
	struct fixture f = {0};

	assert_int_equal(snmprec_parse("f", (const uint8_t *)TEXT, strlen(TEXT), &f.rec, &errors),
			 0);
	f.device = (struct recording_device){.rows = f.rec.rows, .n = f.rec.n, .taken_us = 1000000};
	return f;
}

/* Where the answers stand, as the index of their row; '-' none such, '$' the end of the
 * MIB. */
static void describe(const struct fixture *f, const struct snmp_varbind *answers, size_t n,
		     char *buf)
{
	for (size_t i = 0; i < n; i++) {
		const struct snmp_varbind *row = recording_device_find(&f->device, answers[i].name,
								       answers[i].name_len, false);

		if (answers[i].type == SNMP_TYPE_NO_SUCH_INSTANCE)
			*buf++ = '-';
		else if (answers[i].type == SNMP_TYPE_END_OF_MIB_VIEW)
			*buf++ = '$';
		else
			*buf++ = (char)('0' + (row - f->device.rows));
	}
	*buf = '\0';
}

static void test_answers(void **state)
{
	static const struct {
		enum snmp_pdu_kind pdu;
		int repetitions;
		const char *oid[2];
		size_t room;
		const char *expect;
	} CASES[] = {
		{SNMP_PDU_GET, 0, {"1.3.6.1.2.1.1.1.0"}, 9, "0"},
		{SNMP_PDU_GET, 0, {"1.3.6.1.2.1.1.1", "1.3.6.1.2.1.1.3.0"}, 9, "-2"},
		{SNMP_PDU_GET, 0, {"1.3.6.1.2.1.1.1.0.0"}, 9, "-"},
		{SNMP_PDU_GET, 0, {"2.9"}, 9, "-"},
		{SNMP_PDU_GETNEXT, 0, {"1.3"}, 9, "0"},
		{SNMP_PDU_GETNEXT, 0, {"1.3.6.1.2.1.1.1.0", "2.9"}, 9, "1$"},
		{SNMP_PDU_GETNEXT, 0, {"1.3.6.1.2.1.2.2.1.16.7"}, 9, "$"},
		{SNMP_PDU_GETBULK, 3, {"1.3"}, 9, "012"},
		{SNMP_PDU_GETBULK, 2, {"1.3", "1.3.6.1.2.1.2.2.1.10"}, 9, "0718"},
		{SNMP_PDU_GETBULK, 3, {"1.3", "1.3.6.1.2.1.2.2.1.10"}, 9, "07182$"},
		{SNMP_PDU_GETBULK, 3, {"1.3", "1.3.6.1.2.1.2.2.1.10"}, 3, "071"},
		{SNMP_PDU_GETBULK, 0, {"1.3"}, 9, "0"},
	};
	struct fixture f = load();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct poll_ask ask = {.pdu = CASES[i].pdu, .repetitions = CASES[i].repetitions};
		struct snmp_varbind asked[2] = {0}, given[9];
		struct profile_oid oid[2];
		char text[10];

		for (; ask.n < 2 && CASES[i].oid[ask.n]; ask.n++) {
			assert_int_equal(oid_text_parse(CASES[i].oid[ask.n], &oid[ask.n]), 0);
			asked[ask.n].name = oid[ask.n].id;
			asked[ask.n].name_len = oid[ask.n].len;
		}
		describe(&f, given,
			 recording_device_answer(&f.device, &ask, asked, 1000000, given,
						 CASES[i].room),
			 text);
		if (strcmp(text, CASES[i].expect) != 0)
			fail_msg("case %zu: %s, expected %s", i, text, CASES[i].expect);
	}
	snmprec_deinit(&f.rec);
}

static void test_uptime_goes_on(void **state)
{
	static const struct {
		int64_t now_us;
		uint64_t ticks;
	} CASES[] = {{1000000, 500}, {11000000, 1500}, {11009999, 1500}};
	const struct poll_ask ask = {.pdu = SNMP_PDU_GET, .n = 1};
	struct fixture f = load();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct snmp_varbind given;

		recording_device_answer(&f.device, &ask, &f.rec.rows[2], CASES[i].now_us, &given,
					1);
		assert_int_equal(given.v.u, CASES[i].ticks);
	}
	snmprec_deinit(&f.rec);
}

static void test_a_session_reads_it(void **state)
{
	struct profile_set profiles;
	struct fixture f = load();
	struct fake *fake;

	(void)state;
	fake_if_mib(&profiles);
	fake = fake_new(&profiles, "auto", false);
	f.device.taken_us = fake->now_us;
	fake->env.recorded = true;
	for (int i = 0; i < 2; i++)
		assert_int_equal(recording_device_poll(&f.device, fake->session,
						       fake->env.max_varbinds,
						       fake->now_us + i * 10000000),
				 0);
	assert_string_equal(fake->device->profile, "if-mib");
	assert_string_equal(fake->device->sys_descr, "recorded");
	assert_int_equal(fake->device->uptime_s, 15);
	assert_int_equal(fake->device->n_links, 1);
	assert_string_equal(fake->device->links[0].name, "eth0");
	assert_int_equal(fake->device->links[0].capacity_bps, 100000000);
	assert_int_equal(fake->device->links[0].oper, LINK_OPER_UP);
	assert_int_equal(fake->n_samples, 1); /* nothing moved in the pause */
	assert_true(fake_last(fake, "eth0", "traffic")->value[0] == 0);
	fake_free(fake);
	profile_set_deinit(&profiles);
	snmprec_deinit(&f.rec);
}

static void add_lack(void *data, const char *group, const char *name, const struct profile_oid *oid)
{
	char *text = data;

	assert_true(oid->len > 0);
	sprintf(text + strlen(text), "%s.%s;", group, name);
}

static void test_lacks(void **state)
{
	struct profile_set profiles;
	struct fixture f = load();
	char text[512] = "";

	(void)state;
	fake_if_mib(&profiles);
	recording_device_lacks(&f.device, &profiles.profiles[0], add_lack, text);
	/* name is in ifXTable only, speed and octets have an alternative in ifTable */
	assert_string_equal(text, "links.name;links.alias;links.mac;links.discontinuity;links.in-"
				  "errors;links.out-errors;");
	f.device.n = 2; /* descr and objectID are all */
	text[0] = '\0';
	recording_device_lacks(&f.device, &profiles.profiles[0], add_lack, text);
	assert_memory_equal(text, "device.uptime;links.name;links.descr;", 37);
	profile_set_deinit(&profiles);
	snmprec_deinit(&f.rec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_uptime_goes_on),
		cmocka_unit_test(test_a_session_reads_it),
		cmocka_unit_test(test_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
