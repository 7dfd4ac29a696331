/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each type as text, and what does not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/text/varbind_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const snmp_oid_t NAME[] = {1, 3, 6, 1};

static struct snmp_varbind octets(uint8_t type, const char *text, size_t len)
{
	struct snmp_varbind v = {.name = NAME, .name_len = 4, .type = type};

	v.v.octets.p = (const uint8_t *)text;
	v.v.octets.len = len;
	return v;
}

static struct snmp_varbind number(uint8_t type, uint64_t value)
{
	struct snmp_varbind v = {.name = NAME, .name_len = 4, .type = type};

	if (type == SNMP_TYPE_INTEGER)
		v.v.i = (int64_t)value;
	else
		v.v.u = value;
	return v;
}

static void test_types(void **state)
{
	const struct {
		struct snmp_varbind v;
		const char *expect;
	} cases[] = {
		{number(SNMP_TYPE_INTEGER, (uint64_t)-5), "1.3.6.1 = -5\n"},
		{number(SNMP_TYPE_COUNTER64, UINT64_MAX), "1.3.6.1 = 18446744073709551615\n"},
		{number(SNMP_TYPE_TIMETICKS, 42), "1.3.6.1 = 42\n"},
		{octets(SNMP_TYPE_OCTETS, "wan0", 4), "1.3.6.1 = \"wan0\"\n"},
		{octets(SNMP_TYPE_OCTETS, "", 0), "1.3.6.1 = \"\"\n"},
		{octets(SNMP_TYPE_OCTETS, "a\nb", 3), "1.3.6.1 = 0x610a62\n"},
		{octets(SNMP_TYPE_OCTETS, "\x00\x1b", 2), "1.3.6.1 = 0x001b\n"},
		{octets(SNMP_TYPE_IPADDRESS, "\xc0\x00\x02\x09", 4), "1.3.6.1 = 192.0.2.9\n"},
		{octets(SNMP_TYPE_IPADDRESS, "\xff", 1), "1.3.6.1 = 0xff\n"},
		{number(SNMP_TYPE_NULL, 0), "1.3.6.1 = null\n"},
		{number(0x99, 0), "1.3.6.1 = type 0x99\n"},
	};
	char buf[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(varbind_text(&cases[i].v, 1, buf, sizeof(buf)),
				 strlen(cases[i].expect));
		assert_string_equal(buf, cases[i].expect);
	}
}

static void test_cut(void **state)
{
	const struct snmp_varbind v[] = {number(SNMP_TYPE_INTEGER, 1),
					 octets(SNMP_TYPE_OCTETS, "abcdefgh", 8),
					 number(SNMP_TYPE_INTEGER, 2)};
	const size_t full = strlen("1.3.6.1 = 1\n1.3.6.1 = \"abcdefgh\"\n1.3.6.1 = 2\n");
	char buf[64];

	(void)state;
	for (size_t size = 0; size <= sizeof(buf); size++) {
		memset(buf, '#', sizeof(buf));
		size_t len = varbind_text(v, ARRAY_LEN(v), buf, size);

		if (size > 0) {
			assert_true(len < size);
			assert_int_equal(strlen(buf), len);
			assert_true(len == 0 || buf[len - 1] == '\n');
		}
		for (size_t i = size; i < sizeof(buf); i++)
			assert_int_equal(buf[i], '#');
	}
	assert_int_equal(varbind_text(v, ARRAY_LEN(v), buf, full + 6), full);
	assert_int_equal(varbind_text(v, 2, buf, 24), strlen("1.3.6.1 = 1\n...\n"));
	assert_string_equal(buf, "1.3.6.1 = 1\n...\n");
}

/* One long value leaves room for the others, and shows how it begins. */
static void test_long_values(void **state)
{
	static char text[60000], two[2002], buf[8192];
	struct snmp_varbind v[] = {octets(SNMP_TYPE_OCTETS, text, sizeof(text)),
				   octets(SNMP_TYPE_OCTETS, two, sizeof(two)),
				   octets(SNMP_TYPE_OCTETS, "\x01", 1),
				   number(SNMP_TYPE_INTEGER, 2)};
	const char *line;

	(void)state;
	memset(text, 'x', sizeof(text));
	two[0] = 'a'; /* so that the thousandth octet is within a character */
	for (size_t i = 1; i + 1 < sizeof(two); i += 2)
		memcpy(two + i, "\xc3\xa9", 2);
	two[sizeof(two) - 1] = 'b';
	varbind_text(v, ARRAY_LEN(v), buf, sizeof(buf));
	assert_int_equal(strncmp(buf, "1.3.6.1 = \"xxx", 14), 0);
	assert_non_null(strstr(buf, "x\"... (60000 octets)\n"));
	line = strchr(buf, '\n') + 1;
	assert_int_equal(strcspn(line, "\n"), strlen("1.3.6.1 = \"\"... (2002 octets)") + 999);
	assert_non_null(strstr(line, "\xc3\xa9\"... (2002 octets)\n1.3.6.1 = 0x01\n1.3.6.1 = 2\n"));
	memset(text, 1, sizeof(text));
	varbind_text(v, 1, buf, sizeof(buf));
	assert_int_equal(strlen(buf), strlen("1.3.6.1 = 0x... (60000 octets)\n") + 2000);
}

static void test_community(void **state)
{
	static const snmp_oid_t COMMUNITY[] = {1, 3, 6, 1, 6, 3, 18, 1, 4, 0};
	struct snmp_varbind v = octets(SNMP_TYPE_OCTETS, "rahasia", 7);
	char buf[128];

	(void)state;
	v.name = COMMUNITY;
	v.name_len = ARRAY_LEN(COMMUNITY);
	varbind_text(&v, 1, buf, sizeof(buf));
	assert_string_equal(buf, "1.3.6.1.6.3.18.1.4.0 = (hidden)\n");
	v.name_len--;
	varbind_text(&v, 1, buf, sizeof(buf));
	assert_string_equal(buf, "1.3.6.1.6.3.18.1.4 = \"rahasia\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_community),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
