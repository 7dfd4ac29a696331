/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * snmp_responder with common/snmp/snmp_message as the manager: who is answered and with what,
 * which Report for which fault, sizes, and GETBULK's corners.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"
#include "agent/io/snmp/snmp_responder.h"
#include "common/snmp/snmp_message.h"
#include "pantau_mib.h"

#include <cmocka.h>

enum { N_LINKS = 40, BOOTS = 5, NOW_S = 1000 };

static const struct mib_sizes SIZES = {
	.max_links = N_LINKS,
	.max_wifi = 1,
	.max_paths = 1,
	.max_events = 16,
	.hist_minutes = 4,
};
static const struct snmp_identity IDENTITY = {
	.engine_id = {0x80, 0, 0x1f, 0x88, 5, 'p', 'a', 'n', 't', 'a', 'u'},
	.engine_id_len = 11,
	.boots = BOOTS,
	.start_us = 0,
};

struct fixture {
	struct mib_data data;
	void *mem, *hist;
	struct snmp_responder *responder;
	struct usm_keys keys, auth_keys;
	uint8_t out[SNMP_RESPONDER_ROOM], request[65536];
	struct snmp_varbind_room room;
	struct snmp_message answer;
	uint8_t plain[65536];
};

static void make_keys(const char *user, enum snmp_priv priv, struct usm_keys *ret)
{
	const struct snmp_credential cred = {
		.version = SNMP_V3,
		.user = user,
		.auth = SNMP_AUTH_SHA256,
		.priv = priv,
		.level = priv == SNMP_PRIV_NONE ? SNMP_SEC_AUTH : SNMP_SEC_AUTH_PRIV,
		.auth_pass = "auth-secret",
		.priv_pass = "priv-secret",
	};
	struct usm_master master;

	assert_int_equal(usm_make_master(&cred, &master), 0);
	assert_int_equal(
		usm_localize(&cred, &master, IDENTITY.engine_id, IDENTITY.engine_id_len, ret), 0);
}

static int setup(void **state)
{
	static char pantau[] = "pantau", auth_pass[] = "auth-secret", priv_pass[] = "priv-secret";
	static char lan[] = "lan", secret[] = "rahasia", far[] = "far", net[] = "192.0.2.0/24";
	static char plain[] = "plain";
	static char *sources[] = {net, NULL};
	static struct agent_user users[] = {
		{.title = pantau,
		 .auth = SNMP_AUTH_SHA256,
		 .priv = SNMP_PRIV_AES128,
		 .auth_pass = auth_pass,
		 .priv_pass = priv_pass,
		 .poll = true},
		{.title = plain,
		 .auth = SNMP_AUTH_SHA256,
		 .priv = SNMP_PRIV_NONE,
		 .auth_pass = auth_pass,
		 .poll = true},
	};
	static struct agent_community communities[] = {
		{.title = lan, .community = secret, .poll = true},
		{.title = far, .community = far, .poll = true, .sources = sources},
	};
	static const struct agent_users all = {users, 2, communities, 2};
	static const struct mib_world texts = {.sys_descr = "test"};
	struct fixture *f = calloc(1, sizeof(*f));

	f->mem = calloc(1, mib_data_size(&SIZES));
	f->hist = calloc(1, mib_hist_size(&SIZES));
	assert_int_equal(mib_data_bind(&f->data, &SIZES, f->mem, f->hist), 0);
	f->data.head->n_links = N_LINKS;
	for (uint32_t i = 0; i < N_LINKS; i++)
		f->data.links[i].if_index = i + 1;
	assert_int_equal(snmp_responder_new(&all, &f->data, &IDENTITY, &texts, &f->responder), 0);
	assert_int_equal(snmp_varbind_room_init(&f->room), 0);
	make_keys("pantau", SNMP_PRIV_AES128, &f->keys);
	make_keys("plain", SNMP_PRIV_NONE, &f->auth_keys);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	snmp_responder_free(f->responder);
	snmp_varbind_room_deinit(&f->room);
	free(f->mem);
	free(f->hist);
	free(f);
	return 0;
}

static struct sockaddr_in peer(const char *address)
{
	struct sockaddr_in in = {.sin_family = AF_INET};

	assert_int_equal(inet_pton(AF_INET, address, &in.sin_addr), 1);
	return in;
}

/* ---- the manager ---- */

static const snmp_oid_t UPTIME[] = {1, 3, 6, 1, 2, 1, 1, 3, 0};
static const snmp_oid_t LINK_STATE[] = {PANTAU_OID_LINK_STATE};

static struct snmp_message_out v2c(uint8_t pdu)
{
	return (struct snmp_message_out){
		.version = SNMP_V2C, .community = "rahasia", .pdu = pdu, .request_id = 77};
}

static struct snmp_message_out v3(const struct fixture *f, uint8_t pdu)
{
	return (struct snmp_message_out){
		.version = SNMP_V3,
		.pdu = pdu,
		.request_id = 77,
		.msg_id = 99,
		.engine_id = IDENTITY.engine_id,
		.engine_id_len = IDENTITY.engine_id_len,
		.boots = BOOTS,
		.time = NOW_S,
		.user = "pantau",
		.keys = &f->keys,
		.salt = 4,
	};
}

/* Sends; returns the answer's length, parsed (and decrypted) into f->answer and f->room. */
static size_t ask_from(struct fixture *f, struct snmp_message_out *out, const snmp_oid_t *name,
		       size_t name_len, size_t times, const char *from)
{
	struct snmp_varbind varbinds[200];
	struct sockaddr_in addr = peer(from);
	struct snmp_bindings *bindings = NULL;
	const uint8_t *at, *answer;
	size_t len, n;

	for (size_t i = 0; i < times; i++)
		varbinds[i] = (struct snmp_varbind){.name = name, .name_len = name_len};
	assert_int_equal(snmp_bindings_new(varbinds, times, &bindings), 0);
	out->bindings = bindings;
	assert_int_equal(snmp_message_encode(out, f->request, sizeof(f->request), &at, &len), 0);
	n = snmp_responder_answer(f->responder, (struct sockaddr *)&addr, (uint8_t *)(uintptr_t)at,
				  len, NOW_S * 1000000ll + 300000, 0, f->out, &answer);
	snmp_bindings_unref(bindings);
	f->answer = (struct snmp_message){0};
	if (!n)
		return 0;
	assert_int_equal(snmp_message_parse(answer, n, &f->answer), 0);
	if (f->answer.flags & SNMP_FLAG_AUTH)
		assert_int_equal(
			snmp_message_verify(&f->answer, (uint8_t *)(uintptr_t)answer, n, out->keys),
			0);
	if (f->answer.flags & SNMP_FLAG_PRIV) {
		assert_int_equal(usm_decrypt(out->keys, f->answer.salt, f->answer.boots,
					     f->answer.time, f->answer.encrypted,
					     f->answer.encrypted_len, f->plain, &len),
				 0);
		assert_int_equal(snmp_message_parse_scoped(f->plain, len, &f->answer), 0);
	}
	assert_int_equal(snmp_message_varbinds(&f->answer, &f->room), 0);
	return n;
}

static size_t ask(struct fixture *f, struct snmp_message_out *out)
{
	return ask_from(f, out, UPTIME, ARRAY_LEN(UPTIME), 1, "198.51.100.7");
}

/* ---- tests ---- */

static void test_v2c(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v2c(SNMP_PDU_GET);

	assert_true(ask(f, &out));
	assert_int_equal(f->answer.pdu, SNMP_PDU_RESPONSE);
	assert_int_equal(f->answer.request_id, 77);
	assert_int_equal(f->answer.error_status, 0);
	assert_int_equal(f->room.n, 1);
	assert_int_equal(f->room.varbinds[0].type, SNMP_TYPE_TIMETICKS);
	assert_int_equal(f->room.varbinds[0].v.u, NOW_S * 100 + 30);
}

static void test_communities(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v2c(SNMP_PDU_GET);

	out.community = "public";
	assert_int_equal(ask(f, &out), 0);
	out.community = "";
	assert_int_equal(ask(f, &out), 0);
	out.community = "far";
	assert_int_equal(ask(f, &out), 0);
	assert_true(ask_from(f, &out, UPTIME, ARRAY_LEN(UPTIME), 1, "192.0.2.200"));
	assert_int_equal(snmp_responder_get_stats(f->responder)->refused_community, 2);
	assert_int_equal(snmp_responder_get_stats(f->responder)->refused_source, 1);
	out.version = SNMP_V1;
	assert_int_equal(ask_from(f, &out, UPTIME, ARRAY_LEN(UPTIME), 1, "192.0.2.200"), 0);
}

static void test_v3(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);

	assert_true(ask(f, &out));
	assert_int_equal(f->answer.pdu, SNMP_PDU_RESPONSE);
	assert_int_equal(f->answer.flags, SNMP_FLAG_AUTH | SNMP_FLAG_PRIV);
	assert_int_equal(f->answer.msg_id, 99);
	assert_int_equal(f->answer.boots, BOOTS);
	assert_int_equal(f->answer.time, NOW_S);
	assert_int_equal(f->room.varbinds[0].v.u, NOW_S * 100 + 30);
	out.user = "plain";
	out.keys = &f->auth_keys;
	assert_true(ask(f, &out));
	assert_int_equal(f->answer.flags, SNMP_FLAG_AUTH);
	assert_int_equal(f->answer.error_status, 0);
}

/* Discovery and each fault: which of usmStats comes back, and at which level. */
static void expect_report(struct fixture *f, struct snmp_message_out *out, snmp_oid_t which,
			  uint8_t flags)
{
	const snmp_oid_t name[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, which, 0};

	assert_true(ask(f, out));
	assert_int_equal(f->answer.pdu, SNMP_PDU_REPORT);
	assert_int_equal(f->answer.flags, flags);
	assert_int_equal(f->answer.user_len, strlen(out->user));
	assert_memory_equal(f->answer.user, out->user, strlen(out->user));
	assert_int_equal(f->answer.engine_id_len, IDENTITY.engine_id_len);
	assert_int_equal(f->room.varbinds[0].name_len, ARRAY_LEN(name));
	assert_memory_equal(f->room.varbinds[0].name, name, sizeof(name));
	assert_true(f->room.varbinds[0].v.u > 0);
}

static void test_reports(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);
	struct usm_keys wrong = f->keys;

	out.engine_id_len = 0;
	out.keys = NULL;
	out.user = "";
	expect_report(f, &out, 4, 0); /* unknownEngineIDs */
	out = v3(f, SNMP_PDU_GET);
	out.user = "nobody";
	expect_report(f, &out, 3, 0);
	out = v3(f, SNMP_PDU_GET);
	out.keys = NULL;
	expect_report(f, &out, 1, 0); /* unsupportedSecLevels */
	out = v3(f, SNMP_PDU_GET);
	wrong.auth[0] ^= 1;
	out.keys = &wrong;
	expect_report(f, &out, 5, 0); /* wrongDigests */
}

static void test_time_window(void **state)
{
	static const struct {
		uint32_t boots, time;
		bool ok;
	} cases[] = {
		{BOOTS, NOW_S, true},	     {BOOTS, NOW_S - 150, true},
		{BOOTS, NOW_S + 150, true},  {BOOTS, NOW_S - 151, false},
		{BOOTS, NOW_S + 151, false}, {BOOTS - 1, NOW_S, false},
		{BOOTS + 1, NOW_S, false},   {0, 0, false},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct snmp_message_out out = v3(f, SNMP_PDU_GET);

		out.boots = cases[i].boots;
		out.time = cases[i].time;
		if (!cases[i].ok) {
			expect_report(f, &out, 2, SNMP_FLAG_AUTH);
			continue;
		}
		assert_true(ask(f, &out));
		assert_int_equal(f->answer.pdu, SNMP_PDU_RESPONSE);
	}
}

static void test_decryption_error(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);
	struct usm_keys wrong = f->keys;

	wrong.priv[3] ^= 1;
	out.keys = &wrong;
	expect_report(f, &out, 6, SNMP_FLAG_AUTH);
}

/* A message that must not be reported on gets nothing. */
static void test_no_report_for_answers(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);

	out.user = "nobody";
	out.answer = true; /* not reportable */
	assert_int_equal(ask(f, &out), 0);
}

static void test_levels(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);
	struct usm_keys auth_only = f->keys;

	auth_only.priv_protocol = SNMP_PRIV_NONE;
	out.keys = &auth_only;
	assert_true(ask(f, &out));
	assert_int_equal(f->answer.error_status, SNMP_ERROR_AUTHORIZATION);
	assert_int_equal(f->room.n, 1); /* as asked, without its value */
	assert_memory_equal(f->room.varbinds[0].name, UPTIME, sizeof(UPTIME));
	assert_int_equal(f->room.varbinds[0].type, SNMP_TYPE_NULL);
	out = v3(f, SNMP_PDU_GET);
	out.user = "plain"; /* has no privacy key to decrypt with */
	out.keys = &f->keys;
	expect_report(f, &out, 1, 0);
}

static void test_set_and_others(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v2c(0xa3);

	assert_true(ask(f, &out));
	assert_int_equal(f->answer.error_status, SNMP_ERROR_NO_ACCESS);
	assert_int_equal(f->answer.error_index, 1);
	assert_int_equal(f->room.n, 1);
	out = v2c(SNMP_PDU_INFORM);
	assert_int_equal(ask(f, &out), 0);
	out = v2c(SNMP_PDU_RESPONSE);
	assert_int_equal(ask(f, &out), 0);
}

struct bulk_case {
	size_t names;
	int32_t non_repeaters, repetitions;
	size_t want;
};

static void test_bulk(void **state)
{
	static const struct bulk_case cases[] = {
		{1, 0, 5, 5},	{2, 0, 5, 10}, {2, 1, 5, 6},  {2, 2, 5, 2}, {2, 9, 5, 2},
		{2, -1, 5, 10}, {1, 0, 0, 0},  {1, 0, -3, 0}, {3, 1, 0, 1},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct snmp_message_out out = v2c(SNMP_PDU_GETBULK);

		out.field1 = cases[i].non_repeaters;
		out.field2 = cases[i].repetitions;
		assert_true(ask_from(f, &out, LINK_STATE, ARRAY_LEN(LINK_STATE), cases[i].names,
				     "127.0.0.1"));
		assert_int_equal(f->answer.error_status, 0);
		assert_int_equal(f->room.n, cases[i].want);
	}
}

/* Asked for without end: the answer is full, whole, and no longer than the asker takes. */
static void test_bulk_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GETBULK);
	static const snmp_oid_t first[] = {1, 3};
	size_t len;

	out.field2 = INT32_MAX;
	len = ask_from(f, &out, first, 2, 1, "127.0.0.1");
	assert_true(len > 10000 && len <= 65507);
	assert_int_equal(f->answer.error_status, 0);
	/* The tree ends within the answer: only then may the end be seen. */
	assert_int_equal(f->room.varbinds[f->room.n - 1].type, SNMP_TYPE_END_OF_MIB_VIEW);
	out = v2c(SNMP_PDU_GETBULK);
	out.field2 = INT32_MAX;
	len = ask_from(f, &out, LINK_STATE, ARRAY_LEN(LINK_STATE), 100, "127.0.0.1");
	assert_true(len > 60000 && len <= 65507);
}

static void test_bulk_with_too_many(void **state)
{
	struct fixture *f = *state;
	struct snmp_message_out out = v2c(SNMP_PDU_GETBULK);

	out.field2 = 1;
	assert_true(ask_from(f, &out, LINK_STATE, ARRAY_LEN(LINK_STATE), 200, "127.0.0.1"));
	assert_int_equal(f->answer.error_status, 1);
	assert_int_equal(f->room.n, 0);
}

static void test_context(void **state)
{
	static const snmp_oid_t unknown[] = {1, 3, 6, 1, 6, 3, 12, 1, 5, 0};
	struct fixture *f = *state;
	struct snmp_message_out out = v3(f, SNMP_PDU_GET);

	out.context = "other";
	assert_true(ask(f, &out));
	assert_int_equal(f->answer.pdu, SNMP_PDU_REPORT);
	assert_memory_equal(f->room.varbinds[0].name, unknown, sizeof(unknown));
}

/* RFC 3412 7.2, RFC 3418: each kind of message that is none has a counter of its own. */
static void test_what_is_no_message_is_counted(void **state)
{
	static const struct {
		uint8_t octets[24];
		size_t len;
		snmp_oid_t counter[12];
		size_t counter_len;
	} CASES[] = {
		{{0x30, 3, 2, 1, 7}, 5, {1, 3, 6, 1, 2, 1, 11, 3, 0}, 9},
		{{0x30, 0x16, 2, 1, 3, 0x30, 13, 2, 1, 1, 2,	2,
		  5,	0xc0, 4, 1, 4, 2,    1,	 5, 4, 0, 0x30, 0},
		 24,
		 {1, 3, 6, 1, 6, 3, 11, 2, 1, 1, 0},
		 11},
		{{0x30, 0x16, 2, 1, 3, 0x30, 13, 2, 1, 1, 2,	2,
		  5,	0xc0, 4, 1, 6, 2,    1,	 3, 4, 0, 0x30, 0},
		 24,
		 {1, 3, 6, 1, 6, 3, 11, 2, 1, 2, 0},
		 11},
		{{0x30, 0x16, 2, 1, 3, 0x30, 13, 2, 1, 1, 2,	2,
		  5,	0xc0, 4, 1, 4, 2,    1,	 3, 4, 0, 0x30, 0},
		 24,
		 {1, 3, 6, 1, 2, 1, 11, 6, 0},
		 9},
	};
	struct fixture *f = *state;
	struct sockaddr_in addr = peer("127.0.0.1");
	uint8_t octets[sizeof(CASES[0].octets)];
	const uint8_t *answer;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		for (size_t k = 0; k < ARRAY_LEN(CASES); k++) {
			struct snmp_message_out out = v2c(SNMP_PDU_GET);

			assert_true(ask_from(f, &out, CASES[k].counter, CASES[k].counter_len, 1,
					     "127.0.0.1"));
			assert_int_equal(f->room.varbinds[0].v.u, k < i);
		}
		memcpy(octets, CASES[i].octets, sizeof(octets));
		assert_int_equal(snmp_responder_answer(f->responder, (struct sockaddr *)&addr,
						       octets, CASES[i].len, 0, 0, f->out, &answer),
				 0);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_v2c),
		TEST(test_communities),
		TEST(test_v3),
		TEST(test_reports),
		TEST(test_time_window),
		TEST(test_decryption_error),
		TEST(test_no_report_for_answers),
		TEST(test_levels),
		TEST(test_set_and_others),
		TEST(test_bulk),
		TEST(test_bulk_is_bounded),
		TEST(test_bulk_with_too_many),
		TEST(test_context),
		TEST(test_what_is_no_message_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
