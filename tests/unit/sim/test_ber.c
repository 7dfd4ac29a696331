/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/sim/ber: octets as X.690 has them, and every truncation refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/sim/ber.h"

#include <cmocka.h>

static void test_integers(void **state)
{
	static const struct {
		int64_t value;
		uint8_t octets[10];
		size_t len;
	} cases[] = {
		{0, {2, 1, 0}, 3},
		{127, {2, 1, 0x7f}, 3},
		{128, {2, 2, 0, 0x80}, 4},
		{-1, {2, 1, 0xff}, 3},
		{-128, {2, 1, 0x80}, 3},
		{-129, {2, 2, 0xff, 0x7f}, 4},
		{0x7fffffff, {2, 4, 0x7f, 0xff, 0xff, 0xff}, 6},
		{INT64_MIN, {2, 8, 0x80}, 10},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ber_msg msg;
		struct ber r = {.p = cases[i].octets, .end = cases[i].octets + cases[i].len};

		ber_msg_init(&msg, 100);
		ber_prepend_int(&msg, SIM_INTEGER, cases[i].value);
		assert_int_equal(ber_msg_len(&msg), cases[i].len);
		assert_memory_equal(msg.head, cases[i].octets, cases[i].len);
		assert_int_equal(ber_integer(&r), cases[i].value);
		assert_false(r.bad);
		for (size_t cut = 0; cut < cases[i].len; cut++) {
			struct ber s = {.p = cases[i].octets, .end = cases[i].octets + cut};

			(void)ber_integer(&s);
			assert_true(s.bad);
		}
	}
}

/* Counter64 of 2^64 - 1 needs a leading zero; an OID of large sub-identifiers. */
static void test_varbind(void **state)
{
	static const uint8_t expect[] = {0x30, 0x18, 0x06, 0x0b, 0x2b, 6,    1,	   4,	 1,
					 0x8f, 0xff, 0xff, 0xff, 0x7f, 0,    0x46, 0x09, 0,
					 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct oid name = {.ids = {1, 3, 6, 1, 4, 1, UINT32_MAX, 0}, .len = 8}, back;
	struct sim_value value = {.type = SIM_COUNTER64, .u = UINT64_MAX};
	struct ber_msg msg;
	struct ber r, varbind;

	(void)state;
	ber_msg_init(&msg, sizeof(expect));
	assert_true(ber_append_varbind(&msg, &name, &value));
	assert_int_equal(ber_msg_len(&msg), sizeof(expect));
	assert_memory_equal(msg.head, expect, sizeof(expect));
	assert_false(ber_append_varbind(&msg, &name, &value));
	assert_true(msg.full);
	assert_int_equal(ber_msg_len(&msg), sizeof(expect));

	r = (struct ber){.p = expect, .end = expect + sizeof(expect)};
	varbind = ber_enter(&r, 0x30);
	ber_oid(&varbind, &back);
	assert_false(varbind.bad);
	assert_int_equal(oid_compare(back.ids, back.len, name.ids, name.len), 0);
}

static void test_long_lengths(void **state)
{
	static const size_t lengths[] = {0, 127, 128, 255, 256, 1000};
	uint8_t text[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct sim_value value = {.type = SIM_OCTETS, .bytes = text, .len = lengths[i]};
		struct oid name = {.ids = {1, 3}, .len = 2}, back;
		struct ber_msg msg;
		struct ber r, varbind, octets;

		ber_msg_init(&msg, 2000);
		assert_true(ber_append_varbind(&msg, &name, &value));
		r = (struct ber){.p = msg.head, .end = msg.tail};
		varbind = ber_enter(&r, 0x30);
		ber_oid(&varbind, &back);
		octets = ber_enter(&varbind, SIM_OCTETS);
		assert_false(varbind.bad);
		assert_ptr_equal(r.p, r.end);
		assert_int_equal(octets.end - octets.p, lengths[i]);
	}
}

static void test_oid_text(void **state)
{
	static const char *const wrong[] = {"",	    ".",    "1",   "1.",
					    "1.3.", "1..3", "a.b", "1.3.4294967296"};
	struct oid oid;

	(void)state;
	assert_true(oid_parse(".1.3.6.1.4294967295", &oid));
	assert_int_equal(oid.len, 5);
	assert_int_equal(oid.ids[4], UINT32_MAX);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(oid_parse(wrong[i], &oid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_varbind),
		cmocka_unit_test(test_long_lengths),
		cmocka_unit_test(test_oid_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
