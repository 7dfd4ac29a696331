/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/snmp/snmp_usm and usm_peer: RFC 3414's test vectors, round trips, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "common/engine/usm_peer.h"

#include <cmocka.h>

static const uint8_t ENGINE_ID[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

#define V3(l, a, p)                                                                                \
	{                                                                                          \
		.version = SNMP_V3, .user = "u", .level = (l), .auth = (a), .priv = (p),           \
		.auth_pass = "maplesyrup", .priv_pass = "maplesyrup"                               \
	}

/* RFC 3414 A.3.1 and A.3.2 */
static void test_key_vectors(void **state)
{
	static const struct {
		enum snmp_auth auth;
		size_t len;
		const char *ku, *kul;
	} CASES[] = {
		{SNMP_AUTH_MD5, 16,
		 "\x9f\xaf\x32\x83\x88\x4e\x92\x83\x4e\xbc\x98\x47\xd8\xed\xd9\x63",
		 "\x52\x6f\x5e\xed\x9f\xcc\xe2\x6f\x89\x64\xc2\x93\x07\x87\xd8\x2b"},
		{SNMP_AUTH_SHA1, 20,
		 "\x9f\xb5\xcc\x03\x81\x49\x7b\x37\x93\x52\x89\x39\xff\x78\x8d\x5d\x79"
		 "\x14\x52\x11",
		 "\x66\x95\xfe\xbc\x92\x88\xe3\x62\x82\x23\x5f\xc7\x15\x1f\x12\x84\x97"
		 "\xb3\x8f\x3f"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct snmp_credential cred = V3(SNMP_SEC_AUTH, CASES[i].auth, SNMP_PRIV_NONE);
		struct usm_master master;
		struct usm_keys keys;

		assert_int_equal(usm_make_master(&cred, &master), 0);
		assert_int_equal(master.auth_len, CASES[i].len);
		assert_memory_equal(master.auth, CASES[i].ku, CASES[i].len);
		assert_int_equal(usm_localize(&cred, &master, ENGINE_ID, sizeof(ENGINE_ID), &keys),
				 0);
		assert_memory_equal(keys.auth, CASES[i].kul, CASES[i].len);
		assert_int_equal(keys.auth_len, CASES[i].len);
		assert_int_equal(keys.priv_protocol, SNMP_PRIV_NONE);
	}
}

static void test_round_trips(void **state)
{
	static const char TEXT[] = "thirty-one octets, not a multi";
	uint8_t salt[USM_SALT_LEN], cipher[64], plain[64];

	(void)state;
	for (enum snmp_priv priv = SNMP_PRIV_DES; priv <= SNMP_PRIV_AES256_CISCO; priv++) {
		struct snmp_credential cred = V3(SNMP_SEC_AUTH_PRIV, SNMP_AUTH_SHA256, priv);
		struct usm_master master;
		struct usm_keys keys;
		size_t len, back;

		if (usm_check_credential(&cred) < 0)
			continue; /* not in this net-snmp */
		assert_int_equal(usm_make_master(&cred, &master), 0);
		assert_int_equal(usm_localize(&cred, &master, ENGINE_ID, sizeof(ENGINE_ID), &keys),
				 0);
		usm_salt(&keys, 3, 0x1122334455667788, salt);
		assert_int_equal(usm_encrypt(&keys, salt, 3, 100, (const uint8_t *)TEXT,
					     sizeof(TEXT), cipher, &len),
				 0);
		assert_true(len >= sizeof(TEXT) && len < sizeof(TEXT) + 8);
		assert_memory_not_equal(cipher, TEXT, sizeof(TEXT));
		assert_int_equal(usm_decrypt(&keys, salt, 3, 100, cipher, len, plain, &back), 0);
		assert_true(back >= sizeof(TEXT));
		assert_memory_equal(plain, TEXT, sizeof(TEXT));
		if (priv == SNMP_PRIV_DES)
			continue;
		assert_int_equal(usm_decrypt(&keys, salt, 3, 101, cipher, len, plain, &back), 0);
		assert_memory_not_equal(plain, TEXT, sizeof(TEXT)); /* the time is in the vector */
	}
}

static void test_salts(void **state)
{
	struct usm_keys des = {.priv_protocol = SNMP_PRIV_DES};
	struct usm_keys aes = {.priv_protocol = SNMP_PRIV_AES128};
	uint8_t salt[USM_SALT_LEN];

	(void)state;
	usm_salt(&des, 0x01020304, 0xaabbccdd11223344, salt);
	assert_memory_equal(salt, "\x01\x02\x03\x04\x11\x22\x33\x44", 8); /* RFC 3414 8.1.1.1 */
	usm_salt(&aes, 0x01020304, 0xaabbccdd11223344, salt);
	assert_memory_equal(salt, "\xaa\xbb\xcc\xdd\x11\x22\x33\x44", 8);
}

static void test_credentials(void **state)
{
	struct snmp_credential good = V3(SNMP_SEC_AUTH_PRIV, SNMP_AUTH_SHA1, SNMP_PRIV_AES128), c;

	(void)state;
	assert_int_equal(usm_check_credential(&good), 0);
#define BAD(field, value) (c = good, c.field = (value), assert_true(usm_check_credential(&c) < 0))
	BAD(user, NULL);
	BAD(user, "");
	BAD(user, "123456789012345678901234567890123");
	BAD(auth_pass, "seven77");
	BAD(auth_pass, NULL);
	BAD(priv_pass, "seven77");
	BAD(auth, SNMP_AUTH_NONE);
	BAD(priv, SNMP_PRIV_NONE);
	BAD(auth, (enum snmp_auth)99);
	BAD(priv, (enum snmp_priv)99);
	BAD(level, (enum snmp_security_level)0);
#undef BAD
	c = good;
	c.level = SNMP_SEC_NONE;
	c.auth_pass = c.priv_pass = NULL;
	assert_int_equal(usm_check_credential(&c), 0);
}

static void test_peer_time(void **state)
{
	struct usm_peer peer = {0};

	(void)state;
	assert_false(usm_peer_usable(&peer));
	assert_true(usm_peer_set_engine(&peer, ENGINE_ID, 0) < 0);
	assert_true(usm_peer_set_engine(&peer, ENGINE_ID, 33) < 0);
	assert_int_equal(usm_peer_set_engine(&peer, ENGINE_ID, sizeof(ENGINE_ID)), 0);
	assert_true(usm_peer_usable(&peer));
	assert_int_equal(usm_peer_time(&peer, 5000000), 0); /* never told */
	usm_peer_set_time(&peer, 2, 1000, 5000000);
	assert_int_equal(usm_peer_time(&peer, 5000000), 1000);
	assert_int_equal(usm_peer_time(&peer, 15900000), 1010);
	assert_int_equal(usm_peer_time(&peer, 0), 1000); /* never back */
	usm_peer_learn_time(&peer, 2, 999, 20000000);	 /* older: a replay or a late answer */
	assert_int_equal(usm_peer_time(&peer, 20000000), 1015);
	usm_peer_learn_time(&peer, 1, 5000, 20000000);
	assert_int_equal(peer.boots, 2);
	usm_peer_learn_time(&peer, 3, 4, 20000000); /* rebooted */
	assert_int_equal(peer.boots, 3);
	assert_int_equal(usm_peer_time(&peer, 21000000), 5);
	usm_peer_set_time(&peer, 1, INT32_MAX, 5000000);
	assert_int_equal(usm_peer_time(&peer, 9000000), INT32_MAX);
}

static void test_peer_engine_change(void **state)
{
	struct snmp_credential cred = V3(SNMP_SEC_AUTH, SNMP_AUTH_SHA1, SNMP_PRIV_NONE);
	struct usm_peer peer = {.salt = 7};
	struct usm_master master;
	uint8_t first[USM_KEY_MAX];

	(void)state;
	assert_int_equal(usm_make_master(&cred, &master), 0);
	assert_int_equal(usm_peer_set_engine(&peer, ENGINE_ID, 12), 0);
	assert_int_equal(usm_peer_localize(&peer, &cred, &master), 0);
	memcpy(first, peer.keys.auth, sizeof(first));
	usm_peer_set_time(&peer, 9, 9, 9);
	peer.doubtful = true;
	assert_int_equal(usm_peer_set_engine(&peer, ENGINE_ID, 12), 0); /* the same: all stays */
	assert_true(peer.localized && usm_peer_usable(&peer) && peer.boots == 9);
	assert_int_equal(usm_peer_set_engine(&peer, ENGINE_ID, 11), 0);
	assert_false(peer.localized);
	assert_int_equal(peer.boots, 0);
	assert_int_equal(usm_peer_localize(&peer, &cred, &master), 0);
	assert_memory_not_equal(peer.keys.auth, first, 20);
	assert_int_equal(peer.salt, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_vectors), cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_salts),	    cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_peer_time),   cmocka_unit_test(test_peer_engine_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
