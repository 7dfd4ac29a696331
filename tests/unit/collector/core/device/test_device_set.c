/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookup by id and by address, shared addresses, the empty set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static struct inventory_entry entries[] = {
	{.id = TEXT("opd-02"), .address = TEXT("192.0.2.2")},
	{.id = TEXT("hs-001"), .address = TEXT("198.51.100.1")},
	{.id = TEXT("opd-01"), .address = TEXT("192.0.2.1")},
	{.id = TEXT("hs-003"), .address = TEXT("198.51.100.1")},
	{.id = TEXT("core-1"), .address = TEXT("2001:db8::1")},
};

static void make(struct device_set *set)
{
	struct device *devices[5];

	for (size_t i = 0; i < 5; i++)
		devices[i] = device_new(&entries[i]);
	assert_int_equal(device_set_init(set, devices, 5), 0);
}

static void test_find_by_id(void **state)
{
	struct device_set set;

	(void)state;
	make(&set);
	for (size_t i = 0; i < 5; i++)
		assert_ptr_equal(device_set_find(&set, entries[i].id)->entry, &entries[i]);
	assert_null(device_set_find(&set, "opd-03"));
	assert_null(device_set_find(&set, ""));
	device_set_deinit(&set);
}

static void test_find_by_address(void **state)
{
	struct device_set set;
	bool shared = true;

	(void)state;
	make(&set);
	assert_string_equal(device_set_find_address(&set, "192.0.2.1", &shared)->entry->id,
			    "opd-01");
	assert_false(shared);
	assert_string_equal(device_set_find_address(&set, "198.51.100.1", &shared)->entry->id,
			    "hs-001");
	assert_true(shared);
	assert_string_equal(device_set_find_address(&set, "2001:db8::1", NULL)->entry->id,
			    "core-1");
	assert_null(device_set_find_address(&set, "203.0.113.1", NULL));
	device_set_deinit(&set);
}

static void test_empty(void **state)
{
	struct device_set set;

	(void)state;
	assert_int_equal(device_set_init(&set, NULL, 0), 0);
	assert_null(device_set_find(&set, "a"));
	assert_null(device_set_find_address(&set, "192.0.2.1", NULL));
	device_set_deinit(&set);
}

static void test_new_device_knows_nothing(void **state)
{
	struct device *device = device_new(&entries[0]);

	(void)state;
	assert_int_equal(device->status, DEVICE_PENDING);
	assert_int_equal(device->uptime_s, -1);
	assert_null(device_find_link(device, "eth0"));
	assert_null(device_free(device));
	assert_null(device_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_by_id),
		cmocka_unit_test(test_find_by_address),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_new_device_knows_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
