/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variable bindings to be sent, in their encoded form: what a request keeps while it
 * waits. (29 bindings are 500 octets; net-snmp's list of them would be 33,000.) Decides
 * which types and names can be sent. Source: RFC 3416 3 (VarBindList), RFC 2578 3.5 (128
 * arcs), 7.1 (ranges).
 */
#include "common/snmp/snmp_bindings.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/snmp/ber_reader.h"
#include "common/snmp/ber_writer.h"
#include "common/snmp/snmp_message.h"

static bool put_value(struct ber_writer *w, const struct snmp_varbind *v)
{
	switch (v->type) {
	case 0: /* a name alone, as GET* sends it */
	case SNMP_TYPE_NULL:
		ber_put_header(w, BER_NULL, w->used);
		return true;
	case SNMP_TYPE_INTEGER:
		ber_put_int(w, v->v.i);
		return v->v.i >= INT32_MIN && v->v.i <= INT32_MAX;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
		ber_put_unsigned(w, v->type, v->v.u);
		return v->v.u <= UINT32_MAX;
	case SNMP_TYPE_COUNTER64:
		ber_put_unsigned(w, v->type, v->v.u);
		return true;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		ber_put_string(w, v->type, v->v.octets.p, v->v.octets.len);
		return true;
	case SNMP_TYPE_OID:
		ber_put_oid(w, v->v.oid.p, v->v.oid.len);
		return true;
	default:
		return false;
	}
}

/* More than the encoding can take: an arc has at most 5 octets, a header 4, a number 9.
 */
static size_t most_octets(const struct snmp_varbind *varbinds, size_t n)
{
	size_t most = 4;

	for (size_t i = 0; i < n && most < SNMP_MESSAGE_MAX; i++) {
		const struct snmp_varbind *v = &varbinds[i];

		most += 4 + 4 + 5 * v->name_len + 4 + 9;
		if (v->type == SNMP_TYPE_OID)
			most += 5 * v->v.oid.len;
		else if (v->type == SNMP_TYPE_OCTETS || v->type == SNMP_TYPE_IPADDRESS ||
			 v->type == SNMP_TYPE_OPAQUE)
			most += v->v.octets.len;
	}
	return most;
}

int snmp_bindings_new(const struct snmp_varbind *varbinds, size_t n, struct snmp_bindings **ret)
{
	size_t most = most_octets(varbinds, n), limit = SNMP_MESSAGE_MAX - SNMP_MESSAGE_OVERHEAD;
	cleanup_free uint8_t *buf = malloc(most < limit ? most : limit);
	struct ber_writer w = {.buf = buf, .room = most < limit ? most : limit};
	struct snmp_bindings *bindings;

	if (!buf)
		return -ENOMEM;
	while (n > 0) {
		const struct snmp_varbind *v = &varbinds[--n];
		size_t mark = w.used;

		if (v->name_len < 2 || v->name_len > SNMP_OID_LEN_MAX || !put_value(&w, v))
			return -EINVAL;
		ber_put_oid(&w, v->name, v->name_len);
		ber_put_header(&w, BER_SEQUENCE, mark);
	}
	ber_put_header(&w, BER_SEQUENCE, 0);
	if (w.error)
		return -EMSGSIZE;
	bindings = malloc(sizeof(*bindings) + w.used);
	if (!bindings)
		return -ENOMEM;
	*bindings = (struct snmp_bindings){.refs = 1, .len = (uint32_t)w.used};
	memcpy(bindings->octets, ber_front(&w), w.used);
	*ret = bindings;
	return 0;
}

struct snmp_bindings *snmp_bindings_ref(struct snmp_bindings *bindings)
{
	assert(!bindings || bindings->refs > 0);
	if (bindings)
		bindings->refs++;
	return bindings;
}

struct snmp_bindings *snmp_bindings_unref(struct snmp_bindings *bindings)
{
	assert(!bindings || bindings->refs > 0);
	if (bindings && --bindings->refs == 0)
		free(bindings);
	return NULL;
}

void snmp_bindings_unrefp(struct snmp_bindings **bindings)
{
	snmp_bindings_unref(*bindings);
}
