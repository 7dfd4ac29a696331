/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP's message processing as an agent does it. Values come from mib.c.
 * Source: RFC 3416 4.2, RFC 3412 6, RFC 3414 3.
 */
#include "tests/sim/agent.h"

#include <string.h>

#include "common/base/cleanup.h"
#include "tests/sim/mib.h"
#include "tests/sim/usm.h"

enum {
	PDU_GET = 0xa0,
	PDU_GETNEXT = 0xa1,
	PDU_RESPONSE = 0xa2,
	PDU_GETBULK = 0xa5,
	PDU_REPORT = 0xa8
};
enum { ERROR_TOO_BIG = 1, ERROR_NO_SUCH_NAME = 2, ERROR_GENERAL = 5 };
enum { VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3 };
enum { FLAG_AUTH = 1, FLAG_PRIV = 2, FLAG_REPORTABLE = 4 };
enum { STATS_LEVEL = 1, STATS_WINDOW, STATS_USER, STATS_ENGINE, STATS_DIGEST, STATS_DECRYPT };

#define REPEATERS_MAX 64
#define WINDOW_S      150

struct pdu {
	uint8_t tag;
	int64_t request_id, a, b; /* error status and index, or non-repeaters and max-repetitions */
	struct ber varbinds;
};

struct request {
	struct device *device;
	int64_t now_us, version;
	struct pdu pdu;
	struct ber_msg *out;
	struct agent_stats *stats;
};

static bool read_pdu(struct ber *r, struct pdu *ret)
{
	struct ber pdu = ber_next(r, &ret->tag);

	ret->request_id = ber_integer(&pdu);
	ret->a = ber_integer(&pdu);
	ret->b = ber_integer(&pdu);
	ret->varbinds = ber_enter(&pdu, 0x30);
	return !r->bad && !pdu.bad;
}

static bool read_name(struct ber *varbinds, struct oid *ret)
{
	struct ber varbind = ber_enter(varbinds, 0x30);

	ber_oid(&varbind, ret);
	if (varbind.bad)
		varbinds->bad = true;
	return !varbinds->bad;
}

/* Ends a response whose varbinds are in place. */
static void finish_pdu(const struct request *request, uint8_t tag, int64_t status, int64_t index)
{
	struct ber_msg *out = request->out;

	ber_wrap(out, 0x30, ber_msg_len(out));
	ber_prepend_int(out, SIM_INTEGER, index);
	ber_prepend_int(out, SIM_INTEGER, status);
	ber_prepend_int(out, SIM_INTEGER, request->pdu.request_id);
	ber_wrap(out, tag, ber_msg_len(out));
}

/* SNMPv1 returns the request's varbinds; RFC 3416 4.2.1 has none with tooBig. */
static void fail_pdu(const struct request *request, int64_t status, int64_t index)
{
	const struct ber *varbinds = &request->pdu.varbinds;

	request->out->tail = request->out->head;
	if (status != ERROR_TOO_BIG)
		ber_append_raw(request->out, varbinds->p, (size_t)(varbinds->end - varbinds->p));
	finish_pdu(request, PDU_RESPONSE, status, index);
}

static bool too_many(const struct request *request, unsigned int n)
{
	return request->device->max_varbinds && n > request->device->max_varbinds;
}

static bool answer_get(struct request *request)
{
	struct ber varbinds = request->pdu.varbinds;
	struct sim_value value;
	struct oid name;

	for (unsigned int i = 1; varbinds.p < varbinds.end; i++) {
		if (!read_name(&varbinds, &name))
			return false;
		if (request->pdu.tag == PDU_GET)
			mib_get(request->device, request->now_us, &name, &value);
		else if (!mib_next(request->device, request->now_us, &name, &value))
			value.type = SIM_END_OF_MIB_VIEW;
		if (request->version == VERSION_1 &&
		    (value.type >= SIM_NO_SUCH_OBJECT || value.type == SIM_COUNTER64)) {
			fail_pdu(request, ERROR_NO_SUCH_NAME, i);
			return true;
		}
		request->stats->varbinds++;
		if (too_many(request, i) || !ber_append_varbind(request->out, &name, &value)) {
			fail_pdu(request, ERROR_TOO_BIG, 0);
			return true;
		}
	}
	finish_pdu(request, PDU_RESPONSE, 0, 0);
	return true;
}

/* One varbind more; false if there is no room for it. */
static bool add_next(struct request *request, struct oid *name, bool *ret_end)
{
	struct sim_value value;

	*ret_end = !mib_next(request->device, request->now_us, name, &value);
	if (*ret_end)
		value.type = SIM_END_OF_MIB_VIEW;
	request->stats->varbinds++;
	return ber_append_varbind(request->out, name, &value);
}

/* RFC 3416 4.2.3: as many whole or partial repetitions as fit; none fit: an empty list.
 */
static void repeat(struct request *request, struct oid *names, size_t n, unsigned int added)
{
	for (int64_t row = 0; n > 0 && row < request->pdu.b; row++) {
		size_t ended = 0;

		for (size_t i = 0; i < n; i++) {
			bool end;

			if (too_many(request, ++added) || !add_next(request, &names[i], &end))
				return;
			ended += end;
		}
		if (ended == n)
			return;
	}
}

static bool answer_bulk(struct request *request)
{
	static struct oid names[REPEATERS_MAX];
	struct ber varbinds = request->pdu.varbinds;
	unsigned int added = 0;
	size_t n = 0;
	bool end;

	for (int64_t i = 0; varbinds.p < varbinds.end && n < REPEATERS_MAX; i++) {
		if (!read_name(&varbinds, &names[n]))
			return false;
		if (i >= request->pdu.a)
			n++;
		else if (too_many(request, ++added) || !add_next(request, &names[n], &end))
			break;
	}
	repeat(request, names, n, added);
	finish_pdu(request, PDU_RESPONSE, 0, 0);
	return true;
}

/* The response PDU into out; false for silence. */
static bool answer_pdu(struct request *request)
{
	const struct device *device = request->device;

	switch (request->pdu.tag) {
	case PDU_GET:
	case PDU_GETNEXT:
		return answer_get(request);
	case PDU_GETBULK:
		if (device->bulk == BULK_HANG || request->version == VERSION_1)
			return false;
		if (device->bulk == BULK_OK)
			return answer_bulk(request);
		fail_pdu(request, ERROR_GENERAL, 1);
		return true;
	default:
		return false;
	}
}

static bool answer_community(struct request *request, struct ber *msg)
{
	struct ber community = ber_enter(msg, SIM_OCTETS);
	size_t len = (size_t)(community.end - community.p);
	const char *ours = request->device->community;

	if (msg->bad || !read_pdu(msg, &request->pdu)) {
		request->stats->malformed++;
		return false;
	}
	if (!ours || strlen(ours) != len || memcmp(ours, community.p, len) != 0) {
		request->stats->wrong_community++;
		return false;
	}
	if (!answer_pdu(request))
		return false;
	ber_prepend_octets(request->out, SIM_OCTETS, ours, len);
	ber_prepend_int(request->out, SIM_INTEGER, request->version);
	ber_wrap(request->out, 0x30, ber_msg_len(request->out));
	return true;
}

/* A v3 message taken apart: RFC 3412 6, RFC 3414 2.4. */
struct v3 {
	int64_t id, boots, time;
	uint8_t flags;
	struct ber engine, user, digest, salt, scoped;
	const uint8_t *msg;
	size_t len;
};

static bool read_v3(struct ber *r, struct v3 *v3)
{
	struct ber header = ber_enter(r, 0x30), octets = {0}, params, flags;
	uint8_t tag;

	v3->id = ber_integer(&header);
	(void)ber_integer(&header);
	flags = ber_enter(&header, SIM_OCTETS);
	octets = ber_enter(r, SIM_OCTETS);
	params = ber_enter(&octets, 0x30);
	v3->engine = ber_enter(&params, SIM_OCTETS);
	v3->boots = ber_integer(&params);
	v3->time = ber_integer(&params);
	v3->user = ber_enter(&params, SIM_OCTETS);
	v3->digest = ber_enter(&params, SIM_OCTETS);
	v3->salt = ber_enter(&params, SIM_OCTETS);
	if (header.bad || octets.bad || params.bad || r->bad || flags.p >= flags.end)
		return false;
	v3->flags = *flags.p;
	v3->scoped = ber_next(r, &tag);
	return !r->bad && tag == (v3->flags & FLAG_PRIV ? SIM_OCTETS : 0x30);
}

static size_t size_of(const struct ber *r)
{
	return (size_t)(r->end - r->p);
}

static bool digest_is_right(const struct request *request, const struct v3 *v3)
{
	const struct usm_user *user = request->device->user;
	const struct usm_keys *keys = usm_keys_of(request->device);
	size_t n = usm_digest_len(user);
	uint8_t copy[2048], digest[64];

	if (!keys || size_of(&v3->digest) != n || v3->len > sizeof(copy))
		return false;
	memcpy(copy, v3->msg, v3->len);
	memset(copy + (v3->digest.p - v3->msg), 0, n);
	usm_digest(user, keys, copy, v3->len, digest);
	return memcmp(digest, v3->digest.p, n) == 0;
}

static uint32_t engine_time(const struct request *request)
{
	return device_uptime_ticks(request->device, request->now_us) / 100;
}

static bool in_window(const struct request *request, const struct v3 *v3)
{
	int64_t late = v3->time - engine_time(request);

	return v3->boots == request->device->boots && late <= WINDOW_S && late >= -WINDOW_S;
}

/* RFC 3414 3.2: what is wrong with it, or 0. */
static int check_v3(const struct request *request, const struct v3 *v3)
{
	const struct usm_user *user = request->device->user;
	uint8_t engine[USM_ENGINE_ID_LEN];

	usm_engine_id(request->device, engine);
	if (size_of(&v3->engine) != sizeof(engine) ||
	    memcmp(v3->engine.p, engine, sizeof(engine)) != 0)
		return STATS_ENGINE;
	if (!user || strlen(usm_user_name(user)) != size_of(&v3->user) ||
	    memcmp(usm_user_name(user), v3->user.p, size_of(&v3->user)) != 0)
		return STATS_USER;
	if ((v3->flags & (FLAG_AUTH | FLAG_PRIV)) != (FLAG_AUTH | FLAG_PRIV))
		return STATS_LEVEL;
	if (!digest_is_right(request, v3))
		return STATS_DIGEST;
	if (!in_window(request, v3))
		return STATS_WINDOW;
	return 0;
}

static bool decrypt(const struct request *request, const struct v3 *v3, uint8_t *buf,
		    struct ber *ret)
{
	size_t len = size_of(&v3->scoped);

	if (size_of(&v3->salt) != 8 || len > 2048)
		return false;
	memcpy(buf, v3->scoped.p, len);
	if (!usm_crypt(usm_keys_of(request->device), false, (uint32_t)v3->boots, (uint32_t)v3->time,
		       v3->salt.p, buf, len))
		return false;
	*ret = (struct ber){.p = buf, .end = buf + len};
	*ret = ber_enter(ret, 0x30);
	return !ret->bad;
}

/* A PDU in out becomes a scopedPDU, encrypted if told so; salt is what the receiver
 * needs. */
static void put_scope(struct request *request, bool priv, uint8_t salt[8])
{
	static uint64_t next_salt = 1;
	struct ber_msg *out = request->out;
	uint8_t engine[USM_ENGINE_ID_LEN];

	usm_engine_id(request->device, engine);
	ber_prepend_octets(out, SIM_OCTETS, "", 0);
	ber_prepend_octets(out, SIM_OCTETS, engine, sizeof(engine));
	ber_wrap(out, 0x30, ber_msg_len(out));
	if (!priv)
		return;
	memcpy(salt, &next_salt, 8);
	next_salt++;
	usm_crypt(usm_keys_of(request->device), true, request->device->boots, engine_time(request),
		  salt, out->head, ber_msg_len(out));
	ber_wrap(out, SIM_OCTETS, ber_msg_len(out));
}

/* flags: what protects the answer. */
static void put_v3(struct request *request, const struct v3 *v3, uint8_t flags)
{
	struct ber_msg *out = request->out;
	const struct usm_user *user = request->device->user;
	size_t n = flags & FLAG_AUTH ? usm_digest_len(user) : 0, scoped, len;
	uint8_t salt[8], zero[64] = {0}, engine[USM_ENGINE_ID_LEN], *digest;

	put_scope(request, flags & FLAG_PRIV, salt);
	scoped = ber_msg_len(out);
	usm_engine_id(request->device, engine);
	ber_prepend_octets(out, SIM_OCTETS, salt, flags & FLAG_PRIV ? 8 : 0);
	ber_prepend_octets(out, SIM_OCTETS, zero, n);
	digest = out->head + 2;
	ber_prepend_octets(out, SIM_OCTETS, v3->user.p, size_of(&v3->user));
	ber_prepend_int(out, SIM_INTEGER, engine_time(request));
	ber_prepend_int(out, SIM_INTEGER, request->device->boots);
	ber_prepend_octets(out, SIM_OCTETS, engine, sizeof(engine));
	ber_wrap(out, 0x30, ber_msg_len(out) - scoped);
	ber_wrap(out, SIM_OCTETS, ber_msg_len(out) - scoped);
	len = ber_msg_len(out);
	ber_prepend_int(out, SIM_INTEGER, 3);
	ber_prepend_octets(out, SIM_OCTETS, &flags, 1);
	ber_prepend_int(out, SIM_INTEGER, 65507);
	ber_prepend_int(out, SIM_INTEGER, v3->id);
	ber_wrap(out, 0x30, ber_msg_len(out) - len);
	ber_prepend_int(out, SIM_INTEGER, VERSION_3);
	ber_wrap(out, 0x30, ber_msg_len(out));
	if (n)
		usm_digest(user, usm_keys_of(request->device), out->head, ber_msg_len(out), digest);
}

/* RFC 3414 3.2: all but a message outside the window are reported without authentication.
 */
static bool report(struct request *request, const struct v3 *v3, int what)
{
	struct oid name = {.ids = {1, 3, 6, 1, 6, 3, 15, 1, 1, (uint32_t)what, 0}, .len = 11};
	struct sim_value value = {.type = SIM_COUNTER32, .u = ++request->stats->reports};

	if (!(v3->flags & FLAG_REPORTABLE))
		return false;
	ber_append_varbind(request->out, &name, &value);
	finish_pdu(request, PDU_REPORT, 0, 0);
	put_v3(request, v3, what == STATS_WINDOW ? FLAG_AUTH : 0);
	return true;
}

static bool answer_v3(struct request *request, struct ber *msg, const uint8_t *p, size_t len)
{
	struct v3 v3 = {.msg = p, .len = len};
	uint8_t plain[2048];
	struct ber scoped, octets;
	int wrong;

	if (!read_v3(msg, &v3)) {
		request->stats->malformed++;
		return false;
	}
	wrong = check_v3(request, &v3);
	if (wrong)
		return report(request, &v3, wrong);
	if (!decrypt(request, &v3, plain, &scoped))
		return report(request, &v3, STATS_DECRYPT);
	octets = ber_enter(&scoped, SIM_OCTETS);
	octets = ber_enter(&scoped, SIM_OCTETS);
	(void)octets;
	if (!read_pdu(&scoped, &request->pdu)) {
		request->stats->malformed++;
		return false;
	}
	if (!answer_pdu(request))
		return false;
	put_v3(request, &v3, FLAG_AUTH | FLAG_PRIV);
	return true;
}

bool agent_answer(struct device *device, int64_t now_us, const uint8_t *p, size_t len,
		  struct ber_msg *ret, struct agent_stats *stats)
{
	struct ber r = {.p = p, .end = p + len}, msg = ber_enter(&r, 0x30);
	struct request request = {.device = device,
				  .now_us = now_us,
				  .version = ber_integer(&msg),
				  .out = ret,
				  .stats = stats};
	bool answered = false;

	stats->requests++;
	device_advance(device, now_us);
	/* What the headers add is no more than this. */
	ber_msg_init(ret, device->max_size - (request.version == VERSION_3 ? 180U : 80U));
	if (msg.bad)
		stats->malformed++;
	else if (request.version == VERSION_3)
		answered = answer_v3(&request, &msg, p, len);
	else if (request.version == VERSION_1 || request.version == VERSION_2C)
		answered = answer_community(&request, &msg);
	stats->answers += answered;
	return answered;
}
