/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as text, and which rows a profile's conditions let pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/device/profile_group.h"
#include "collector/core/reading/poll_walk.h"
#include "collector/core/reading/walk_row.h"

#include <cmocka.h>

static const struct {
	const char *text, *equals;
	bool fits;
} CASES[] = {
	{"3", "3", true},
	{"3", "3|11", true},
	{"11", "3|11", true},
	{"1", "3|11", false},
	{"31", "3|11", false},
	{"3", NULL, true},
	{"", NULL, false},
	{"", "", false},
	{"Cached memory", "Memory buffers|Cached memory", true},
	{"Cached", "Memory buffers|Cached memory", false},
	{"UMA: mbuf", "UMA: *", true},
	{"UMA: mbuf", "!UMA: *|MALLOC: *", false},
	{"MALLOC: vt", "!UMA: *|MALLOC: *", false},
	{"Physical memory", "!UMA: *|MALLOC: *", true},
};

static struct poll_walk_cell cell_of(const char *text)
{
	struct poll_walk_cell cell = {.type = SNMP_TYPE_OCTETS, .len = (uint8_t)strlen(text)};

	cell.v.octets = (uint8_t *)(uintptr_t)text;
	return cell;
}

static void test_one_condition(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct profile_where where = {.equals = (char *)(uintptr_t)CASES[i].equals};
		const struct poll_walk_cell cell = cell_of(CASES[i].text);

		if (walk_row_fits(&where, 1, &cell) != CASES[i].fits)
			fail_msg("\"%s\" in \"%s\"", CASES[i].text,
				 CASES[i].equals ? CASES[i].equals : "any");
	}
}

static void test_all_conditions(void **state)
{
	const struct profile_where where[] = {{.equals = (char *)"8"}, {.equals = (char *)"1"}};
	struct poll_walk_cell cells[] = {{.type = SNMP_TYPE_INTEGER, .v.i = 8},
					 {.type = SNMP_TYPE_GAUGE32, .v.u = 1}};

	(void)state;
	assert_true(walk_row_fits(where, 0, NULL));
	assert_true(walk_row_fits(where, 2, cells));
	cells[1].v.u = 2;
	assert_false(walk_row_fits(where, 2, cells));
	cells[1].type = 0; /* no such cell */
	assert_false(walk_row_fits(where, 2, cells));
}

static void test_oids(void **state)
{
	uint32_t arcs[] = {1, 3, 6, 1, 4294967295};
	const struct poll_walk_cell cell = {.type = SNMP_TYPE_OID, .len = 5, .v.oid = arcs};
	char text[64];

	(void)state;
	walk_row_cell_text(&cell, text, sizeof(text));
	assert_string_equal(text, "1.3.6.1.4294967295");
	walk_row_index_text(arcs, 5, text, 6);
	assert_string_equal(text, "1.3.6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_condition),
		cmocka_unit_test(test_all_conditions),
		cmocka_unit_test(test_oids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
