/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of roles, media and states, what is none of them, and what counts as down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/snmp/link_mib.h"
#include "common/snmp/snmp_outcome.h"

#include <cmocka.h>

/* By the numbers that are on the wire, not by their names. */
static const struct {
	const char *(*name)(unsigned int number);
	const char *words[9];
} SETS[] = {
	{link_mib_role, {"unknown", "other", "uplink", "backup", "lan", "hotspot", "unknown"}},
	{link_mib_medium,
	 {"unknown", "other", "fiber", "wireless", "copper", "cellular", "unknown"}},
	{link_mib_oper,
	 {"unknown", "up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown",
	  "unknown"}},
	{link_mib_admin, {"unknown", "up", "down", "testing", "unknown"}},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SETS); i++) {
		for (unsigned int k = 0; k < ARRAY_LEN(SETS[i].words) && SETS[i].words[k]; k++)
			assert_string_equal(SETS[i].name(k), SETS[i].words[k]);
		assert_string_equal(SETS[i].name(255), "unknown");
	}
}

static void test_down(void **state)
{
	static const bool DOWN[] = {false, false, true, false, false, false, false, true, false};

	(void)state;
	for (uint8_t i = 0; i < ARRAY_LEN(DOWN); i++)
		assert_int_equal(link_mib_is_down(i), DOWN[i]);
}

static void test_roles(void **state)
{
	(void)state;
	assert_false(link_mib_has_role(0));
	assert_false(link_mib_has_role(LINK_ROLE_OTHER));
	for (uint8_t i = LINK_ROLE_UPLINK; i <= LINK_ROLE_MAX; i++)
		assert_true(link_mib_has_role(i));
}

/* Each outcome has a word of its own. */
static void test_outcomes(void **state)
{
	(void)state;
	for (int i = 0; i < SNMP_OUTCOME_N; i++) {
		assert_string_not_equal(snmp_outcome_name((enum snmp_outcome)i), "unknown");
		for (int k = 0; k < i; k++)
			assert_string_not_equal(snmp_outcome_name((enum snmp_outcome)i),
						snmp_outcome_name((enum snmp_outcome)k));
	}
	assert_string_equal(snmp_outcome_name(SNMP_OUTCOME_N), "unknown");
	assert_true(snmp_outcome_is_auth(SNMP_OUTCOME_UNKNOWN_USER));
	assert_true(snmp_outcome_is_auth(SNMP_OUTCOME_NO_ACCESS));
	assert_false(snmp_outcome_is_auth(SNMP_OUTCOME_UNREACHABLE));
	assert_false(snmp_outcome_is_auth(SNMP_OUTCOME_MALFORMED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_outcomes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
