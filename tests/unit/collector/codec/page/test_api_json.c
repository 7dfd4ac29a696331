/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collector/api_json: which link's rates stand for the device, and when. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/codec/page/api_json.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"

#include <cmocka.h>

enum { UPLINK = 2, LAN = 4 };

/* The last rates of a device that is down are not its rates. */
static void test_rates_of_the_dead(void **state)
{
	char text[] = "";
	const struct inventory_entry entry = {.id = text};
	struct device_link link = {.present = true, .role = UPLINK, .in_bps = 8e6, .out_bps = 1e6};
	struct device device = {.entry = &entry, .links = &link, .n_links = 1};

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

/* Nor are those of its links, nor is its line up: all of them were measured before. */
static void test_links_of_the_dead(void **state)
{
	enum { UP = 1, DOWN = 2 };
	char text[] = "";
	const struct inventory_entry entry = {.id = text};
	struct device_link links[] = {
		{.name = text,
		 .present = true,
		 .admin = UP,
		 .oper = UP,
		 .oper_since_ms = 5,
		 .in_bps = 8e6,
		 .out_bps = 1e6,
		 .capacity_bps = 10000000,
		 .in_errors_per_s = 1},
		{.name = text,
		 .present = true,
		 .admin = UP,
		 .oper = DOWN,
		 .oper_since_ms = 6,
		 .in_bps = NAN,
		 .out_bps = NAN},
	};
	struct device_metric metric = {
		.group = "wifi", .name = "clients", .unit = "clients", .value = 7};
	struct device device = {.entry = &entry,
				.links = links,
				.n_links = 2,
				.metrics = &metric,
				.n_metrics = 1,
				.model = (char *)"CX-24",
				.firmware = (char *)"9.4"};

	(void)state;
	for (int status = 0; status < DEVICE_STATUS_N; status++) {
		static const char *const VALUES[] = {"in_bps", "out_bps", "load", "in_errors_per_s",
						     "oper_since_ms"};
		const bool dead = status == DEVICE_DOWN || status == DEVICE_UNREACHABLE;
		json_t *json, *link;

		device.status = (enum device_status)status;
		json = api_json_device_full(&device, NULL);
		link = json_array_get(json_object_get(json, "links"), 0);
		for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++)
			assert_int_equal(json_is_null(json_object_get(link, VALUES[i])), dead);
		assert_string_equal(json_string_value(json_object_get(link, "oper")),
				    dead ? "unknown" : "up");
		assert_int_equal(
			json_is_null(json_object_get(
				json_array_get(json_object_get(json, "metrics"), 0), "value")),
			dead);
		/* what it told of before it fell silent stays told */
		link = json_array_get(json_object_get(json, "links"), 1);
		assert_string_equal(json_string_value(json_object_get(link, "oper")), "down");
		/* so does what it is */
		assert_string_equal(json_string_value(json_object_get(json, "model")), "CX-24");
		assert_string_equal(json_string_value(json_object_get(json, "firmware")), "9.4");
		assert_true(json_is_null(json_object_get(json, "serial")));
		json_decref(json);
	}
}

/* null is -1 */
static double number_of(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	assert_non_null(value);
	return json_is_null(value) ? -1 : json_number_value(value);
}

#define M UINT64_C(1000000)

/* Rates are 80 Mbit/s in, 10 out. */
static const struct capacity_case {
	const char *name;
	bool main;
	uint64_t reported, down, up, hand_in, hand_out;
	double in, out, load;
} CAPACITIES[] = {
	{"none known", true, 0, 0, 0, 0, 0, -1, -1, -1},
	{"what the device says", true, 100 * M, 0, 0, 0, 0, 100e6, 100e6, 0.8},
	{"the contract's of the main link", true, 1000 * M, 100 * M, 10 * M, 0, 0, 100e6, 10e6, 1},
	{"one way of the contract", true, 1000 * M, 0, 20 * M, 0, 0, 1000e6, 20e6, 0.5},
	{"one way alone", true, 0, 160 * M, 0, 0, 0, 160e6, -1, 0.5},
	{"another link than the contract's", false, 0, 100 * M, 10 * M, 0, 0, -1, -1, -1},
	{"by hand, a link of many", false, 1000 * M, 100 * M, 10 * M, 160 * M, 160 * M, 160e6,
	 160e6, 0.5},
	{"by hand before the contract", true, 0, 100 * M, 10 * M, 200 * M, 40 * M, 200e6, 40e6,
	 0.4},
};

static void test_capacities(void **state)
{
	char id[] = "a", wan[] = "wan0", lan[] = "lan0";

	(void)state;
	for (size_t i = 0; i < sizeof(CAPACITIES) / sizeof(CAPACITIES[0]); i++) {
		const struct capacity_case *c = &CAPACITIES[i];
		struct inventory_link by_hand = {c->main ? wan : lan, c->hand_in, c->hand_out};
		const struct inventory_entry entry = {
			.id = id,
			.capacity_down_bps = c->down,
			.capacity_up_bps = c->up,
			.links = &by_hand,
			.n_links = c->hand_in ? 1 : 0,
		};
		struct device_link links[] = {
			{.name = wan, .role = UPLINK},
			{.name = lan, .role = LAN},
		};
		struct device device = {.entry = &entry, .links = links, .n_links = 2};
		const json_t *link;
		json_t *json;

		for (size_t k = 0; k < 2; k++) {
			links[k].present = true;
			links[k].capacity_bps = c->reported;
			links[k].in_bps = 80e6;
			links[k].out_bps = 10e6;
		}
		json = api_json_device_full(&device, NULL);
		link = json_array_get(json_object_get(json, "links"), c->main ? 0 : 1);
		if (number_of(link, "capacity_in_bps") != c->in ||
		    number_of(link, "capacity_out_bps") != c->out ||
		    fabs(number_of(link, "load") - c->load) > 1e-9)
			fail_msg("%s", c->name);
		if (c->main && (number_of(json, "capacity_in_bps") != c->in ||
				number_of(json, "capacity_out_bps") != c->out))
			fail_msg("%s: the device's", c->name);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates_of_the_dead),
		cmocka_unit_test(test_links_of_the_dead),
		cmocka_unit_test(test_capacities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
