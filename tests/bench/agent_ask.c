/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an SNMP agent's answers cost it: asks the same thing over and over, one request at
 * a time, and reads the agent's CPU time from /proc/PID/schedstat before and after.
 *
 *	agent_ask 127.0.0.1:161 PID v2c COMMUNITY
 *	agent_ask 127.0.0.1:161 PID v3 USER AUTHPASS PRIVPASS	(SHA-1, AES-128)
 *
 * Prints "get12 US bulk96 US ROUNDTRIP US": CPU per GET of 12 varbinds, per GETBULK of 96
 *(six columns of ifXTable, 16 repetitions), and the GET's median round trip, in
 * microseconds.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/base/endpoint.h"
#include "common/snmp/snmp_message.h"

enum { WARM_UP = 100, GETS = 3000, BULKS = 1500 };

struct asker {
	int fd;
	const char *pid;
	struct snmp_message_out out; /* who asks, filled in once */
	struct usm_keys keys;
	uint8_t engine_id[32];
	uint8_t buf[65536], answer[65536];
	double round_trips[GETS];
};

static void fail(const char *what)
{
	fprintf(stderr, "agent_ask: %s\n", what);
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* Nanoseconds on a processor of every thread of the process. */
static double cpu_ns(const char *pid)
{
	char path[64];
	double ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/schedstat", pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%lf", &ns) != 1)
		fail("no such process");
	fclose(f);
	return ns;
}

static size_t exchange(struct asker *a)
{
	const uint8_t *at;
	ssize_t n;
	size_t len;

	a->out.salt++;
	a->out.msg_id = a->out.request_id = (a->out.request_id + 1) & 0xfffffff;
	if (snmp_message_encode(&a->out, a->buf, sizeof(a->buf), &at, &len) < 0)
		fail("cannot encode");
	if (send(a->fd, at, len, 0) < 0)
		fail("cannot send");
	n = recv(a->fd, a->answer, sizeof(a->answer), 0);
	if (n <= 0)
		fail("no answer");
	return (size_t)n;
}

/* The agent's engine id and clock, by a request that it has to report on. */
static void discover(struct asker *a, const struct snmp_credential *cred)
{
	struct usm_master master;
	struct snmp_message msg;
	size_t n;

	a->out.version = SNMP_V3;
	a->out.pdu = SNMP_PDU_GET;
	n = exchange(a);
	if (snmp_message_parse(a->answer, n, &msg) < 0 || msg.engine_id_len == 0)
		fail("no engine id");
	memcpy(a->engine_id, msg.engine_id, msg.engine_id_len);
	a->out.engine_id = a->engine_id;
	a->out.engine_id_len = msg.engine_id_len;
	a->out.boots = msg.boots;
	a->out.time = msg.time;
	a->out.user = cred->user;
	if (usm_make_master(cred, &master) < 0 ||
	    usm_localize(cred, &master, a->engine_id, msg.engine_id_len, &a->keys) < 0)
		fail("no keys");
	a->out.keys = &a->keys;
	/* Some agents tell their time only to whom they know. */
	n = exchange(a);
	if (snmp_message_parse(a->answer, n, &msg) == 0) {
		a->out.boots = msg.boots;
		a->out.time = msg.time;
	}
}

static void check_answer(struct asker *a, size_t n)
{
	struct snmp_message msg;

	if (snmp_message_parse(a->answer, n, &msg) < 0)
		fail("the answer is none");
	if (msg.version != SNMP_V3 && (msg.pdu != SNMP_PDU_RESPONSE || msg.error_status != 0))
		fail("the agent answers with an error");
	if (msg.version == SNMP_V3 && !(msg.flags & SNMP_FLAG_PRIV))
		fail("the agent reports an error");
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double run(struct asker *a, int times)
{
	double before;

	for (int i = 0; i < WARM_UP; i++)
		check_answer(a, exchange(a));
	before = cpu_ns(a->pid);
	for (int i = 0; i < times; i++) {
		int64_t begun = now_ns();

		exchange(a);
		if (i < GETS)
			a->round_trips[i] = (double)(now_ns() - begun);
	}
	return (cpu_ns(a->pid) - before) / times / 1000;
}

/* What a poller asks of one interface: sysUpTime and eleven columns. */
static struct snmp_bindings *get_bindings(void)
{
	static const snmp_oid_t names[12][11] = {
		{1, 3, 6, 1, 2, 1, 1, 3, 0},	    {1, 3, 6, 1, 2, 1, 2, 2, 1, 7, 2},
		{1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 2},  {1, 3, 6, 1, 2, 1, 2, 2, 1, 13, 2},
		{1, 3, 6, 1, 2, 1, 2, 2, 1, 14, 2}, {1, 3, 6, 1, 2, 1, 2, 2, 1, 19, 2},
		{1, 3, 6, 1, 2, 1, 2, 2, 1, 20, 2}, {1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 2},
		{1, 3, 6, 1, 2, 1, 2, 2, 1, 16, 2}, {1, 3, 6, 1, 2, 1, 2, 2, 1, 11, 2},
		{1, 3, 6, 1, 2, 1, 2, 2, 1, 17, 2}, {1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 2},
	};
	struct snmp_bindings *bindings;
	struct snmp_varbind varbinds[12];

	for (size_t i = 0; i < 12; i++)
		varbinds[i] = (struct snmp_varbind){.name = names[i], .name_len = i ? 11 : 9};
	if (snmp_bindings_new(varbinds, 12, &bindings) < 0)
		fail("out of memory");
	return bindings;
}

static struct snmp_bindings *bulk_bindings(void)
{
	static const snmp_oid_t columns[] = {6, 7, 8, 10, 11, 15};
	snmp_oid_t names[6][11];
	struct snmp_bindings *bindings;
	struct snmp_varbind varbinds[6];

	for (size_t i = 0; i < 6; i++) {
		const snmp_oid_t name[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, columns[i]};

		memcpy(names[i], name, sizeof(name));
		varbinds[i] = (struct snmp_varbind){.name = names[i], .name_len = ARRAY_LEN(name)};
	}
	if (snmp_bindings_new(varbinds, 6, &bindings) < 0)
		fail("out of memory");
	return bindings;
}

static int open_socket(const char *text)
{
	struct timeval patience = {.tv_sec = 3};
	struct endpoint agent;
	int fd;

	if (endpoint_parse(text, &agent) < 0)
		fail("address: 127.0.0.1:161");
	fd = socket(agent.addr.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&agent.addr, agent.len) < 0)
		fail("no socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

int main(int argc, char **argv)
{
	static struct asker asker;
	struct snmp_credential cred = {.version = SNMP_V3,
				       .level = SNMP_SEC_AUTH_PRIV,
				       .auth = SNMP_AUTH_SHA1,
				       .priv = SNMP_PRIV_AES128};
	bool v3 = argc == 7 && strcmp(argv[3], "v3") == 0;
	double get, bulk;

	if (!v3 && (argc != 5 || strcmp(argv[3], "v2c") != 0))
		fail("usage: agent_ask ADDRESS PID v2c COMMUNITY | v3 USER AUTHPASS "
		     "PRIVPASS");
	asker.fd = open_socket(argv[1]);
	asker.pid = argv[2];
	asker.out.version = SNMP_V2C;
	asker.out.community = argv[4];
	if (v3) {
		cred.user = argv[4];
		cred.auth_pass = argv[5];
		cred.priv_pass = argv[6];
		asker.out.bindings = get_bindings();
		discover(&asker, &cred);
	}
	asker.out.pdu = SNMP_PDU_GET;
	asker.out.bindings = get_bindings();
	get = run(&asker, GETS);
	qsort(asker.round_trips, GETS, sizeof(double), by_value);
	printf("get12 %.1f ", get);
	asker.out.pdu = SNMP_PDU_GETBULK;
	asker.out.field2 = 16;
	asker.out.bindings = bulk_bindings();
	get = asker.round_trips[GETS / 2] / 1000;
	bulk = run(&asker, BULKS);
	printf("bulk96 %.1f roundtrip %.1f\n", bulk, get);
	return 0;
}
