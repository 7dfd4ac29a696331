/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which link stands for a device. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/device/device.h"

#include <cmocka.h>

enum { UPLINK = 2, BACKUP = 3, LAN = 4 };
enum { UP = 1, DOWN = 2, DORMANT = 5, NOT_PRESENT = 6, LOWER_DOWN = 7 };

static const struct {
	const char *name;
	struct {
		bool present;
		uint8_t role, oper;
		double in_bps, out_bps;
	} links[3];
	int main; /* -1: none */
} CASES[] = {
	{"none present", {{false, UPLINK, UP, 9, 9}}, -1},
	{"the uplink, however idle", {{true, LAN, UP, 9e6, 9e6}, {true, UPLINK, UP, 0, 0}}, 1},
	{"the busier uplink", {{true, UPLINK, UP, 1, 1}, {true, UPLINK, UP, 8, 8}}, 1},
	{"an uplink that is gone", {{false, UPLINK, UP, 9, 9}, {true, LAN, UP, 1, 1}}, 1},
	{"an uplink whose state is not told", {{true, LAN, UP, 9, 9}, {true, UPLINK, 0, 1, 1}}, 1},
	{"the uplink that is up", {{true, UPLINK, DOWN, 9, 9}, {true, UPLINK, UP, 0, 0}}, 1},
	{"the backup of one that is down",
	 {{true, UPLINK, DOWN, 0, 0}, {true, LAN, UP, 9, 9}, {true, BACKUP, UP, 1, 1}},
	 2},
	{"an uplink without backup, though down",
	 {{true, LAN, UP, 9, 9}, {true, UPLINK, DOWN, 0, 0}, {true, BACKUP, DOWN, 0, 0}},
	 1},
	{"not the backup of one that is up",
	 {{true, BACKUP, UP, 9, 9}, {true, UPLINK, UP, 1, 1}},
	 1},
	{"the busiest", {{true, 0, UP, 1, 1}, {true, 0, UP, 8, 1}, {true, 0, UP, 2, 2}}, 1},
	{"a bridge, either way", {{true, 0, UP, 80, 10}, {true, 0, UP, 10, 80.5}}, 0},
	{"a bridge, the other way", {{true, 0, UP, 80.5, 10}, {true, 0, UP, 10, 80}}, 0},
	{"nothing known yet", {{true, 0, 0, NAN, NAN}, {true, 0, 0, NAN, NAN}}, 0},
	{"no rates yet: the first that is up",
	 {{true, 0, DOWN, NAN, NAN}, {true, 0, NOT_PRESENT, NAN, NAN}, {true, 0, UP, NAN, NAN}},
	 2},
	{"a port that just went down", {{true, 0, DOWN, 9e6, 9e6}, {true, 0, UP, 1, 1}}, 1},
	{"up before dormant", {{true, 0, DORMANT, 5, 5}, {true, 0, UP, 1, 1}}, 1},
	{"all are down", {{true, 0, LOWER_DOWN, 0, 0}, {true, 0, DOWN, 0, 0}}, 0},
};

static void test_main_link(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof(CASES) / sizeof(CASES[0]); c++) {
		struct device_link links[3] = {0};
		struct device device = {.links = links, .n_links = 3};
		const struct device_link *got;

		for (size_t i = 0; i < 3; i++) {
			links[i].present = CASES[c].links[i].present;
			links[i].role = CASES[c].links[i].role;
			links[i].oper = CASES[c].links[i].oper;
			links[i].in_bps = CASES[c].links[i].in_bps;
			links[i].out_bps = CASES[c].links[i].out_bps;
		}
		got = device_main_link(&device);
		if ((got ? (int)(got - links) : -1) != CASES[c].main)
			fail_msg("%s: %d", CASES[c].name, got ? (int)(got - links) : -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_main_link)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
