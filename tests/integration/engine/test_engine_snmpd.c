/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The request engine against Debian's snmpd: every version and security level, every way
 * a v3 credential can be wrong, no agent, a restarted agent.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "engine_harness.h"

#include <cmocka.h>

#define SNMPD "/usr/sbin/snmpd"

static const char CONF[] = "sysDescr pantau test agent\n"
			   "rocommunity public 127.0.0.1\n"
			   "rocommunity6 public ::1\n"
			   "createUser none\n"
			   "createUser md5 MD5 authpass1 DES privpass1\n"
			   "createUser sha1 SHA authpass1 AES privpass1\n"
			   "createUser sha224 SHA-224 authpass1 AES privpass1\n"
			   "createUser sha256 SHA-256 authpass1 AES privpass1\n"
			   "createUser sha384 SHA-384 authpass1 AES-192 privpass1\n"
			   "createUser sha512 SHA-512 authpass1 AES-256 privpass1\n"
			   "createUser short SHA authpass1 AES-256 privpass1\n"
			   "createUser reeder192 SHA authpass1 AES-192-C privpass1\n"
			   "createUser reeder256 SHA authpass1 AES-256-C privpass1\n"
			   "createUser authonly SHA-256 authpass1\n"
			   "rouser none noauth\n"
			   "rouser md5 noauth\n"
			   "rouser sha1 noauth\n"
			   "rouser sha224 noauth\n"
			   "rouser sha256 noauth\n"
			   "rouser sha384 noauth\n"
			   "rouser sha512 noauth\n"
			   "rouser short noauth\n"
			   "rouser reeder192 noauth\n"
			   "rouser reeder256 noauth\n"
			   "rouser authonly noauth\n";

struct fixture {
	struct engine_harness h;
	struct sockaddr_in addr;
	pid_t pid;
	bool has_v6;
	char v6_address[64];
};

static int setup(void **state)
{
	static struct fixture f;

	engine_harness_init(&f.h);
	f.addr = harness_address();
	f.has_v6 = access("/proc/net/if_inet6", R_OK) == 0;
	snprintf(f.v6_address, sizeof(f.v6_address), "udp6:[::1]:%d", ntohs(f.addr.sin_port));
	f.pid = harness_daemon(&f.h, SNMPD, CONF, &f.addr, f.has_v6 ? f.v6_address : NULL);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	harness_stop(f->pid);
	engine_harness_deinit(&f->h);
	return 0;
}

#define V3(u, l, a, ap, p, pp)                                                                     \
	{                                                                                          \
		.version = SNMP_V3, .user = (u), .level = SNMP_SEC_##l, .auth = SNMP_AUTH_##a,     \
		.auth_pass = (ap), .priv = SNMP_PRIV_##p, .priv_pass = (pp)                        \
	}

static void expect(struct fixture *f, const struct snmp_credential *cred, enum snmp_outcome outcome)
{
	struct snmp_target *target = harness_target(&f->h, &f->addr, cred);
	struct kept_answer kept;

	harness_get(&f->h, target, &kept);
	if (kept.answer.outcome != outcome)
		print_error("user=%s level=%d auth=%d priv=%d\n", cred->user ? cred->user : "",
			    cred->level, cred->auth, cred->priv);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), snmp_outcome_name(outcome));
	if (outcome == SNMP_OUTCOME_ANSWER) {
		assert_int_equal(kept.answer.error_status, 0);
		assert_int_equal(kept.answer.n_varbinds, 1);
		assert_string_equal(kept.first_text, "pantau test agent");
		assert_true(snmp_target_rtt_us(target) > 0);
	}
	snmp_target_free(target);
}

static void test_communities(void **state)
{
	struct snmp_credential v1 = {.version = SNMP_V1, .community = "public"};
	struct snmp_credential v2c = {.version = SNMP_V2C, .community = "public"};
	struct snmp_credential wrong = {.version = SNMP_V2C, .community = "secret"};

	expect(*state, &v1, SNMP_OUTCOME_ANSWER);
	expect(*state, &v2c, SNMP_OUTCOME_ANSWER);
	expect(*state, &wrong, SNMP_OUTCOME_TIMEOUT);
}

static void test_v3_levels(void **state)
{
	static const struct snmp_credential CASES[] = {
		V3("none", NONE, NONE, NULL, NONE, NULL),
		V3("sha1", AUTH, SHA1, "authpass1", NONE, NULL),
		V3("sha256", AUTH, SHA256, "authpass1", NONE, NULL),
		V3("md5", AUTH_PRIV, MD5, "authpass1", DES, "privpass1"),
		V3("sha1", AUTH_PRIV, SHA1, "authpass1", AES128, "privpass1"),
		V3("sha224", AUTH_PRIV, SHA224, "authpass1", AES128, "privpass1"),
		V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass1"),
		V3("sha384", AUTH_PRIV, SHA384, "authpass1", AES192, "privpass1"),
		V3("sha512", AUTH_PRIV, SHA512, "authpass1", AES256, "privpass1"),
		V3("short", AUTH_PRIV, SHA1, "authpass1", AES256, "privpass1"),
		/* the other way to lengthen a key, as Cisco has it */
		V3("reeder192", AUTH_PRIV, SHA1, "authpass1", AES192_CISCO, "privpass1"),
		V3("reeder256", AUTH_PRIV, SHA1, "authpass1", AES256_CISCO, "privpass1"),
	};

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		expect(*state, &CASES[i], SNMP_OUTCOME_ANSWER);
}

static void test_v3_wrong(void **state)
{
	static const struct {
		struct snmp_credential cred;
		enum snmp_outcome outcome;
	} CASES[] = {
		{V3("nobody", AUTH_PRIV, SHA1, "authpass1", AES128, "privpass1"),
		 SNMP_OUTCOME_UNKNOWN_USER},
		{V3("sha256", AUTH_PRIV, SHA256, "authpass2", AES128, "privpass1"),
		 SNMP_OUTCOME_WRONG_KEY},
		{V3("sha256", AUTH_PRIV, SHA1, "authpass1", AES128, "privpass1"),
		 SNMP_OUTCOME_WRONG_KEY},
		{V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass2"),
		 SNMP_OUTCOME_DECRYPT_ERROR},
		{V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES256, "privpass1"),
		 SNMP_OUTCOME_DECRYPT_ERROR},
		{V3("reeder256", AUTH_PRIV, SHA1, "authpass1", AES256, "privpass1"),
		 SNMP_OUTCOME_DECRYPT_ERROR},
		{V3("short", AUTH_PRIV, SHA1, "authpass1", AES256_CISCO, "privpass1"),
		 SNMP_OUTCOME_DECRYPT_ERROR},
		{V3("md5", AUTH_PRIV, MD5, "authpass1", DES, "privpass2"),
		 SNMP_OUTCOME_DECRYPT_ERROR},
		{V3("authonly", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass1"),
		 SNMP_OUTCOME_UNSUPPORTED_LEVEL},
	};

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		expect(*state, &CASES[i].cred, CASES[i].outcome);
}

/* The second time nothing else has been heard of the device: the diagnosis is the same. */
static void test_wrong_privacy_key_stays_one(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred =
		V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass2");
	struct snmp_target *target = harness_target(&f->h, &f->addr, &cred);
	struct kept_answer kept;

	for (int i = 0; i < 3; i++) {
		harness_get(&f->h, target, &kept);
		assert_string_equal(snmp_outcome_name(kept.answer.outcome), "decrypt-error");
	}
	snmp_target_free(target);
}

static void test_same_credential_many_devices(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred =
		V3("sha512", AUTH_PRIV, SHA512, "authpass1", AES256, "privpass1");
	struct snmp_target *targets[50];
	struct kept_answer kept[50] = {0};
	struct snmp_engine_stats before, after;
	const snmp_oid_t name[] = {1, 3, 6, 1, 2, 1, 1, 1, 0};
	struct snmp_varbind v = {.name = name, .name_len = ARRAY_LEN(name)};
	struct snmp_ask ask = {.pdu = SNMP_PDU_GET, .varbinds = &v, .n_varbinds = 1, .tries = 3};

	snmp_engine_get_stats(f->h.engine, &before);
	ask.deadline_us = loop_now_us() + 10000000;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		targets[i] = harness_target(&f->h, &f->addr, &cred);
		for (int n = 0; n < 3; n++) /* three at once share one discovery */
			assert_int_equal(
				snmp_engine_ask(targets[i], &ask, harness_keep, &kept[i], NULL), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		harness_run(&f->h, &kept[i].calls, 3, 12000000);
		assert_int_equal(kept[i].calls, 3);
		assert_int_equal(kept[i].answer.outcome, SNMP_OUTCOME_ANSWER);
		snmp_target_free(targets[i]);
	}
	snmp_engine_get_stats(f->h.engine, &after);
	assert_int_equal(after.discoveries - before.discoveries, ARRAY_LEN(targets));
	assert_int_equal(after.outstanding, 0);
	assert_int_equal(after.waiting, 0);
}

static void test_nobody_there(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred = {.version = SNMP_V2C, .community = "public"};
	struct sockaddr_in closed = harness_address(), nowhere = closed;
	struct snmp_target *target;
	struct kept_answer kept;
	int64_t start_us = loop_now_us();

	target = harness_target(&f->h, &closed, &cred);
	harness_get(&f->h, target, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), "refused");
	assert_true(loop_now_us() - start_us < 200000); /* at once */
	snmp_target_free(target);

	nowhere.sin_addr.s_addr = htonl(0xffffffff); /* broadcast: refused by the kernel itself */
	target = harness_target(&f->h, &nowhere, &cred);
	harness_get(&f->h, target, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), "unreachable");
	assert_true(kept.answer.err < 0);
	snmp_target_free(target);
}

/* The agent comes back with boots + 1: one resynchronisation, no lost request. */
static void test_restart(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred =
		V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass1");
	struct snmp_target *target = harness_target(&f->h, &f->addr, &cred);
	struct snmp_engine_stats before, after;
	struct snmp_engine_id old, new;
	struct kept_answer kept;

	harness_get(&f->h, target, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	snmp_target_get_engine_id(target, &old);
	assert_true(old.len >= 5);
	harness_stop(f->pid);
	f->pid = harness_daemon(&f->h, SNMPD, CONF, &f->addr, f->has_v6 ? f->v6_address : NULL);
	snmp_engine_get_stats(f->h.engine, &before);
	harness_get(&f->h, target, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_int_equal(kept.answer.transmissions, 2);
	snmp_target_get_engine_id(target, &new);
	assert_int_equal(new.boots, old.boots + 1);
	snmp_engine_get_stats(f->h.engine, &after);
	assert_int_equal(after.resyncs - before.resyncs, 1);
	snmp_target_free(target);

	/* Kept over our own restart, the id saves the discovery. */
	target = harness_target(&f->h, &f->addr, &cred);
	assert_int_equal(snmp_target_set_engine_id(target, &new), 0);
	harness_get(&f->h, target, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_int_equal(kept.answer.transmissions, 1);
	snmp_target_free(target);
}

/* The device was replaced: another engine id behind the same address. */
static void test_replaced(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred =
		V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass1");
	struct snmp_target *target = harness_target(&f->h, &f->addr, &cred);
	struct snmp_engine_id id = {.octets = {0x80, 0, 0, 0, 5, 1, 2, 3}, .len = 8, .boots = 7};
	struct kept_answer kept;

	assert_int_equal(snmp_target_set_engine_id(target, &id), 0);
	harness_get(&f->h, target, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	snmp_target_get_engine_id(target, &id);
	assert_true(id.len > 8);
	snmp_target_free(target);
}

static void test_ipv6(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential cred = {.version = SNMP_V2C, .community = "public"};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6,
		.sin6_port = f->addr.sin_port,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	struct snmp_target *target;
	struct kept_answer kept;

	if (!f->has_v6) {
		print_message("no IPv6 loopback here\n");
		skip();
	}
	assert_int_equal(
		snmp_target_new(f->h.engine, (struct sockaddr *)&v6, sizeof(v6), &cred, &target),
		0);
	harness_get(&f->h, target, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), "answer");
	snmp_target_free(target);
	v6.sin6_port = harness_address().sin_port;
	assert_int_equal(
		snmp_target_new(f->h.engine, (struct sockaddr *)&v6, sizeof(v6), &cred, &target),
		0);
	harness_get(&f->h, target, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), "refused");
	snmp_target_free(target);
}

/* ---- GETNEXT, GETBULK ---- */

static void test_walk_requests(void **state)
{
	static const snmp_oid_t SYSTEM[] = {1, 3, 6, 1, 2, 1, 1};
	struct fixture *f = *state;
	struct snmp_credential cred = {.version = SNMP_V2C, .community = "public"};
	struct snmp_target *target = harness_target(&f->h, &f->addr, &cred);
	struct snmp_varbind v = {.name = SYSTEM, .name_len = ARRAY_LEN(SYSTEM)};
	struct snmp_ask ask = {
		.pdu = SNMP_PDU_GETBULK, .varbinds = &v, .n_varbinds = 1, .tries = 1};
	struct kept_answer kept;

	ask.deadline_us = loop_now_us() + 5000000;
	ask.max_repetitions = 7;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_int_equal(kept.answer.n_varbinds, 7);
	ask.pdu = SNMP_PDU_GETNEXT;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.n_varbinds, 1);
	assert_string_equal(kept.first_text, "pantau test agent");
	snmp_target_free(target);
}

/* ---- informs ---- */

static bool file_holds(const char *path, const char *text)
{
	char buf[8192];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

	if (f)
		fclose(f);
	buf[n] = 0;
	return strstr(buf, text) != NULL;
}

static void send_inform(struct fixture *f, const struct sockaddr_in *addr,
			const struct snmp_credential *cred, const char *text)
{
	static const snmp_oid_t UPTIME[] = {1, 3, 6, 1, 2, 1, 1, 3, 0};
	static const snmp_oid_t TRAP_OID[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
	static const snmp_oid_t COLD_START[] = {1, 3, 6, 1, 6, 3, 1, 1, 5, 1};
	static const snmp_oid_t SYS_NAME[] = {1, 3, 6, 1, 2, 1, 1, 5, 0};
	struct snmp_varbind v[] = {
		{.name = UPTIME, .name_len = 9, .type = SNMP_TYPE_TIMETICKS, .v.u = 4711},
		{.name = TRAP_OID,
		 .name_len = 11,
		 .type = SNMP_TYPE_OID,
		 .v.oid = {COLD_START, 10}},
		{.name = SYS_NAME,
		 .name_len = 9,
		 .type = SNMP_TYPE_OCTETS,
		 .v.octets = {(const uint8_t *)text, strlen(text)}},
	};
	struct snmp_ask ask = {
		.pdu = SNMP_PDU_INFORM,
		.varbinds = v,
		.n_varbinds = 3,
		.tries = 3,
		.deadline_us = loop_now_us() + 5000000,
	};
	struct snmp_target *target = harness_target(&f->h, addr, cred);
	struct kept_answer kept;

	harness_ask(&f->h, target, &ask, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), "answer");
	assert_int_equal(kept.answer.error_status, 0);
	assert_int_equal(kept.answer.n_varbinds, 3);
	snmp_target_free(target);
}

static void test_informs(void **state)
{
	static const char TRAPD[] = "authCommunity log public\n"
				    "createUser sha256 SHA-256 authpass1 AES privpass1\n"
				    "authUser log sha256 priv\n"
				    "outputOption n\n";
	struct fixture *f = *state;
	struct snmp_credential v2c = {.version = SNMP_V2C, .community = "public"};
	struct snmp_credential v3 =
		V3("sha256", AUTH_PRIV, SHA256, "authpass1", AES128, "privpass1");
	struct sockaddr_in addr = harness_address();
	pid_t pid = harness_daemon(&f->h, "/usr/sbin/snmptrapd", TRAPD, &addr, NULL);
	char log[128];

	if (pid < 0)
		skip();
	send_inform(f, &addr, &v2c, "from-v2c");
	send_inform(f, &addr, &v3, "from-v3");
	harness_stop(pid);
	snprintf(log, sizeof(log), "%s/%d.log", f->h.dir, ntohs(addr.sin_port));
	assert_true(file_holds(log, "from-v2c"));
	assert_true(file_holds(log, "from-v3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_communities),
		cmocka_unit_test(test_v3_levels),
		cmocka_unit_test(test_v3_wrong),
		cmocka_unit_test(test_wrong_privacy_key_stays_one),
		cmocka_unit_test(test_same_credential_many_devices),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_walk_requests),
		cmocka_unit_test(test_informs),
	};

	if (access(SNMPD, X_OK) < 0) {
		puts("skipped: snmpd is not installed");
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
