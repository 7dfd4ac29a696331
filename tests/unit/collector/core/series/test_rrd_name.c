/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names of series, nice and hostile. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/series/rrd_name.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_names(void **state)
{
	static const struct {
		const char *device, *group, *object, *want;
	} cases[] = {
		{"opd-07", "traffic", "wan0", "opd-07/traffic-wan0.rrd"},
		{"opd-07", "traffic", "", "opd-07/traffic.rrd"},
		{"opd-07", "traffic", NULL, "opd-07/traffic.rrd"},
		{"opd-07", "traffic", "WAN0", "opd-07/traffic-WAN0.rrd"},
		{"opd-07", "traffic", "ge-0/0/1", "opd-07/traffic-ge-0%2F0%2F1.rrd"},
		{"opd-07", "traffic", "..", "opd-07/traffic-%2E..rrd"},
		{"..", "traffic", "a", "%2E./traffic-a.rrd"},
		{".", "traffic", "a", "%2E/traffic-a.rrd"},
		{"../etc", "traffic", "a", "%2E.%2Fetc/traffic-a.rrd"},
		{"/etc", "x", "a", "%2Fetc/x-a.rrd"},
		{"d", ".g", "a", "d/%2Eg-a.rrd"},
		{"d", "g", "WiFi Publik: \"gratis\"\n",
		 "d/g-WiFi%20Publik%3A%20%22gratis%22%0A.rrd"},
		{"d", "g", "50%", "d/g-50%25.rrd"},
		{"d", "g", "~x", "d/g-%7Ex.rrd"},
		{"d", "g", "\xc3\xa9", "d/g-%C3%A9.rrd"},
		/* which '-' parts the group from the object stays clear */
		{"d", "a", "b-c", "d/a-b-c.rrd"},
		{"d", "a-b", "c", "d/a%2Db-c.rrd"},
	};
	char name[RRD_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int len = rrd_name(cases[i].device, cases[i].group, cases[i].object, name,
					 sizeof(name));

		assert_int_equal(len, (int)strlen(cases[i].want));
		assert_string_equal(name, cases[i].want);
	}
}

/* Long names that differ only at their end, or only in case, get files of their own. */
static void test_long_names(void **state)
{
	char a[400], b[400], name_a[RRD_NAME_MAX], name_b[RRD_NAME_MAX];

	(void)state;
	memset(a, '/', sizeof(a));
	a[sizeof(a) - 1] = '\0';
	strcpy(b, a);
	b[sizeof(b) - 2] = 'x';
	assert_true(rrd_name("d", "g", a, name_a, sizeof(name_a)) > 0);
	assert_true(rrd_name("d", "g", b, name_b, sizeof(name_b)) > 0);
	assert_string_not_equal(name_a, name_b);
	assert_non_null(strchr(name_a, '~'));
	assert_true(strlen(name_a) < 255);
	for (size_t len = 1; len < 200; len++) {
		memset(a, 'y', len);
		a[len] = '\0';
		assert_true(rrd_name("d", "g", a, name_a, sizeof(name_a)) > 0);
		assert_true(strlen(strchr(name_a, '/') + 1) <= 255);
	}
}

static void test_refused(void **state)
{
	char name[16] = "untouched";

	(void)state;
	assert_int_equal(rrd_name("", "g", "o", name, sizeof(name)), -EINVAL);
	assert_int_equal(rrd_name(NULL, "g", "o", name, sizeof(name)), -EINVAL);
	assert_int_equal(rrd_name("d", "", "o", name, sizeof(name)), -EINVAL);
	assert_int_equal(rrd_name("device", "group", "object", name, sizeof(name)), -ENAMETOOLONG);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
