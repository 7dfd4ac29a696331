/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of interfaces: by name, by other evidence where names are empty or repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/iface_map.h"

#include <cmocka.h>

#define T(s)	  ((char *)(s))
#define MAC(last) {2, 0, 0, 0, 0, (last)}, .mac_len = 6

struct case_ {
	const char *name;
	struct iface_row rows[4];
	const char *keys[4];
};

static const struct case_ CASES[] = {
	{"names",
	 {{.if_index = 1, .name = T("eth0")}, {.if_index = 2, .name = T("eth1")}},
	 {"eth0", "eth1"}},
	{"no ifXTable", {{.if_index = 1, .descr = T("port 1")}}, {"port 1"}},
	{"alias only", {{.if_index = 1, .alias = T("to core"), .mac = MAC(1)}}, {"to core"}},
	{"MAC only", {{.if_index = 9, .mac = MAC(7)}}, {"02:00:00:00:00:07"}},
	{"nothing at all",
	 {{.if_index = 4294967295u}, {.if_index = 3, .mac = {0}, .mac_len = 6}},
	 {"if4294967295", "if3"}},
	{"repeated names, ifDescr tells",
	 {{.if_index = 1, .name = T("a"), .descr = T("x")},
	  {.if_index = 2, .name = T("a"), .descr = T("y")}},
	 {"a@x", "a@y"}},
	{"repeated names, MAC tells",
	 {{.if_index = 1, .name = T("a"), .descr = T("x"), .mac = MAC(1)},
	  {.if_index = 2, .name = T("a"), .descr = T("x"), .mac = MAC(2)}},
	 {"a@02:00:00:00:00:01", "a@02:00:00:00:00:02"}},
	{"repeated names, alias tells",
	 {{.if_index = 1, .name = T("a"), .alias = T("p")},
	  {.if_index = 2, .name = T("a"), .alias = T("q")}},
	 {"a@p", "a@q"}},
	{"only the number is left",
	 {{.if_index = 5, .name = T("a")}, {.if_index = 8, .name = T("a")}},
	 {"a@5", "a@8"}},
	{"a name that looks like another's key",
	 {{.if_index = 5, .name = T("a")},
	  {.if_index = 8, .name = T("a")},
	  {.if_index = 9, .name = T("a@5")}},
	 {"a@5@5", "a@8", "a@5@9"}},
	{"empty names that fall back to the same ifDescr",
	 {{.if_index = 1, .name = T(""), .descr = T("GE")}, {.if_index = 2, .descr = T("GE")}},
	 {"GE@1", "GE@2"}},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct iface_row rows[4];
		size_t n = 0;

		memcpy(rows, CASES[i].rows, sizeof(rows));
		while (n < 4 && CASES[i].keys[n])
			n++;
		assert_int_equal(iface_map_name(rows, n), 0);
		for (size_t j = 0; j < n; j++)
			if (strcmp(rows[j].key, CASES[i].keys[j]))
				fail_msg("%s: %s instead of %s", CASES[i].name, rows[j].key,
					 CASES[i].keys[j]);
	}
}

/* The same interfaces under other numbers and in another order have the same keys. */
static void test_order_does_not_matter(void **state)
{
	struct iface_row a[3] = {{.if_index = 1, .name = T("e"), .descr = T("x")},
				 {.if_index = 2, .name = T("e"), .descr = T("y")},
				 {.if_index = 3, .name = T("f")}};
	struct iface_row b[3] = {{.if_index = 7, .name = T("f")},
				 {.if_index = 8, .name = T("e"), .descr = T("y")},
				 {.if_index = 9, .name = T("e"), .descr = T("x")}};

	(void)state;
	assert_int_equal(iface_map_name(a, 3), 0);
	assert_int_equal(iface_map_name(b, 3), 0);
	assert_string_equal(a[0].key, b[2].key);
	assert_string_equal(a[1].key, b[1].key);
	assert_string_equal(a[2].key, b[0].key);
}

static void test_long_names_stay_apart(void **state)
{
	char x[200], y[200];
	struct iface_row rows[2] = {{.if_index = 1, .name = x}, {.if_index = 2, .name = y}};

	(void)state;
	memset(x, 'w', sizeof(x) - 1);
	x[sizeof(x) - 1] = '\0';
	memcpy(y, x, sizeof(y));
	y[190] = 'v';
	assert_int_equal(iface_map_name(rows, 2), 0);
	assert_true(strlen(rows[0].key) <= IFACE_KEY_MAX);
	assert_string_not_equal(rows[0].key, rows[1].key);
	assert_null(strchr(rows[0].key, '@')); /* the hash tells them apart, whatever the order */
}

static void test_many_without_names(void **state)
{
	static struct iface_row rows[500];

	(void)state;
	for (uint32_t i = 0; i < 500; i++)
		rows[i] = (struct iface_row){.if_index = i + 1, .name = T("port")};
	assert_int_equal(iface_map_name(rows, 500), 0);
	assert_string_equal(rows[499].key, "port@500");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_long_names_stay_apart),
		cmocka_unit_test(test_many_without_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
