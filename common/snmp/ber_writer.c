/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BER encoding over net-snmp's asn_realloc_rbuild_*, without its reallocation: the
 * caller's buffer is all there is. Decides nothing about what is encoded. Source: X.690
 * 8, net-snmp's asn1.h.
 */
#include "common/snmp/ber_writer.h"

#include <assert.h>
#include <string.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "common/snmp/ber_reader.h"

void ber_put_int(struct ber_writer *w, long value)
{
	if (!asn_realloc_rbuild_int(&w->buf, &w->room, &w->used, 0, ASN_INTEGER, &value,
				    sizeof(value)))
		w->error = true;
}

void ber_put_string(struct ber_writer *w, uint8_t type, const void *octets, size_t len)
{
	static const u_char NOTHING[1];

	if (!asn_realloc_rbuild_string(&w->buf, &w->room, &w->used, 0, type, len ? octets : NOTHING,
				       len))
		w->error = true;
}

void ber_put_raw(struct ber_writer *w, const void *octets, size_t len)
{
	assert(w->used <= w->room);
	if (len > w->room - w->used) {
		w->error = true;
		return;
	}
	w->used += len;
	memcpy(w->buf + w->room - w->used, octets, len);
}

/* Wraps everything written since mark. */
void ber_put_header(struct ber_writer *w, uint8_t type, size_t mark)
{
	assert(mark <= w->used);
	if (!asn_realloc_rbuild_header(&w->buf, &w->room, &w->used, 0, type, w->used - mark))
		w->error = true;
}

void ber_put_oid(struct ber_writer *w, const unsigned long *name, size_t len)
{
	if (len < 2 || len > SNMP_OID_LEN_MAX ||
	    !asn_realloc_rbuild_objid(&w->buf, &w->room, &w->used, 0, ASN_OBJECT_ID, name, len))
		w->error = true;
}

void ber_put_unsigned(struct ber_writer *w, uint8_t type, uint64_t value)
{
	struct counter64 wide = {.high = value >> 32, .low = value & UINT32_MAX};
	u_long narrow = value;
	int ok;

	if (type == ASN_COUNTER64)
		ok = asn_realloc_rbuild_unsigned_int64(&w->buf, &w->room, &w->used, 0, type, &wide,
						       sizeof(wide));
	else
		ok = asn_realloc_rbuild_unsigned_int(&w->buf, &w->room, &w->used, 0, type, &narrow,
						     sizeof(narrow));
	if (!ok)
		w->error = true;
}
