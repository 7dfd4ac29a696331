/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "responder.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/snmp/snmp_message.h"

#include <cmocka.h>

static const snmp_oid_t SYS_DESCR[] = {1, 3, 6, 1, 2, 1, 1, 1, 0};

const struct snmp_credential RESPONDER_V3 = {
	.version = SNMP_V3,
	.user = "user",
	.level = SNMP_SEC_AUTH_PRIV,
	.auth = SNMP_AUTH_SHA256,
	.auth_pass = "authpass1",
	.priv = SNMP_PRIV_AES128,
	.priv_pass = "privpass1",
};

static void responder_send(struct responder *r, int fd, const struct snmp_message_out *out)
{
	static uint8_t buf[4096];
	const uint8_t *at;
	size_t len;

	assert_int_equal(snmp_message_encode(out, buf, sizeof(buf), &at, &len), 0);
	assert_int_equal(sendto(fd, at, len, 0, (struct sockaddr *)&r->client, sizeof(r->client)),
			 (ssize_t)len);
}

static struct snmp_bindings *bindings_of(const char *text)
{
	struct snmp_varbind v = {
		.name = SYS_DESCR,
		.name_len = ARRAY_LEN(SYS_DESCR),
		.type = SNMP_TYPE_OCTETS,
		.v.octets = {(const uint8_t *)text, strlen(text)},
	};
	struct snmp_bindings *ret = NULL;

	assert_int_equal(snmp_bindings_new(&v, 1, &ret), 0);
	return ret;
}

static void send_text(struct responder *r, int fd, int64_t id, const char *text)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = bindings_of(text);
	struct snmp_message_out out = {
		.version = SNMP_V2C,
		.community = "public",
		.pdu = SNMP_PDU_RESPONSE,
		.request_id = (int32_t)id,
		.bindings = bindings,
	};

	responder_send(r, fd, &out);
}

static void send_broken(struct responder *r, enum act act, int64_t id)
{
	static const uint8_t NOT_A_LIST[] = {0x30, 4, 0x30, 2, 0x06, 9};
	uint8_t octets[64] = {0x30, 0x26, 2, 1, 1, 4, 6, 'p', 'u', 'b'};
	struct snmp_bindings *bindings = malloc(sizeof(*bindings) + sizeof(NOT_A_LIST));
	struct snmp_message_out out = {
		.version = SNMP_V2C,
		.community = "public",
		.pdu = act == NO_RESPONSE ? SNMP_PDU_GET : SNMP_PDU_RESPONSE,
		.request_id = (int32_t)id,
		.bindings = bindings,
	};

	*bindings = (struct snmp_bindings){.refs = 1, .len = sizeof(NOT_A_LIST)};
	memcpy(bindings->octets, NOT_A_LIST, sizeof(NOT_A_LIST));
	if (act == BAD_BINDINGS || act == NO_RESPONSE)
		responder_send(r, r->fd, &out);
	else
		assert_true(sendto(r->fd, octets, act == CUT ? 10 : 64, 0,
				   (struct sockaddr *)&r->client, sizeof(r->client)) > 0);
	free(bindings);
}

static void perform(struct responder *r, enum act act, int64_t id)
{
	switch (act) {
	case ANSWER:
		send_text(r, r->fd, id, "right");
		break;
	case TWICE:
		send_text(r, r->fd, id, "right");
		send_text(r, r->fd, id, "again");
		break;
	case OTHER_SOURCE:
		send_text(r, r->other_fd, id, "wrong source");
		break;
	case OTHER_ID:
		send_text(r, r->fd, id ^ 0x100, "wrong id");
		send_text(r, r->fd, 5, "no id of ours");
		send_text(r, r->fd, id + 1, "a transmission not yet made");
		break;
	case GARBAGE:
	case CUT:
	case BAD_BINDINGS:
	case NO_RESPONSE:
		send_broken(r, act, id);
		break;
	case DROP:
	case END:
		break;
	}
}

struct delayed {
	struct responder *r;
	struct loop_timer *timer;
	enum act act;
	int64_t id;
};

static void on_delay(void *data)
{
	struct delayed *d = data;

	perform(d->r, d->act, d->id);
	loop_timer_free(d->timer);
	free(d);
}

static void perform_later(struct responder *r, enum act act, int64_t id)
{
	struct delayed *d = malloc(sizeof(*d));

	*d = (struct delayed){.r = r, .act = act, .id = id};
	assert_int_equal(loop_timer_new(r->h->loop, on_delay, d, &d->timer), 0);
	assert_int_equal(loop_timer_arm(d->timer, r->delay_us), 0);
}

void responder_set_engine(struct responder *r, const char *id, uint32_t boots, uint32_t time)
{
	struct usm_master master;

	assert_int_equal(usm_make_master(&RESPONDER_V3, &master), 0);
	assert_int_equal(usm_peer_set_engine(&r->self, (const uint8_t *)id, strlen(id)), 0);
	assert_int_equal(usm_peer_localize(&r->self, &RESPONDER_V3, &master), 0);
	usm_peer_set_time(&r->self, boots, time, loop_now_us());
}

/* arc 0: a Response. Otherwise a Report of usmStats.arc; authentic if keys are given. */
static void send_v3(struct responder *r, int64_t id, unsigned int arc, const struct usm_keys *keys)
{
	snmp_oid_t name[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, arc, 0};
	struct snmp_varbind v = {
		.name = name,
		.name_len = ARRAY_LEN(name),
		.type = SNMP_TYPE_COUNTER32,
		.v.u = 1,
	};
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = NULL;
	struct snmp_message_out out = {
		.version = SNMP_V3,
		.pdu = arc ? SNMP_PDU_REPORT : SNMP_PDU_RESPONSE,
		.request_id = arc ? 0 : (int32_t)id, /* many agents leave a Report's at 0 */
		.msg_id = (int32_t)id,
		.engine_id = r->self.engine_id,
		.engine_id_len = r->self.engine_id_len,
		.boots = r->self.boots,
		.time = usm_peer_time(&r->self, loop_now_us()),
		.user = RESPONDER_V3.user,
		.keys = keys,
		.salt = r->self.salt++,
	};

	if (arc)
		assert_int_equal(snmp_bindings_new(&v, 1, &bindings), 0);
	else
		bindings = bindings_of("right");
	out.bindings = bindings;
	responder_send(r, r->fd, &out);
}

/* RFC 3414 3.2 in short, with the faults that a test sets. */
static void handle_v3(struct responder *r, struct snmp_message *msg, uint8_t *octets, size_t len)
{
	struct usm_keys auth = r->self.keys, wrong = r->self.keys;
	int64_t now = usm_peer_time(&r->self, loop_now_us());

	auth.priv_protocol = SNMP_PRIV_NONE;
	wrong.auth[0] ^= 1;
	if (msg->engine_id_len != r->self.engine_id_len ||
	    memcmp(msg->engine_id, r->self.engine_id, msg->engine_id_len) != 0) {
		send_v3(r, msg->msg_id, 4, NULL);
	} else if (snmp_message_verify(msg, octets, len, &r->self.keys) < 0) {
		send_v3(r, msg->msg_id, 5, NULL);
	} else if (r->wrong_window_for_ever || msg->boots != r->self.boots ||
		   now - (int64_t)msg->time > 150 || (int64_t)msg->time - now > 150) {
		send_v3(r, msg->msg_id, 2, r->reports_unauthenticated ? NULL : &auth);
	} else if (r->plain_answers) {
		send_v3(r, msg->msg_id, 0, NULL);
	} else {
		send_v3(r, msg->msg_id, 0, r->wrong_digest ? &wrong : &r->self.keys);
	}
}

static void on_request(void *data, int fd, unsigned int what)
{
	struct responder *r = data;
	static uint8_t octets[4096];
	socklen_t addr_len = sizeof(r->client);
	struct snmp_message msg;
	enum act act;
	ssize_t n = recvfrom(fd, octets, sizeof(octets), MSG_DONTWAIT,
			     (struct sockaddr *)&r->client, &addr_len);

	(void)what;
	if (n < 0)
		return;
	assert_int_equal(snmp_message_parse(octets, (size_t)n, &msg), 0);
	r->requests++;
	if (msg.version == SNMP_V3) {
		handle_v3(r, &msg, octets, (size_t)n);
		return;
	}
	r->last_id = msg.request_id;
	act = *r->script;
	if (r->script[1] != END)
		r->script++;
	if (r->delay_us)
		perform_later(r, act, msg.request_id);
	else
		perform(r, act, msg.request_id);
}

static int bound_socket(struct sockaddr_in *ret)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	if (ret)
		*ret = addr;
	return fd;
}

void responder_init(struct responder *r, struct engine_harness *h, const enum act *script)
{
	*r = (struct responder){.h = h, .script = script};
	r->fd = bound_socket(&r->addr);
	r->other_fd = bound_socket(NULL);
	assert_int_equal(loop_fd_new(h->loop, r->fd, LOOP_READ, on_request, r, &r->watch), 0);
}

void responder_deinit(struct responder *r)
{
	loop_fd_free(r->watch);
	close(r->fd);
	close(r->other_fd);
}
