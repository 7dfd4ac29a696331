/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may speak for whom: by address, by site id, and passed on by a forwarder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/conf/credentials_conf.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/trap/trap_map.h"
#include "collector/core/trap/trap_speaker.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_credential.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static struct credential_conf list[] = {
	{.title = TEXT("sw"), .version = SNMP_V2C, .community = TEXT("rahasia"), .traps = true},
	{.title = TEXT("sw-2"), .version = SNMP_V2C, .community = TEXT("lain"), .traps = true},
	{.title = TEXT("opd"), .version = SNMP_V3, .user = TEXT("pantau"), .traps = true},
	{.title = TEXT("proxy"), .version = SNMP_V3, .user = TEXT("proxy"), .traps = true},
};
static const struct credentials_conf credentials = {list, sizeof(list) / sizeof(list[0])};

static struct inventory_entry entries[] = {
	{.id = TEXT("core"), .address = TEXT("192.0.2.1"), .credential = TEXT("sw")},
	{.id = TEXT("opd"), .address = TEXT("192.0.2.2"), .credential = TEXT("opd")},
	{.id = TEXT("proxy"), .address = TEXT("192.0.2.201"), .credential = TEXT("proxy")},
	{.id = TEXT("sw-9"), .address = TEXT("192.0.2.9"), .credential = TEXT("sw")},
};

/* title: of the credential by which it came; forwarder: the sender is allowed; whose: "" nobody's */
static const struct {
	const char *what, *source, *title, *origin, *site_id, *community;
	bool forwarder;
	enum trap_speaker_verdict verdict;
	const char *whose;
	bool forwarded, no_forwarder;
} CASES[] = {
	{"its own", "192.0.2.1", "sw", "", "", NULL, false, TRAP_SPEAKER_TAKEN, "core"},
	{"its own, and it says so", "192.0.2.1", "sw", "192.0.2.1", "", NULL, false,
	 TRAP_SPEAKER_TAKEN, "core"},
	{"another address of its own", "192.0.2.1", "sw", "10.0.0.1", "", NULL, false,
	 TRAP_SPEAKER_TAKEN, "core"},
	{"nobody's", "198.51.100.1", "sw", "", "", NULL, false, TRAP_SPEAKER_TAKEN, ""},
	{"passed on by one that may", "192.0.2.200", "sw", "192.0.2.1", "", NULL, true,
	 TRAP_SPEAKER_TAKEN, "core", true},
	{"with the device's community", "192.0.2.200", "sw-2", "192.0.2.1", "", "rahasia", true,
	 TRAP_SPEAKER_TAKEN, "core", true},
	{"with another", "192.0.2.200", "sw", "192.0.2.1", "", "lain", true,
	 TRAP_SPEAKER_WRONG_COMMUNITY, "core", true},
	{"with the beginning of it", "192.0.2.200", "sw", "192.0.2.1", "", "rahasi", true,
	 TRAP_SPEAKER_WRONG_COMMUNITY, "core", true},
	{"of a device that is not there", "192.0.2.200", "sw", "10.0.0.1", "", NULL, true,
	 TRAP_SPEAKER_TAKEN, ""},
	{"a forwarder of itself", "192.0.2.201", "proxy", "", "", NULL, true, TRAP_SPEAKER_TAKEN,
	 "proxy"},
	{"by one that may not", "198.51.100.1", "sw", "192.0.2.1", "", NULL, false,
	 TRAP_SPEAKER_TAKEN, "", false, true},
	{"by a device that may not: not its own either", "192.0.2.9", "sw", "192.0.2.1", "", NULL,
	 false, TRAP_SPEAKER_TAKEN, "", false, true},
	{"by community for a device with a key", "192.0.2.200", "sw", "192.0.2.2", "", NULL, true,
	 TRAP_SPEAKER_DOWNGRADED, "opd", true},
	{"by the forwarder's key", "192.0.2.201", "proxy", "192.0.2.2", "", NULL, true,
	 TRAP_SPEAKER_TAKEN, "opd", true},
	{"by another's key from the forwarder's address", "192.0.2.201", "opd", "192.0.2.1", "",
	 NULL, true, TRAP_SPEAKER_FOREIGN, "core", true},
	{"by a key, but the forwarder has none", "192.0.2.200", "opd", "192.0.2.1", "", NULL, true,
	 TRAP_SPEAKER_FOREIGN, "core", true},
	{"by site id and key", "198.51.100.1", "opd", "", "opd", NULL, false, TRAP_SPEAKER_TAKEN,
	 "opd"},
	{"by site id and another's key", "198.51.100.1", "proxy", "", "opd", NULL, false,
	 TRAP_SPEAKER_FOREIGN, "opd"},
	{"a site id by community", "198.51.100.1", "sw", "", "opd", NULL, false,
	 TRAP_SPEAKER_DOWNGRADED, "opd"},
	{"by community from its address", "192.0.2.2", "sw", "", "", NULL, false,
	 TRAP_SPEAKER_DOWNGRADED, "opd"},
};

static void check(const struct device_set *set, size_t i)
{
	struct notification n = {.kind = NOTIFICATION_LINK_DOWN};
	bool shared;
	struct trap_claim claim = {
		.notification = &n,
		.source = CASES[i].source,
		.there = device_set_find_address(set, CASES[i].source, &shared),
		.credential = credentials_conf_find(&credentials, CASES[i].title),
		.forwarder = CASES[i].forwarder,
	};
	struct trap_speaker speaker;

	claim.by_v3 = claim.credential->version == SNMP_V3;
	snprintf(n.origin, sizeof(n.origin), "%s", CASES[i].origin);
	snprintf(n.site_id, sizeof(n.site_id), "%s", CASES[i].site_id);
	n.community = (const uint8_t *)CASES[i].community;
	n.community_len = CASES[i].community ? strlen(CASES[i].community) : 0;
	if (trap_speaker_find(set, &credentials, &claim, &speaker) != CASES[i].verdict ||
	    speaker.device != device_set_find(set, CASES[i].whose) ||
	    speaker.forwarded != CASES[i].forwarded ||
	    speaker.no_forwarder != CASES[i].no_forwarder)
		fail_msg("%s", CASES[i].what);
}

static void test_who_speaks(void **state)
{
	struct device *devices[ARRAY_LEN(entries)];
	struct device_set set;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		devices[i] = device_new(&entries[i]);
		assert_non_null(devices[i]);
	}
	assert_int_equal(device_set_init(&set, devices, ARRAY_LEN(entries)), 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		check(&set, i);
	device_set_deinit(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_speaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
