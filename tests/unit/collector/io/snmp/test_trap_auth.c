/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is believed: communities, users, levels, keys, time windows of our engine and of the
 * senders', replays; and what is answered. Messages are made by common/snmp/snmp_message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/setup/credential.h"
#include "collector/io/snmp/trap_auth.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */
#define START_US      INT64_C(1000000000)

static struct credential_conf list[] = {
	{.title = TEXT("sw"), .version = SNMP_V2C, .community = TEXT("rahasia"), .traps = true},
	{.title = TEXT("deaf"), .version = SNMP_V2C, .community = TEXT("tuli"), .traps = false},
	{.title = TEXT("a"),
	 .version = SNMP_V3,
	 .user = TEXT("pantau"),
	 .auth = SNMP_AUTH_SHA256,
	 .priv = SNMP_PRIV_AES128,
	 .auth_pass = TEXT("kata-sandi-1"),
	 .priv_pass = TEXT("kata-sandi-2"),
	 .traps = true},
	{.title = TEXT("b"),
	 .version = SNMP_V3,
	 .user = TEXT("pantau"),
	 .auth = SNMP_AUTH_SHA1,
	 .priv = SNMP_PRIV_AES128,
	 .auth_pass = TEXT("kata-sandi-3"),
	 .priv_pass = TEXT("kata-sandi-4"),
	 .traps = true},
	{.title = TEXT("plain"), .version = SNMP_V3, .user = TEXT("terbuka"), .traps = true},
};
static const struct credentials_conf credentials = {list, sizeof(list) / sizeof(list[0])};

static const struct snmp_identity us = {.engine_id = "\x80\x00\x1f\x88\x05ourengine",
					.engine_id_len = 14,
					.boots = 7,
					.start_us = START_US};

struct bench {
	struct loop *loop;
	struct trap_auth *auth;
	struct usm_keys ours[2]; /* of credentials a and b, for our engine */
	int64_t now_us;
	uint8_t buf[4096];
	struct trap_message message;
	struct trap_answer report;
};

/* What a sender puts into a message. */
struct sent {
	enum snmp_version version;
	const char *community, *user;
	uint8_t pdu;
	const uint8_t *engine_id;
	size_t engine_id_len;
	uint32_t boots, time;
	const struct usm_keys *keys;
	bool trap; /* nobody waits for an answer: not reportable */
};

static struct snmp_bindings *bindings;

static void make_bindings(void)
{
	static const snmp_oid_t NAME[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
	static const snmp_oid_t COLD_START[] = {1, 3, 6, 1, 6, 3, 1, 1, 5, 1};
	struct snmp_varbind v = {.name = NAME, .name_len = ARRAY_LEN(NAME), .type = SNMP_TYPE_OID};

	v.v.oid.p = COLD_START;
	v.v.oid.len = ARRAY_LEN(COLD_START);
	assert_int_equal(snmp_bindings_new(&v, 1, &bindings), 0);
}

static enum trap_verdict check(struct bench *b, const char *preferred, const struct sent *sent)
{
	const struct snmp_message_out out = {
		.version = sent->version,
		.community = sent->community,
		.pdu = sent->pdu,
		.request_id = 4711,
		.msg_id = 815,
		.bindings = bindings,
		.user = sent->user,
		.context = "ctx",
		.engine_id = sent->engine_id,
		.engine_id_len = sent->engine_id_len,
		.boots = sent->boots,
		.time = sent->time,
		.keys = sent->keys,
		.salt = 99,
		.answer = sent->trap,
	};
	static uint8_t room[8192];
	const uint8_t *at;
	size_t len;

	assert_int_equal(snmp_message_encode(&out, room, sizeof(room), &at, &len), 0);
	memcpy(b->buf, at, len);
	return trap_auth_check(b->auth, &(struct trap_input){preferred, b->buf, len, b->now_us},
			       &b->message, &b->report);
}

static struct sent inform(const struct bench *b)
{
	return (struct sent){.version = SNMP_V3,
			     .user = "pantau",
			     .pdu = SNMP_PDU_INFORM,
			     .engine_id = us.engine_id,
			     .engine_id_len = us.engine_id_len,
			     .boots = us.boots,
			     .time = (uint32_t)((b->now_us - START_US) / 1000000),
			     .keys = &b->ours[0]};
}

static void on_tick(void *data)
{
	struct bench *b = data;

	loop_stop(b->loop);
}

/* The keys are derived in a thread. */
static void wait_for_keys(struct bench *b)
{
	struct loop_timer *timer;
	struct sent sent = inform(b);

	assert_int_equal(loop_timer_new(b->loop, on_tick, b, &timer), 0);
	for (int i = 0; i < 500 && check(b, NULL, &sent) == TRAP_KEYS_PENDING; i++) {
		loop_timer_arm(timer, 10000);
		loop_run(b->loop);
	}
	sent.keys = &b->ours[1];
	for (int i = 0; i < 500 && check(b, "b", &sent) == TRAP_KEYS_PENDING; i++) {
		loop_timer_arm(timer, 10000);
		loop_run(b->loop);
	}
	loop_timer_free(timer);
}

static void keys_for(const struct credential_conf *credential, const uint8_t *engine_id, size_t len,
		     struct usm_keys *ret)
{
	struct snmp_credential cred = credential_for_snmp(credential);
	struct usm_master master;

	assert_int_equal(usm_make_master(&cred, &master), 0);
	assert_int_equal(usm_localize(&cred, &master, engine_id, len, ret), 0);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	make_bindings();
	b->now_us = START_US + INT64_C(5000) * 1000000;
	assert_int_equal(loop_new(&b->loop), 0);
	assert_int_equal(trap_auth_new(b->loop, &us, &credentials, &b->auth), 0);
	keys_for(&list[2], us.engine_id, us.engine_id_len, &b->ours[0]);
	keys_for(&list[3], us.engine_id, us.engine_id_len, &b->ours[1]);
	wait_for_keys(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	trap_auth_free(b->auth);
	loop_free(b->loop);
	snmp_bindings_unref(bindings);
	free(b);
	return 0;
}

/* The arc below usmStats that a Report carries; 0: no Report. flags and time as in its header. */
static unsigned int reported(const struct bench *b, struct snmp_message *ret)
{
	struct snmp_varbind_room room;
	unsigned int arc;

	if (b->report.len == 0)
		return 0;
	assert_int_equal(snmp_message_parse(b->report.octets, b->report.len, ret), 0);
	assert_int_equal(ret->pdu, SNMP_PDU_REPORT);
	assert_int_equal(ret->msg_id, 815);
	assert_int_equal(ret->engine_id_len, us.engine_id_len);
	assert_memory_equal(ret->engine_id, us.engine_id, us.engine_id_len);
	assert_false(ret->flags & SNMP_FLAG_REPORTABLE);
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	assert_int_equal(snmp_message_varbinds(ret, &room), 0);
	assert_int_equal(room.n, 1);
	arc = (unsigned int)room.varbinds[0].name[9];
	snmp_varbind_room_deinit(&room);
	return arc;
}

/* In the answer itself, of which nobody else has need. */
static int verify(const struct trap_answer *answer, const struct snmp_message *msg,
		  const struct usm_keys *keys)
{
	return snmp_message_verify(msg, (uint8_t *)(uintptr_t)answer->octets, answer->len, keys);
}

static void test_communities(void **state)
{
	static const struct {
		enum snmp_version version;
		const char *community;
		uint8_t pdu;
		enum trap_verdict verdict;
	} CASES[] = {
		{SNMP_V2C, "rahasia", SNMP_PDU_TRAP, TRAP_ACCEPTED},
		{SNMP_V2C, "rahasia", SNMP_PDU_INFORM, TRAP_ACCEPTED},
		{SNMP_V2C, "rahasi", SNMP_PDU_TRAP, TRAP_BAD_COMMUNITY},
		{SNMP_V2C, "rahasia2", SNMP_PDU_TRAP, TRAP_BAD_COMMUNITY},
		{SNMP_V2C, "", SNMP_PDU_TRAP, TRAP_BAD_COMMUNITY},
		{SNMP_V2C, "tuli", SNMP_PDU_TRAP, TRAP_BAD_COMMUNITY}, /* traps = no */
		{SNMP_V2C, "rahasia", SNMP_PDU_GET, TRAP_WRONG_PDU},
		{SNMP_V2C, "rahasia", SNMP_PDU_RESPONSE, TRAP_WRONG_PDU},
		{SNMP_V1, "rahasia", SNMP_PDU_TRAP, TRAP_WRONG_PDU},
		{SNMP_V1, "rahasia", SNMP_PDU_INFORM, TRAP_WRONG_PDU},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct sent sent = {.version = CASES[i].version,
					  .community = CASES[i].community,
					  .pdu = CASES[i].pdu};

		assert_int_equal(check(b, NULL, &sent), CASES[i].verdict);
		assert_int_equal(b->report.len, 0);
	}
}

static void test_inform_is_answered(void **state)
{
	struct bench *b = *state;
	struct sent sent = inform(b);
	struct trap_reply *reply;
	struct trap_answer answer;
	struct snmp_message msg;
	static uint8_t plain[8192];
	size_t len;

	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED);
	assert_string_equal(b->message.credential->title, "a");
	reply = trap_reply_new(&b->message);
	assert_non_null(reply);
	memset(b->buf, 0, sizeof(b->buf)); /* the datagram is gone by then */
	b->now_us += 60 * 1000000;
	assert_int_equal(trap_auth_answer(b->auth, reply, b->now_us, &answer), 0);
	trap_reply_free(reply);
	assert_int_equal(snmp_message_parse(answer.octets, answer.len, &msg), 0);
	assert_int_equal(msg.msg_id, 815);
	assert_int_equal(msg.flags, SNMP_FLAG_AUTH | SNMP_FLAG_PRIV);
	assert_int_equal(msg.boots, 7);
	assert_int_equal(msg.time, 5060);
	assert_int_equal(verify(&answer, &msg, &b->ours[0]), 0);
	assert_int_equal(usm_decrypt(&b->ours[0], msg.salt, msg.boots, msg.time, msg.encrypted,
				     msg.encrypted_len, plain, &len),
			 0);
	assert_int_equal(snmp_message_parse_scoped(plain, len, &msg), 0);
	assert_int_equal(msg.pdu, SNMP_PDU_RESPONSE);
	assert_int_equal(msg.request_id, 4711);
	assert_int_equal(msg.error_status, 0);
	assert_int_equal(msg.context_len, 3);
	assert_memory_equal(msg.bindings, bindings->octets + 2, msg.bindings_len);
}

static void test_keys_of_one_user_name(void **state)
{
	struct bench *b = *state;
	struct sent sent = inform(b);
	struct usm_keys wrong = b->ours[0];
	struct snmp_message msg;

	sent.keys = &b->ours[1];
	assert_int_equal(check(b, "b", &sent), TRAP_ACCEPTED);
	assert_string_equal(b->message.credential->title, "b");
	assert_int_equal(check(b, "a", &sent), TRAP_ACCEPTED); /* the address was another's */
	assert_string_equal(b->message.credential->title, "b");
	wrong.auth[0] ^= 1;
	sent.keys = &wrong;
	assert_int_equal(check(b, NULL, &sent), TRAP_WRONG_KEY);
	assert_int_equal(reported(b, &msg), 5);
	wrong = b->ours[0];
	wrong.priv[0] ^= 1;
	assert_int_equal(check(b, NULL, &sent), TRAP_DECRYPT_ERROR);
	assert_int_equal(reported(b, &msg), 6);
	sent.user = "siapa";
	assert_int_equal(check(b, NULL, &sent), TRAP_UNKNOWN_USER);
	assert_int_equal(reported(b, &msg), 3);
}

static void test_levels(void **state)
{
	struct bench *b = *state;
	struct sent sent = inform(b);
	struct usm_keys auth_only = b->ours[0];
	struct snmp_message msg;

	auth_only.priv_protocol = SNMP_PRIV_NONE;
	sent.keys = &auth_only;
	assert_int_equal(check(b, NULL, &sent), TRAP_WEAK_LEVEL);
	assert_int_equal(reported(b, &msg), 1);
	sent.keys = NULL;
	assert_int_equal(check(b, NULL, &sent), TRAP_WEAK_LEVEL);
	assert_int_equal(reported(b, &msg), 1);
	sent.user = "terbuka";
	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED);
	sent.keys = &b->ours[0];
	assert_int_equal(check(b, NULL, &sent), TRAP_WEAK_LEVEL);
}

static void test_own_time_window(void **state)
{
	static const struct {
		int boots, time;
		enum trap_verdict verdict;
	} CASES[] = {
		{0, 0, TRAP_ACCEPTED},	      {0, -150, TRAP_ACCEPTED},
		{0, 150, TRAP_ACCEPTED},      {0, -151, TRAP_NOT_IN_WINDOW},
		{0, 151, TRAP_NOT_IN_WINDOW}, {-1, 0, TRAP_NOT_IN_WINDOW},
		{1, 0, TRAP_NOT_IN_WINDOW},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct sent sent = inform(b);
		struct snmp_message msg;

		sent.boots = (uint32_t)((int)sent.boots + CASES[i].boots);
		sent.time = (uint32_t)((int)sent.time + CASES[i].time);
		assert_int_equal(check(b, NULL, &sent), CASES[i].verdict);
		if (CASES[i].verdict == TRAP_ACCEPTED)
			continue;
		/* signed, so that the sender may believe our time */
		assert_int_equal(reported(b, &msg), 2);
		assert_int_equal(msg.flags, SNMP_FLAG_AUTH);
		assert_int_equal(msg.boots, 7);
		assert_int_equal(msg.time, 5000);
		assert_int_equal(verify(&b->report, &msg, &b->ours[0]), 0);
	}
}

static void test_discovery(void **state)
{
	static const uint8_t OTHER[] = "\x80\x00\x00\x00\x01other";
	struct bench *b = *state;
	struct sent sent = {.version = SNMP_V3, .user = "", .pdu = SNMP_PDU_GET};
	struct snmp_message msg;

	assert_int_equal(check(b, NULL, &sent), TRAP_DISCOVERY);
	assert_int_equal(reported(b, &msg), 4);
	assert_int_equal(msg.request_id, 4711);
	sent = inform(b);
	sent.engine_id = OTHER;
	sent.engine_id_len = sizeof(OTHER) - 1;
	assert_int_equal(check(b, NULL, &sent), TRAP_DISCOVERY);
	assert_int_equal(reported(b, &msg), 4);
}

static void test_traps_of_other_engines(void **state)
{
	static const uint8_t ROUTER[] = "\x80\x00\x00\x00\x01router",
			     SECOND[] = "\x80\x00\x00\x00\x01second";
	static const struct {
		uint32_t boots, time;
		int64_t later_s; /* since the first */
		enum trap_verdict verdict;
	} CASES[] = {
		{3, 1000, 0, TRAP_ACCEPTED},	    {3, 1000, 0, TRAP_ACCEPTED},
		{3, 1100, 100, TRAP_ACCEPTED},	    {3, 960, 100, TRAP_ACCEPTED},
		{3, 940, 100, TRAP_NOT_IN_WINDOW},  {2, 9999, 100, TRAP_NOT_IN_WINDOW},
		{3, 1000, 400, TRAP_NOT_IN_WINDOW}, /* recorded and sent again */
		{4, 10, 400, TRAP_ACCEPTED},	    {3, 1400, 400, TRAP_NOT_IN_WINDOW},
	};
	struct bench *b = *state;
	struct usm_keys keys, second;
	int64_t begun = b->now_us;
	struct sent sent = {.version = SNMP_V3,
			    .user = "pantau",
			    .pdu = SNMP_PDU_TRAP,
			    .keys = &keys,
			    .engine_id = ROUTER,
			    .engine_id_len = sizeof(ROUTER) - 1,
			    .trap = true};

	keys_for(&list[2], ROUTER, sizeof(ROUTER) - 1, &keys);
	keys_for(&list[2], SECOND, sizeof(SECOND) - 1, &second);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		b->now_us = begun + CASES[i].later_s * 1000000;
		sent.boots = CASES[i].boots;
		sent.time = CASES[i].time;
		assert_int_equal(check(b, NULL, &sent), CASES[i].verdict);
		assert_int_equal(b->report.len, 0); /* a trap is not reported on */
	}
	sent.keys = &second;
	assert_int_equal(check(b, NULL, &sent), TRAP_WRONG_KEY); /* keys are the engine's */
	sent.engine_id = SECOND;
	sent.engine_id_len = sizeof(SECOND) - 1;
	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED);
	sent.engine_id_len = 4;
	assert_int_equal(check(b, NULL, &sent), TRAP_MALFORMED);
}

/* A forged message teaches us no time: the true one is still accepted. */
static void test_forgery_moves_no_clock(void **state)
{
	static const uint8_t ROUTER[] = "\x80\x00\x00\x00\x01router";
	struct bench *b = *state;
	struct usm_keys keys, forged;
	struct sent sent = {.version = SNMP_V3,
			    .user = "pantau",
			    .pdu = SNMP_PDU_TRAP,
			    .boots = 3,
			    .time = 1000,
			    .engine_id = ROUTER,
			    .engine_id_len = sizeof(ROUTER) - 1,
			    .trap = true};

	keys_for(&list[2], ROUTER, sizeof(ROUTER) - 1, &keys);
	forged = keys;
	forged.auth[3] ^= 0x40;
	sent.keys = &keys;
	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED);
	sent.keys = &forged;
	sent.boots = 0x7fffffff;
	assert_int_equal(check(b, NULL, &sent), TRAP_WRONG_KEY);
	sent.keys = &keys;
	sent.boots = 3;
	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED);
}

static void test_new_credentials(void **state)
{
	static struct credential_conf fewer[] = {
		{.title = TEXT("a"),
		 .version = SNMP_V3,
		 .user = TEXT("pantau"),
		 .auth = SNMP_AUTH_SHA256,
		 .priv = SNMP_PRIV_AES128,
		 .auth_pass = TEXT("kata-sandi-1"),
		 .priv_pass = TEXT("kata-sandi-2"),
		 .traps = true},
	};
	static const struct credentials_conf now = {fewer, 1};
	struct bench *b = *state;
	struct sent v2 = {.version = SNMP_V2C, .community = "rahasia", .pdu = SNMP_PDU_TRAP};
	struct sent sent = inform(b);

	assert_int_equal(trap_auth_set_credentials(b->auth, &now), 0);
	assert_int_equal(check(b, NULL, &v2), TRAP_BAD_COMMUNITY);
	assert_int_equal(check(b, NULL, &sent), TRAP_ACCEPTED); /* at once: its key was kept */
	assert_ptr_equal(b->message.credential, &fewer[0]);
	sent.keys = &b->ours[1];
	assert_int_equal(check(b, NULL, &sent), TRAP_WRONG_KEY);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_communities),
		CASE(test_inform_is_answered),
		CASE(test_keys_of_one_user_name),
		CASE(test_levels),
		CASE(test_own_time_window),
		CASE(test_discovery),
		CASE(test_traps_of_other_engines),
		CASE(test_forgery_moves_no_clock),
		CASE(test_new_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
