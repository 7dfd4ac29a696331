/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads BER (X.690) as SNMP uses it, from octets that anybody may have sent: a cursor
 * with an end and an error that sticks, so that a parser reads straight down and asks
 * once. After an error every read gives 0 or NULL and consumes nothing.
 *
 * net-snmp's asn_parse_* are not used for it: asn_parse_length() does not know where the
 * buffer ends, and values are copied where a pointer into the datagram will do.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_SEQUENCE = 0x30
};

struct ber_reader {
	const uint8_t *at, *end;
	bool error;
};

static inline struct ber_reader ber_reader(const uint8_t *octets, size_t len)
{
	return (struct ber_reader){.at = octets, .end = octets + len};
}

static inline bool ber_at_end(const struct ber_reader *r)
{
	return r->error || r->at == r->end;
}

/* The next element, whatever its tag: sets ret_tag, returns a reader over its content. */
struct ber_reader ber_any(struct ber_reader *r, uint8_t *ret_tag);
/* The next element, which must have that tag. */
struct ber_reader ber_tagged(struct ber_reader *r, uint8_t tag);
/* The next element: an INTEGER that fits 64 bits. */
int64_t ber_int(struct ber_reader *r);
/* The next element: an INTEGER of at most four octets, as a request id is. */
int32_t ber_int32(struct ber_reader *r);
/* The next element: an OCTET STRING; *ret_len is 0 after an error. */
const uint8_t *ber_octets(struct ber_reader *r, size_t *ret_len);

/*
 * Content octets to values. A content that is empty or too long for the type is an error
 * in r. width: octets of the unsigned type, 4 or 8. Devices that encode it as if it were
 * signed send 4294967295 as ff or ff ff ff ff; either is read as net-snmp does, by
 * extending the sign to the width: the number that was meant.
 */
int64_t ber_signed_content(struct ber_reader *r);
uint64_t ber_unsigned_content(struct ber_reader *r, size_t width);
/* Arcs into oid, at most room (up to SNMP_OID_LEN_MAX of them are accepted). Returns how many.
 * An empty content is 0.0, as net-snmp reads it; some devices send it for "no value". */
size_t ber_oid_content(struct ber_reader *r, unsigned long *oid, size_t room);
