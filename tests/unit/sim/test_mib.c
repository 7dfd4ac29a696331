/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/sim/mib: every profile's walk ascends, ends, and agrees with GET. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/sim/mib.h"

#include <cmocka.h>

#define NOW 1000000

static size_t walk(const struct device *device)
{
	struct oid name = {.ids = {0}, .len = 1}, before = name;
	struct sim_value next, got;
	size_t n = 0;

	while (mib_next(device, NOW, &name, &next)) {
		assert_true(oid_compare(before.ids, before.len, name.ids, name.len) < 0);
		mib_get(device, NOW, &name, &got);
		assert_int_equal(got.type, next.type);
		if (next.type >= SIM_COUNTER32 && next.type <= SIM_COUNTER64)
			assert_int_equal(got.u, next.u);
		assert_true(++n < 10000);
		before = name;
	}
	return n;
}

static void test_walks(void **state)
{
	static const struct {
		const char *profile;
		size_t scalars, per_interface, other;
	} cases[] = {
		{"profile=if-mib", 8, 30, 6},
		{"profile=if-mib-32", 7, 17, 0},
		{"profile=unifi", 8, 30, 6 + 27},
		{"profile=airmax", 8, 30, 11},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (unsigned int interfaces = 1; interfaces <= 300; interfaces += 23) {
			struct device device;

			device_init(&device, 0xc6336401);
			assert_null(device_set(&device, cases[i].profile, 0));
			assert_null(device_set(&device, "renumber=1000", 0));
			device.interfaces = interfaces;
			assert_int_equal(walk(&device),
					 cases[i].scalars + cases[i].per_interface * interfaces +
						 cases[i].other);
		}
	}
}

static uint64_t get(const struct device *device, const char *text, int64_t now_us,
		    uint8_t *ret_type)
{
	struct oid name;
	struct sim_value value = {0};

	assert_true(oid_parse(text, &name));
	mib_get(device, now_us, &name, &value);
	*ret_type = value.type;
	return value.u;
}

static void test_values(void **state)
{
	struct device device;
	uint8_t type;

	(void)state;
	device_init(&device, 0xc6336401);
	assert_null(device_set(&device, "shape=flat", 0));
	assert_null(device_set(&device, "rate=1000000", 0));
	assert_null(device_set(&device, "counter=4294967290", 0));
	assert_int_equal(get(&device, "1.3.6.1.2.1.31.1.1.1.6.1", 2000000, &type), 4296967290);
	assert_int_equal(type, SIM_COUNTER64);
	/* The 32-bit twin has wrapped. */
	assert_int_equal(get(&device, "1.3.6.1.2.1.2.2.1.10.1", 2000000, &type), 1999994);
	assert_int_equal(type, SIM_COUNTER32);
	assert_null(device_set(&device, "types=wrong", 0));
	get(&device, "1.3.6.1.2.1.2.2.1.10.1", 2000000, &type);
	assert_int_equal(type, SIM_INTEGER);
	get(&device, "1.3.6.1.2.1.2.2.1.10.5", 2000000, &type);
	assert_int_equal(type, SIM_NO_SUCH_INSTANCE);
	get(&device, "1.3.6.1.2.1.2.2.1.10", 2000000, &type);
	assert_int_equal(type, SIM_NO_SUCH_INSTANCE);
	get(&device, "1.3.6.1.2.1.99.0", 2000000, &type);
	assert_int_equal(type, SIM_NO_SUCH_OBJECT);
	/* After a reboot counters and uptime begin anew, as planned to the microsecond.
	 */
	assert_null(device_set(&device, "types=right", 0));
	assert_null(device_set(&device, "reboot=10", 0));
	device_advance(&device, 9999999);
	assert_int_equal(device.boots, 1);
	device_advance(&device, 12000001);
	assert_int_equal(device.boots, 2);
	assert_int_equal(get(&device, "1.3.6.1.2.1.1.3.0", 12000001, &type), 200);
	assert_int_equal(get(&device, "1.3.6.1.2.1.31.1.1.1.6.1", 12000001, &type), 2000000);
}

static void test_settings_refused(void **state)
{
	static const char *const wrong[] = {"x",
					    "x=1",
					    "profile=none",
					    "rate=fast",
					    "loss=101",
					    "interfaces=0",
					    "user=a:b",
					    "state=asleep",
					    "reboot=later",
					    "bulk=",
					    "user=a:MD4:b:AES:c"};
	struct device device;

	(void)state;
	device_init(&device, 1);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_non_null(device_set(&device, wrong[i], 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_settings_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
