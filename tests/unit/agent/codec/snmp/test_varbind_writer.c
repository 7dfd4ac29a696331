/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * varbind_writer: octets by hand for the edges of each type, everything read back by
 * common/snmp/ber_reader, and no octet beyond the buffer when it is full.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/codec/snmp/varbind_writer.h"
#include "common/base/cleanup.h"
#include "common/snmp/ber_reader.h"

#include <cmocka.h>

static const snmp_oid_t NAME[] = {1, 3, 6, 1};

struct number_case {
	uint8_t type;
	int64_t i;
	uint64_t u;
	size_t len;
	uint8_t octets[10]; /* the value, its header included */
};

static const struct number_case NUMBERS[] = {
	{SNMP_TYPE_INTEGER, 0, 0, 3, {2, 1, 0}},
	{SNMP_TYPE_INTEGER, 127, 0, 3, {2, 1, 127}},
	{SNMP_TYPE_INTEGER, 128, 0, 4, {2, 2, 0, 128}},
	{SNMP_TYPE_INTEGER, -1, 0, 3, {2, 1, 0xff}},
	{SNMP_TYPE_INTEGER, -128, 0, 3, {2, 1, 0x80}},
	{SNMP_TYPE_INTEGER, -129, 0, 4, {2, 2, 0xff, 0x7f}},
	{SNMP_TYPE_INTEGER, INT32_MAX, 0, 6, {2, 4, 0x7f, 0xff, 0xff, 0xff}},
	{SNMP_TYPE_INTEGER, INT32_MIN, 0, 6, {2, 4, 0x80, 0, 0, 0}},
	{SNMP_TYPE_COUNTER32, 0, 0, 3, {0x41, 1, 0}},
	{SNMP_TYPE_GAUGE32, 0, 0x80, 4, {0x42, 2, 0, 0x80}},
	{SNMP_TYPE_TIMETICKS, 0, UINT32_MAX, 7, {0x43, 5, 0, 0xff, 0xff, 0xff, 0xff}},
	{SNMP_TYPE_COUNTER64,
	 0,
	 0x7fffffffffffffff,
	 10,
	 {0x46, 8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
	{SNMP_TYPE_NO_SUCH_INSTANCE, 0, 0, 2, {0x81, 0}},
};

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++) {
		const struct number_case *c = &NUMBERS[i];
		struct snmp_varbind vb = {.name = NAME, .name_len = 4, .type = c->type};
		uint8_t buf[64], name[] = {0x30, 0, 0x06, 3, 0x2b, 6, 1};
		struct varbind_writer w;
		size_t len;

		if (c->type == SNMP_TYPE_INTEGER)
			vb.v.i = c->i;
		else
			vb.v.u = c->u;
		name[1] = (uint8_t)(5 + c->len);
		varbind_writer_init(&w, buf, sizeof(buf));
		assert_true(varbind_writer_add(&w, &vb));
		len = varbind_writer_finish(&w);
		assert_int_equal(len, 4 + sizeof(name) + c->len);
		assert_memory_equal(buf + 4, name, sizeof(name));
		assert_memory_equal(buf + 4 + sizeof(name), c->octets, c->len);
	}
}

/* The largest Counter64 needs a ninth octet, so that it is not read as negative. */
static void test_counter64_max(void **state)
{
	const struct snmp_varbind vb = {
		.name = NAME, .name_len = 4, .type = SNMP_TYPE_COUNTER64, .v.u = UINT64_MAX};
	static const uint8_t want[] = {0x46, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255};
	struct varbind_writer w;
	uint8_t buf[64];

	(void)state;
	varbind_writer_init(&w, buf, sizeof(buf));
	assert_true(varbind_writer_add(&w, &vb));
	assert_memory_equal(buf + 4 + 7, want, sizeof(want));
}

static void test_lengths_of_octets(void **state)
{
	static const size_t LENGTHS[] = {0, 1, 120, 127, 128, 200, 255, 256, 1000, 4000};
	uint8_t octets[4000], buf[4096];

	(void)state;
	memset(octets, 'x', sizeof(octets));
	for (size_t i = 0; i < ARRAY_LEN(LENGTHS); i++) {
		const struct snmp_varbind vb = {.name = NAME,
						.name_len = 4,
						.type = SNMP_TYPE_OCTETS,
						.v.octets = {octets, LENGTHS[i]}};
		struct ber_reader all, list, pair, name;
		struct varbind_writer w;
		size_t len;

		varbind_writer_init(&w, buf, sizeof(buf));
		assert_true(varbind_writer_add(&w, &vb));
		all = ber_reader(buf, varbind_writer_finish(&w));
		list = ber_tagged(&all, BER_SEQUENCE);
		pair = ber_tagged(&list, BER_SEQUENCE);
		name = ber_tagged(&pair, BER_OID);
		assert_memory_equal(ber_octets(&pair, &len), octets, LENGTHS[i]);
		assert_int_equal(len, LENGTHS[i]);
		assert_false(all.error || list.error || pair.error || name.error);
		assert_true(ber_at_end(&all) && ber_at_end(&list) && ber_at_end(&pair));
	}
}

static void test_names(void **state)
{
	static const snmp_oid_t LONG[] = {2,	   999,	      0,	 127,
					  128,	   16383,     16384,	 2097151,
					  2097152, 268435455, 268435456, 4294967295};
	const struct snmp_varbind vb = {.name = LONG,
					.name_len = ARRAY_LEN(LONG),
					.type = SNMP_TYPE_OID,
					.v.oid = {LONG, ARRAY_LEN(LONG)}};
	struct ber_reader all, list, pair, oid;
	struct varbind_writer w;
	unsigned long arcs[128];
	uint8_t buf[256];

	(void)state;
	varbind_writer_init(&w, buf, sizeof(buf));
	assert_true(varbind_writer_add(&w, &vb));
	all = ber_reader(buf, varbind_writer_finish(&w));
	list = ber_tagged(&all, BER_SEQUENCE);
	pair = ber_tagged(&list, BER_SEQUENCE);
	for (int i = 0; i < 2; i++) {
		oid = ber_tagged(&pair, BER_OID);
		assert_int_equal(ber_oid_content(&oid, arcs, 128), ARRAY_LEN(LONG));
		assert_memory_equal(arcs, LONG, sizeof(LONG));
	}
}

static void test_refused_names(void **state)
{
	snmp_oid_t many[129] = {1, 3};
	struct snmp_varbind vb = {.name = many, .name_len = 129, .type = SNMP_TYPE_NULL};
	struct varbind_writer w;
	uint8_t buf[512];

	(void)state;
	varbind_writer_init(&w, buf, sizeof(buf));
	assert_false(varbind_writer_add(&w, &vb));
	vb.name_len = 1;
	assert_false(varbind_writer_add(&w, &vb));
	many[0] = 3;
	vb.name_len = 4;
	assert_false(varbind_writer_add(&w, &vb));
	assert_int_equal(varbind_writer_finish(&w), VARBIND_WRITER_HEAD);
}

/* Every size of buffer: what is added fits, what does not leaves no trace. The buffer is of
 * exactly that size, so that a sanitizer sees one octet too many. */
static void test_full(void **state)
{
	static const snmp_oid_t name[] = {1, 3, 6, 1, 4, 1, 8072, 9999, 1};
	const struct snmp_varbind vb = {.name = name,
					.name_len = ARRAY_LEN(name),
					.type = SNMP_TYPE_OCTETS,
					.v.octets = {(const uint8_t *)"abcdefgh", 8}};
	const size_t one = 2 + 2 + 10 + 2 + 8;

	(void)state;
	for (size_t room = VARBIND_WRITER_HEAD; room < 200; room++) {
		uint8_t *buf = malloc(room);
		struct varbind_writer w;
		size_t n = 0;

		varbind_writer_init(&w, buf, room);
		while (varbind_writer_add(&w, &vb))
			n++;
		assert_int_equal(n, (room - VARBIND_WRITER_HEAD) / one);
		assert_int_equal(varbind_writer_finish(&w), VARBIND_WRITER_HEAD + n * one);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),		  cmocka_unit_test(test_counter64_max),
		cmocka_unit_test(test_lengths_of_octets), cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused_names),	  cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
