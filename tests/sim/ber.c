/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER for SNMP. Knows no PDU. Source: X.690, RFC 3416 3, RFC 3417 8. */
#include "tests/sim/ber.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool read_length(struct ber *r, size_t *ret)
{
	size_t n = 0;
	unsigned int more;

	if (r->p >= r->end)
		return false;
	more = *r->p++;
	if (more < 0x80) {
		n = more;
	} else {
		more &= 0x7f;
		if (more == 0 || more > 3 || (size_t)(r->end - r->p) < more)
			return false;
		while (more--)
			n = n << 8 | *r->p++;
	}
	*ret = n;
	return n <= (size_t)(r->end - r->p);
}

struct ber ber_next(struct ber *r, uint8_t *ret_tag)
{
	struct ber inner = {0};
	size_t len;

	*ret_tag = 0;
	inner.bad = true;
	if (r->bad || r->p >= r->end) {
		r->bad = true;
		return inner;
	}
	*ret_tag = *r->p++;
	if (!read_length(r, &len)) {
		r->bad = true;
		return inner;
	}
	inner = (struct ber){.p = r->p, .end = r->p + len};
	r->p += len;
	return inner;
}

struct ber ber_enter(struct ber *r, uint8_t tag)
{
	uint8_t got;
	struct ber inner = ber_next(r, &got);

	if (got != tag) {
		r->bad = true;
		return (struct ber){.bad = true};
	}
	return inner;
}

int64_t ber_integer(struct ber *r)
{
	struct ber inner = ber_enter(r, SIM_INTEGER);
	size_t len = (size_t)(inner.end - inner.p);
	uint64_t value;

	if (inner.bad || len == 0 || len > 8) {
		r->bad = true;
		return 0;
	}
	value = *inner.p & 0x80 ? UINT64_MAX : 0;
	while (len--)
		value = value << 8 | *inner.p++;
	return (int64_t)value;
}

bool ber_oid_decode(const uint8_t *p, size_t len, struct oid *ret)
{
	const uint8_t *end = p + len;
	uint64_t id = 0;

	ret->len = 0;
	for (; p < end; p++) {
		id = id << 7 | (*p & 0x7f);
		if (id > UINT32_MAX + UINT64_C(80) || ret->len + 2 > OID_MAX)
			return false;
		if (*p & 0x80)
			continue;
		if (ret->len == 0) {
			ret->ids[0] = id < 80 ? (uint32_t)id / 40 : 2;
			ret->ids[1] = (uint32_t)(id - ret->ids[0] * 40);
			ret->len = 2;
		} else {
			ret->ids[ret->len++] = (uint32_t)id;
		}
		id = 0;
	}
	return len > 0 && !(end[-1] & 0x80);
}

void ber_oid(struct ber *r, struct oid *ret)
{
	struct ber inner = ber_enter(r, SIM_OID);

	ret->len = 0;
	if (inner.bad || !ber_oid_decode(inner.p, (size_t)(inner.end - inner.p), ret))
		r->bad = true;
}

int oid_compare(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t n = na < nb ? na : nb;

	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return na == nb ? 0 : na < nb ? -1 : 1;
}

bool oid_parse(const char *text, struct oid *ret)
{
	ret->len = 0;
	if (*text == '.')
		text++;
	while (isdigit((unsigned char)*text) && ret->len < OID_MAX) {
		char *end;
		unsigned long long id = strtoull(text, &end, 10);

		if (id > UINT32_MAX)
			return false;
		ret->ids[ret->len++] = (uint32_t)id;
		if (*end != '.')
			return *end == '\0' && ret->len >= 2;
		text = end + 1;
	}
	return false;
}

void ber_msg_init(struct ber_msg *msg, size_t max)
{
	msg->head = msg->tail = msg->buf + BER_MSG_HEAD;
	msg->max = max < sizeof(msg->buf) - BER_MSG_HEAD ? max : sizeof(msg->buf) - BER_MSG_HEAD;
	msg->full = false;
}

size_t ber_msg_len(const struct ber_msg *msg)
{
	return (size_t)(msg->tail - msg->head);
}

static size_t length_size(size_t len)
{
	return len < 0x80 ? 1 : len < 0x100 ? 2 : 3;
}

static uint8_t *put_length(uint8_t *p, size_t len)
{
	if (len >= 0x100) {
		*p++ = 0x82;
		*p++ = (uint8_t)(len >> 8);
	} else if (len >= 0x80) {
		*p++ = 0x81;
	}
	*p++ = (uint8_t)len;
	return p;
}

static size_t id_size(uint32_t id)
{
	size_t n = 1;

	while (id >>= 7)
		n++;
	return n;
}

static size_t oid_size(const uint32_t *ids, size_t len)
{
	size_t n = 1;

	for (size_t i = 2; i < len; i++)
		n += id_size(ids[i]);
	return n;
}

static uint8_t *put_oid(uint8_t *p, const uint32_t *ids, size_t len)
{
	*p++ = (uint8_t)(len > 1 ? ids[0] * 40 + ids[1] : 0);
	for (size_t i = 2; i < len; i++) {
		for (size_t n = id_size(ids[i]) - 1; n > 0; n--)
			*p++ = (uint8_t)(0x80 | ids[i] >> (7 * n));
		*p++ = ids[i] & 0x7f;
	}
	return p;
}

/* Octets that a two's complement number needs; an unsigned one may need a leading zero.
 */
static size_t int_size(int64_t value)
{
	size_t n = 1;

	while (n < 8 && (value >> (8 * n - 1)) != 0 && (value >> (8 * n - 1)) != -1)
		n++;
	return n;
}

static size_t uint_size(uint64_t value)
{
	return value >> 63 ? 9 : int_size((int64_t)value);
}

static uint8_t *put_int(uint8_t *p, uint64_t value, size_t n)
{
	if (n == 9) {
		*p++ = 0;
		n = 8;
	}
	while (n--)
		*p++ = (uint8_t)(value >> (8 * n));
	return p;
}

static size_t value_size(const struct sim_value *value)
{
	switch (value->type) {
	case SIM_INTEGER:
		return int_size(value->i);
	case SIM_COUNTER32:
	case SIM_GAUGE32:
	case SIM_TIMETICKS:
	case SIM_COUNTER64:
		return uint_size(value->u);
	case SIM_OID:
		return oid_size(value->bytes, value->len);
	case SIM_OCTETS:
	case SIM_IPADDRESS:
	case SIM_OPAQUE:
		return value->len;
	default:
		return 0;
	}
}

static uint8_t *put_value(uint8_t *p, const struct sim_value *value, size_t size)
{
	*p++ = value->type;
	p = put_length(p, size);
	switch (value->type) {
	case SIM_INTEGER:
		return put_int(p, (uint64_t)value->i, size);
	case SIM_COUNTER32:
	case SIM_GAUGE32:
	case SIM_TIMETICKS:
	case SIM_COUNTER64:
		return put_int(p, value->u, size);
	case SIM_OID:
		return put_oid(p, value->bytes, value->len);
	default:
		if (size)
			memcpy(p, value->bytes, size);
		return p + size;
	}
}

static bool fits(struct ber_msg *msg, size_t len)
{
	if (ber_msg_len(msg) + len <= msg->max)
		return true;
	msg->full = true;
	return false;
}

bool ber_append_varbind(struct ber_msg *msg, const struct oid *name, const struct sim_value *value)
{
	size_t name_size = oid_size(name->ids, name->len), size = value_size(value);
	size_t inner = 1 + length_size(name_size) + name_size + 1 + length_size(size) + size;
	uint8_t *p = msg->tail;

	if (!fits(msg, 1 + length_size(inner) + inner))
		return false;
	*p++ = 0x30;
	p = put_length(p, inner);
	*p++ = SIM_OID;
	p = put_length(p, name_size);
	p = put_oid(p, name->ids, name->len);
	msg->tail = put_value(p, value, size);
	return true;
}

bool ber_append_raw(struct ber_msg *msg, const uint8_t *p, size_t len)
{
	if (!fits(msg, len))
		return false;
	memcpy(msg->tail, p, len);
	msg->tail += len;
	return true;
}

static void prepend(struct ber_msg *msg, const void *p, size_t len)
{
	if ((size_t)(msg->head - msg->buf) < len) {
		msg->full = true;
		return;
	}
	msg->head -= len;
	memcpy(msg->head, p, len);
}

void ber_wrap(struct ber_msg *msg, uint8_t tag, size_t len)
{
	uint8_t head[4], *end;

	head[0] = tag;
	end = put_length(head + 1, len);
	prepend(msg, head, (size_t)(end - head));
}

void ber_prepend_octets(struct ber_msg *msg, uint8_t tag, const void *p, size_t len)
{
	prepend(msg, p, len);
	ber_wrap(msg, tag, len);
}

void ber_prepend_int(struct ber_msg *msg, uint8_t tag, int64_t value)
{
	size_t n = int_size(value);
	uint8_t octets[8];

	put_int(octets, (uint64_t)value, n);
	ber_prepend_octets(msg, tag, octets, n);
}
