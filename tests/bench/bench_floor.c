/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. Decides nothing. */
#include "bench_floor.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW = 64, CODEC_LOOPS = 3000 };

double bench_cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double bench_median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return values[n / 2];
}

/* ---- net-snmp's codec ---- */

void bench_codec_init(struct bench_codec *c, const struct usm_keys *keys)
{
	*c = (struct bench_codec){0};
	snmp_sess_init(&c->session);
	c->answer_len = bench_answer(0x40000001, keys, 1, 1000, c->answer, sizeof(c->answer));
	if (!keys) {
		c->session.version = SNMP_VERSION_2c;
		c->session.community = (u_char *)strdup("public");
		c->session.community_len = 6;
		return;
	}
	memcpy(c->engine_id, BENCH_ENGINE_ID, sizeof(c->engine_id));
	c->session.version = SNMP_VERSION_3;
	c->session.securityModel = SNMP_SEC_MODEL_USM;
	c->session.securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	c->session.securityName = strdup(BENCH_V3.user);
	c->session.securityNameLen = strlen(BENCH_V3.user);
	c->session.securityEngineID = c->engine_id;
	c->session.securityEngineIDLen = sizeof(c->engine_id);
	c->session.securityAuthProto = usmHMACSHA1AuthProtocol;
	c->session.securityAuthProtoLen = USM_AUTH_PROTO_SHA_LEN;
	c->session.securityPrivProto = usmAESPrivProtocol;
	c->session.securityPrivProtoLen = USM_PRIV_PROTO_AES_LEN;
	c->session.securityAuthKeyLen = sizeof(c->session.securityAuthKey);
	c->session.securityPrivKeyLen = sizeof(c->session.securityPrivKey);
	if (generate_Ku(usmHMACSHA1AuthProtocol, 10, (const u_char *)BENCH_V3.auth_pass, 9,
			c->session.securityAuthKey, &c->session.securityAuthKeyLen) ||
	    generate_Ku(usmHMACSHA1AuthProtocol, 10, (const u_char *)BENCH_V3.priv_pass, 9,
			c->session.securityPrivKey, &c->session.securityPrivKeyLen) ||
	    usm_create_user_from_session(&c->session) != SNMPERR_SUCCESS)
		errx(1, "net-snmp's user");
	set_enginetime(c->engine_id, sizeof(c->engine_id), 1, 1000, TRUE);
}

static netsnmp_pdu *codec_request(const struct bench_codec *c)
{
	const struct snmp_varbind *names = bench_names();
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	for (int i = 0; i < BENCH_BINDINGS; i++)
		snmp_add_null_var(pdu, names[i].name, names[i].name_len);
	pdu->version = c->session.version;
	if (c->session.version != SNMP_VERSION_3) /* as snmp_sess_async_send fills in */
		return pdu;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	pdu->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	pdu->securityName = strdup(c->session.securityName);
	pdu->securityNameLen = c->session.securityNameLen;
	pdu->securityEngineID = netsnmp_memdup(c->engine_id, sizeof(c->engine_id));
	pdu->securityEngineIDLen = sizeof(c->engine_id);
	pdu->contextEngineID = netsnmp_memdup(c->engine_id, sizeof(c->engine_id));
	pdu->contextEngineIDLen = sizeof(c->engine_id);
	pdu->contextName = strdup("");
	return pdu;
}

static void codec_once(struct bench_codec *c)
{
	u_char stack[4096], work[4096], *packet = stack;
	size_t len = sizeof(stack), offset = 0;
	netsnmp_pdu *pdu = codec_request(c);

	if (snmp_build(&packet, &len, &offset, &c->session, pdu) != 0)
		errx(1, "snmp_build: %s", snmp_api_errstring(c->session.s_snmp_errno));
	snmp_free_pdu(pdu);
	memcpy(work, c->answer, c->answer_len);
	pdu = calloc(1, sizeof(*pdu));
	if (snmp_parse(NULL, &c->session, pdu, work, c->answer_len) != 0)
		errx(1, "snmp_parse: %s", snmp_api_errstring(c->session.s_snmp_errno));
	snmp_free_pdu(pdu);
}

double bench_codec_us(struct bench_codec *c)
{
	double start = bench_cpu_us();

	for (int i = 0; i < CODEC_LOOPS; i++)
		codec_once(c);
	return (bench_cpu_us() - start) / CODEC_LOOPS;
}

/* ---- datagrams ---- */

static size_t raw_request(uint8_t *buf, size_t room)
{
	struct snmp_bindings *names = NULL;
	struct snmp_message_out out = {
		.version = SNMP_V2C,
		.community = "public",
		.pdu = SNMP_PDU_GET,
		.request_id = 0x40000001,
	};
	const uint8_t *at;
	size_t len;

	if (snmp_bindings_new(bench_names(), BENCH_BINDINGS, &names) < 0)
		errx(1, "bindings");
	out.bindings = names;
	if (snmp_message_encode(&out, buf, room, &at, &len) < 0)
		errx(1, "encode");
	memmove(buf, at, len);
	snmp_bindings_unref(names);
	return len;
}

double bench_mmsg_us(const struct bench_responder *r, unsigned int devices)
{
	static uint8_t request[8192], in[WINDOW][4096];
	static struct sockaddr_in peers[WINDOW], from[WINDOW];
	struct mmsghdr out_headers[WINDOW] = {0}, in_headers[WINDOW] = {0};
	struct iovec out_vector = {request, raw_request(request, sizeof(request))},
		     in_vectors[WINDOW];
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned int sent = 0, received = 0;
	double start;

	for (int i = 0; i < WINDOW; i++) {
		out_headers[i].msg_hdr = (struct msghdr){.msg_name = &peers[i],
							 .msg_namelen = sizeof(peers[i]),
							 .msg_iov = &out_vector,
							 .msg_iovlen = 1};
		in_vectors[i] = (struct iovec){in[i], sizeof(in[i])};
		in_headers[i].msg_hdr = (struct msghdr){.msg_name = &from[i],
							.msg_namelen = sizeof(from[i]),
							.msg_iov = &in_vectors[i],
							.msg_iovlen = 1};
	}
	start = bench_cpu_us();
	while (received < devices) {
		unsigned int n = 0;
		int m;

		while (sent < devices && sent - received < WINDOW && n < WINDOW)
			peers[n++] = bench_device(r, sent++);
		if (n && sendmmsg(fd, out_headers, n, 0) != (int)n)
			err(1, "sendmmsg");
		m = recvmmsg(fd, in_headers, WINDOW, MSG_WAITFORONE, NULL);
		if (m < 0)
			err(1, "recvmmsg");
		received += (unsigned int)m;
	}
	start = bench_cpu_us() - start;
	close(fd);
	return start / devices;
}

long bench_rss_kib(void)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f || fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}
