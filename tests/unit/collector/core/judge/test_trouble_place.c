/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trouble_place: here or there, intranet or internet, from status and paths. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/judge/trouble_place.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static void test_by_status(void **state)
{
	static const struct {
		enum device_status status;
		enum device_cause cause;
		const char *parent;
		enum trouble_place place;
	} CASES[] = {
		{DEVICE_UP, DEVICE_CAUSE_NONE, "core", TROUBLE_NOWHERE},
		{DEVICE_PENDING, DEVICE_CAUSE_NONE, "core", TROUBLE_NOWHERE},
		{DEVICE_SUSPECT, DEVICE_CAUSE_NO_ANSWER, "core", TROUBLE_NOWHERE},
		{DEVICE_UNREACHABLE, DEVICE_CAUSE_PARENT, "core", TROUBLE_BEFORE},
		{DEVICE_DOWN, DEVICE_CAUSE_LINK_DOWN, "core", TROUBLE_LINE},
		{DEVICE_DOWN, DEVICE_CAUSE_NO_ANSWER, "core", TROUBLE_THERE},
		{DEVICE_DOWN, DEVICE_CAUSE_NO_ANSWER, "", TROUBLE_THERE},
		{DEVICE_DOWN, DEVICE_CAUSE_UNREACHABLE, "core", TROUBLE_THERE},
		{DEVICE_DOWN, DEVICE_CAUSE_UNREACHABLE, "", TROUBLE_HERE},
		{DEVICE_SNMP_SILENT, DEVICE_CAUSE_REFUSED, "core", TROUBLE_AGENT},
		{DEVICE_AUTH_FAILED, DEVICE_CAUSE_WRONG_KEY, "core", TROUBLE_AGENT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct inventory_entry entry = {.parent = TEXT(CASES[i].parent)};
		const struct device device = {
			.entry = &entry, .status = CASES[i].status, .cause = CASES[i].cause};

		assert_int_equal(trouble_place_of(&device), CASES[i].place);
	}
}

static void test_by_paths(void **state)
{
	static const struct {
		struct {
			const char *name;
			double loss;
		} paths[4];
		enum trouble_place place;
	} CASES[] = {
		{{{"gateway", 0}, {"noc", 0}, {"internet", 0}}, TROUBLE_NOWHERE},
		{{{"gateway", 100}, {"noc", 100}, {"internet", 100}}, TROUBLE_GATEWAY},
		{{{"gateway", 0}, {"noc", 100}, {"internet", 100}}, TROUBLE_CORE},
		{{{"internet", 100}, {"noc", 49.9}, {"gateway", 0}}, TROUBLE_BEYOND},
		{{{"noc", 0}, {"Beyond (ISP)", 50}}, TROUBLE_BEYOND},
		{{{"gateway", NAN}, {"noc", NAN}}, TROUBLE_NOWHERE},
		/* one of two ways is open */
		{{{"gateway", 0}, {"gateway6", 100}}, TROUBLE_NOWHERE},
		{{{"core-1", 100}, {"core-2", 0}, {"internet", 100}}, TROUBLE_BEYOND},
	};
	const struct inventory_entry entry = {.parent = TEXT("")};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct device_metric metrics[8] = {
			{.group = "memory", .name = "loss", .value = 99}};
		struct device device = {.entry = &entry, .status = DEVICE_UP, .metrics = metrics};

		device.n_metrics = 1;
		for (size_t k = 0; k < 4 && CASES[i].paths[k].name; k++) {
			struct device_metric *m = &metrics[device.n_metrics++];

			*m = (struct device_metric){
				.group = "path", .name = "loss", .value = CASES[i].paths[k].loss};
			snprintf(m->object, sizeof(m->object), "%s", CASES[i].paths[k].name);
		}
		assert_int_equal(trouble_place_of(&device), CASES[i].place);
		device.status = DEVICE_DOWN; /* what was measured before says nothing now */
		assert_int_equal(trouble_place_of(&device), TROUBLE_THERE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_status),
		cmocka_unit_test(test_by_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
