/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IF-MIB from the link table, for when the agent stands alone (RFC 2863 6).
 *
 * Left out because Linux does not count them, and a zero would be an invention: the
 * broadcast columns and outgoing multicast. The deprecated columns are left out too.
 */
#include "agent/core/mib/mib_data.h"
#include "agent/core/mib/mib_table.h"
#include "common/snmp/snmp_oids.h"

enum { SOFTWARE_LOOPBACK = 24 }; /* of IANAifType */

static const struct mib_link *link_of(const struct mib_row *row)
{
	return row->fields;
}

static void get_if_number(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)row;
	ret->v.i = mib_data_n_links(view->data);
}

/* Bits per second; 4294967295 says "read ifHighSpeed". */
static void get_if_speed(const struct mib_view *view, const struct mib_row *row,
			 struct snmp_varbind *ret)
{
	uint64_t bps = link_of(row)->speed_kbps * 1000ull;

	(void)view;
	ret->v.u = bps < UINT32_MAX ? bps : UINT32_MAX;
}

static void get_if_high_speed(const struct mib_view *view, const struct mib_row *row,
			      struct snmp_varbind *ret)
{
	(void)view;
	ret->v.u = ((uint64_t)link_of(row)->speed_kbps + 500) / 1000;
}

static void get_if_mac(const struct mib_view *view, const struct mib_row *row,
		       struct snmp_varbind *ret)
{
	const struct mib_link *link = link_of(row);

	(void)view;
	ret->v.octets.p = link->mac;
	/* the kernel has six zeros for a loopback; what has no address says nothing (RFC 2863) */
	if (link->if_type == SOFTWARE_LOOPBACK)
		ret->v.octets.len = 0;
	else
		ret->v.octets.len = link->mac_len <= MIB_MAC_SIZE ? link->mac_len : MIB_MAC_SIZE;
}

static void get_if_last_change(const struct mib_view *view, const struct mib_row *row,
			       struct snmp_varbind *ret)
{
	ret->v.u = mib_ticks_at(view, link_of(row)->state_change_us);
}

static void get_if_discontinuity(const struct mib_view *view, const struct mib_row *row,
				 struct snmp_varbind *ret)
{
	ret->v.u = mib_ticks_at(view, link_of(row)->discontinuity_us);
}

/* Linux counts multicast within the packets; RFC 2863 wants unicast apart. */
static void get_if_in_ucast(const struct mib_view *view, const struct mib_row *row,
			    struct snmp_varbind *ret)
{
	const struct link_counters *c = &link_of(row)->counters;

	(void)view;
	ret->v.u = c->in_packets - c->in_multicast;
}

static void get_if_in_ucast32(const struct mib_view *view, const struct mib_row *row,
			      struct snmp_varbind *ret)
{
	get_if_in_ucast(view, row, ret);
	ret->v.u = (uint32_t)ret->v.u;
}

/* enabled(1), disabled(2) */
static void get_if_trap_enable(const struct mib_view *view, const struct mib_row *row,
			       struct snmp_varbind *ret)
{
	ret->v.i = view->world.link_traps && link_of(row)->tells ? 1 : 2;
}

static int64_t truth_value(bool b)
{
	return b ? 1 : 2;
}

static void get_if_promiscuous(const struct mib_view *view, const struct mib_row *row,
			       struct snmp_varbind *ret)
{
	(void)view;
	ret->v.i = truth_value(link_of(row)->promiscuous);
}

static void get_if_connector(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	(void)view;
	ret->v.i = truth_value(link_of(row)->has_connector);
}

static const struct mib_column IF_NUMBER_COLUMNS[] = {
	MIB_GETTER(1, INTEGER, get_if_number),
};

static const struct mib_column IF_COLUMNS[] = {
	MIB_FIELD(1, INTEGER, struct mib_link, if_index),
	MIB_FIELD(2, OCTETS, struct mib_link, name),
	MIB_FIELD(3, INTEGER, struct mib_link, if_type),
	MIB_FIELD(4, INTEGER, struct mib_link, mtu),
	MIB_GETTER(5, GAUGE32, get_if_speed),
	MIB_GETTER(6, OCTETS, get_if_mac),
	MIB_FIELD(7, INTEGER, struct mib_link, admin),
	MIB_FIELD(8, INTEGER, struct mib_link, oper),
	MIB_GETTER(9, TIMETICKS, get_if_last_change),
	MIB_FIELD(10, COUNTER32, struct mib_link, counters.in_octets),
	MIB_GETTER(11, COUNTER32, get_if_in_ucast32),
	MIB_FIELD(13, COUNTER32, struct mib_link, counters.in_discards),
	MIB_FIELD(14, COUNTER32, struct mib_link, counters.in_errors),
	MIB_FIELD(15, COUNTER32, struct mib_link, counters.in_unknown_protos),
	MIB_FIELD(16, COUNTER32, struct mib_link, counters.out_octets),
	MIB_FIELD(17, COUNTER32, struct mib_link, counters.out_packets),
	MIB_FIELD(19, COUNTER32, struct mib_link, counters.out_discards),
	MIB_FIELD(20, COUNTER32, struct mib_link, counters.out_errors),
};

static const struct mib_column IFX_COLUMNS[] = {
	MIB_FIELD(1, OCTETS, struct mib_link, name),
	MIB_FIELD(2, COUNTER32, struct mib_link, counters.in_multicast),
	MIB_FIELD(6, COUNTER64, struct mib_link, counters.in_octets),
	MIB_GETTER(7, COUNTER64, get_if_in_ucast),
	MIB_FIELD(8, COUNTER64, struct mib_link, counters.in_multicast),
	MIB_FIELD(10, COUNTER64, struct mib_link, counters.out_octets),
	MIB_FIELD(11, COUNTER64, struct mib_link, counters.out_packets),
	MIB_GETTER(14, INTEGER, get_if_trap_enable),
	MIB_GETTER(15, GAUGE32, get_if_high_speed),
	MIB_GETTER(16, INTEGER, get_if_promiscuous),
	MIB_GETTER(17, INTEGER, get_if_connector),
	MIB_FIELD(18, OCTETS, struct mib_link, alias),
	MIB_GETTER(19, TIMETICKS, get_if_discontinuity),
};

static const struct mib_column IFMIB_COLUMNS[] = {
	MIB_GETTER(5, TIMETICKS, mib_get_table_change),
};

static const snmp_oid_t OID_INTERFACES[] = {SNMP_OID_INTERFACES};
static const snmp_oid_t OID_IF_ENTRY[] = {SNMP_OID_IF_ENTRY};
static const snmp_oid_t OID_IFX_ENTRY[] = {SNMP_OID_IFX_ENTRY};
static const snmp_oid_t OID_IFMIB_OBJECTS[] = {SNMP_OID_IF_MIB_OBJECTS};

const struct mib_table MIB_TABLE_IF_NUMBER =
	MIB_TABLE(OID_INTERFACES, IF_NUMBER_COLUMNS, mib_world_at);
const struct mib_table MIB_TABLE_IF = MIB_TABLE(OID_IF_ENTRY, IF_COLUMNS, mib_link_at);
const struct mib_table MIB_TABLE_IFX = MIB_TABLE(OID_IFX_ENTRY, IFX_COLUMNS, mib_link_at);
const struct mib_table MIB_TABLE_IFMIB = MIB_TABLE(OID_IFMIB_OBJECTS, IFMIB_COLUMNS, mib_world_at);
