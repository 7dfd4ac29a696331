/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every profile that comes with Pantau loads and is chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/core/device/profile.h"
#include "collector/io/setup/profile_file.h"

#include <cmocka.h>

static struct profile_set set;

static int setup(void **state)
{
	const char *dir = getenv("PANTAU_PROFILES");
	struct conf_errors errors = {0};
	int r;

	(void)state;
	if (!dir)
		return -1;
	r = profile_dir_load(dir, &set, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	return r;
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&set);
	return 0;
}

/* The OIDs below which a device of the test has something. */
static bool probed(void *data, const struct profile_oid *oid)
{
	struct profile_oid has;

	for (const char *const *text = data; *text; text++) {
		assert_int_equal(oid_text_parse(*text, &has), 0);
		if (has.len >= oid->len && !memcmp(has.id, oid->id, oid->len * sizeof(oid->id[0])))
			return true;
	}
	return false;
}

struct choice {
	const char *object_id;
	const char *has[4];
	const char *profile;
};

#define PANTAU "1.3.6.1.4.1.8072.9999.9999.51.1.1.12.0"

static const struct choice CHOICES[] = {
	{"1.3.6.1.4.1.32473.1.2", {0}, "if-mib"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU}, "opd-agent"},
	{"1.3.6.1.4.1.8072.9999.9999.51", {PANTAU}, "opd-agent"},
	{"1.3.6.1.4.1.8072.3.2.10", {0}, "net-snmp"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.41112.1.6.1.2.1.8.1"}, "unifi"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.48690.2.2.1.1.1"}, "teltonika"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.66510.1.10.2.0"}, "openwrt"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU, "1.3.6.1.4.1.66510.1.10.2.0"}, "opd-agent"},
	{"1.3.6.1.4.1.14988.1", {0}, "routeros"},
	{"1.3.6.1.4.1.10002.1", {"1.3.6.1.4.1.41112.1.4.5.1.15.1"}, "airmax"},
	{"1.3.6.1.4.1.10002.1", {0}, "if-mib"},
	{"1.3.6.1.4.1.11863.3.2.10", {0}, "tplink-eap"},
	{"1.3.6.1.4.1.11863.5.34", {0}, "tplink-jetstream"},
	{"1.3.6.1.4.1.4881.1.2.1.1.1", {0}, "ruijie"},
	{"1.3.6.1.4.1.4881.1.2.1.1.1", {"1.3.6.1.4.1.4881.1.1.10.2.56.2.1.1.1.2.1"}, "ruijie-ac"},
	{"1.3.6.1.4.1.17713.22.1", {0}, "cambium-cnpilot"},
	{"1.3.6.1.4.1.17713.21", {0}, "cambium-epmp"},
	{"1.3.6.1.4.1.25053.3.1.14", {"1.3.6.1.4.1.25053.1.15.1.1.1.15.1.0"}, "ruckus-unleashed"},
	{"1.3.6.1.4.1.25053.3.1.5", {"1.3.6.1.4.1.25053.1.2.1.1.1.15.2.0"}, "ruckus-zonedirector"},
	{"1.3.6.1.4.1.25053.3.1.11", {"1.3.6.1.4.1.25053.1.4.1.1.1.15.2.0"}, "ruckus-smartzone"},
	{"1.3.6.1.4.1.25053.3.1.4", {"1.3.6.1.4.1.25053.1.1.12.1.1.1.3.1.3.1"}, "ruckus-ap"},
	{"1.3.6.1.4.1.14823.1.2.59", {"1.3.6.1.4.1.14823.2.3.3.1.2.1.1.1.1"}, "aruba-instant"},
	{"1.3.6.1.4.1.14823.1.1.9", {"1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.2.1"}, "aruba-controller"},
	{"1.3.6.1.4.1.2011.2.23", {0}, "huawei"},
	{"1.3.6.1.4.1.2011.2.240", {"1.3.6.1.4.1.2011.6.139.17.1.2.1.2.1.65"}, "huawei-ac"},
	{"1.3.6.1.4.1.9.1.2494", {0}, "cisco"},
	{"1.3.6.1.4.1.9.1.1069", {"1.3.6.1.4.1.14179.2.1.1.1.38.1"}, "cisco-wlc"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.2.1.33.1.1.2.0"}, "ups-mib"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU, "1.3.6.1.2.1.33.1.1.2.0"}, "opd-agent"},
	{"1.3.6.1.4.1.2011.2.248", {"1.3.6.1.4.1.2011.2.6.7.1.1.2.1.5.0.9"}, "huawei-smartax"},
	{"1.3.6.1.4.1.10002.1", {"1.3.6.1.4.1.41112.1.11.1.2.6.1"}, "airfiber60"},
};

static void test_choice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CHOICES) / sizeof(CHOICES[0]); i++) {
		const struct profile *p;
		struct profile_oid id;

		assert_int_equal(oid_text_parse(CHOICES[i].object_id, &id), 0);
		p = profile_set_choose(&set, id.id, id.len, probed, (void *)CHOICES[i].has);
		if (!p || strcmp(p->name, CHOICES[i].profile))
			fail_msg("%s: %s instead of %s", CHOICES[i].object_id,
				 p ? p->name : "nothing", CHOICES[i].profile);
	}
}

static void test_links(void **state)
{
	const struct profile *p = profile_set_find(&set, "if-mib");

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->links.n_groups, 2);
	assert_string_equal(p->links.groups[0].name, "traffic");
	assert_string_equal(p->links.groups[0].ds[0].name, "in");
	assert_string_equal(p->links.groups[0].ds[0].unit, "octets/s");
	assert_string_equal(p->links.groups[1].name, "errors");
	assert_int_equal(p->uptime.id[7], 3); /* sysUpTime by default */
	p = profile_set_find(&set, "opd-agent");
	assert_non_null(p);
	assert_true(p->clock_us.len && p->epoch.len && p->n_changed == 1);
	p = profile_set_find(
		&set, "unifi"); /* takes the links of if-mib, but skips what it says itself */
	assert_true(p->links.set && p->links.n_groups == 2 && p->links.n_skip_types == 1);
	assert_string_equal(p->links.skip_names[1], "vwire*");
	p = profile_set_find(&set, "routeros");
	assert_string_equal(p->links.skip_names[1], "veth*");
}

static void test_directories(void **state)
{
	struct conf_errors errors = {0};
	struct profile_set none = {0};

	(void)state;
	assert_int_equal(profile_dir_load("/nonexistent", &none, &errors), -2);
	assert_int_equal(errors.n, 1);
	conf_errors_deinit(&errors);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_directories),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
