/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bounded BER cursor. Decides whether octets are well-formed; gives them no meaning.
 * Source: X.690 8.1-8.6, 8.19; RFC 3417 8 (which BER SNMP uses: definite lengths, tags
 * under 31).
 */
#include "common/snmp/ber_reader.h"

static struct ber_reader fail(struct ber_reader *r)
{
	r->error = true;
	r->at = r->end;
	return *r;
}

/* Length octets; more than 4 of them cannot be right in a datagram. */
static size_t read_length(struct ber_reader *r)
{
	size_t len, n;

	if (r->at == r->end)
		return fail(r), 0;
	len = *r->at++;
	if (len < 0x80)
		return len;
	n = len & 0x7f;
	if (n == 0 || n > 4 || n > (size_t)(r->end - r->at))
		return fail(r), 0;
	for (len = 0; n; n--)
		len = len << 8 | *r->at++;
	return len;
}

struct ber_reader ber_any(struct ber_reader *r, uint8_t *ret_tag)
{
	struct ber_reader content;
	size_t len;

	*ret_tag = 0;
	if (r->at == r->end)
		return fail(r);
	*ret_tag = *r->at++;
	len = read_length(r);
	if (r->error || len > (size_t)(r->end - r->at))
		return fail(r);
	content = ber_reader(r->at, len);
	r->at += len;
	return content;
}

struct ber_reader ber_tagged(struct ber_reader *r, uint8_t tag)
{
	uint8_t found;
	struct ber_reader content = ber_any(r, &found);

	if (r->error || found != tag)
		return fail(r);
	return content;
}

int64_t ber_int(struct ber_reader *r)
{
	struct ber_reader content = ber_tagged(r, BER_INTEGER);
	int64_t value = ber_signed_content(&content);

	if (content.error)
		fail(r);
	return value;
}

int32_t ber_int32(struct ber_reader *r)
{
	struct ber_reader content = ber_tagged(r, BER_INTEGER);

	if (content.end - content.at > (ptrdiff_t)sizeof(int32_t))
		return fail(r), 0;
	if (content.error || content.at == content.end)
		return fail(r), 0;
	return (int32_t)ber_signed_content(&content);
}

const uint8_t *ber_octets(struct ber_reader *r, size_t *ret_len)
{
	struct ber_reader content = ber_tagged(r, BER_OCTETS);

	*ret_len = (size_t)(content.end - content.at);
	return content.at;
}

int64_t ber_signed_content(struct ber_reader *r)
{
	uint64_t value;

	if (r->at == r->end || r->end - r->at > 8)
		return fail(r), 0;
	value = *r->at & 0x80 ? UINT64_MAX : 0;
	while (r->at < r->end)
		value = value << 8 | *r->at++;
	return (int64_t)value;
}

uint64_t ber_unsigned_content(struct ber_reader *r, size_t width)
{
	bool negative = r->at < r->end && *r->at & 0x80;
	uint64_t mask = width < 8 ? (1ull << 8 * width) - 1 : UINT64_MAX;
	uint64_t value = negative ? UINT64_MAX : 0;

	while (r->end - r->at > 1 && *r->at == 0)
		r->at++;
	if (r->at == r->end || (size_t)(r->end - r->at) > width)
		return fail(r), 0;
	while (r->at < r->end)
		value = value << 8 | *r->at++;
	return value & mask;
}

static uint32_t read_arc(struct ber_reader *r)
{
	uint64_t arc = 0;
	uint8_t octet;

	do {
		if (r->at == r->end || arc >> 25)
			return fail(r), 0;
		octet = *r->at++;
		arc = arc << 7 | (octet & 0x7f);
	} while (octet & 0x80);
	return (uint32_t)arc;
}

size_t ber_oid_content(struct ber_reader *r, unsigned long *oid, size_t room)
{
	size_t n = 2;
	uint32_t first;

	if (room > SNMP_OID_LEN_MAX)
		room = SNMP_OID_LEN_MAX;
	if (r->error || room < 2)
		return fail(r), 0;
	first = r->at == r->end ? 0 : read_arc(r);
	oid[0] = first < 40 ? 0 : first < 80 ? 1 : 2;
	oid[1] = first - 40 * oid[0];
	while (r->at < r->end) {
		if (n == room)
			return fail(r), 0;
		if (*r->at < 0x80)
			oid[n++] = *r->at++; /* most arcs */
		else
			oid[n++] = read_arc(r);
	}
	return r->error ? 0 : n;
}
