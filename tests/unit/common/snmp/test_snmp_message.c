/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common/snmp/snmp_message: what is encoded is parsed back, agrees octet for octet with
 * messages known to be right, and nothing that is cut off or altered gets through or
 * reads too far.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "common/snmp/ber_reader.h"
#include "common/snmp/snmp_message.h"

#include <cmocka.h>

static const snmp_oid_t SYS_DESCR[] = {1, 3, 6, 1, 2, 1, 1, 1, 0};
static const snmp_oid_t REPORT_5[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0};

static uint8_t buf[2 * SNMP_MESSAGE_MAX];

static struct snmp_bindings *one_name(void)
{
	struct snmp_varbind v = {.name = SYS_DESCR, .name_len = ARRAY_LEN(SYS_DESCR)};
	struct snmp_bindings *bindings = NULL;

	assert_int_equal(snmp_bindings_new(&v, 1, &bindings), 0);
	return bindings;
}

/* As snmpget -v2c -c public sends it. */
static void test_v2c_octets(void **state)
{
	static const uint8_t WANTED[] = {
		0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, 'p',	'u',  'b',  'l',
		'i',  'c',  0xa0, 0x1c, 0x02, 0x04, 0x40, 0x00, 0x00, 0x01, 0x02,
		0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30, 0x0c, 0x06, 0x08,
		0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x01, 0x00, 0x05, 0x00,
	};
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = one_name();
	struct snmp_message_out out = {
		.version = SNMP_V2C,
		.community = "public",
		.pdu = SNMP_PDU_GET,
		.request_id = 0x40000001,
		.bindings = bindings,
	};
	const uint8_t *at;
	size_t len;

	(void)state;
	assert_int_equal(snmp_message_encode(&out, buf, sizeof(buf), &at, &len), 0);
	assert_int_equal(len, sizeof(WANTED));
	assert_memory_equal(at, WANTED, len);
}

/* An Integer32 (RFC 3416 3): nobody could answer with one of five octets. */
static void test_long_request_id(void **state)
{
	static const uint8_t IDS[][7] = {
		{0x02, 0x04, 0x7f, 0xff, 0xff, 0xff},
		{0x02, 0x04, 0x80, 0x00, 0x00, 0x00},
		{0x02, 0x05, 0x00, 0xff, 0xff, 0xff, 0xff},
		{0x02, 0x05, 0x01, 0x00, 0x00, 0x00, 0x00},
		{0x02, 0x05, 0x00, 0x00, 0x00, 0x00, 0x07},
	};
	static const int64_t WANTED[] = {INT32_MAX, INT32_MIN};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(IDS); i++) {
		const uint8_t id_len = (uint8_t)(IDS[i][1] + 2);
		uint8_t octets[64] = {
			0x30, (uint8_t)(17 + id_len), 0x02, 0x01, 0x01, 0x04, 0x02, 'p', 'u',
			0xa0, (uint8_t)(8 + id_len)};
		struct snmp_message msg;

		memcpy(octets + 11, IDS[i], id_len);
		memcpy(octets + 11 + id_len, "\x02\x01\x00\x02\x01\x00\x30\x00", 8);
		assert_int_equal(snmp_message_parse(octets, 19u + id_len, &msg),
				 i < ARRAY_LEN(WANTED) ? 0 : -EBADMSG);
		if (i < ARRAY_LEN(WANTED))
			assert_int_equal(msg.request_id, WANTED[i]);
	}
}

static const struct snmp_credential CRED = {
	.version = SNMP_V3,
	.user = "sha",
	.level = SNMP_SEC_AUTH_PRIV,
	.auth = SNMP_AUTH_SHA256,
	.auth_pass = "authpass1",
	.priv = SNMP_PRIV_AES128,
	.priv_pass = "privpass1",
};
static const uint8_t ENGINE_ID[] = {0x80, 0, 0, 0, 4, 'x'};

static void make_keys(struct usm_keys *ret)
{
	struct usm_master master;

	assert_int_equal(usm_make_master(&CRED, &master), 0);
	assert_int_equal(usm_localize(&CRED, &master, ENGINE_ID, sizeof(ENGINE_ID), ret), 0);
}

static struct snmp_message_out v3_request(const struct usm_keys *keys,
					  const struct snmp_bindings *bindings)
{
	return (struct snmp_message_out){
		.version = SNMP_V3,
		.pdu = SNMP_PDU_GETBULK,
		.request_id = 0x41234567,
		.field1 = 1,
		.field2 = 20,
		.bindings = bindings,
		.msg_id = 0x41234568,
		.engine_id = ENGINE_ID,
		.engine_id_len = sizeof(ENGINE_ID),
		.boots = 3,
		.time = 200000,
		.user = CRED.user,
		.context = "vlan-7",
		.keys = keys,
		.salt = 5,
	};
}

static void check_pdu(const struct snmp_message *msg)
{
	struct snmp_varbind_room room;

	assert_true(msg->has_pdu);
	assert_int_equal(msg->pdu, SNMP_PDU_GETBULK);
	assert_int_equal(msg->request_id, 0x41234567);
	assert_int_equal(msg->error_status, 1);
	assert_int_equal(msg->error_index, 20);
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	assert_int_equal(snmp_message_varbinds(msg, &room), 0);
	assert_int_equal(room.n, 1);
	assert_int_equal(room.varbinds[0].name_len, ARRAY_LEN(SYS_DESCR));
	assert_memory_equal(room.varbinds[0].name, SYS_DESCR, sizeof(SYS_DESCR));
	assert_int_equal(room.varbinds[0].type, SNMP_TYPE_NULL);
	snmp_varbind_room_deinit(&room);
}

static void test_v3_round_trip(void **state)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = one_name();
	static uint8_t copy[1500], plain[1500];
	struct usm_keys keys;
	struct snmp_message msg;
	struct snmp_message_out out;
	const uint8_t *at;
	size_t len, plain_len;

	(void)state;
	make_keys(&keys);
	out = v3_request(&keys, bindings);
	assert_int_equal(snmp_message_encode(&out, buf, sizeof(buf), &at, &len), 0);
	memcpy(copy, at, len);
	assert_int_equal(snmp_message_parse(copy, len, &msg), 0);
	assert_int_equal(msg.msg_id, 0x41234568);
	assert_int_equal(msg.boots, 3);
	assert_int_equal(msg.time, 200000);
	assert_int_equal(msg.flags, SNMP_FLAG_AUTH | SNMP_FLAG_PRIV | SNMP_FLAG_REPORTABLE);
	assert_false(msg.has_pdu);
	assert_int_equal(snmp_message_verify(&msg, copy, len, &keys), 0);
	assert_memory_equal(copy, at, len); /* as it was */
	assert_int_equal(usm_decrypt(&keys, msg.salt, 3, 200000, msg.encrypted, msg.encrypted_len,
				     plain, &plain_len),
			 0);
	assert_int_equal(snmp_message_parse_scoped(plain, plain_len, &msg), 0);
	check_pdu(&msg);

	/* One bit anywhere makes the digest wrong, or it is no message any more. */
	for (size_t i = 0; i < len; i++) {
		copy[i] ^= 4;
		if (snmp_message_parse(copy, len, &msg) == 0 && msg.flags & SNMP_FLAG_AUTH)
			assert_true(snmp_message_verify(&msg, copy, len, &keys) < 0);
		copy[i] ^= 4;
		assert_memory_equal(copy, at, len);
	}
}

static void test_v3_without_keys(void **state)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = one_name();
	struct snmp_message_out out = v3_request(NULL, bindings);
	struct snmp_message msg;
	const uint8_t *at;
	size_t len;

	(void)state;
	assert_int_equal(snmp_message_encode(&out, buf, sizeof(buf), &at, &len), 0);
	assert_int_equal(snmp_message_parse(at, len, &msg), 0);
	assert_int_equal(msg.flags, SNMP_FLAG_REPORTABLE);
	assert_int_equal(msg.user_len, 3);
	check_pdu(&msg);
}

/* Cut off anywhere it is no message; the heap's edge lets a sanitizer see a read beyond.
 */
static void test_cut_off(void **state)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = one_name();
	struct snmp_message_out out = v3_request(NULL, bindings);
	const uint8_t *at;
	size_t len;

	(void)state;
	for (int version = SNMP_V2C; version <= SNMP_V3; version += 2) {
		out.version = (enum snmp_version)version;
		out.community = "c";
		assert_int_equal(snmp_message_encode(&out, buf, sizeof(buf), &at, &len), 0);
		for (size_t i = 0; i < len; i++) {
			uint8_t *part = malloc(i + 1);
			struct snmp_message msg;

			memcpy(part, at, i);
			part = realloc(part, i ? i : 1);
			assert_non_null(part);
			assert_int_equal(snmp_message_parse(part, i, &msg), -EBADMSG);
			free(part);
		}
	}
}

static void test_values(void **state)
{
	static const snmp_oid_t VALUE[] = {1, 3, 6, 1, 4294967295};
	struct snmp_varbind in[] = {
		{.type = SNMP_TYPE_INTEGER, .v.i = -2147483648},
		{.type = SNMP_TYPE_INTEGER, .v.i = 127},
		{.type = SNMP_TYPE_COUNTER32, .v.u = 4294967295},
		{.type = SNMP_TYPE_GAUGE32, .v.u = 0},
		{.type = SNMP_TYPE_TIMETICKS, .v.u = 2147483648},
		{.type = SNMP_TYPE_COUNTER64, .v.u = UINT64_MAX},
		{.type = SNMP_TYPE_COUNTER64, .v.u = 1ull << 32},
		{.type = SNMP_TYPE_COUNTER64, .v.u = 0},
		{.type = SNMP_TYPE_OCTETS, .v.octets = {(const uint8_t *)"a\0b", 3}},
		{.type = SNMP_TYPE_OCTETS, .v.octets = {NULL, 0}},
		{.type = SNMP_TYPE_IPADDRESS, .v.octets = {(const uint8_t *)"\x7f\0\0\1", 4}},
		{.type = SNMP_TYPE_OPAQUE, .v.octets = {(const uint8_t *)"\x9f\x78\x04....", 7}},
		{.type = SNMP_TYPE_OID, .v.oid = {VALUE, ARRAY_LEN(VALUE)}},
		{.type = SNMP_TYPE_NULL},
	};
	struct snmp_bindings *bindings = NULL;
	struct snmp_varbind_room room;
	struct snmp_message msg = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		in[i].name = SYS_DESCR;
		in[i].name_len = ARRAY_LEN(SYS_DESCR);
	}
	assert_int_equal(snmp_bindings_new(in, ARRAY_LEN(in), &bindings), 0);
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	msg.bindings = bindings->octets + 3; /* after 30 81 xx */
	msg.bindings_len = bindings->len - 3;
	assert_int_equal(snmp_message_varbinds(&msg, &room), 0);
	assert_int_equal(room.n, ARRAY_LEN(in));
	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		const struct snmp_varbind *out = &room.varbinds[i];

		assert_int_equal(out->type, in[i].type);
		switch (in[i].type) {
		case SNMP_TYPE_INTEGER:
			assert_int_equal(out->v.i, in[i].v.i);
			break;
		case SNMP_TYPE_OCTETS:
		case SNMP_TYPE_IPADDRESS:
		case SNMP_TYPE_OPAQUE:
			assert_int_equal(out->v.octets.len, in[i].v.octets.len);
			if (out->v.octets.len)
				assert_memory_equal(out->v.octets.p, in[i].v.octets.p,
						    out->v.octets.len);
			break;
		case SNMP_TYPE_OID:
			assert_int_equal(out->v.oid.len, ARRAY_LEN(VALUE));
			assert_memory_equal(out->v.oid.p, VALUE, sizeof(VALUE));
			break;
		case SNMP_TYPE_NULL:
			break;
		default:
			assert_int_equal(out->v.u, in[i].v.u);
		}
	}
	snmp_varbind_room_deinit(&room);
	snmp_bindings_unref(bindings);
}

static void test_refused_bindings(void **state)
{
	static uint8_t big[70000];
	static snmp_oid_t long_name[200];
	struct snmp_varbind good = {.name = SYS_DESCR, .name_len = ARRAY_LEN(SYS_DESCR)}, v;
	struct snmp_bindings *bindings = NULL;

	(void)state;
#define BAD(error, ...)                                                                            \
	(v = good, __VA_ARGS__, assert_int_equal(snmp_bindings_new(&v, 1, &bindings), error))
	BAD(-EINVAL, v.name_len = 1);
	BAD(-EINVAL, (v.name = long_name, v.name_len = 129));
	BAD(-EINVAL, v.type = 0x99);
	BAD(-EINVAL, (v.type = SNMP_TYPE_INTEGER, v.v.i = 1ll << 31));
	BAD(-EINVAL, (v.type = SNMP_TYPE_GAUGE32, v.v.u = 1ull << 32));
	BAD(-EMSGSIZE,
	    (v.type = SNMP_TYPE_OCTETS, v.v.octets.p = big, v.v.octets.len = sizeof(big)));
#undef BAD
	assert_null(bindings);
}

static void test_reports(void **state)
{
	static const snmp_oid_t OTHER[] = {1, 3, 6, 1, 6, 3, 11, 2, 1, 3, 0};
	struct snmp_varbind v = {.name = REPORT_5, .name_len = ARRAY_LEN(REPORT_5)};

	(void)state;
	assert_int_equal(snmp_report_of(&v, 1), USM_STAT_WRONG_DIGESTS);
	assert_int_equal(snmp_report_of(&v, 0), USM_STAT_OTHER);
	v.name_len--;
	assert_int_equal(snmp_report_of(&v, 1), USM_STAT_OTHER);
	v.name = OTHER;
	v.name_len = ARRAY_LEN(OTHER);
	assert_int_equal(snmp_report_of(&v, 1), USM_STAT_OTHER);
}

/* As snmptrap -v1 -c public '' 1.3.6.1.4.1.8072.1 192.0.2.9 6 17 4711 sends it. */
static void test_v1_trap(void **state)
{
	static const uint8_t TRAP[] = {
		0x30, 0x2b, 0x02, 0x01, 0x00, 0x04, 0x06, 'p',	'u',  'b',  'l',  'i',
		'c',  0xa4, 0x1e, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xbf, 0x08,
		0x01, 0x40, 0x04, 192,	0,    2,    9,	  0x02, 0x01, 0x06, 0x02, 0x01,
		0x11, 0x43, 0x02, 0x12, 0x67, 0x30, 0x00, 0x00, 0x00,
	};
	struct snmp_message msg;

	(void)state;
	assert_int_equal(snmp_message_parse(TRAP, sizeof(TRAP), &msg), 0);
	assert_int_equal(msg.pdu, SNMP_PDU_TRAP_V1);
	assert_int_equal(msg.community_len, 6);
	assert_memory_equal(msg.community, "public", 6);
	assert_int_equal(msg.enterprise_len, 8);
	assert_int_equal(msg.generic, 6);
	assert_int_equal(msg.specific, 17);
	assert_int_equal(msg.uptime_ticks, 4711);
	assert_int_equal(msg.agent_address[0], 192);
	assert_int_equal(msg.bindings_len, 0);
	for (size_t len = 0; len < 0x2d - 2; len++)
		assert_int_equal(snmp_message_parse(TRAP, len, &msg), -EBADMSG);
}

/* An answer must not ask for a Report; a request must. */
static void test_reportable_flag(void **state)
{
	static const struct {
		uint8_t pdu, flags;
	} CASES[] = {
		{SNMP_PDU_GET, SNMP_FLAG_REPORTABLE},
		{SNMP_PDU_INFORM, SNMP_FLAG_REPORTABLE},
		{SNMP_PDU_RESPONSE, 0},
		{SNMP_PDU_REPORT, 0},
		{SNMP_PDU_TRAP, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct snmp_message_out out = {
			.version = SNMP_V3,
			.pdu = CASES[i].pdu,
			.engine_id = (const uint8_t *)"engine",
			.engine_id_len = 6,
			.context_engine_id = (const uint8_t *)"other",
			.context_engine_id_len = 5,
			.context = "ctx",
			.answer = CASES[i].flags == 0,
		};
		struct snmp_message msg;
		const uint8_t *at;
		size_t len;

		assert_int_equal(snmp_message_encode(&out, buf, sizeof(buf), &at, &len), 0);
		assert_int_equal(snmp_message_parse(at, len, &msg), 0);
		assert_int_equal(msg.flags, CASES[i].flags);
		assert_int_equal(msg.context_engine_id_len, 5);
		assert_memory_equal(msg.context_engine_id, "other", 5);
		assert_int_equal(msg.context_len, 3);
	}
}

/* ---- answers whose names are known ---- */

enum { NAMES = 12 };

static const snmp_oid_t COLUMN[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 200};

/* Names of every length of header, and values of every length. */
static struct snmp_bindings *some_bindings(bool with_values)
{
	static snmp_oid_t names[NAMES][SNMP_OID_LEN_MAX];
	static uint8_t text[300];
	struct snmp_varbind varbinds[NAMES];
	struct snmp_bindings *bindings = NULL;

	for (size_t i = 0; i < NAMES; i++) {
		size_t n = i == 5 ? SNMP_OID_LEN_MAX : ARRAY_LEN(COLUMN);

		for (size_t j = 0; j < n; j++)
			names[i][j] = j < ARRAY_LEN(COLUMN) ? COLUMN[j] : 1000 + j;
		names[i][ARRAY_LEN(COLUMN) - 1] += i;
		varbinds[i] = (struct snmp_varbind){.name = names[i], .name_len = n};
		if (!with_values)
			continue;
		varbinds[i].type = i % 4 == 0	? SNMP_TYPE_COUNTER64
				   : i % 4 == 1 ? SNMP_TYPE_OCTETS
						: SNMP_TYPE_COUNTER32;
		varbinds[i].v.u = 1u << i;
		if (i % 4 != 1)
			continue;
		varbinds[i].v.octets.p = text;
		varbinds[i].v.octets.len = i * 20;
	}
	assert_int_equal(snmp_bindings_new(varbinds, NAMES, &bindings), 0);
	return bindings;
}

static void test_answer_as_asked(void **state)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *asked = some_bindings(false),
							    *given = some_bindings(true);
	struct snmp_message msg = {.bindings = given->octets + 4,
				   .bindings_len = given->len - 4}; /* 30 82 xx xx */
	struct snmp_varbind_room room;

	(void)state;
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	assert_int_equal(snmp_message_answer(&msg, asked, &room), 0);
	assert_int_equal(room.n, NAMES);
	for (size_t i = 0; i < NAMES; i++) {
		const struct snmp_varbind *v = &room.varbinds[i];

		/* where a header has more than two octets, the name is spelt out */
		assert_int_equal(v->as_asked, i != 5 && i != 9);
		assert_int_equal(v->name_len, i == 5   ? SNMP_OID_LEN_MAX
					      : i == 9 ? ARRAY_LEN(COLUMN)
						       : 0);
		if (v->type == SNMP_TYPE_OCTETS)
			assert_int_equal(v->v.octets.len, i * 20);
		else
			assert_int_equal(v->v.u, 1u << i);
	}
	/* fewer than asked for, and another name than that asked for at the place */
	msg.bindings += 2 + msg.bindings[1];
	msg.bindings_len = 2 + msg.bindings[1];
	assert_int_equal(snmp_message_answer(&msg, asked, &room), 0);
	assert_int_equal(room.n, 1);
	assert_false(room.varbinds[0].as_asked);
	assert_int_equal(room.varbinds[0].name[ARRAY_LEN(COLUMN) - 1], 201);
	snmp_varbind_room_deinit(&room);
}

static void assert_same_reading(const struct snmp_varbind_room *plain,
				const struct snmp_varbind_room *known)
{
	assert_int_equal(plain->n, known->n);
	for (size_t i = 0; i < plain->n; i++) {
		const struct snmp_varbind *a = &plain->varbinds[i], *b = &known->varbinds[i];

		assert_int_equal(a->type, b->type);
		if (a->type == SNMP_TYPE_OCTETS)
			assert_true(a->v.octets.p == b->v.octets.p &&
				    a->v.octets.len == b->v.octets.len);
		else if (a->type == SNMP_TYPE_COUNTER32 || a->type == SNMP_TYPE_COUNTER64)
			assert_int_equal(a->v.u, b->v.u);
		if (b->as_asked) {
			assert_int_equal(a->name_len, ARRAY_LEN(COLUMN));
			assert_int_equal(a->name[ARRAY_LEN(COLUMN) - 1], 200 + i);
		} else {
			assert_int_equal(a->name_len, b->name_len);
			assert_memory_equal(a->name, b->name, a->name_len * sizeof(*a->name));
		}
	}
}

/* Damaged or not, an answer reads the same whether its names are known or not; a copy that
 * ends where it ends lets a sanitizer see a read beyond. */
static void test_answer_reads_the_same(void **state)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *asked = some_bindings(false),
							    *given = some_bindings(true);
	struct snmp_varbind_room plain, known;
	unsigned int seed = 1, good = 0;

	(void)state;
	assert_int_equal(snmp_varbind_room_init(&plain), 0);
	assert_int_equal(snmp_varbind_room_init(&known), 0);
	for (int i = 0; i < 20000; i++) {
		size_t len = given->len - 4;
		uint8_t *copy;
		struct snmp_message msg;
		int r;

		if (i % 3 == 0)
			len = (size_t)rand_r(&seed) % len;
		copy = malloc(len ? len : 1);
		assert_non_null(copy);
		memcpy(copy, given->octets + 4, len);
		for (int j = rand_r(&seed) % 3; len && j > 0; j--)
			copy[(size_t)rand_r(&seed) % len] = (uint8_t)rand_r(&seed);
		msg = (struct snmp_message){.bindings = copy, .bindings_len = len};
		r = snmp_message_varbinds(&msg, &plain);
		assert_int_equal(snmp_message_answer(&msg, asked, &known), r);
		if (r == 0)
			assert_same_reading(&plain, &known);
		good += r == 0;
		free(copy);
	}
	assert_in_range(good, 2000, 19000);
	snmp_varbind_room_deinit(&plain);
	snmp_varbind_room_deinit(&known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v1_trap),
		cmocka_unit_test(test_reportable_flag),
		cmocka_unit_test(test_v2c_octets),
		cmocka_unit_test(test_long_request_id),
		cmocka_unit_test(test_v3_round_trip),
		cmocka_unit_test(test_v3_without_keys),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_answer_as_asked),
		cmocka_unit_test(test_answer_reads_the_same),
		cmocka_unit_test(test_refused_bindings),
		cmocka_unit_test(test_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
