/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AgentX encoding. Decides what octets mean; the order of PDUs is agentx_session's.
 * Source: RFC 2741 5 (types), 6.1 (header).
 */
#include "agent/codec/snmp/agentx_pdu.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum {
	VERSION = 1,
	OID_HEAD = 4,
	INTERNET_LEN = 5, /* 1.3.6.1.prefix */
};

/* ---- reading ---- */

static uint32_t get_u32(const uint8_t *p, bool big_endian)
{
	if (big_endian)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

int agentx_header_parse(const uint8_t *octets, struct agentx_header *ret)
{
	bool big_endian = octets[2] & AGENTX_NETWORK_BYTE_ORDER;
	struct agentx_header header = {
		.type = octets[1],
		.flags = octets[2],
		.session = get_u32(octets + 4, big_endian),
		.transaction = get_u32(octets + 8, big_endian),
		.packet = get_u32(octets + 12, big_endian),
		.payload_len = get_u32(octets + 16, big_endian),
	};

	if (octets[0] != VERSION || header.payload_len > AGENTX_PAYLOAD_MAX ||
	    header.payload_len % 4 != 0)
		return -EBADMSG;
	*ret = header;
	return 0;
}

struct agentx_reader agentx_reader(const struct agentx_header *header, const uint8_t *payload)
{
	return (struct agentx_reader){
		.at = payload,
		.end = payload + header->payload_len,
		.big_endian = header->flags & AGENTX_NETWORK_BYTE_ORDER,
	};
}

/* The next len octets, or NULL and an error. */
static const uint8_t *take(struct agentx_reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (r->error || len > (size_t)(r->end - r->at)) {
		r->error = true;
		r->at = r->end;
		return NULL;
	}
	r->at += len;
	return at;
}

uint16_t agentx_read_u16(struct agentx_reader *r)
{
	const uint8_t *p = take(r, 2);

	if (!p)
		return 0;
	return r->big_endian ? (uint16_t)(p[0] << 8 | p[1]) : (uint16_t)(p[1] << 8 | p[0]);
}

uint32_t agentx_read_u32(struct agentx_reader *r)
{
	const uint8_t *p = take(r, 4);

	return p ? get_u32(p, r->big_endian) : 0;
}

void agentx_read_oid(struct agentx_reader *r, struct agentx_oid *ret)
{
	static const snmp_oid_t internet[] = {1, 3, 6, 1};
	const uint8_t *head = take(r, OID_HEAD);
	size_t n, prefix;

	ret->len = 0;
	ret->include = false;
	if (!head)
		return;
	n = head[0];
	prefix = head[1] ? INTERNET_LEN : 0;
	if (n + prefix > AGENTX_OID_MAX || n * 4 > (size_t)(r->end - r->at)) {
		r->error = true;
		return;
	}
	ret->include = head[2];
	if (prefix) {
		memcpy(ret->subids, internet, sizeof(internet));
		ret->subids[INTERNET_LEN - 1] = head[1];
	}
	for (size_t i = 0; i < n; i++)
		ret->subids[prefix + i] = agentx_read_u32(r);
	ret->len = n + prefix;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

const uint8_t *agentx_read_octets(struct agentx_reader *r, size_t *ret_len)
{
	size_t len = agentx_read_u32(r);
	const uint8_t *octets = len <= AGENTX_PAYLOAD_MAX ? take(r, padded(len)) : NULL;

	r->error = r->error || !octets;
	*ret_len = octets ? len : 0;
	return octets;
}

/* ---- writing ---- */

static uint8_t *room_for(struct agentx_writer *w, size_t len)
{
	size_t most = w->start + AGENTX_HEADER_LEN + AGENTX_PAYLOAD_MAX;
	uint8_t *at = w->buf + w->len;

	if (w->full || len > (w->room < most ? w->room : most) - w->len) {
		w->full = true;
		return NULL;
	}
	w->len += len;
	return at;
}

static void set_u32(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 24);
	p[1] = (uint8_t)(value >> 16);
	p[2] = (uint8_t)(value >> 8);
	p[3] = (uint8_t)value;
}

void agentx_put_u32(struct agentx_writer *w, uint32_t value)
{
	uint8_t *p = room_for(w, 4);

	if (p)
		set_u32(p, value);
}

void agentx_put_u16(struct agentx_writer *w, uint16_t value)
{
	uint8_t *p = room_for(w, 2);

	if (!p)
		return;
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void agentx_put_octets(struct agentx_writer *w, const uint8_t *octets, size_t len)
{
	uint8_t *p;

	assert(w->len <= w->room);
	agentx_put_u32(w, (uint32_t)len);
	p = room_for(w, padded(len));
	if (!p || !len)
		return;
	memset(p + padded(len) - 4, 0, 4);
	memcpy(p, octets, len);
}

void agentx_put_oid(struct agentx_writer *w, const snmp_oid_t *subids, size_t len)
{
	/* Names below 1.3.6.1.n are written as n and the rest (RFC 2741 5.1). */
	size_t skip = (len >= INTERNET_LEN && subids[0] == 1 && subids[1] == 3 && subids[2] == 6 &&
		       subids[3] == 1 && subids[4] > 0 && subids[4] <= 255)
			      ? INTERNET_LEN
			      : 0;
	uint8_t *p = len <= AGENTX_OID_MAX ? room_for(w, OID_HEAD + 4 * (len - skip)) : NULL;

	if (!p) {
		w->full = true;
		return;
	}
	p[0] = (uint8_t)(len - skip);
	p[1] = skip ? (uint8_t)subids[4] : 0;
	p[2] = p[3] = 0;
	for (size_t i = skip; i < len; i++)
		set_u32(p + OID_HEAD + 4 * (i - skip), (uint32_t)subids[i]);
}

bool agentx_put_varbind(struct agentx_writer *w, const struct snmp_varbind *varbind)
{
	size_t mark = w->len;

	if (w->full)
		return false;
	agentx_put_u16(w, varbind->type);
	agentx_put_u16(w, 0);
	agentx_put_oid(w, varbind->name, varbind->name_len);
	switch (varbind->type) {
	case SNMP_TYPE_INTEGER:
		agentx_put_u32(w, (uint32_t)varbind->v.i);
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
		agentx_put_u32(w, (uint32_t)varbind->v.u);
		break;
	case SNMP_TYPE_COUNTER64:
		agentx_put_u32(w, (uint32_t)(varbind->v.u >> 32));
		agentx_put_u32(w, (uint32_t)varbind->v.u);
		break;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		agentx_put_octets(w, varbind->v.octets.p, varbind->v.octets.len);
		break;
	case SNMP_TYPE_OID:
		agentx_put_oid(w, varbind->v.oid.p, varbind->v.oid.len);
		break;
	default: /* NULL and the exceptions */
		break;
	}
	if (!w->full)
		return true;
	w->len = mark;
	w->full = false;
	return false;
}

void agentx_begin(struct agentx_writer *w, const struct agentx_header *header)
{
	uint8_t *p;

	assert(w->len <= w->room);
	w->start = w->len;
	w->full = false;
	p = room_for(w, AGENTX_HEADER_LEN);
	if (!p)
		return;
	p[0] = VERSION;
	p[1] = header->type;
	p[2] = AGENTX_NETWORK_BYTE_ORDER;
	p[3] = 0;
	set_u32(p + 4, header->session);
	set_u32(p + 8, header->transaction);
	set_u32(p + 12, header->packet);
}

bool agentx_end(struct agentx_writer *w)
{
	bool fits = !w->full;

	assert(w->start <= w->len);
	if (fits)
		set_u32(w->buf + w->start + 16, (uint32_t)(w->len - w->start - AGENTX_HEADER_LEN));
	else
		w->len = w->start;
	w->full = false;
	return fits;
}
