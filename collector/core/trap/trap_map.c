/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications to plain structs: v1 traps by RFC 3584 3.1, the standard ones of RFC 3418
 * and RFC 2863, and PANTAU-MIB's, whose event number is the instance of their objects.
 * What follows from a notification is decided in correlate.c.
 */
#include "collector/core/trap/trap_map.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/number_text.h"
#include "common/base/utf8_text.h"
#include "common/snmp/snmp_oids.h"
#include "pantau_mib.h"

#define OID(...)                                                                                   \
	(const snmp_oid_t[])                                                                       \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define OID_LEN(...) (sizeof((const snmp_oid_t[]){__VA_ARGS__}) / sizeof(snmp_oid_t))

static const char *const KIND_NAMES[NOTIFICATION_KIND_N] = {
	[NOTIFICATION_OTHER] = "other",
	[NOTIFICATION_COLD_START] = "cold-start",
	[NOTIFICATION_WARM_START] = "warm-start",
	[NOTIFICATION_LINK_DOWN] = "link-down",
	[NOTIFICATION_LINK_UP] = "link-up",
	[NOTIFICATION_AUTH_FAILURE] = "authentication-failure",
	[NOTIFICATION_AGENT_START] = "agent-start",
	[NOTIFICATION_AGENT_STOP] = "agent-stop",
	[NOTIFICATION_LINK_FLAPPING] = "link-flapping",
	[NOTIFICATION_LINK_SETTLED] = "link-settled",
	[NOTIFICATION_LINK_ADDED] = "link-added",
	[NOTIFICATION_LINK_REMOVED] = "link-removed",
	[NOTIFICATION_LINK_RENAMED] = "link-renamed",
	[NOTIFICATION_PATH_DOWN] = "path-down",
	[NOTIFICATION_PATH_DEGRADED] = "path-degraded",
	[NOTIFICATION_PATH_UP] = "path-up",
	[NOTIFICATION_CLOCK_STEP] = "clock-step",
	[NOTIFICATION_EVENTS_DROPPED] = "events-dropped",
};

/* snmpTraps.1 to .5 (RFC 3418); .6, egpNeighborLoss, concerns nobody any more. */
static const enum notification_kind STANDARD_KINDS[] = {
	[SNMP_TRAP_COLD_START] = NOTIFICATION_COLD_START,
	[SNMP_TRAP_WARM_START] = NOTIFICATION_WARM_START,
	[SNMP_TRAP_LINK_DOWN] = NOTIFICATION_LINK_DOWN,
	[SNMP_TRAP_LINK_UP] = NOTIFICATION_LINK_UP,
	[SNMP_TRAP_AUTH_FAILURE] = NOTIFICATION_AUTH_FAILURE,
};

/* By the last arc, which is the event's type too. */
static const enum notification_kind PANTAU_KINDS[] = {
	[PANTAU_EVENT_TYPE_AGENT_START] = NOTIFICATION_AGENT_START,
	[PANTAU_EVENT_TYPE_AGENT_STOP] = NOTIFICATION_AGENT_STOP,
	[PANTAU_EVENT_TYPE_LINK_DOWN] = NOTIFICATION_LINK_DOWN,
	[PANTAU_EVENT_TYPE_LINK_UP] = NOTIFICATION_LINK_UP,
	[PANTAU_EVENT_TYPE_LINK_FLAPPING] = NOTIFICATION_LINK_FLAPPING,
	[PANTAU_EVENT_TYPE_LINK_SETTLED] = NOTIFICATION_LINK_SETTLED,
	[PANTAU_EVENT_TYPE_LINK_ADDED] = NOTIFICATION_LINK_ADDED,
	[PANTAU_EVENT_TYPE_LINK_REMOVED] = NOTIFICATION_LINK_REMOVED,
	[PANTAU_EVENT_TYPE_LINK_RENAMED] = NOTIFICATION_LINK_RENAMED,
	[PANTAU_EVENT_TYPE_PATH_DOWN] = NOTIFICATION_PATH_DOWN,
	[PANTAU_EVENT_TYPE_PATH_DEGRADED] = NOTIFICATION_PATH_DEGRADED,
	[PANTAU_EVENT_TYPE_PATH_UP] = NOTIFICATION_PATH_UP,
	[PANTAU_EVENT_TYPE_CLOCK_STEP] = NOTIFICATION_CLOCK_STEP,
	[PANTAU_EVENT_TYPE_EVENTS_DROPPED] = NOTIFICATION_EVENTS_DROPPED,
};

const char *notification_kind_name(enum notification_kind kind)
{
	return (unsigned int)kind < NOTIFICATION_KIND_N ? KIND_NAMES[kind] : "other";
}

static bool begins(const snmp_oid_t *oid, size_t len, const snmp_oid_t *prefix, size_t prefix_len)
{
	return len >= prefix_len && memcmp(oid, prefix, prefix_len * sizeof(*oid)) == 0;
}

#define BEGINS(vb, ...) begins((vb)->name, (vb)->name_len, OID(__VA_ARGS__), OID_LEN(__VA_ARGS__))

/* Of a dotted OID right below another; 0: it is not. */
static unsigned long last_arc(const char *oid, const snmp_oid_t *above, size_t above_len)
{
	char text[256];
	size_t len = strlen(trap_oid_text(above, above_len, text, sizeof(text)));
	uint64_t last;

	if (strncmp(oid, text, len) != 0 || oid[len] != '.')
		return 0;
	return number_text(oid + len + 1, 1, UINT32_MAX, &last) ? last : 0;
}

const char *notification_oid_name(const char *oid)
{
	static const char *const STANDARD[] = {[1] = "coldStart",
					       [2] = "warmStart",
					       [3] = "linkDown",
					       [4] = "linkUp",
					       [5] = "authenticationFailure",
					       [6] = "egpNeighborLoss"};
	static const char *const PANTAU[] = {
		[PANTAU_EVENT_TYPE_AGENT_START] = "pantauAgentStart",
		[PANTAU_EVENT_TYPE_AGENT_STOP] = "pantauAgentStop",
		[PANTAU_EVENT_TYPE_LINK_DOWN] = "pantauLinkDown",
		[PANTAU_EVENT_TYPE_LINK_UP] = "pantauLinkUp",
		[PANTAU_EVENT_TYPE_LINK_FLAPPING] = "pantauLinkFlapping",
		[PANTAU_EVENT_TYPE_LINK_SETTLED] = "pantauLinkSettled",
		[PANTAU_EVENT_TYPE_LINK_ADDED] = "pantauLinkAdded",
		[PANTAU_EVENT_TYPE_LINK_REMOVED] = "pantauLinkRemoved",
		[PANTAU_EVENT_TYPE_LINK_RENAMED] = "pantauLinkRenamed",
		[PANTAU_EVENT_TYPE_PATH_DOWN] = "pantauPathDown",
		[PANTAU_EVENT_TYPE_PATH_DEGRADED] = "pantauPathDegraded",
		[PANTAU_EVENT_TYPE_PATH_UP] = "pantauPathUp",
		[PANTAU_EVENT_TYPE_CLOCK_STEP] = "pantauClockStep",
		[PANTAU_EVENT_TYPE_EVENTS_DROPPED] = "pantauEventsDropped",
	};
	unsigned long last = last_arc(oid, OID(SNMP_OID_TRAPS), OID_LEN(SNMP_OID_TRAPS));

	if (last > 0)
		return last < ARRAY_LEN(STANDARD) ? STANDARD[last] : NULL;
	last = last_arc(oid, OID(PANTAU_OID_NOTIFICATIONS), OID_LEN(PANTAU_OID_NOTIFICATIONS));
	return last < ARRAY_LEN(PANTAU) ? PANTAU[last] : NULL;
}

static uint64_t as_number(const struct snmp_varbind *vb)
{
	switch (vb->type) {
	case SNMP_TYPE_INTEGER:
		return vb->v.i > 0 ? (uint64_t)vb->v.i : 0;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		return vb->v.u;
	default:
		return 0;
	}
}

/* RFC 2578 has no 64-bit gauge; CounterBasedGauge64 (RFC 2856) travels as Counter64. */
static uint32_t as_u32(const struct snmp_varbind *vb)
{
	uint64_t number = as_number(vb);

	return number <= UINT32_MAX ? (uint32_t)number : 0;
}

static uint8_t as_enum(const struct snmp_varbind *vb)
{
	uint64_t number = as_number(vb);

	return number <= UINT8_MAX ? (uint8_t)number : 0;
}

/* Devices send what they like: what is no UTF-8 or no text becomes '?'. */
static void take_text(const struct snmp_varbind *vb, char *buf, size_t size)
{
	if (vb->type != SNMP_TYPE_OCTETS)
		return;
	utf8_text_clean_octets(vb->v.octets.p,
			       strnlen((const char *)vb->v.octets.p, vb->v.octets.len), buf, size);
}

static void take_event_column(const struct snmp_varbind *vb, struct notification *n)
{
	size_t entry_len = OID_LEN(PANTAU_OID_EVENT_ENTRY);

	if (vb->name_len != entry_len + 2 || vb->name[entry_len + 1] > UINT32_MAX)
		return;
	n->number = (uint32_t)vb->name[entry_len + 1];
	switch (vb->name[entry_len]) {
	case PANTAU_COL_EVENT_TIME_MS:
		n->event_ms = as_number(vb) <= INT64_MAX ? (int64_t)as_number(vb) : 0;
		break;
	case PANTAU_COL_EVENT_MONOTONIC_US:
		n->event_mono_us = as_number(vb);
		break;
	case PANTAU_COL_EVENT_CLOCK_STATE:
		n->clock_state = as_enum(vb);
		break;
	case PANTAU_COL_EVENT_IF_INDEX:
		n->if_index = as_u32(vb);
		break;
	case PANTAU_COL_EVENT_IF_NAME:
		take_text(vb, n->if_name, sizeof(n->if_name));
		break;
	case PANTAU_COL_EVENT_ROLE:
		n->role = as_enum(vb);
		break;
	case PANTAU_COL_EVENT_VALUE:
		n->value = as_u32(vb);
		break;
	case PANTAU_COL_EVENT_TEXT:
		take_text(vb, n->text, sizeof(n->text));
		break;
	case PANTAU_COL_EVENT_EPOCH_ID:
		n->epoch_id = as_u32(vb);
		break;
	default:
		break;
	}
}

/* ifEntry and ifXEntry; the instance is the ifIndex, even where ifIndex itself is missing. */
static void take_if_column(const struct snmp_varbind *vb, size_t entry_len, bool extended,
			   struct notification *n)
{
	if (vb->name_len != entry_len + 2)
		return;
	if (n->if_index == 0 && vb->name[entry_len + 1] <= INT32_MAX)
		n->if_index = (uint32_t)vb->name[entry_len + 1];
	if (extended) {
		if (vb->name[entry_len] == SNMP_IFX_NAME)
			take_text(vb, n->if_name, sizeof(n->if_name));
		return;
	}
	switch (vb->name[entry_len]) {
	case SNMP_IF_INDEX:
		n->if_index = as_u32(vb) ? as_u32(vb) : n->if_index;
		break;
	case SNMP_IF_DESCR: /* from devices that know no ifName */
		if (n->if_name[0] == '\0')
			take_text(vb, n->if_name, sizeof(n->if_name));
		break;
	case SNMP_IF_ADMIN_STATUS:
		n->admin = as_enum(vb);
		break;
	case SNMP_IF_OPER_STATUS:
		n->oper = as_enum(vb);
		break;
	default:
		break;
	}
}

/* 0.0.0.0 is what those say that do not know (RFC 1157 4.1.6 leaves them no other way). */
static void take_origin(const uint8_t address[4], struct notification *n)
{
	static const uint8_t NONE[4];

	if (memcmp(address, NONE, sizeof(NONE)) != 0)
		snprintf(n->origin, sizeof(n->origin), "%u.%u.%u.%u", address[0], address[1],
			 address[2], address[3]);
}

/* What a proxy adds (RFC 3584 3.1 4 and 5). */
static void take_proxied(const struct snmp_varbind *vb, struct notification *n)
{
	if (BEGINS(vb, SNMP_OID_TRAP_ADDRESS, 0) && vb->type == SNMP_TYPE_IPADDRESS &&
	    vb->v.octets.len == 4)
		take_origin(vb->v.octets.p, n);
	if (BEGINS(vb, SNMP_OID_TRAP_COMMUNITY, 0) && vb->type == SNMP_TYPE_OCTETS) {
		n->community = vb->v.octets.p;
		n->community_len = vb->v.octets.len;
	}
}

/* RFC 3584 3.1 (2)-(3): the OID of a v1 trap. */
static int v1_oid(const struct trap_pdu *pdu, struct notification *n)
{
	static const snmp_oid_t TRAPS[] = {SNMP_OID_TRAPS};

	if (pdu->generic >= 0 && pdu->generic <= 5) {
		memcpy(n->oid, TRAPS, sizeof(TRAPS));
		n->oid[ARRAY_LEN(TRAPS)] = (snmp_oid_t)pdu->generic + 1;
		n->oid_len = ARRAY_LEN(TRAPS) + 1;
		return 0;
	}
	if (pdu->generic != 6 || pdu->enterprise_len == 0 || pdu->specific < 0 ||
	    pdu->enterprise_len + 2 > NOTIFICATION_OID_MAX)
		return -EINVAL;
	memcpy(n->oid, pdu->enterprise, pdu->enterprise_len * sizeof(*n->oid));
	n->oid[pdu->enterprise_len] = 0;
	n->oid[pdu->enterprise_len + 1] = (snmp_oid_t)pdu->specific;
	n->oid_len = pdu->enterprise_len + 2;
	return 0;
}

/* The value of snmpTrapOID.0, which should be the second varbind and is not everywhere. */
static int v2_oid(const struct trap_pdu *pdu, struct notification *n)
{
	for (size_t i = 0; i < pdu->n_varbinds; i++) {
		const struct snmp_varbind *vb = &pdu->varbinds[i];

		if (!BEGINS(vb, SNMP_OID_TRAP_OID, 0))
			continue;
		if (vb->type != SNMP_TYPE_OID || vb->v.oid.len == 0 ||
		    vb->v.oid.len > NOTIFICATION_OID_MAX)
			return -EINVAL;
		memcpy(n->oid, vb->v.oid.p, vb->v.oid.len * sizeof(*n->oid));
		n->oid_len = vb->v.oid.len;
		return 0;
	}
	return -EINVAL;
}

static enum notification_kind kind_below(const struct notification *n, const snmp_oid_t *prefix,
					 size_t prefix_len, const enum notification_kind *kinds,
					 size_t n_kinds)
{
	snmp_oid_t last = n->oid_len == prefix_len + 1 ? n->oid[prefix_len] : 0;

	if (!begins(n->oid, n->oid_len, prefix, prefix_len) || last >= n_kinds)
		return NOTIFICATION_OTHER;
	return kinds[last];
}

int trap_map(const struct trap_pdu *pdu, struct notification *ret)
{
	struct notification n = {.inform = pdu->inform};
	int r = pdu->v1 ? v1_oid(pdu, &n) : v2_oid(pdu, &n);

	if (r < 0)
		return r;
	if (pdu->v1) {
		n.has_uptime = true;
		n.uptime_ticks = pdu->uptime_ticks;
		take_origin(pdu->agent_address, &n);
	}
	n.kind = kind_below(&n, OID(SNMP_OID_TRAPS), OID_LEN(SNMP_OID_TRAPS), STANDARD_KINDS,
			    ARRAY_LEN(STANDARD_KINDS));
	if (n.kind == NOTIFICATION_OTHER) {
		n.kind = kind_below(&n, OID(PANTAU_OID_NOTIFICATIONS),
				    OID_LEN(PANTAU_OID_NOTIFICATIONS), PANTAU_KINDS,
				    ARRAY_LEN(PANTAU_KINDS));
		n.pantau = begins(n.oid, n.oid_len, OID(PANTAU_OID_NOTIFICATIONS),
				  OID_LEN(PANTAU_OID_NOTIFICATIONS));
	}
	for (size_t i = 0; i < pdu->n_varbinds; i++) {
		const struct snmp_varbind *vb = &pdu->varbinds[i];

		if (BEGINS(vb, PANTAU_OID_EVENT_ENTRY)) {
			take_event_column(vb, &n);
		} else if (BEGINS(vb, SNMP_OID_IF_ENTRY)) {
			take_if_column(vb, OID_LEN(SNMP_OID_IF_ENTRY), false, &n);
		} else if (BEGINS(vb, SNMP_OID_IFX_ENTRY)) {
			take_if_column(vb, OID_LEN(SNMP_OID_IFX_ENTRY), true, &n);
		} else if (BEGINS(vb, PANTAU_OID_AGENT_SITE_ID)) {
			take_text(vb, n.site_id, sizeof(n.site_id));
		} else if (BEGINS(vb, PANTAU_OID_AGENT_MONOTONIC_US)) {
			n.sent_mono_us = as_number(vb);
		} else if (BEGINS(vb, SNMP_OID_SYS_UPTIME, 0) && !n.has_uptime) {
			n.has_uptime = vb->type == SNMP_TYPE_TIMETICKS;
			n.uptime_ticks = as_number(vb);
		} else {
			take_proxied(vb, &n);
		}
	}
	*ret = n;
	return 0;
}

#define AHEAD_MAX_MS  (300 * INT64_C(1000)) /* clocks that agree no better are not synchronised */
#define BEHIND_MAX_MS (400 * INT64_C(86400000)) /* longer than any agent stores */

static bool is_plausible(int64_t time_ms, int64_t received_ms)
{
	return time_ms <= received_ms + AHEAD_MAX_MS && time_ms >= received_ms - BEHIND_MAX_MS;
}

int64_t notification_time_ms(const struct notification *n, int64_t received_ms)
{
	bool synchronised =
		n->clock_state == PANTAU_CLOCK_STATE_SYNCHRONISED || n->clock_state == 0;
	int64_t time_ms = received_ms;

	if (n->event_ms > 0 && synchronised && is_plausible(n->event_ms, received_ms))
		time_ms = n->event_ms;
	else if (n->event_mono_us > 0 && n->sent_mono_us >= n->event_mono_us &&
		 (n->sent_mono_us - n->event_mono_us) / 1000 < (uint64_t)BEHIND_MAX_MS)
		time_ms = received_ms - (int64_t)((n->sent_mono_us - n->event_mono_us) / 1000);
	/* clocks differ by some milliseconds; nothing is heard of before it happens */
	return time_ms < received_ms ? time_ms : received_ms;
}

const char *trap_oid_text(const snmp_oid_t *oid, size_t len, char *buf, size_t size)
{
	size_t used = 0;

	assert(size > 0);
	if (size > 0)
		buf[0] = '\0';
	for (size_t i = 0; i < len; i++) {
		int n = snprintf(buf + used, size - used, "%s%lu", i ? "." : "", oid[i]);

		if (n < 0 || (size_t)n >= size - used) {
			if (used < size)
				buf[used] = '\0'; /* no half arcs */
			break;
		}
		used += (size_t)n;
	}
	return buf;
}
