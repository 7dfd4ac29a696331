/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. Decides nothing: it answers as fast as it can. */
#include "bench_responder.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "common/loop/loop.h"

enum { BATCH = 64, ROOM = 4096, FIRST_DEVICE = 0x7f010001 };

const struct snmp_credential BENCH_V3 = {
	.version = SNMP_V3,
	.user = "bench",
	.level = SNMP_SEC_AUTH_PRIV,
	.auth = SNMP_AUTH_SHA1,
	.auth_pass = "authpass1",
	.priv = SNMP_PRIV_AES128,
	.priv_pass = "privpass1",
};
const uint8_t BENCH_ENGINE_ID[12] = {0x80, 0, 0x1f, 0x88, 4, 'b', 'e', 'n', 'c', 'h', '-', '1'};

/* sysUpTime.0, then per interface: in and out octets, unicast packets (64 bits), errors,
 * in discards */
const struct snmp_varbind *bench_names(void)
{
	static const unsigned int COLUMNS[BENCH_COLUMNS][2] = {
		{6, 1}, {10, 1}, {7, 1}, {11, 1}, {14, 0}, {20, 0}, {13, 0},
	};
	static snmp_oid_t arcs[BENCH_BINDINGS][12];
	static struct snmp_varbind names[BENCH_BINDINGS];
	static const snmp_oid_t UPTIME[] = {1, 3, 6, 1, 2, 1, 1, 3, 0};
	static const snmp_oid_t X[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1},
				IF[] = {1, 3, 6, 1, 2, 1, 2, 2, 1};

	names[0] = (struct snmp_varbind){.name = UPTIME, .name_len = ARRAY_LEN(UPTIME)};
	for (unsigned int i = 1; i < BENCH_BINDINGS; i++) {
		const unsigned int *column = COLUMNS[(i - 1) % BENCH_COLUMNS];
		size_t n = column[1] ? ARRAY_LEN(X) : ARRAY_LEN(IF);

		memcpy(arcs[i], column[1] ? X : IF, n * sizeof(arcs[i][0]));
		arcs[i][n++] = column[0];
		arcs[i][n++] = 1 + (i - 1) / BENCH_COLUMNS;
		names[i] = (struct snmp_varbind){.name = arcs[i], .name_len = n};
	}
	return names;
}

struct sockaddr_in bench_device(const struct bench_responder *r, unsigned int i)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = r->port,
		.sin_addr.s_addr = htonl(FIRST_DEVICE + i),
	};
}

bool bench_is_dead(unsigned int i)
{
	return i % 10 == 9;
}

void bench_keys(struct usm_keys *ret)
{
	struct usm_master master;

	if (usm_make_master(&BENCH_V3, &master) < 0 ||
	    usm_localize(&BENCH_V3, &master, BENCH_ENGINE_ID, sizeof(BENCH_ENGINE_ID), ret) < 0)
		errx(1, "keys");
}

/* Values of now: 1 Mbit/s and more per interface. */
static struct snmp_bindings *values_now(void)
{
	struct snmp_varbind v[BENCH_BINDINGS];
	struct snmp_bindings *bindings = NULL;
	uint64_t ms = (uint64_t)loop_now_us() / 1000;

	memcpy(v, bench_names(), sizeof(v));
	v[0].type = SNMP_TYPE_TIMETICKS;
	v[0].v.u = (ms / 10) & UINT32_MAX;
	for (unsigned int i = 1; i < BENCH_BINDINGS; i++) {
		bool wide = v[i].name_len == 12;

		v[i].type = wide ? SNMP_TYPE_COUNTER64 : SNMP_TYPE_COUNTER32;
		v[i].v.u = wide ? (1ull << 40) + ms * 125 * i : ms / 1000;
	}
	if (snmp_bindings_new(v, BENCH_BINDINGS, &bindings) < 0)
		errx(1, "bindings");
	return bindings;
}

struct answerer {
	struct usm_keys keys;
	struct snmp_bindings *values;
	int64_t values_us;
	uint64_t salt;
	uint8_t plain[ROOM];
};

static void refresh(struct answerer *a)
{
	int64_t now_us = loop_now_us();

	if (a->values && now_us - a->values_us < 5000)
		return;
	snmp_bindings_unref(a->values);
	a->values = values_now();
	a->values_us = now_us;
}

static size_t encode(const struct snmp_message_out *out, uint8_t *buf, size_t room)
{
	static uint8_t work[2 * ROOM];
	const uint8_t *at;
	size_t len;

	if (snmp_message_encode(out, work, sizeof(work), &at, &len) < 0 || len > room)
		errx(1, "encode");
	memcpy(buf, at, len);
	return len;
}

size_t bench_answer(uint32_t id, const struct usm_keys *keys, uint32_t boots, uint32_t time,
		    uint8_t *buf, size_t room)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *values = values_now();
	struct snmp_message_out out = {
		.version = keys ? SNMP_V3 : SNMP_V2C,
		.community = "public",
		.pdu = SNMP_PDU_RESPONSE,
		.request_id = (int32_t)id,
		.bindings = values,
		.msg_id = (int32_t)id,
		.engine_id = BENCH_ENGINE_ID,
		.engine_id_len = sizeof(BENCH_ENGINE_ID),
		.boots = boots,
		.time = time,
		.user = BENCH_V3.user,
		.keys = keys,
		.answer = true,
	};

	return encode(&out, buf, room);
}

static size_t answer_v3(struct answerer *a, struct snmp_message *msg, uint8_t *octets, size_t len,
			struct snmp_message_out *out, uint8_t *buf)
{
	static const snmp_oid_t UNKNOWN_ENGINE[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0};
	struct snmp_varbind v = {.name = UNKNOWN_ENGINE,
				 .name_len = ARRAY_LEN(UNKNOWN_ENGINE),
				 .type = SNMP_TYPE_COUNTER32,
				 .v.u = 1};
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *report = NULL;
	size_t plain_len;

	out->msg_id = (int32_t)msg->msg_id;
	out->engine_id = BENCH_ENGINE_ID;
	out->engine_id_len = sizeof(BENCH_ENGINE_ID);
	out->boots = 1;
	out->time = (uint32_t)(loop_now_us() / 1000000);
	out->user = BENCH_V3.user;
	if (!(msg->flags & SNMP_FLAG_PRIV)) {
		if (snmp_bindings_new(&v, 1, &report) < 0)
			errx(1, "report");
		out->pdu = SNMP_PDU_REPORT;
		out->bindings = report;
		return encode(out, buf, ROOM);
	}
	if (snmp_message_verify(msg, octets, len, &a->keys) < 0 ||
	    usm_decrypt(&a->keys, msg->salt, msg->boots, msg->time, msg->encrypted,
			msg->encrypted_len, a->plain, &plain_len) < 0 ||
	    snmp_message_parse_scoped(a->plain, plain_len, msg) < 0)
		return 0;
	out->request_id = (int32_t)msg->request_id;
	out->keys = &a->keys;
	out->salt = a->salt++;
	return encode(out, buf, ROOM);
}

static size_t answer(struct answerer *a, uint8_t *octets, size_t len, uint8_t *buf)
{
	struct snmp_message msg;
	struct snmp_message_out out = {
		.pdu = SNMP_PDU_RESPONSE, .community = "public", .answer = true};

	if (snmp_message_parse(octets, len, &msg) < 0)
		return 0;
	out.version = (enum snmp_version)msg.version;
	out.bindings = a->values;
	if (msg.version == SNMP_V3)
		return answer_v3(a, &msg, octets, len, &out, buf);
	out.request_id = (int32_t)msg.request_id;
	return encode(&out, buf, ROOM);
}

static bool is_lost(const struct in_pktinfo *info)
{
	return bench_is_dead(ntohl(info->ipi_addr.s_addr) - FIRST_DEVICE) || rand() % 100 < 5;
}

/* The control message that said where the request went says where the answer comes from.
 */
static void serve(int fd, bool faulty)
{
	static uint8_t in[BATCH][ROOM], out[BATCH][ROOM];
	static struct answerer a;
	struct mmsghdr headers[BATCH];
	struct iovec vectors[BATCH];
	struct sockaddr_in peers[BATCH];
	uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];

	bench_keys(&a.keys);
	for (;;) {
		int n, m = 0;

		for (int i = 0; i < BATCH; i++) {
			vectors[i] = (struct iovec){in[i], ROOM};
			headers[i].msg_hdr = (struct msghdr){
				.msg_name = &peers[i],
				.msg_namelen = sizeof(peers[i]),
				.msg_iov = &vectors[i],
				.msg_iovlen = 1,
				.msg_control = control[i],
				.msg_controllen = sizeof(control[i]),
			};
		}
		n = recvmmsg(fd, headers, BATCH, MSG_WAITFORONE, NULL);
		refresh(&a);
		for (int i = 0; i < n; i++) {
			struct in_pktinfo *info =
				(void *)CMSG_DATA(CMSG_FIRSTHDR(&headers[i].msg_hdr));
			size_t len = answer(&a, in[i], headers[i].msg_len, out[i]);

			if (len == 0 || (faulty && is_lost(info)))
				continue;
			info->ipi_ifindex = 0;
			info->ipi_spec_dst = info->ipi_addr;
			vectors[i] = (struct iovec){out[i], len};
			headers[m++] = headers[i];
		}
		if (m > 0)
			(void)sendmmsg(fd, headers, (unsigned int)m, 0);
	}
}

void bench_responder_start(struct bench_responder *ret, bool faulty)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int on = 1, octets = 32 << 20, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0)
		err(1, "responder's socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(octets)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	ret->port = addr.sin_port;
	ret->pid = fork();
	if (ret->pid < 0)
		err(1, "fork");
	if (ret->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd, faulty);
	}
	close(fd);
}

void bench_responder_stop(struct bench_responder *r)
{
	kill(r->pid, SIGKILL);
	waitpid(r->pid, NULL, 0);
}
