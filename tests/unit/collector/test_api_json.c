/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collector/api_json: which link's rates stand for the device, and when. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "collector/codec/api_json.h"
#include "collector/core/device.h"
#include "collector/core/inventory.h"

enum { UPLINK = 2, LAN = 4 };

struct link_case {
	const char *name;
	struct {
		bool present;
		unsigned int role;
		double in_bps, out_bps;
	} links[3];
	int main; /* -1: none */
};

static const struct link_case CASES[] = {
	{ "none present", { { false, UPLINK, 9, 9 } }, -1 },
	{ "the uplink, however idle", { { true, LAN, 9e6, 9e6 }, { true, UPLINK, 0, 0 } }, 1 },
	{ "the busier uplink", { { true, UPLINK, 1, 1 }, { true, UPLINK, 8, 8 } }, 1 },
	{ "an uplink that is gone", { { false, UPLINK, 9, 9 }, { true, LAN, 1, 1 } }, 1 },
	{ "the busiest", { { true, 0, 1, 1 }, { true, 0, 8, 1 }, { true, 0, 2, 2 } }, 1 },
	{ "a bridge, either way", { { true, 0, 80, 10 }, { true, 0, 10, 80.5 } }, 0 },
	{ "a bridge, the other way", { { true, 0, 80.5, 10 }, { true, 0, 10, 80 } }, 0 },
	{ "nothing known yet", { { true, 0, NAN, NAN }, { true, 0, NAN, NAN } }, 0 },
};

static void test_main_link(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
		struct device_link links[3];
		struct device device = { .links = links, .n_links = 3 };
		const struct device_link *got;

		memset(links, 0, sizeof(links));
		for (size_t i = 0; i < 3; i++) {
			links[i].present = CASES[c].links[i].present;
			links[i].role = CASES[c].links[i].role;
			links[i].in_bps = CASES[c].links[i].in_bps;
			links[i].out_bps = CASES[c].links[i].out_bps;
		}
		got = api_json_main_link(&device);
		if ((got ? (int)(got - links) : -1) != CASES[c].main)
			fail_msg("%s", CASES[c].name);
	}
}

/* The last rates of a device that is down are not its rates. */
static void test_rates_of_the_dead(void **state)
{
	char text[] = "";
	const struct inventory_entry entry = { .id = text };
	struct device_link link = { .present = true, .role = UPLINK, .in_bps = 8e6, .out_bps = 1e6 };
	struct device device = { .entry = &entry, .links = &link, .n_links = 1 };

	(void)state;
	for (int status = 0; status < DEVICE_STATUS_N; status++) {
		const bool dead = status == DEVICE_DOWN || status == DEVICE_UNREACHABLE;
		json_t *json;

		device.status = (enum device_status)status;
		json = api_json_rates(&device);
		assert_int_equal(json_is_null(json_object_get(json, "in_bps")), dead);
		assert_int_equal(json_is_null(json_object_get(json, "out_bps")), dead);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_main_link),
		cmocka_unit_test(test_rates_of_the_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
