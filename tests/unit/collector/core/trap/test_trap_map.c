/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notifications of v1 and v2, standard and Pantau's, complete and crippled. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/trap/trap_map.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_oids.h"
#include "pantau_mib.h"

#include <cmocka.h>

#define SNMP_TRAPS 1, 3, 6, 1, 6, 3, 1, 1, 5
#define OIDS(...)                                                                                  \
	(const snmp_oid_t[]){__VA_ARGS__},                                                         \
		sizeof((const snmp_oid_t[]){__VA_ARGS__}) / sizeof(snmp_oid_t)

/* Bindings are written one after the other into this. */
static struct snmp_varbind vb[32];
static size_t n_vb;

static struct snmp_varbind *add(const snmp_oid_t *name, size_t len, uint8_t type)
{
	vb[n_vb] = (struct snmp_varbind){.name = name, .name_len = len, .type = type};
	return &vb[n_vb++];
}

static void add_number(const snmp_oid_t *name, size_t len, uint8_t type, uint64_t value)
{
	add(name, len, type)->v.u = value;
}

static void add_text(const snmp_oid_t *name, size_t len, const char *text)
{
	struct snmp_varbind *v = add(name, len, SNMP_TYPE_OCTETS);

	v->v.octets.p = (const uint8_t *)text;
	v->v.octets.len = strlen(text);
}

static void add_trap_oid(const snmp_oid_t *oid, size_t len)
{
	static const snmp_oid_t NAME[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
	struct snmp_varbind *v = add(NAME, ARRAY_LEN(NAME), SNMP_TYPE_OID);

	v->v.oid.p = oid;
	v->v.oid.len = len;
}

static int setup(void **state)
{
	(void)state;
	n_vb = 0;
	return 0;
}

static int map(struct notification *ret)
{
	const struct trap_pdu pdu = {.inform = true, .varbinds = vb, .n_varbinds = n_vb};

	return trap_map(&pdu, ret);
}

static void test_v1_generic(void **state)
{
	static const struct {
		int64_t generic;
		enum notification_kind kind;
	} CASES[] = {
		{0, NOTIFICATION_COLD_START},	{1, NOTIFICATION_WARM_START},
		{2, NOTIFICATION_LINK_DOWN},	{3, NOTIFICATION_LINK_UP},
		{4, NOTIFICATION_AUTH_FAILURE}, {5, NOTIFICATION_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct trap_pdu pdu = {
			.v1 = true, .generic = CASES[i].generic, .uptime_ticks = 4711};
		struct notification n;
		char text[64];

		assert_int_equal(trap_map(&pdu, &n), 0);
		assert_int_equal(n.kind, CASES[i].kind);
		assert_true(n.has_uptime);
		assert_int_equal(n.uptime_ticks, 4711);
		trap_oid_text(n.oid, n.oid_len, text, sizeof(text));
		assert_memory_equal(text, "1.3.6.1.6.3.1.1.5.", 18);
		assert_int_equal(text[18], '1' + CASES[i].generic);
	}
}

static void test_v1_specific(void **state)
{
	const snmp_oid_t enterprise[] = {1, 3, 6, 1, 4, 1, 14988, 1};
	struct trap_pdu pdu = {.v1 = true,
			       .generic = 6,
			       .specific = 17,
			       .enterprise = enterprise,
			       .enterprise_len = ARRAY_LEN(enterprise)};
	snmp_oid_t longest[NOTIFICATION_OID_MAX - 1];
	struct notification n;
	char text[64];

	(void)state;
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(trap_oid_text(n.oid, n.oid_len, text, sizeof(text)),
			    "1.3.6.1.4.1.14988.1.0.17");
	assert_int_equal(n.kind, NOTIFICATION_OTHER);
	pdu.generic = 7;
	assert_int_equal(trap_map(&pdu, &n), -EINVAL);
	pdu.generic = -1;
	assert_int_equal(trap_map(&pdu, &n), -EINVAL);
	pdu.generic = 6;
	pdu.enterprise_len = 0;
	assert_int_equal(trap_map(&pdu, &n), -EINVAL);
	memset(longest, 1, sizeof(longest));
	pdu.enterprise = longest;
	pdu.enterprise_len = ARRAY_LEN(longest);
	assert_int_equal(trap_map(&pdu, &n), -EINVAL);
}

/* Whatever the vendor says of the state, the notification's name decides. */
static void test_link_down_by_its_oid(void **state)
{
	struct notification n;

	(void)state;
	add_number(OIDS(1, 3, 6, 1, 2, 1, 1, 3, 0), SNMP_TYPE_TIMETICKS, 100);
	add_trap_oid(OIDS(SNMP_TRAPS, 3));
	add(OIDS(1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 7), SNMP_TYPE_INTEGER)->v.i = 7;
	add(OIDS(1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 7), SNMP_TYPE_INTEGER)->v.i = 1;
	add(OIDS(1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 7), SNMP_TYPE_INTEGER)->v.i = 1; /* up, says it */
	add_text(OIDS(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 7), "ether7");
	assert_int_equal(map(&n), 0);
	assert_int_equal(n.kind, NOTIFICATION_LINK_DOWN);
	assert_int_equal(n.if_index, 7);
	assert_string_equal(n.if_name, "ether7");
	assert_int_equal(n.admin, LINK_ADMIN_UP);
	assert_int_equal(n.oper, LINK_OPER_UP);
	assert_int_equal(n.uptime_ticks, 100);
	assert_false(n.pantau);
	assert_int_equal(n.number, 0);
}

static void test_missing_varbinds(void **state)
{
	struct notification n;

	(void)state;
	add_trap_oid(OIDS(SNMP_TRAPS, 4));
	assert_int_equal(map(&n), 0);
	assert_int_equal(n.kind, NOTIFICATION_LINK_UP);
	assert_int_equal(n.if_index, 0);
	assert_string_equal(n.if_name, "");
	assert_false(n.has_uptime);

	/* only ifDescr tells which; the index stands in its name */
	n_vb = 0;
	add_text(OIDS(1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 12), "Gi0/12");
	add_trap_oid(OIDS(SNMP_TRAPS, 3)); /* not in its place either */
	assert_int_equal(map(&n), 0);
	assert_int_equal(n.if_index, 12);
	assert_string_equal(n.if_name, "Gi0/12");
}

static void test_no_notification_oid(void **state)
{
	struct notification n = {.number = 42};

	(void)state;
	assert_int_equal(map(&n), -EINVAL);
	add_number(OIDS(1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0), SNMP_TYPE_GAUGE32, 3);
	assert_int_equal(map(&n), -EINVAL);
	assert_int_equal(n.number, 42); /* untouched */
}

static void add_pantau(uint32_t number)
{
	static snmp_oid_t names[12][16];
	static const snmp_oid_t ENTRY[] = {PANTAU_OID_EVENT_ENTRY};
	static const uint8_t COLUMNS[] = {PANTAU_COL_EVENT_TIME_MS,	 PANTAU_COL_EVENT_TYPE,
					  PANTAU_COL_EVENT_IF_INDEX,	 PANTAU_COL_EVENT_VALUE,
					  PANTAU_COL_EVENT_CLOCK_STATE,	 PANTAU_COL_EVENT_EPOCH_ID,
					  PANTAU_COL_EVENT_MONOTONIC_US, PANTAU_COL_EVENT_ROLE,
					  PANTAU_COL_EVENT_IF_NAME,	 PANTAU_COL_EVENT_TEXT};
	static const uint64_t VALUES[] = {1700000000000, 3, 2, 0, 3, 99, 5000000, 2};

	static const snmp_oid_t SITE_ID[] = {PANTAU_OID_AGENT_SITE_ID, 0};
	static const snmp_oid_t NOW[] = {PANTAU_OID_AGENT_MONOTONIC_US, 0};

	add_text(SITE_ID, ARRAY_LEN(SITE_ID), "opd-07");
	for (size_t i = 0; i < ARRAY_LEN(COLUMNS); i++) {
		size_t len = ARRAY_LEN(ENTRY);

		memcpy(names[i], ENTRY, sizeof(ENTRY));
		names[i][len++] = COLUMNS[i];
		names[i][len++] = number;
		if (i < ARRAY_LEN(VALUES))
			add_number(names[i], len, SNMP_TYPE_COUNTER64, VALUES[i]);
		else
			add_text(names[i], len,
				 i + 1 == ARRAY_LEN(COLUMNS) ? "wan0 is down" : "wan0");
	}
	add_number(NOW, ARRAY_LEN(NOW), SNMP_TYPE_COUNTER64, 65000000);
}

static void test_pantau(void **state)
{
	struct notification n;

	(void)state;
	add_trap_oid(OIDS(PANTAU_OID_NOTIFY_LINK_DOWN));
	add_pantau(1234);
	assert_int_equal(map(&n), 0);
	assert_int_equal(n.kind, NOTIFICATION_LINK_DOWN);
	assert_true(n.pantau);
	assert_string_equal(n.site_id, "opd-07");
	assert_int_equal(n.number, 1234);
	assert_int_equal(n.epoch_id, 99);
	assert_int_equal(n.event_ms, 1700000000000);
	assert_int_equal(n.event_mono_us, 5000000);
	assert_int_equal(n.sent_mono_us, 65000000);
	assert_int_equal(n.clock_state, PANTAU_CLOCK_STATE_SYNCHRONISED);
	assert_int_equal(n.role, LINK_ROLE_UPLINK);
	assert_int_equal(n.if_index, 2);
	assert_string_equal(n.if_name, "wan0");
	assert_string_equal(n.text, "wan0 is down");
}

static void test_every_pantau_kind_is_known(void **state)
{
	(void)state;
	for (snmp_oid_t arc = 1; arc <= 14; arc++) {
		const snmp_oid_t oid[] = {PANTAU_OID_NOTIFICATIONS, arc};
		struct notification n;

		n_vb = 0;
		add_trap_oid(oid, ARRAY_LEN(oid));
		assert_int_equal(map(&n), 0);
		assert_true(n.pantau);
		assert_int_not_equal(n.kind, NOTIFICATION_OTHER);
	}
}

static void test_hostile_values(void **state)
{
	struct notification n;
	char long_text[300];

	(void)state;
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	add_trap_oid(OIDS(PANTAU_OID_NOTIFY_LINK_DOWN));
	add_text(OIDS(PANTAU_OID_AGENT_SITE_ID, 0), long_text);
	add_text(OIDS(PANTAU_OID_EVENT_IF_NAME, 5), "a\x1b[2J\xff\xc3\xa9\xed\xa0\x80z");
	add_number(OIDS(PANTAU_OID_EVENT_IF_INDEX, 5), SNMP_TYPE_COUNTER64, UINT64_MAX);
	add_number(OIDS(PANTAU_OID_EVENT_TIME_MS, 5), SNMP_TYPE_COUNTER64, UINT64_MAX);
	add(OIDS(PANTAU_OID_EVENT_ROLE, 5), SNMP_TYPE_INTEGER)->v.i = -3;
	add_number(OIDS(PANTAU_OID_EVENT_EPOCH_ID, 0x100000000), SNMP_TYPE_GAUGE32, 7);
	assert_int_equal(map(&n), 0);
	assert_int_equal(strlen(n.site_id), sizeof(n.site_id) - 1);
	assert_string_equal(n.if_name, "a?[2J?\xc3\xa9???z");
	assert_int_equal(n.if_index, 0);
	assert_int_equal(n.event_ms, 0);
	assert_int_equal(n.role, 0);
	assert_int_equal(n.epoch_id, 0);
	assert_int_equal(n.number, 5);
}

static void test_times(void **state)
{
	static const struct {
		struct notification n;
		int64_t received, expect;
	} CASES[] = {
		{{.event_ms = 1700000000000, .clock_state = 3}, 1700000100000, 1700000000000},
		{{.event_ms = 0}, 1700000100000, 1700000100000},
		/* a standard linkDown brings no clock state: believed if it is plausible */
		{{.event_ms = 1700000000000}, 1700000100000, 1700000000000},
		{{.event_ms = 4000000}, 1700000100000, 1700000100000},
		/* the router thinks it is 1970: its monotonic clock tells how long ago */
		{{.event_ms = 60000,
		  .clock_state = 2,
		  .event_mono_us = 1000000,
		  .sent_mono_us = 61000000},
		 1700000100000,
		 1700000040000},
		{{.event_ms = 60000,
		  .clock_state = 3,
		  .event_mono_us = 1000000,
		  .sent_mono_us = 61000000},
		 1700000100000,
		 1700000040000},
		/* a little ahead: never after it was heard of */
		{{.event_ms = 1700000100900, .clock_state = 3}, 1700000100000, 1700000100000},
		{{.event_ms = 1800000000000, .clock_state = 3}, 1700000100000, 1700000100000},
		{{.clock_state = 2, .event_mono_us = 9, .sent_mono_us = 3},
		 1700000100000,
		 1700000100000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(notification_time_ms(&CASES[i].n, CASES[i].received),
				 CASES[i].expect);
}

static void test_oid_text_is_cut(void **state)
{
	const snmp_oid_t oid[] = {1, 3, 6, 123456};
	char text[8];

	(void)state;
	assert_string_equal(trap_oid_text(oid, 4, text, sizeof(text)), "1.3.6");
	assert_string_equal(trap_oid_text(oid, 0, text, sizeof(text)), "");
}

static void test_names(void **state)
{
	static const struct {
		const char *oid, *want;
	} cases[] = {
		{"1.3.6.1.6.3.1.1.5.1", "coldStart"},
		{"1.3.6.1.6.3.1.1.5.5", "authenticationFailure"},
		{"1.3.6.1.6.3.1.1.5.7", NULL},
		{"1.3.6.1.6.3.1.1.5", NULL},
		{"1.3.6.1.6.3.1.1.5.", NULL},
		{"1.3.6.1.6.3.1.1.5.3.1", NULL},
		{"1.3.6.1.6.3.1.1.5.0", NULL},
		{"1.3.6.1.6.3.1.1.53", NULL},
		{"1.3.6.1.6.3.1.1.5.99999999999999999999999", NULL},
		{"", NULL},
	};
	const snmp_oid_t above[] = {PANTAU_OID_NOTIFICATIONS};
	char oid[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = notification_oid_name(cases[i].oid);

		assert_string_equal(got ? got : "-", cases[i].want ? cases[i].want : "-");
	}
	trap_oid_text(above, ARRAY_LEN(above), oid, sizeof(oid));
	snprintf(oid + strlen(oid), 16, ".%d", PANTAU_EVENT_TYPE_LINK_DOWN);
	assert_string_equal(notification_oid_name(oid), "pantauLinkDown");
}

/* Whose it is by RFC 3584 3.1, in v1's own field or in what a proxy added. */
static void test_origin(void **state)
{
	static const snmp_oid_t ADDRESS[] = {SNMP_OID_TRAP_ADDRESS, 0};
	static const snmp_oid_t COMMUNITY[] = {SNMP_OID_TRAP_COMMUNITY, 0};
	static const snmp_oid_t TRAP_OID[] = {SNMP_OID_TRAP_OID, 0};
	static const snmp_oid_t LINK_DOWN[] = {SNMP_OID_TRAPS, 3};
	static const uint8_t OCTETS[] = {192, 0, 2, 1, 9};
	struct snmp_varbind varbinds[] = {
		{.name = TRAP_OID, .name_len = ARRAY_LEN(TRAP_OID), .type = SNMP_TYPE_OID},
		{.name = ADDRESS, .name_len = ARRAY_LEN(ADDRESS), .type = SNMP_TYPE_IPADDRESS},
		{.name = COMMUNITY, .name_len = ARRAY_LEN(COMMUNITY), .type = SNMP_TYPE_OCTETS},
	};
	struct trap_pdu pdu = {.v1 = true, .generic = 2, .agent_address = {192, 0, 2, 200}};
	struct notification n;

	(void)state;
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(n.origin, "192.0.2.200");
	assert_null(n.community);
	pdu = (struct trap_pdu){.v1 = true, .generic = 2};
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(n.origin, "");
	varbinds[0].v.oid.p = LINK_DOWN;
	varbinds[0].v.oid.len = ARRAY_LEN(LINK_DOWN);
	varbinds[1].v.octets.p = OCTETS;
	varbinds[1].v.octets.len = 4;
	varbinds[2].v.octets.p = (const uint8_t *)"rahasia";
	varbinds[2].v.octets.len = 7;
	pdu = (struct trap_pdu){.varbinds = varbinds, .n_varbinds = ARRAY_LEN(varbinds)};
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(n.origin, "192.0.2.1");
	assert_int_equal(n.community_len, 7);
	varbinds[1].v.octets.len = 5; /* no address */
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(n.origin, "");
	varbinds[1].v.octets.len = 4;
	varbinds[1].type = SNMP_TYPE_OCTETS;
	assert_int_equal(trap_map(&pdu, &n), 0);
	assert_string_equal(n.origin, "");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		CASE(test_v1_generic),
		CASE(test_v1_specific),
		CASE(test_link_down_by_its_oid),
		CASE(test_missing_varbinds),
		CASE(test_no_notification_oid),
		CASE(test_pantau),
		CASE(test_every_pantau_kind_is_known),
		CASE(test_hostile_values),
		CASE(test_times),
		CASE(test_oid_text_is_cut),
		CASE(test_names),
		CASE(test_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
