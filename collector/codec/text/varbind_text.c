/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in decimal, OIDs dotted, octets as text where they are; communities never. No MIB is consulted. */
#include "collector/codec/text/varbind_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"
#include "common/snmp/snmp_oids.h"

#define CUT "...\n"

enum { OCTETS_MAX = 1000 }; /* of one value: the others are wanted too */

struct out {
	char *buf;
	size_t size, used;
	bool cut;
};

printf_(2, 3) static void put(struct out *out, const char *fmt, ...)
{
	size_t room = out->size - out->used;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out->buf + out->used, room, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		out->cut = true;
	else
		out->used += (size_t)n;
}

static void put_oid(struct out *out, const snmp_oid_t *oid, size_t len)
{
	for (size_t i = 0; i < len && !out->cut; i++)
		put(out, "%s%lu", i ? "." : "", oid[i]);
}

static bool is_text(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f)
			return false;
	}
	return utf8_text_is_valid((const char *)p, len);
}

static void put_octets(struct out *out, const uint8_t *p, size_t len)
{
	size_t shown = len < OCTETS_MAX ? len : OCTETS_MAX;

	if (is_text(p, len)) {
		while (shown < len && (p[shown] & 0xc0) == 0x80) /* whole characters */
			shown--;
		put(out, "\"%.*s\"", (int)shown, (const char *)p);
	} else {
		put(out, "0x");
		for (size_t i = 0; i < shown && !out->cut; i++)
			put(out, "%02x", p[i]);
	}
	if (shown < len)
		put(out, "... (%zu octets)", len);
}

/* snmpTrapCommunity.0, which a proxy adds to what it passes on (RFC 3584 4.1 8): a secret. */
static bool is_community(const struct snmp_varbind *v)
{
	static const snmp_oid_t COMMUNITY[] = {SNMP_OID_TRAP_COMMUNITY, 0};

	return v->name_len == ARRAY_LEN(COMMUNITY) &&
	       memcmp(v->name, COMMUNITY, sizeof(COMMUNITY)) == 0;
}

static void put_value(struct out *out, const struct snmp_varbind *v)
{
	switch (v->type) {
	case SNMP_TYPE_INTEGER:
		put(out, "%" PRId64, v->v.i);
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		put(out, "%" PRIu64, v->v.u);
		break;
	case SNMP_TYPE_OID:
		put_oid(out, v->v.oid.p, v->v.oid.len);
		break;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_OPAQUE:
		put_octets(out, v->v.octets.p, v->v.octets.len);
		break;
	case SNMP_TYPE_IPADDRESS:
		if (v->v.octets.len == 4)
			put(out, "%u.%u.%u.%u", v->v.octets.p[0], v->v.octets.p[1],
			    v->v.octets.p[2], v->v.octets.p[3]);
		else
			put_octets(out, v->v.octets.p, v->v.octets.len);
		break;
	case SNMP_TYPE_NULL:
		put(out, "null");
		break;
	default:
		put(out, "type 0x%02x", v->type);
		break;
	}
}

size_t varbind_text(const struct snmp_varbind *varbinds, size_t n, char *buf, size_t size)
{
	/* the last line has its place kept */
	struct out out = {.buf = buf, .size = size > sizeof(CUT) ? size - sizeof(CUT) : 0};

	if (out.size == 0) {
		if (size > 0)
			buf[0] = '\0';
		return 0;
	}
	buf[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		size_t line = out.used;

		put_oid(&out, varbinds[i].name, varbinds[i].name_len);
		put(&out, " = ");
		if (is_community(&varbinds[i]))
			put(&out, VARBIND_TEXT_HIDDEN);
		else
			put_value(&out, &varbinds[i]);
		put(&out, "\n");
		if (out.cut) {
			memcpy(buf + line, CUT, sizeof(CUT));
			return line + sizeof(CUT) - 1;
		}
	}
	return out.used;
}
