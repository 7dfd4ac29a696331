/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which objects travel with which notification. Pantau's own ones name the event by the
 * instance of each object, so that a receiver has number, time and type without asking
 * back. The standard ones have RFC 2863's three objects first, as every receiver expects.
 */
#include "agent/core/event/notification.h"

#include <assert.h>
#include <string.h>

#include "common/snmp/snmp_oids.h"
#include "pantau_mib.h"

#define OID(...)                                                                                   \
	((const snmp_oid_t[]){__VA_ARGS__}),                                                       \
		sizeof((const snmp_oid_t[]){__VA_ARGS__}) / sizeof(snmp_oid_t)

/* Appends a binding named by oid and instance; its value is for the caller to set. */
static struct snmp_varbind *add(struct notification *n, const snmp_oid_t *oid, size_t len,
				uint32_t instance)
{
	struct snmp_varbind *vb = &n->varbinds[n->n];
	snmp_oid_t *name = n->names[n->n];

	n->n++;
	memcpy(name, oid, len * sizeof(*oid));
	name[len] = instance;
	vb->name = name;
	vb->name_len = len + 1;
	return vb;
}

static void set_u(struct snmp_varbind *vb, uint8_t type, uint64_t value)
{
	vb->type = type;
	vb->v.u = value;
}

static void set_i(struct snmp_varbind *vb, int64_t value)
{
	vb->type = SNMP_TYPE_INTEGER;
	vb->v.i = value;
}

static void set_str(struct snmp_varbind *vb, const char *text, size_t max)
{
	vb->type = SNMP_TYPE_OCTETS;
	vb->v.octets.p = (const uint8_t *)text;
	vb->v.octets.len = strnlen(text, max);
}

static uint64_t ms_or_0(int64_t v)
{
	return v > 0 ? (uint64_t)v : 0;
}

static void put_site(struct notification *n, const struct mib_data *data)
{
	static const snmp_oid_t SITE[] = {PANTAU_OID_AGENT_SITE_ID};

	set_str(add(n, SITE, sizeof(SITE) / sizeof(SITE[0]), 0), data->head->agent.site_id,
		MIB_SITE_SIZE);
}

static void put_time(struct notification *n, const struct mib_event *event)
{
	set_u(add(n, OID(PANTAU_OID_EVENT_TIME_MS), event->number), SNMP_TYPE_COUNTER64,
	      ms_or_0(event->time_ms));
}

static void build_own(struct notification *n, const struct mib_data *data,
		      const struct mib_event *event, int64_t now_us)
{
	static const snmp_oid_t NOTIFY[] = {PANTAU_OID_NOTIFY_AGENT_START};
	size_t len = sizeof(NOTIFY) / sizeof(NOTIFY[0]);
	uint32_t i = event->number;

	memcpy(n->trap_oid, NOTIFY, sizeof(NOTIFY));
	n->trap_oid[len - 1] = event->type; /* one arc per type (PANTAU-MIB) */
	n->varbinds[1].v.oid.len = len;
	put_site(n, data);
	put_time(n, event);
	set_i(add(n, OID(PANTAU_OID_EVENT_TYPE), i), event->type);
	set_i(add(n, OID(PANTAU_OID_EVENT_IF_INDEX), i), event->if_index);
	set_str(add(n, OID(PANTAU_OID_EVENT_IF_NAME), i), event->if_name, MIB_NAME_SIZE);
	set_i(add(n, OID(PANTAU_OID_EVENT_ROLE), i), event->role ? event->role : LINK_ROLE_OTHER);
	set_u(add(n, OID(PANTAU_OID_EVENT_VALUE), i), SNMP_TYPE_GAUGE32, event->value);
	set_str(add(n, OID(PANTAU_OID_EVENT_TEXT), i), event->text, MIB_TEXT_SIZE);
	set_i(add(n, OID(PANTAU_OID_EVENT_CLOCK_STATE), i), event->clock_state);
	set_u(add(n, OID(PANTAU_OID_EVENT_EPOCH_ID), i), SNMP_TYPE_GAUGE32, event->epoch_id);
	set_u(add(n, OID(PANTAU_OID_EVENT_MONOTONIC_US), i), SNMP_TYPE_COUNTER64,
	      ms_or_0(event->monotonic_us));
	set_u(add(n, OID(PANTAU_OID_AGENT_MONOTONIC_US), 0), SNMP_TYPE_COUNTER64, ms_or_0(now_us));
}

void notification_build(struct notification *ret, const struct mib_data *data,
			const struct mib_event *event, enum inform_part part, int64_t now_us)
{
	int64_t up_us = now_us - data->head->agent.start_us;
	struct snmp_varbind *vb;

	assert(event->number > 0 && part < INFORM_PARTS);
	ret->n = 0;
	vb = add(ret, OID(SNMP_OID_SYS_UPTIME), 0);
	/* hundredths; wraps after 497 days, as TimeTicks does */
	set_u(vb, SNMP_TYPE_TIMETICKS, (uint32_t)(up_us / 10000));
	vb = add(ret, OID(SNMP_OID_TRAP_OID), 0);
	vb->type = SNMP_TYPE_OID;
	vb->v.oid.p = ret->trap_oid;
	if (part == INFORM_OWN) {
		build_own(ret, data, event, now_us);
	} else {
		static const snmp_oid_t TRAPS[] = {SNMP_OID_TRAPS};
		const struct mib_link *link = mib_data_link(data, event->if_index);
		bool up = event->type == EVENT_LINK_UP;
		uint32_t i = event->if_index;

		memcpy(ret->trap_oid, TRAPS, sizeof(TRAPS));
		ret->trap_oid[ARRAY_LEN(TRAPS)] = up ? SNMP_TRAP_LINK_UP : SNMP_TRAP_LINK_DOWN;
		ret->varbinds[1].v.oid.len = ARRAY_LEN(TRAPS) + 1;
		set_i(add(ret, OID(SNMP_OID_IF_ENTRY, SNMP_IF_INDEX), i), i);
		set_i(add(ret, OID(SNMP_OID_IF_ENTRY, SNMP_IF_ADMIN_STATUS), i),
		      link ? link->admin : LINK_ADMIN_UP);
		/* The state at the event, not when it is sent at last: the link may have changed
		 * since. */
		set_i(add(ret, OID(SNMP_OID_IF_ENTRY, SNMP_IF_OPER_STATUS), i),
		      up ? LINK_OPER_UP : LINK_OPER_DOWN);
		set_str(add(ret, OID(SNMP_OID_IFX_ENTRY, SNMP_IFX_NAME), i), event->if_name,
			MIB_NAME_SIZE);
		set_str(add(ret, OID(SNMP_OID_IFX_ENTRY, SNMP_IFX_ALIAS), i),
			link ? link->alias : "", MIB_ALIAS_SIZE);
		put_site(ret, data);
		put_time(ret, event);
	}
}
