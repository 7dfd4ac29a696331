/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3414 3.2 step by step: each fault at its step with its counter and its Report, in that
 * order when a message has several; what is accepted, with which keys it is answered; other
 * engines' messages; users of one name. Messages are made by snmp_message.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/snmp/usm_authority.h"

#include <cmocka.h>

enum { BOOTS = 7, NOW_S = 5000, REQUEST_ID = 4711, MSG_ID = 815 };

#define START_US INT64_C(1000000000)
#define NOW_US	 (START_US + NOW_S * INT64_C(1000000) + 300000)

static const struct snmp_identity US = {
	.engine_id = "\x80\x00\x1f\x88\x05ourengine",
	.engine_id_len = 14,
	.boots = BOOTS,
	.start_us = START_US,
};
static const uint8_t OTHER[] = "\x80\x00\x00\x00\x01other";

/* Whose passphrases; two each. */
enum { MADE_A, MADE_B, MADE_N };
static struct snmp_credential creds[MADE_N] = {
	{.version = SNMP_V3,
	 .user = "u",
	 .level = SNMP_SEC_AUTH_PRIV,
	 .auth = SNMP_AUTH_SHA256,
	 .priv = SNMP_PRIV_AES128,
	 .auth_pass = "kata-sandi-1",
	 .priv_pass = "kata-sandi-2"},
	{.version = SNMP_V3,
	 .user = "u",
	 .level = SNMP_SEC_AUTH_PRIV,
	 .auth = SNMP_AUTH_SHA1,
	 .priv = SNMP_PRIV_DES,
	 .auth_pass = "kata-sandi-3",
	 .priv_pass = "kata-sandi-4"},
};
static struct usm_master masters[MADE_N];
static struct usm_keys ours[MADE_N];

/* ---- the users ---- */

static struct usm_user users[8];
static const char OWNER_A[] = "a", OWNER_B[] = "b";

static struct usm_user user(const char *name, enum snmp_security_level level,
			    enum snmp_security_level least, int made, const void *owner)
{
	struct usm_user made_user = {
		.name = name,
		.name_len = strlen(name),
		.level = level,
		.least = least,
		.ready = true,
		.keys = ours[made],
		.cred = &creds[made],
		.master = &masters[made],
		.owner = owner,
	};

	if (level < SNMP_SEC_AUTH_PRIV)
		made_user.keys.priv_protocol = SNMP_PRIV_NONE;
	return made_user;
}

static int make_users(void **state)
{
	(void)state;
	for (int i = 0; i < MADE_N; i++) {
		assert_int_equal(usm_make_master(&creds[i], &masters[i]), 0);
		assert_int_equal(usm_localize(&creds[i], &masters[i], US.engine_id,
					      US.engine_id_len, &ours[i]),
				 0);
	}
	users[0] = user("strict", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, NULL);
	users[1] = user("lenient", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH, MADE_A, NULL);
	users[2] = user("auth", SNMP_SEC_AUTH, SNMP_SEC_AUTH, MADE_A, NULL);
	users[3] = user("open", SNMP_SEC_NONE, SNMP_SEC_NONE, MADE_A, NULL);
	users[4] = user("twin", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, OWNER_A);
	users[5] = user("twin", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_B, OWNER_B);
	users[6] = user("pending", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, NULL);
	users[6].ready = false;
	users[7] = user("local", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, NULL);
	users[7].master = NULL;
	return 0;
}

/* ---- one authority and what is sent to it ---- */

struct bench {
	struct usm_authority *authority;
	uint32_t counts[USM_STAT_N], before[USM_STAT_N];
	uint8_t octets[2048];
	struct snmp_message msg;
	struct usm_output out;
	const void *preferred;
	int64_t now_us;
};

static void make(struct bench *b, const struct snmp_identity *identity, size_t clocks)
{
	const struct usm_authority_conf conf = {
		.identity = identity, .salt = 1000, .counts = b->counts, .clocks = clocks};

	assert_int_equal(usm_authority_new(&conf, &b->authority), 0);
	usm_authority_set_users(b->authority, users, ARRAY_LEN(users));
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	make(b, &US, 0);
	b->now_us = NOW_US;
	*state = b;
	return 0;
}

static int setup_with_clocks(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	make(b, &US, 4);
	b->now_us = NOW_US;
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	usm_authority_free(b->authority);
	free(b);
	return 0;
}

/* What may be wrong with a message, each by its step: none, or several of them. */
enum fault {
	NO_FAULT = 0,
	NO_ENGINE = 1 << 0, /* as a discovery sends it */
	OTHER_ENGINE = 1 << 1,
	NO_SUCH_USER = 1 << 2,
	TOO_LITTLE = 1 << 3, /* a level below the user's least */
	TOO_MUCH = 1 << 4,   /* a level above what the user has */
	BAD_DIGEST = 1 << 5,
	OLD = 1 << 6,
	BAD_PRIVACY = 1 << 7,
};

static struct snmp_message_out faulty(unsigned int faults, const char *name, struct usm_keys *keys)
{
	struct snmp_message_out out = {
		.version = SNMP_V3,
		.pdu = SNMP_PDU_GET,
		.request_id = REQUEST_ID,
		.msg_id = MSG_ID,
		.engine_id = US.engine_id,
		.engine_id_len = US.engine_id_len,
		.boots = BOOTS,
		.time = faults & OLD ? NOW_S - 151 : NOW_S,
		.user = faults & NO_SUCH_USER ? "nobody" : name,
		.keys = keys,
		.salt = 99,
	};

	*keys = ours[MADE_A];
	if (faults & NO_ENGINE)
		out.engine_id_len = 0;
	if (faults & OTHER_ENGINE) {
		out.engine_id = OTHER;
		out.engine_id_len = sizeof(OTHER) - 1;
	}
	if (faults & TOO_LITTLE)
		keys->priv_protocol = SNMP_PRIV_NONE;
	if (faults & BAD_DIGEST)
		keys->auth[3] ^= 0x10;
	if (faults & BAD_PRIVACY)
		keys->priv[3] ^= 0x10;
	return out;
}

static enum usm_verdict check(struct bench *b, const struct snmp_message_out *out)
{
	struct usm_input in = {.msg = &b->msg,
			       .octets = b->octets,
			       .preferred = b->preferred,
			       .now_us = b->now_us};
	static uint8_t room[4096];
	const uint8_t *at;

	assert_int_equal(snmp_message_encode(out, room, sizeof(room), &at, &in.len), 0);
	memcpy(b->octets, at, in.len);
	memcpy(b->before, b->counts, sizeof(b->counts));
	assert_int_equal(snmp_message_parse(b->octets, in.len, &b->msg), 0);
	return usm_authority_check(b->authority, &in, &b->out);
}

static enum usm_verdict check_faulty(struct bench *b, unsigned int faults, const char *name)
{
	struct usm_keys keys;
	struct snmp_message_out out = faulty(faults, name, &keys);

	return check(b, &out);
}

/* That counter and no other has one more. */
static void expect_counted(const struct bench *b, unsigned int arc)
{
	for (unsigned int i = 0; i < USM_STAT_N; i++) {
		if (b->counts[i] != b->before[i] + (i == arc && arc != 0))
			fail_msg("usmStats.%u: %u -> %u", i, b->before[i], b->counts[i]);
	}
}

/* It names whom the request named, also where nobody has that name (RFC 3414 3.2 2). keys: what the
 * Report must be signed with; NULL: it is not. */
static void expect_report(const struct bench *b, unsigned int arc, const struct usm_keys *keys)
{
	const snmp_oid_t counter[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, arc, 0};
	struct snmp_varbind_room room;
	struct snmp_message msg;

	assert_int_equal(snmp_message_parse(b->out.report, b->out.report_len, &msg), 0);
	assert_int_equal(msg.pdu, SNMP_PDU_REPORT);
	assert_int_equal(msg.msg_id, MSG_ID);
	assert_int_equal(msg.request_id, b->msg.has_pdu ? REQUEST_ID : 0);
	assert_int_equal(msg.flags, keys ? SNMP_FLAG_AUTH : 0);
	assert_int_equal(msg.engine_id_len, US.engine_id_len);
	assert_memory_equal(msg.engine_id, US.engine_id, US.engine_id_len);
	assert_int_equal(msg.boots, BOOTS);
	assert_int_equal(msg.time, NOW_S);
	assert_int_equal(msg.user_len, b->msg.user_len);
	assert_memory_equal(msg.user, b->msg.user, msg.user_len);
	if (keys)
		assert_int_equal(snmp_message_verify(&msg, (uint8_t *)(uintptr_t)b->out.report,
						     b->out.report_len, keys),
				 0);
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	assert_int_equal(snmp_message_varbinds(&msg, &room), 0);
	assert_int_equal(room.n, 1);
	assert_int_equal(room.varbinds[0].name_len, ARRAY_LEN(counter));
	assert_memory_equal(room.varbinds[0].name, counter, sizeof(counter));
	assert_int_equal(room.varbinds[0].type, SNMP_TYPE_COUNTER32);
	assert_int_equal(room.varbinds[0].v.u, b->counts[arc]);
	snmp_varbind_room_deinit(&room);
}

/* ---- the steps ---- */

/* In RFC 3414 3.2's order. A message with several faults is refused for the first. */
static const struct {
	unsigned int faults;
	const char *user;
	enum usm_verdict verdict;
	unsigned int arc; /* of usmStats */
	bool is_signed;
} STEPS[] = {
	/* 3: the engine */
	{NO_ENGINE, "", USM_UNKNOWN_ENGINE, 4, false},
	{OTHER_ENGINE, "strict", USM_UNKNOWN_ENGINE, 4, false},
	{OTHER_ENGINE | NO_SUCH_USER, "strict", USM_UNKNOWN_ENGINE, 4, false},
	{NO_ENGINE | BAD_DIGEST | OLD, "strict", USM_UNKNOWN_ENGINE, 4, false},
	/* 4: the user */
	{NO_SUCH_USER, "", USM_UNKNOWN_USER, 3, false},
	{NO_FAULT, "", USM_UNKNOWN_USER, 3, false},
	{NO_FAULT, "stric", USM_UNKNOWN_USER, 3, false},
	{NO_FAULT, "strict2", USM_UNKNOWN_USER, 3, false},
	{NO_FAULT, "Strict", USM_UNKNOWN_USER, 3, false},
	{NO_SUCH_USER | TOO_LITTLE | BAD_DIGEST | OLD, "", USM_UNKNOWN_USER, 3, false},
	/* 5: the level */
	{TOO_LITTLE, "strict", USM_UNSUPPORTED_LEVEL, 1, false},
	{TOO_MUCH, "auth", USM_UNSUPPORTED_LEVEL, 1, false},
	{TOO_MUCH, "open", USM_UNSUPPORTED_LEVEL, 1, false},
	{TOO_LITTLE, "open", USM_UNSUPPORTED_LEVEL, 1, false}, /* authNoPriv */
	{TOO_LITTLE | BAD_DIGEST | OLD, "strict", USM_UNSUPPORTED_LEVEL, 1, false},
	/* 6: the digest */
	{BAD_DIGEST, "strict", USM_WRONG_DIGEST, 5, false},
	{BAD_DIGEST | TOO_LITTLE, "lenient", USM_WRONG_DIGEST, 5, false},
	{BAD_DIGEST | OLD | BAD_PRIVACY, "strict", USM_WRONG_DIGEST, 5, false},
	/* 7: the time window, told to one who has proved who it is */
	{OLD, "strict", USM_NOT_IN_WINDOW, 2, true},
	{OLD | TOO_LITTLE, "lenient", USM_NOT_IN_WINDOW, 2, true},
	{OLD | BAD_PRIVACY, "strict", USM_NOT_IN_WINDOW, 2, true},
	/* 8: the encryption */
	{BAD_PRIVACY, "strict", USM_DECRYPTION_ERROR, 6, true},
};

static void test_steps(void **state)
{
	struct bench *b = *state;
	struct usm_keys auth_only = ours[MADE_A];

	auth_only.priv_protocol = SNMP_PRIV_NONE;
	for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
		enum usm_verdict verdict = check_faulty(b, STEPS[i].faults, STEPS[i].user);

		if (verdict != STEPS[i].verdict)
			fail_msg("step %zu: %d", i, verdict);
		expect_counted(b, STEPS[i].arc);
		expect_report(b, STEPS[i].arc, STEPS[i].is_signed ? &auth_only : NULL);
	}
}

/* A message on which nothing is to be reported (RFC 3412 6.4) is counted all the same. */
static void test_no_report_where_none_is_wanted(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
		struct usm_keys keys;
		struct snmp_message_out out = faulty(STEPS[i].faults, STEPS[i].user, &keys);

		out.answer = true; /* not reportable */
		assert_int_equal(check(b, &out), STEPS[i].verdict);
		expect_counted(b, STEPS[i].arc);
		assert_int_equal(b->out.report_len, 0);
	}
}

static void expect_accepted(const struct bench *b, const char *name, unsigned int flags)
{
	expect_counted(b, 0);
	assert_int_equal(b->out.report_len, 0);
	assert_string_equal(b->out.user->name, name);
	assert_true(b->msg.has_pdu);
	assert_int_equal(b->msg.pdu, SNMP_PDU_GET);
	assert_int_equal(b->msg.request_id, REQUEST_ID);
	if (!flags) {
		assert_null(b->out.keys);
		return;
	}
	assert_int_equal(b->out.keys->auth_protocol, SNMP_AUTH_SHA256);
	assert_int_equal(b->out.keys->priv_protocol,
			 flags & SNMP_FLAG_PRIV ? SNMP_PRIV_AES128 : SNMP_PRIV_NONE);
	assert_memory_equal(b->out.keys->auth, ours[MADE_A].auth, ours[MADE_A].auth_len);
}

/* Answered at the level at which it came. */
static void test_accepted(void **state)
{
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "open", &keys);

	assert_int_equal(check_faulty(b, NO_FAULT, "strict"), USM_ACCEPTED);
	expect_accepted(b, "strict", SNMP_FLAG_AUTH | SNMP_FLAG_PRIV);
	assert_int_equal(check_faulty(b, NO_FAULT, "lenient"), USM_ACCEPTED);
	expect_accepted(b, "lenient", SNMP_FLAG_AUTH | SNMP_FLAG_PRIV);
	assert_int_equal(check_faulty(b, TOO_LITTLE, "lenient"), USM_ACCEPTED);
	expect_accepted(b, "lenient", SNMP_FLAG_AUTH);
	assert_int_equal(check_faulty(b, TOO_LITTLE, "auth"), USM_ACCEPTED);
	expect_accepted(b, "auth", SNMP_FLAG_AUTH);
	out.keys = NULL;
	assert_int_equal(check(b, &out), USM_ACCEPTED);
	expect_accepted(b, "open", 0);
	out.time = 1; /* it proves nothing, and need not */
	assert_int_equal(check(b, &out), USM_ACCEPTED);
	for (const char *const *name = (const char *[]){"strict", "lenient", "auth", NULL}; *name;
	     name++) {
		out.user = *name;
		assert_int_equal(check(b, &out), USM_UNSUPPORTED_LEVEL);
	}
}

/* One bit anywhere: refused, unless it is of what nobody looks at. */
static void test_every_bit_counts(void **state)
{
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "strict", &keys);
	static uint8_t room[4096], sent[2048];
	const uint8_t *at;
	size_t len;

	assert_int_equal(snmp_message_encode(&out, room, sizeof(room), &at, &len), 0);
	for (size_t i = 0; i < len; i++) {
		struct usm_input in = {
			.msg = &b->msg, .octets = b->octets, .len = len, .now_us = NOW_US};

		memcpy(sent, at, len);
		sent[i] ^= 1;
		memcpy(b->octets, sent, len);
		if (snmp_message_parse(b->octets, len, &b->msg) < 0 || b->msg.version != SNMP_V3)
			continue; /* malformed */
		assert_int_not_equal(usm_authority_check(b->authority, &in, &b->out), USM_ACCEPTED);
		assert_memory_equal(b->octets, sent, len);
	}
}

/* ---- malformed ---- */

/* Nothing that is no message comes as far as the users, whatever it says (step 1). */
static void test_malformed(void **state)
{
	static const struct {
		const char *from, *to;
		size_t len;
	} EDITS[] = {
		{"\x02\x01\x07", "\x02\x01\xff", 3},	     /* boots -1 */
		{"\x04\x0e\x80\x00", "\x05\x0e\x80\x00", 4}, /* an engine id that is no string */
		{"\x04\x06strict", "\x04\x7fstrict",
		 8}, /* a name that is longer than the message */
		{"\x02\x01\x03\x30", "\x02\x01\x04\x30", 4},		     /* another version */
		{"\x04\x01\x07\x02\x01\x03", "\x04\x01\x07\x02\x01\x04", 6}, /* security model */
		{"\x04\x01\x07\x02\x01\x03", "\x04\x01\x06\x02\x01\x03", 6}, /* priv without auth */
		{"\x04\x01\x07\x02\x01\x03", "\x04\x00\x07\x02\x01\x03", 6}, /* no flags */
	};
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "strict", &keys);
	static uint8_t room[4096], octets[2048];
	const uint8_t *at;
	size_t len;

	(void)state;
	assert_int_equal(snmp_message_encode(&out, room, sizeof(room), &at, &len), 0);
	for (size_t i = 0; i < ARRAY_LEN(EDITS); i++) {
		struct snmp_message msg;
		uint8_t *place;

		memcpy(octets, at, len);
		place = memmem(octets, len, EDITS[i].from, EDITS[i].len);
		assert_non_null(place);
		memcpy(place, EDITS[i].to, EDITS[i].len);
		if (snmp_message_parse(octets, len, &msg) >= 0)
			fail_msg("edit %zu", i);
	}
	for (size_t i = 0; i < len; i++) {
		struct snmp_message msg;

		assert_int_equal(snmp_message_parse(at, i, &msg), -EBADMSG);
	}
}

/* What is a message, but has a digest or a salt of another length, or no PDU inside. */
static void test_wrong_lengths(void **state)
{
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "strict", &keys);

	keys = ours[MADE_B]; /* 12 octets of SHA-1 where 24 should be */
	assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
	expect_counted(b, 5);
	for (size_t salt_len = 0; salt_len < USM_SALT_LEN; salt_len++) {
		struct usm_input in = {.msg = &b->msg, .octets = b->octets, .now_us = NOW_US};
		static uint8_t room[4096];
		uint8_t mac[USM_MAC_MAX];
		const uint8_t *at;

		keys = ours[MADE_A];
		assert_int_equal(snmp_message_encode(&out, room, sizeof(room), &at, &in.len), 0);
		memcpy(b->octets, at, in.len);
		assert_int_equal(snmp_message_parse(b->octets, in.len, &b->msg), 0);
		/* the salt's length, its rest cut off by a string in its place */
		b->octets[b->msg.salt - b->octets - 1] = (uint8_t)salt_len;
		memset(b->octets + (b->msg.mac - b->octets), 0, b->msg.mac_len);
		assert_int_equal(usm_sign(&keys, b->octets, in.len, mac), 0);
		memcpy(b->octets + (b->msg.mac - b->octets), mac, b->msg.mac_len);
		assert_int_equal(snmp_message_parse(b->octets, in.len, &b->msg), 0);
		assert_int_equal(b->msg.salt_len, salt_len);
		assert_int_equal(usm_authority_check(b->authority, &in, &b->out),
				 USM_DECRYPTION_ERROR);
	}
}

/* ---- our time ---- */

static void test_window(void **state)
{
	static const struct {
		int boots, time;
		enum usm_verdict verdict;
	} CASES[] = {
		{0, 0, USM_ACCEPTED},
		{0, -150, USM_ACCEPTED},
		{0, 150, USM_ACCEPTED},
		{0, -151, USM_NOT_IN_WINDOW},
		{0, 151, USM_NOT_IN_WINDOW},
		{-1, 0, USM_NOT_IN_WINDOW},
		{1, 0, USM_NOT_IN_WINDOW},
		{-BOOTS, -NOW_S, USM_NOT_IN_WINDOW},
		{INT32_MAX - BOOTS, 0, USM_NOT_IN_WINDOW},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct usm_keys keys;
		struct snmp_message_out out = faulty(NO_FAULT, "strict", &keys);

		out.boots = (uint32_t)((int)out.boots + CASES[i].boots);
		out.time = (uint32_t)((int)out.time + CASES[i].time);
		assert_int_equal(check(b, &out), CASES[i].verdict);
		expect_counted(b, CASES[i].verdict == USM_ACCEPTED ? 0 : 2);
	}
}

/* RFC 3414 2.2.2: an engine whose boots can rise no more has no authentic messages. */
static void test_latched(void **state)
{
	struct bench *b = *state;
	struct snmp_identity latched = US;
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "strict", &keys);

	latched.boots = INT32_MAX;
	usm_authority_free(b->authority);
	make(b, &latched, 0);
	out.boots = INT32_MAX;
	assert_int_equal(check(b, &out), USM_NOT_IN_WINDOW);
}

static void test_time_and_salt(void **state)
{
	struct bench *b = *state;
	struct snmp_message_out first = {0}, second = {0};

	assert_int_equal(usm_authority_time(b->authority, START_US - 5000000), 0);
	assert_int_equal(usm_authority_time(b->authority, START_US + 1999999), 1);
	assert_int_equal(
		usm_authority_time(b->authority, START_US + ((INT64_C(1) << 31) + 5) * 1000000), 5);
	usm_authority_fill(b->authority, NOW_US, &first);
	usm_authority_fill(b->authority, NOW_US, &second);
	assert_int_equal(first.salt, 1000);
	assert_int_equal(second.salt, 1001);
	assert_int_equal(first.boots, BOOTS);
	assert_int_equal(first.time, NOW_S);
	assert_int_equal(first.engine_id_len, US.engine_id_len);
	assert_memory_equal(first.engine_id, US.engine_id, US.engine_id_len);
}

/* ---- users ---- */

static void test_pending_keys(void **state)
{
	struct bench *b = *state;

	assert_int_equal(check_faulty(b, NO_FAULT, "pending"), USM_KEYS_PENDING);
	expect_counted(b, 0);
	assert_int_equal(b->out.report_len, 0);
}

/* Two sites, one name, two keys: whoever's key fits. */
static void test_users_of_one_name(void **state)
{
	struct bench *b = *state;
	const void *const preferred[] = {NULL, OWNER_A, OWNER_B, "somebody else"};
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "twin", &keys);

	for (size_t i = 0; i < ARRAY_LEN(preferred); i++) {
		b->preferred = preferred[i];
		keys = ours[MADE_A];
		assert_int_equal(check(b, &out), USM_ACCEPTED);
		assert_ptr_equal(b->out.user->owner, OWNER_A);
		keys = ours[MADE_B];
		assert_int_equal(check(b, &out), USM_ACCEPTED);
		assert_ptr_equal(b->out.user->owner, OWNER_B);
		assert_int_equal(b->out.keys->auth_protocol, SNMP_AUTH_SHA1);
		keys.auth[0] ^= 1;
		assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
		expect_counted(b, 5); /* once, however many were tried */
	}
}

/* What is told of several that do not fit: that a key is still being made, or was wrong,
 * before that a level was. */
static void test_best_verdict_of_one_name(void **state)
{
	static const struct {
		bool ready[2], right_level[2];
		enum usm_verdict verdict;
	} CASES[] = {
		{{true, true}, {true, false}, USM_WRONG_DIGEST},
		{{true, true}, {false, true}, USM_WRONG_DIGEST},
		{{true, true}, {false, false}, USM_UNSUPPORTED_LEVEL},
		{{false, true}, {true, true}, USM_KEYS_PENDING},
		{{false, true}, {true, false}, USM_KEYS_PENDING},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct usm_user two[2];

		for (int k = 0; k < 2; k++) {
			two[k] = user("two", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, NULL);
			two[k].ready = CASES[i].ready[k];
			if (!CASES[i].right_level[k])
				two[k].level = two[k].least = SNMP_SEC_AUTH;
		}
		usm_authority_set_users(b->authority, two, ARRAY_LEN(two));
		assert_int_equal(check_faulty(b, BAD_DIGEST, "two"), CASES[i].verdict);
	}
}

/* However many have one name, a forged message costs at most 64 digests. */
static void test_tries_are_bounded(void **state)
{
	static struct usm_user many[70];
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = faulty(NO_FAULT, "many", &keys);

	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		many[i] = user("many", SNMP_SEC_AUTH_PRIV, SNMP_SEC_AUTH_PRIV, MADE_A, OWNER_A);
		many[i].keys.auth[0] ^= 1;
	}
	usm_authority_set_users(b->authority, many, ARRAY_LEN(many));
	many[63].keys = ours[MADE_A];
	assert_int_equal(check(b, &out), USM_ACCEPTED);
	assert_ptr_equal(b->out.user, &many[63]);
	many[63].keys.auth[0] ^= 1;
	many[64].keys = ours[MADE_A];
	assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
	many[64].owner = b->preferred = OWNER_B;
	assert_int_equal(check(b, &out), USM_ACCEPTED);
}

/* ---- other engines: traps ---- */

static struct snmp_message_out trap(const char *name, struct usm_keys *keys)
{
	struct snmp_message_out out = faulty(OTHER_ENGINE, name, keys);

	assert_int_equal(
		usm_localize(&creds[MADE_A], &masters[MADE_A], OTHER, sizeof(OTHER) - 1, keys), 0);
	out.answer = true; /* nobody waits for an answer */
	out.boots = 3;
	out.time = 1000;
	return out;
}

static void test_traps(void **state)
{
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = trap("strict", &keys);

	assert_int_equal(check(b, &out), USM_ACCEPTED);
	assert_memory_equal(b->out.keys->auth, keys.auth, keys.auth_len);
	out.time = 849; /* recorded and sent again: neither counted nor reported, 3.2 7 b */
	assert_int_equal(check(b, &out), USM_NOT_IN_WINDOW);
	expect_counted(b, 0);
	assert_int_equal(b->out.report_len, 0);
	out.time = 1000;
	keys.priv[0] ^= 1;
	assert_int_equal(check(b, &out), USM_DECRYPTION_ERROR);
	expect_counted(b, 6);
	keys = ours[MADE_A]; /* keys are the engine's */
	assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
	expect_counted(b, 5);
	out = trap("local", &keys);
	assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
	out = trap("pending", &keys);
	assert_int_equal(check(b, &out), USM_KEYS_PENDING);
	out = trap("nobody", &keys);
	assert_int_equal(check(b, &out), USM_UNKNOWN_USER);
	out = trap("strict", &keys);
	out.engine_id_len = 4;
	assert_int_equal(check(b, &out), USM_MALFORMED);
	expect_counted(b, 0);
	out = trap("strict", &keys);
	out.answer = false; /* wants an answer, so it has to ask us (RFC 3413 3.3) */
	assert_int_equal(check(b, &out), USM_UNKNOWN_ENGINE);
	expect_report(b, 4, NULL);
}

/* A forged message teaches us no time: the true one is still accepted. */
static void test_forgery_moves_no_clock(void **state)
{
	struct bench *b = *state;
	struct usm_keys keys;
	struct snmp_message_out out = trap("strict", &keys);

	keys.auth[0] ^= 1;
	out.boots = INT32_MAX - 1;
	assert_int_equal(check(b, &out), USM_WRONG_DIGEST);
	out = trap("strict", &keys);
	assert_int_equal(check(b, &out), USM_ACCEPTED);
}

/* ---- Reports of others than USM ---- */

static void test_other_reports(void **state)
{
	static const snmp_oid_t CONTEXTS[] = {1, 3, 6, 1, 6, 3, 12, 1, 5, 0};
	struct bench *b = *state;
	struct usm_report report = {.name = CONTEXTS,
				    .name_len = ARRAY_LEN(CONTEXTS),
				    .count = UINT32_MAX,
				    .now_us = NOW_US};
	static uint8_t plain[2048];
	struct snmp_varbind_room room;
	struct snmp_message msg;
	const uint8_t *at;
	size_t len;

	assert_int_equal(check_faulty(b, NO_FAULT, "strict"), USM_ACCEPTED);
	report.keys = b->out.keys;
	len = usm_authority_report(b->authority, &b->msg, &report, &at);
	assert_int_equal(snmp_message_parse(at, len, &msg), 0);
	assert_int_equal(msg.flags, SNMP_FLAG_AUTH | SNMP_FLAG_PRIV);
	assert_int_equal(snmp_message_verify(&msg, (uint8_t *)(uintptr_t)at, len, &ours[MADE_A]),
			 0);
	assert_int_equal(usm_decrypt(&ours[MADE_A], msg.salt, msg.boots, msg.time, msg.encrypted,
				     msg.encrypted_len, plain, &len),
			 0);
	assert_int_equal(snmp_message_parse_scoped(plain, len, &msg), 0);
	assert_int_equal(msg.pdu, SNMP_PDU_REPORT);
	assert_int_equal(msg.request_id, REQUEST_ID);
	assert_int_equal(snmp_varbind_room_init(&room), 0);
	assert_int_equal(snmp_message_varbinds(&msg, &room), 0);
	assert_memory_equal(room.varbinds[0].name, CONTEXTS, sizeof(CONTEXTS));
	assert_int_equal(room.varbinds[0].v.u, UINT32_MAX);
	snmp_varbind_room_deinit(&room);
	b->msg.flags &= (uint8_t)~SNMP_FLAG_REPORTABLE;
	assert_int_equal(usm_authority_report(b->authority, &b->msg, &report, &at), 0);
}

int main(void)
{
#define CASE(f)	     cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TRAP_CASE(f) cmocka_unit_test_setup_teardown(f, setup_with_clocks, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_steps),
		CASE(test_no_report_where_none_is_wanted),
		CASE(test_accepted),
		CASE(test_every_bit_counts),
		CASE(test_malformed),
		CASE(test_wrong_lengths),
		CASE(test_window),
		CASE(test_latched),
		CASE(test_time_and_salt),
		CASE(test_pending_keys),
		CASE(test_users_of_one_name),
		CASE(test_best_verdict_of_one_name),
		CASE(test_tries_are_bounded),
		TRAP_CASE(test_traps),
		TRAP_CASE(test_forgery_moves_no_clock),
		CASE(test_other_reports),
	};

	return cmocka_run_group_tests(tests, make_users, NULL);
}
