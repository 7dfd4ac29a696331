/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encodes variable bindings. Lengths are computed first, so that nothing has to be moved;
 * the list's own length always takes three octets, since it is known only at the end.
 * Source: X.690 8.1, 8.3, 8.19; RFC 3417 8; RFC 2578 7.1.
 */
#include "agent/codec/snmp/varbind_writer.h"

#include <assert.h>
#include <string.h>

#include "common/snmp/ber_reader.h"

void varbind_writer_init(struct varbind_writer *w, uint8_t *buf, size_t room)
{
	w->start = buf;
	w->at = buf + VARBIND_WRITER_HEAD;
	w->end = buf + room;
}

/* ---- lengths ---- */

static size_t arc_len(snmp_oid_t arc)
{
	size_t len = 1;

	for (; arc > 0x7f; arc >>= 7)
		len++;
	return len;
}

static size_t oid_len(const snmp_oid_t *arcs, size_t n)
{
	size_t i, len = arc_len(arcs[0] * 40 + arcs[1]);

	for (i = 2; i < n; i++)
		len += arc_len(arcs[i]);
	return len;
}

/* Fewest octets of a two's complement number. */
static size_t signed_len(int64_t value)
{
	size_t len = 1;

	for (; value > 0x7f || value < -0x80; value >>= 8)
		len++;
	return len;
}

/* An unsigned number is encoded as a signed one, so its highest bit must be 0. */
static size_t unsigned_len(uint64_t value)
{
	size_t len = 1;

	for (; value > 0x7f; value >>= 8)
		len++;
	return len;
}

static bool oid_is_encodable(const snmp_oid_t *arcs, size_t n)
{
	return n >= 2 && n <= SNMP_OID_LEN_MAX && arcs[0] <= 2;
}

/* False for a value that cannot be encoded. */
static bool value_len(const struct snmp_varbind *v, size_t *ret)
{
	*ret = 0;
	switch (v->type) {
	case SNMP_TYPE_INTEGER:
		*ret = signed_len(v->v.i);
		return true;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		*ret = unsigned_len(v->v.u);
		return true;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		*ret = v->v.octets.len;
		return true;
	case SNMP_TYPE_OID:
		if (!oid_is_encodable(v->v.oid.p, v->v.oid.len))
			return false;
		*ret = oid_len(v->v.oid.p, v->v.oid.len);
		return true;
	default:
		return true; /* NULL and the exceptions */
	}
}

static size_t header_len(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : 4;
}

/* ---- octets ---- */

static void put_header(struct varbind_writer *w, uint8_t tag, size_t len)
{
	*w->at++ = tag;
	if (len >= 0x100) {
		*w->at++ = 0x82;
		*w->at++ = (uint8_t)(len >> 8);
	} else if (len >= 0x80) {
		*w->at++ = 0x81;
	}
	*w->at++ = (uint8_t)len;
}

static void put_arc(struct varbind_writer *w, snmp_oid_t arc)
{
	size_t i;

	for (i = arc_len(arc) - 1; i > 0; i--)
		*w->at++ = (uint8_t)(0x80 | (arc >> (7 * i)));
	*w->at++ = (uint8_t)(arc & 0x7f);
}

static void put_oid(struct varbind_writer *w, const snmp_oid_t *arcs, size_t n)
{
	size_t i;

	put_arc(w, arcs[0] * 40 + arcs[1]);
	for (i = 2; i < n; i++) {
		if (arcs[i] <= 0x7f)
			*w->at++ = (uint8_t)arcs[i];
		else
			put_arc(w, arcs[i]);
	}
}

static void put_number(struct varbind_writer *w, uint64_t value, size_t len)
{
	for (; len > 8; len--)
		*w->at++ = 0;
	for (; len > 0; len--)
		*w->at++ = (uint8_t)(value >> (8 * (len - 1)));
}

bool varbind_writer_add(struct varbind_writer *w, const struct snmp_varbind *varbind)
{
	size_t room = (size_t)(w->end - w->at);
	size_t name, value, content;

	if (!oid_is_encodable(varbind->name, varbind->name_len) || !value_len(varbind, &value) ||
	    value > room)
		return false;
	name = oid_len(varbind->name, varbind->name_len);
	content = header_len(name) + name + header_len(value) + value;
	if (header_len(content) + content > room)
		return false;
	put_header(w, BER_SEQUENCE, content);
	put_header(w, BER_OID, name);
	put_oid(w, varbind->name, varbind->name_len);
	put_header(w, varbind->type, value);
	switch (varbind->type) {
	case SNMP_TYPE_INTEGER:
		put_number(w, (uint64_t)varbind->v.i, value);
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		put_number(w, varbind->v.u, value);
		break;
	case SNMP_TYPE_OID:
		put_oid(w, varbind->v.oid.p, varbind->v.oid.len);
		break;
	default:
		if (value)
			memcpy(w->at, varbind->v.octets.p, value);
		w->at += value;
		break;
	}
	return true;
}

size_t varbind_writer_finish(struct varbind_writer *w)
{
	size_t len = (size_t)(w->at - w->start) - VARBIND_WRITER_HEAD;

	assert(w->at <= w->end);
	w->start[0] = BER_SEQUENCE;
	w->start[1] = 0x82;
	w->start[2] = (uint8_t)(len >> 8);
	w->start[3] = (uint8_t)len;
	return len + VARBIND_WRITER_HEAD;
}
