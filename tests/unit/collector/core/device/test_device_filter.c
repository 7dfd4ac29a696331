/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks for which devices gets those. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/device/device.h"
#include "collector/core/device/device_filter.h"
#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static const struct inventory_entry OPD = {
	.id = TEXT("opd-07"),
	.name = TEXT("Dinas Kesehatan"),
	.address = TEXT("192.0.2.7"),
	.kind = INVENTORY_OPD,
	.kelurahan = TEXT("Meri"),
	.provider = TEXT("Telkom"),
};
static const struct inventory_entry BARE = {.id = TEXT("hs-1"),
					    .name = TEXT("Alun-alun"),
					    .address = TEXT("2001:db8::7"),
					    .kind = INVENTORY_HOTSPOT};

static void test_matches(void **state)
{
	static const struct {
		struct device_filter filter;
		bool opd, bare; /* opd is down, bare is up */
	} cases[] = {
		{{"", "", ""}, true, true},
		{{"opd", "", ""}, true, false},
		{{"hotspot", "", ""}, false, true},
		{{"core", "", ""}, false, false},
		{{"", "down", ""}, true, false},
		{{"", "up", ""}, false, true},
		{{"opd", "up", ""}, false, false},
		{{"", "", "OPD-0"}, true, false},
		{{"", "", "kesehatan"}, true, false},
		{{"", "", "192.0.2.7"}, true, false},
		{{"", "", "db8"}, false, true},
		{{"", "", "meri"}, true, false},
		{{"", "", "TELKOM"}, true, false},
		{{"", "", "7"}, true, true},
		{{"", "", "Meri Telkom"}, false, false}, /* one part of one field */
		{{"opd", "down", "dinas"}, true, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct device opd = {.entry = &OPD, .status = DEVICE_DOWN};
		struct device bare = {.entry = &BARE, .status = DEVICE_UP};

		assert_true(device_filter_is_right(&cases[i].filter));
		assert_int_equal(device_filter_matches(&cases[i].filter, &opd), cases[i].opd);
		assert_int_equal(device_filter_matches(&cases[i].filter, &bare), cases[i].bare);
	}
}

static void test_wrong(void **state)
{
	static const struct device_filter wrong[] = {
		{"router", "", ""}, {"", "dead", ""}, {"OPD", "", ""}, {"opd", "Down", ""}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(device_filter_is_right(&wrong[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
