/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From datagram to hand-over: who is heard while somebody forges his address, and who a
 * notification is of. Messages are made by common/snmp/snmp_message; no socket is needed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/setup/credential.h"
#include "collector/io/snmp/trap_recv.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static struct credential_conf list[] = {
	{.title = TEXT("sw"), .version = SNMP_V2C, .community = TEXT("rahasia"), .traps = true},
	{.title = TEXT("opd"),
	 .version = SNMP_V3,
	 .user = TEXT("pantau"),
	 .auth = SNMP_AUTH_SHA256,
	 .priv = SNMP_PRIV_AES128,
	 .auth_pass = TEXT("kata-sandi-1"),
	 .priv_pass = TEXT("kata-sandi-2"),
	 .traps = true},
	{.title = TEXT("opd-2"),
	 .version = SNMP_V3,
	 .user = TEXT("pantau"),
	 .auth = SNMP_AUTH_SHA1,
	 .priv = SNMP_PRIV_AES128,
	 .auth_pass = TEXT("kata-sandi-3"),
	 .priv_pass = TEXT("kata-sandi-4"),
	 .traps = true},
};
static const struct credentials_conf credentials = {list, sizeof(list) / sizeof(list[0])};

static struct inventory_entry entries[] = {
	{.id = TEXT("sw"),
	 .name = TEXT("SW"),
	 .address = TEXT("192.0.2.1"),
	 .credential = TEXT("sw")},
	{.id = TEXT("opd"),
	 .name = TEXT("OPD"),
	 .address = TEXT("192.0.2.2"),
	 .credential = TEXT("opd")},
};

static const struct snmp_identity us = {
	.engine_id = "\x80\x00\x1f\x88\x05ourengine", .engine_id_len = 14, .boots = 7};

static const uint8_t THEIRS[] = "\x80\x00\x1f\x88\x05router"; /* an engine that sends traps */
#define THEIRS_LEN (sizeof(THEIRS) - 1)

struct bench {
	struct loop *loop;
	struct trap_auth *auth;
	struct trap_recv *recv;
	struct device_set set;
	struct usm_keys ours[2]; /* of opd and opd-2 */
	struct usm_keys theirs;	 /* of opd, for THEIRS */
	unsigned int arrived;
	struct trap_key key;		  /* of the last one */
	const struct device *last;	  /* whose the last one was */
	int32_t serial;			  /* of requests */
	uint32_t clock_boots, clock_time; /* of THEIRS, as it is to be kept */
	unsigned int clock_moves;
	uint8_t recorded[2048]; /* the last message that was sent */
	size_t recorded_len;
	uint16_t port; /* of the sender; 0: 162 */
};

static const snmp_oid_t TRAP_OID[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
static const snmp_oid_t LINK_DOWN[] = {1, 3, 6, 1, 6, 3, 1, 1, 5, 3};

static void arrived(void *data, const struct trap_arrival *arrival, trap_ticket ticket)
{
	struct bench *b = data;

	b->arrived++;
	b->last = arrival->device;
	b->key = arrival->key;
	trap_recv_done(b->recv, ticket, 0);
}

static void clock_moved(void *data, const uint8_t *engine_id, size_t engine_id_len, uint32_t boots,
			uint32_t time)
{
	struct bench *b = data;

	assert_int_equal(engine_id_len, THEIRS_LEN);
	assert_memory_equal(engine_id, THEIRS, THEIRS_LEN);
	b->clock_boots = boots;
	b->clock_time = time;
	b->clock_moves++;
}

static void receive(struct bench *b, const char *from, const uint8_t *octets, size_t len)
{
	const uint16_t port = b->port ? b->port : 162;
	struct sockaddr_storage address = {0};
	struct sockaddr_in *v4 = (void *)&address;
	uint8_t copy[2048];

	assert_true(len <= sizeof(copy));
	memcpy(copy, octets, len);
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	assert_int_equal(inet_pton(AF_INET, from, &v4->sin_addr), 1);
	trap_recv_datagram(b->recv, &address, copy, len);
}

/* What a sender puts into a linkDown. */
struct sent {
	enum snmp_version version;
	const char *community;
	const struct usm_keys *keys;
	bool trap;	     /* else an inform */
	uint32_t their_time; /* a v3 trap of THEIRS at that time; 0: of ours */
};

static void send_from(struct bench *b, const char *from, const struct sent *sent)
{
	struct snmp_varbind v = {
		.name = TRAP_OID, .name_len = ARRAY_LEN(TRAP_OID), .type = SNMP_TYPE_OID};
	struct snmp_bindings *bindings;
	struct snmp_message_out out = {
		.version = sent->version,
		.community = sent->community,
		.pdu = sent->trap ? SNMP_PDU_TRAP : SNMP_PDU_INFORM,
		.request_id = ++b->serial,
		.msg_id = b->serial,
		.user = "pantau",
		.context = "",
		.engine_id = sent->their_time ? THEIRS : us.engine_id,
		.engine_id_len = sent->their_time ? THEIRS_LEN : us.engine_id_len,
		.boots = us.boots,
		.time = sent->their_time ? sent->their_time : (uint32_t)(loop_now_us() / 1000000),
		.keys = sent->keys,
		.salt = (uint64_t)b->serial,
		.answer = sent->trap,
	};
	static uint8_t room[8192];
	const uint8_t *at;
	size_t len;

	v.v.oid.p = LINK_DOWN;
	v.v.oid.len = ARRAY_LEN(LINK_DOWN);
	assert_int_equal(snmp_bindings_new(&v, 1, &bindings), 0);
	out.bindings = bindings;
	assert_int_equal(snmp_message_encode(&out, room, sizeof(room), &at, &len), 0);
	assert_true(len <= sizeof(b->recorded));
	memcpy(b->recorded, at, len);
	b->recorded_len = len;
	receive(b, from, at, len);
	snmp_bindings_unref(bindings);
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

	assert_int_equal(loop_timer_new(b->loop, on_tick, b, &timer), 0);
	for (int i = 0; i < 500 && b->arrived < 2; i++) {
		b->arrived = 0;
		send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->ours[0], false});
		send_from(b, "198.51.100.250", &(struct sent){SNMP_V3, NULL, &b->ours[1], false});
		loop_timer_arm(timer, 10000);
		loop_run(b->loop);
	}
	loop_timer_free(timer);
	assert_int_equal(b->arrived, 2);
	b->arrived = 0;
}

static void make_keys(const struct credential_conf *credential, const uint8_t *engine_id,
		      size_t len, struct usm_keys *ret)
{
	struct snmp_credential cred = credential_for_snmp(credential);
	struct usm_master master;

	assert_int_equal(usm_make_master(&cred, &master), 0);
	assert_int_equal(usm_localize(&cred, &master, engine_id, len, ret), 0);
}

static void make_recv(struct bench *b)
{
	static char *listen[] = {NULL};
	static const struct trap_recv_conf conf = {.listen = listen, .budget = {50, 500, 100, 700}};
	const struct trap_recv_hooks hooks = {
		.data = b, .arrived = arrived, .clock_moved = clock_moved};

	assert_int_equal(trap_recv_new(b->loop, &conf, &hooks, &b->set, b->auth, &b->recv), 0);
}

static void make_auth(struct bench *b)
{
	assert_int_equal(trap_auth_new(b->loop, &us, &credentials, &b->auth), 0);
	make_recv(b);
	b->arrived = 0;
	wait_for_keys(b);
}

static int setup(void **state)
{
	struct device *devices[ARRAY_LEN(entries)];
	struct bench *b = calloc(1, sizeof(*b));

	assert_int_equal(loop_new(&b->loop), 0);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		devices[i] = device_new(&entries[i]);
		assert_non_null(devices[i]);
	}
	assert_int_equal(device_set_init(&b->set, devices, ARRAY_LEN(entries)), 0);
	make_keys(&list[1], us.engine_id, us.engine_id_len, &b->ours[0]);
	make_keys(&list[2], us.engine_id, us.engine_id_len, &b->ours[1]);
	make_keys(&list[1], THEIRS, THEIRS_LEN, &b->theirs);
	make_auth(b);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	trap_recv_free(b->recv);
	trap_auth_free(b->auth);
	device_set_deinit(&b->set);
	loop_free(b->loop);
	free(b);
	return 0;
}

static struct trap_recv_stats stats_of(const struct bench *b)
{
	struct trap_recv_stats stats;

	trap_recv_get_stats(b->recv, &stats);
	return stats;
}

/* Wrong keys, wrong communities and noise with a device's address: it is heard all the same. */
static void test_forged_junk_starves_nobody(void **state)
{
	struct bench *b = *state;
	struct usm_keys wrong = b->ours[0];
	const struct sent kinds[] = {{SNMP_V3, NULL, &wrong, false},
				     {SNMP_V2C, "salah", NULL, true},
				     {SNMP_V2C, "rahasia", NULL, true}};

	const uint64_t acknowledged = stats_of(b).acknowledged;

	wrong.auth[0] ^= 1;
	for (int i = 0; i < 3000; i++) {
		send_from(b, "192.0.2.2", &kinds[i % 3]);
		receive(b, "192.0.2.2", (const uint8_t *)"sampah", 6);
	}
	assert_int_equal(b->arrived, 0);
	assert_true(stats_of(b).rate_limited > 0);
	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->ours[0], false});
	assert_int_equal(b->arrived, 1);
	assert_ptr_equal(b->last, device_set_find(&b->set, "opd"));
	assert_int_equal(stats_of(b).acknowledged, acknowledged + 1);
}

/* Junk from where no device is: no key is tried for it any more, and nobody else minds. */
static void test_junk_of_nobody_costs_little(void **state)
{
	struct bench *b = *state;
	struct usm_keys wrong = b->ours[0];

	wrong.auth[0] ^= 1;
	for (int i = 0; i < 2000; i++)
		send_from(b, "198.51.100.9", &(struct sent){SNMP_V3, NULL, &wrong, false});
	assert_true(stats_of(b).verdicts[TRAP_UNKNOWN_USER] > 1000);
	send_from(b, "198.51.100.8", &(struct sent){SNMP_V3, NULL, &b->ours[1], false});
	assert_int_equal(b->arrived, 1);
	assert_null(b->last);
}

/* A thousand unknown senders with the right community: they have a limit together. */
static void test_unknown_senders_have_a_total(void **state)
{
	struct bench *b = *state;
	const struct sent sent = {SNMP_V2C, "rahasia", NULL, true};
	char from[32];

	for (int i = 0; i < 2000; i++) {
		snprintf(from, sizeof(from), "198.51.%d.%d", i % 8, i / 8 + 1);
		send_from(b, from, &sent);
	}
	assert_in_range(b->arrived, 700, 1000);
	assert_int_equal(stats_of(b).unknown_limited, 2000 - b->arrived);
	b->last = NULL;
	send_from(b, "192.0.2.1", &sent);
	assert_ptr_equal(b->last, device_set_find(&b->set, "sw"));
	assert_int_equal(stats_of(b).community_limited, 0);
}

/* A device that counts its requests from 1 after each boot, each time from another socket. */
static void test_same_request_of_another_boot(void **state)
{
	struct bench *b = *state;
	const struct sent cold_start = {SNMP_V2C, "rahasia", NULL, false};

	for (int boot = 0; boot < 3; boot++) {
		b->port = (uint16_t)(40000 + boot);
		for (int i = 0; i < 2; i++) { /* once more, since its acknowledgement was lost */
			b->serial = 0;
			send_from(b, "192.0.2.1", &cold_start);
		}
	}
	assert_int_equal(b->arrived, 3);
	assert_int_equal(stats_of(b).repeats, 3);
}

/* What was stored before the start: a repetition if it came lately. */
static void test_keys_of_before(void **state)
{
	struct bench *b = *state;
	const struct sent inform = {SNMP_V2C, "rahasia", NULL, false};

	send_from(b, "192.0.2.1", &inform);
	assert_int_equal(b->arrived, 1);
	b->serial--;
	b->recv = trap_recv_free(b->recv);
	make_recv(b);
	trap_recv_remember(b->recv, &b->key, loop_wall_ms() - 299000);
	send_from(b, "192.0.2.1", &inform);
	assert_int_equal(b->arrived, 1);
	b->serial--;
	b->recv = trap_recv_free(b->recv);
	make_recv(b);
	trap_recv_remember(b->recv, &b->key, loop_wall_ms() - 301000);
	send_from(b, "192.0.2.1", &inform);
	assert_int_equal(b->arrived, 2);
}

static void replay(struct bench *b, const char *from)
{
	receive(b, from, b->recorded, b->recorded_len);
}

/* Recorded and sent again, from its address or another, at once or after a restart. */
static void test_replays(void **state)
{
	struct bench *b = *state;

	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->ours[0], false, 0});
	assert_int_equal(b->arrived, 1);
	replay(b, "198.51.100.7");
	replay(b, "198.51.100.8");
	assert_int_equal(stats_of(b).replayed, 2);
	replay(b, "192.0.2.2"); /* its sender repeats it */
	assert_int_equal(stats_of(b).repeats, 1);
	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->theirs, true, 1000});
	assert_int_equal(b->arrived, 2);
	replay(b, "192.0.2.2");
	replay(b, "198.51.100.7");
	assert_int_equal(b->arrived, 2);
	assert_int_equal(stats_of(b).repeats, 3);
	assert_int_equal(b->clock_moves, 1);
	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->theirs, true, 1000});
	assert_int_equal(b->arrived, 3); /* another of the same second */
	assert_int_equal(b->clock_moves, 1);
	b->recv = trap_recv_free(b->recv);
	b->auth = trap_auth_free(b->auth);
	make_auth(b);
	trap_auth_restore_clock(b->auth, THEIRS, THEIRS_LEN, b->clock_boots, b->clock_time,
				loop_now_us());
	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->theirs, true, 1000});
	assert_int_equal(b->arrived, 0);
	assert_int_equal(stats_of(b).verdicts[TRAP_NOT_IN_WINDOW], 1);
	send_from(b, "192.0.2.2", &(struct sent){SNMP_V3, NULL, &b->theirs, true, 1001});
	assert_int_equal(b->arrived, 1);
}

static void quiet(void *data, enum log_level level, const char *line)
{
	(void)data;
	(void)level;
	(void)line;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_forged_junk_starves_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_junk_of_nobody_costs_little, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_senders_have_a_total, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_request_of_another_boot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys_of_before, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replays, setup, teardown),
	};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
