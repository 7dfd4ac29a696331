/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of encodings for common/snmp/ber_reader: right ones, ones that devices send, broken
 * ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/snmp/ber_reader.h"

#include <cmocka.h>

static void test_signed(void **state)
{
	static const struct {
		uint8_t octets[12];
		size_t len;
		int64_t value;
		bool error;
	} CASES[] = {
		{{2, 1, 0}, 3, 0, false},
		{{2, 1, 0x7f}, 3, 127, false},
		{{2, 1, 0x80}, 3, -128, false},
		{{2, 2, 0, 0x80}, 4, 128, false},
		{{2, 4, 0x80, 0, 0, 0}, 6, INT32_MIN, false},
		{{2, 0x81, 1, 5}, 4, 5, false}, /* longer length than needed */
		{{2, 0x82, 0, 1, 5}, 5, 5, false},
		{{2, 8, 0x80, 0, 0, 0, 0, 0, 0, 0}, 10, INT64_MIN, false},
		{{2, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 11, 0, true},
		{{2, 0}, 2, 0, true},	       /* no content */
		{{2, 2, 1}, 3, 0, true},       /* content cut off */
		{{2}, 1, 0, true},	       /* no length */
		{{2, 0x80, 1}, 3, 0, true},    /* indefinite length */
		{{2, 0x84, 0, 0}, 4, 0, true}, /* length cut off */
		{{2, 0x85, 0, 0, 0, 0, 1, 5}, 8, 0, true},
		{{2, 0x84, 0xff, 0xff, 0xff, 0xff, 1}, 7, 0, true},
		{{4, 1, 5}, 3, 0, true}, /* another type */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct ber_reader r = ber_reader(CASES[i].octets, CASES[i].len);

		assert_int_equal(ber_int(&r), CASES[i].value);
		assert_int_equal(r.error, CASES[i].error);
		assert_true(ber_at_end(&r));
	}
}

static void test_unsigned(void **state)
{
	static const struct {
		uint8_t octets[9];
		size_t len, width;
		uint64_t value;
		bool error;
	} CASES[] = {
		{{0}, 1, 4, 0, false},
		{{0, 0xff}, 2, 4, 255, false},
		{{0, 0xff, 0xff, 0xff, 0xff}, 5, 4, UINT32_MAX, false},
		{{0xff, 0xff, 0xff, 0xff}, 4, 4, UINT32_MAX, false}, /* as if signed */
		{{0xff}, 1, 4, UINT32_MAX, false},
		{{0x80, 0, 0, 1}, 4, 4, 0x80000001, false},
		{{1, 0, 0, 0, 0}, 5, 4, 0, true},
		{{0, 0, 0, 0, 0, 0, 7}, 7, 4, 7, false},
		{{0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 9, 8, UINT64_MAX, false},
		{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}, 8, 8, UINT64_MAX - 1, false},
		{{1, 0, 0, 0, 0, 0, 0, 0, 0}, 9, 8, 0, true},
		{{1, 0, 0, 0, 0}, 5, 8, 1ull << 32, false},
		{{0}, 0, 8, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct ber_reader r = ber_reader(CASES[i].octets, CASES[i].len);

		assert_int_equal(ber_unsigned_content(&r, CASES[i].width), CASES[i].value);
		assert_int_equal(r.error, CASES[i].error);
	}
}

static void test_oid(void **state)
{
	static const struct {
		uint8_t octets[12];
		size_t len;
		unsigned long arcs[6];
		size_t n;
	} CASES[] = {
		{{0x2b, 6, 1}, 3, {1, 3, 6, 1}, 4},
		{{0x2b, 0x82, 0xf3, 0x13}, 4, {1, 3, 47507}, 3},
		{{0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f}, 6, {1, 3, UINT32_MAX}, 3},
		{{0x2b, 0x90, 0x80, 0x80, 0x80, 0x00}, 6, {0}, 0}, /* 2^32 */
		{{0x2b, 0x80, 0x01}, 3, {1, 3, 1}, 3},
		{{0x2b, 0x86}, 2, {0}, 0}, /* arc cut off */
		{{0}, 0, {0, 0}, 2},	   /* empty: 0.0 */
		{{0}, 1, {0, 0}, 2},
		{{40}, 1, {1, 0}, 2},
		{{0x88, 0x37}, 2, {2, 999}, 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct ber_reader r = ber_reader(CASES[i].octets, CASES[i].len);
		unsigned long arcs[SNMP_OID_LEN_MAX];
		size_t n = ber_oid_content(&r, arcs, ARRAY_LEN(arcs));

		assert_int_equal(n, CASES[i].n);
		assert_int_equal(r.error, n == 0);
		assert_memory_equal(arcs, CASES[i].arcs, n * sizeof(arcs[0]));
	}
}

static void test_oid_room(void **state)
{
	uint8_t octets[200];
	unsigned long arcs[200];
	struct ber_reader r;

	(void)state;
	memset(octets, 1, sizeof(octets));
	r = ber_reader(octets, 127); /* 128 arcs: the most there may be */
	assert_int_equal(ber_oid_content(&r, arcs, ARRAY_LEN(arcs)), 128);
	r = ber_reader(octets, 128);
	assert_int_equal(ber_oid_content(&r, arcs, ARRAY_LEN(arcs)), 0);
	r = ber_reader(octets, 5);
	assert_int_equal(ber_oid_content(&r, arcs, 5), 0);
	r = ber_reader(octets, 5);
	assert_int_equal(ber_oid_content(&r, arcs, 6), 6);
	r = ber_reader(octets, 0);
	assert_int_equal(ber_oid_content(&r, arcs, 1), 0);
}

/* After an error nothing is read any more. */
static void test_sticky(void **state)
{
	static const uint8_t OCTETS[] = {4, 1, 'x', 2, 1, 5, 2, 1, 6};
	struct ber_reader r = ber_reader(OCTETS, sizeof(OCTETS));
	const uint8_t *text;
	size_t len;

	(void)state;
	text = ber_octets(&r, &len);
	assert_int_equal(len, 1);
	assert_int_equal(*text, 'x');
	assert_int_equal(ber_int(&r), 5);
	(void)ber_octets(&r, &len); /* an INTEGER is there */
	assert_true(r.error);
	assert_int_equal(len, 0);
	assert_int_equal(ber_int(&r), 0);
	assert_true(ber_at_end(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed), cmocka_unit_test(test_unsigned),
		cmocka_unit_test(test_oid),    cmocka_unit_test(test_oid_room),
		cmocka_unit_test(test_sticky),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
