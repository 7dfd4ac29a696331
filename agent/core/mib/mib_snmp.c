/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an SNMP engine says of itself: the system group and the snmp group's counters
 * (RFC 3418), snmpEngine (RFC 3411), snmpMPDStats (RFC 3412), usmStats and usmUserTable
 * (RFC 3414). Everything is read only, whatever the MIB allows.
 */
#include <string.h>

#include "agent/core/mib/mib_table.h"
#include "common/snmp/snmp_oids.h"

enum { USM_NAME_MAX = 32 };

/* ---- system group (RFC 3418 2) ---- */

static void get_sys_descr(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)row;
	mib_set_octets(ret, view->world.sys_descr);
}

static void get_sys_object_id(const struct mib_view *view, const struct mib_row *row,
			      struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.oid.p = MIB_PANTAU_ROOT;
	ret->v.oid.len = MIB_PANTAU_ROOT_LEN;
}

static void get_sys_uptime(const struct mib_view *view, const struct mib_row *row,
			   struct snmp_varbind *ret)
{
	(void)row;
	ret->v.u = mib_view_uptime(view);
}

static void get_sys_contact(const struct mib_view *view, const struct mib_row *row,
			    struct snmp_varbind *ret)
{
	(void)row;
	mib_set_octets(ret, view->world.sys_contact);
}

static void get_sys_name(const struct mib_view *view, const struct mib_row *row,
			 struct snmp_varbind *ret)
{
	(void)row;
	mib_set_octets(ret, view->world.sys_name);
}

static void get_sys_location(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	(void)row;
	mib_set_octets(ret, view->world.sys_location);
}

/* internet (layer 3) and end-to-end (4): 2^2 + 2^3, RFC 3418 */
static void get_sys_services(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = 12;
}

/* What is implemented does not change while the agent runs. */
static void get_or_change(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.u = 0;
}

static const struct mib_column SYSTEM_COLUMNS[] = {
	MIB_GETTER(1, OCTETS, get_sys_descr),	  MIB_GETTER(2, OID, get_sys_object_id),
	MIB_GETTER(3, TIMETICKS, get_sys_uptime), MIB_GETTER(4, OCTETS, get_sys_contact),
	MIB_GETTER(5, OCTETS, get_sys_name),	  MIB_GETTER(6, OCTETS, get_sys_location),
	MIB_GETTER(7, INTEGER, get_sys_services), MIB_GETTER(8, TIMETICKS, get_or_change),
};

/* ---- the SNMP engine (RFC 3418 snmp group, RFC 3411, 3412, 3414) ---- */

/* snmpEnableAuthenTraps: disabled(2). What is refused is counted, not told. */
static void get_authen_traps(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = 2;
}

/* snmpProxyDrops: nothing is passed on, so nothing was dropped. */
static void get_proxy_drops(const struct mib_view *view, const struct mib_row *row,
			    struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.u = 0;
}

static const struct mib_column SNMP_COLUMNS[] = {
	MIB_FIELD(1, COUNTER32, struct mib_snmp_stats, in_pkts),
	MIB_FIELD(3, COUNTER32, struct mib_snmp_stats, in_bad_versions),
	MIB_FIELD(4, COUNTER32, struct mib_snmp_stats, in_bad_community_names),
	MIB_FIELD(5, COUNTER32, struct mib_snmp_stats, in_bad_community_uses),
	MIB_FIELD(6, COUNTER32, struct mib_snmp_stats, in_asn_parse_errs),
	MIB_GETTER(30, INTEGER, get_authen_traps),
	MIB_FIELD(31, COUNTER32, struct mib_snmp_stats, silent_drops),
	MIB_GETTER(32, COUNTER32, get_proxy_drops),
};

static const struct mib_column MPD_COLUMNS[] = {
	MIB_FIELD(1, COUNTER32, struct mib_snmp_stats, unknown_security_models),
	MIB_FIELD(2, COUNTER32, struct mib_snmp_stats, invalid_msgs),
	MIB_FIELD(3, COUNTER32, struct mib_snmp_stats, unknown_pdu_handlers),
};

#define USM_STAT(arc) MIB_FIELD(arc, COUNTER32, struct mib_snmp_stats, usm[arc])

static const struct mib_column USM_STATS_COLUMNS[] = {
	USM_STAT(USM_STAT_UNSUPPORTED_LEVELS), USM_STAT(USM_STAT_NOT_IN_WINDOWS),
	USM_STAT(USM_STAT_UNKNOWN_USERS),      USM_STAT(USM_STAT_UNKNOWN_ENGINES),
	USM_STAT(USM_STAT_WRONG_DIGESTS),      USM_STAT(USM_STAT_DECRYPTION_ERRORS),
};

static void get_engine_id(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)row;
	ret->v.octets.p = view->world.engine_id;
	ret->v.octets.len = view->world.engine_id_len;
}

static const struct mib_column ENGINE_COLUMNS[] = {
	MIB_GETTER(1, OCTETS, get_engine_id),
	MIB_FIELD(2, INTEGER, struct mib_world, engine_boots),
	MIB_FIELD(3, INTEGER, struct mib_world, engine_time),
	MIB_FIELD(4, INTEGER, struct mib_world, engine_max_size),
};

static const struct mib_user *user_of(const struct mib_row *row)
{
	return row->fields;
}

static void get_user_name(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)view;
	mib_set_octets(ret, user_of(row)->name);
}

/* zeroDotZero: a user that is not the copy of another, RFC 3414 5 */
static void get_user_clone_from(const struct mib_view *view, const struct mib_row *row,
				struct snmp_varbind *ret)
{
	static const snmp_oid_t zero_dot_zero[] = {0, 0};

	(void)view;
	(void)row;
	ret->v.oid.p = zero_dot_zero;
	ret->v.oid.len = ARRAY_LEN(zero_dot_zero);
}

static void get_user_auth(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)view;
	ret->v.oid.p = user_of(row)->auth;
	ret->v.oid.len = user_of(row)->auth_len;
}

static void get_user_priv(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)view;
	ret->v.oid.p = user_of(row)->priv;
	ret->v.oid.len = user_of(row)->priv_len;
}

/* StorageType readOnly(5): users come from a file. */
static void get_user_storage(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = 5;
}

/* RowStatus active(1) */
static void get_user_status(const struct mib_view *view, const struct mib_row *row,
			    struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = 1;
}

/* Key change objects and usmUserPublic only make sense where keys can be written. */
static const struct mib_column USM_USER_COLUMNS[] = {
	MIB_GETTER(3, OCTETS, get_user_name),	   MIB_GETTER(4, OID, get_user_clone_from),
	MIB_GETTER(5, OID, get_user_auth),	   MIB_GETTER(8, OID, get_user_priv),
	MIB_GETTER(12, INTEGER, get_user_storage), MIB_GETTER(13, INTEGER, get_user_status),
};

static bool stats_at(const struct mib_view *view, const struct mib_index *index,
		     struct mib_row *ret)
{
	return mib_scalar_at(index, view->world.stats, ret);
}

/* usmUserTable's index: engine id and name, each with its length before it (RFC
 * 2578 7.7). */
static bool user_index(const struct mib_user *user, struct mib_row *ret)
{
	size_t i, name_len = strlen(user->name), n = 0;

	if (user->engine_id_len > 32 || name_len > USM_NAME_MAX)
		return false;
	ret->index[n++] = user->engine_id_len;
	for (i = 0; i < user->engine_id_len; i++)
		ret->index[n++] = user->engine_id[i];
	ret->index[n++] = name_len;
	for (i = 0; i < name_len; i++)
		ret->index[n++] = (uint8_t)user->name[i];
	ret->index_len = n;
	return true;
}

static bool user_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	size_t i;

	for (i = 0; i < view->world.n_users; i++) {
		const struct mib_user *user = &view->world.users[i];
		int cmp;

		if (!user_index(user, ret))
			continue;
		cmp = mib_oid_cmp(ret->index, ret->index_len, index->subids, index->len);
		if (cmp > 0 || (cmp == 0 && index->include)) {
			ret->fields = user;
			ret->extra = NULL;
			return true;
		}
	}
	return false;
}

/* ---- sysORTable (RFC 3418): the modules that are served ---- */

struct module {
	const snmp_oid_t *oid;
	size_t len;
	const char *descr;
};

static const snmp_oid_t SNMPV2_MIB[] = {SNMP_OID_SNMPV2_MIB};
static const snmp_oid_t IF_MIB[] = {SNMP_OID_IF_MIB};
static const snmp_oid_t FRAMEWORK_MIB[] = {SNMP_OID_FRAMEWORK_COMPLIANCE};
static const snmp_oid_t USM_MIB[] = {SNMP_OID_USM_COMPLIANCE};
static const snmp_oid_t VACM_MIB[] = {SNMP_OID_VACM_COMPLIANCE};

/* NULL: PANTAU-MIB, whose root is no constant here. */
static const struct module MODULES[] = {
	{SNMPV2_MIB, ARRAY_LEN(SNMPV2_MIB), "SNMPv2-MIB"},
	{IF_MIB, ARRAY_LEN(IF_MIB), "IF-MIB"},
	{FRAMEWORK_MIB, ARRAY_LEN(FRAMEWORK_MIB), "SNMP-FRAMEWORK-MIB"},
	{USM_MIB, ARRAY_LEN(USM_MIB), "SNMP-USER-BASED-SM-MIB"},
	{VACM_MIB, ARRAY_LEN(VACM_MIB), "SNMP-VIEW-BASED-ACM-MIB"},
	{NULL, 0, "PANTAU-MIB"},
};

static bool module_at(const struct mib_view *view, const struct mib_index *index,
		      struct mib_row *ret)
{
	uint32_t start;

	(void)view;
	if (!mib_index_start(index, 1, &start) || start > ARRAY_LEN(MODULES))
		return false;
	start = start ? start : 1;
	return mib_row_set(ret, &MODULES[start - 1], 1, &start);
}

static void get_module_id(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	const struct module *module = row->fields;

	(void)view;
	ret->v.oid.p = module->oid ? module->oid : MIB_PANTAU_ROOT;
	ret->v.oid.len = module->oid ? module->len : MIB_PANTAU_ROOT_LEN;
}

static void get_module_descr(const struct mib_view *view, const struct mib_row *row,
			     struct snmp_varbind *ret)
{
	const struct module *module = row->fields;

	(void)view;
	mib_set_octets(ret, module->descr);
}

static const struct mib_column MODULE_COLUMNS[] = {
	MIB_GETTER(2, OID, get_module_id),
	MIB_GETTER(3, OCTETS, get_module_descr),
	MIB_GETTER(4, TIMETICKS, get_or_change),
};

static const snmp_oid_t OID_SYS_OR_ENTRY[] = {SNMP_OID_SYS_OR_ENTRY};
static const snmp_oid_t OID_SYSTEM[] = {SNMP_OID_SYSTEM};
static const snmp_oid_t OID_SNMP[] = {SNMP_OID_SNMP};
static const snmp_oid_t OID_ENGINE[] = {SNMP_OID_ENGINE};
static const snmp_oid_t OID_MPD_STATS[] = {SNMP_OID_MPD_STATS};
static const snmp_oid_t OID_USM_STATS[] = {SNMP_OID_USM_STATS};
static const snmp_oid_t OID_USM_USER_ENTRY[] = {SNMP_OID_USM_USER_ENTRY};

const struct mib_table MIB_TABLE_SYSTEM = MIB_TABLE(OID_SYSTEM, SYSTEM_COLUMNS, mib_world_at);
const struct mib_table MIB_TABLE_SNMP = MIB_TABLE(OID_SNMP, SNMP_COLUMNS, stats_at);
const struct mib_table MIB_TABLE_ENGINE = MIB_TABLE(OID_ENGINE, ENGINE_COLUMNS, mib_world_at);
const struct mib_table MIB_TABLE_MPD_STATS = MIB_TABLE(OID_MPD_STATS, MPD_COLUMNS, stats_at);
const struct mib_table MIB_TABLE_USM_STATS = MIB_TABLE(OID_USM_STATS, USM_STATS_COLUMNS, stats_at);
const struct mib_table MIB_TABLE_USM_USER =
	MIB_TABLE(OID_USM_USER_ENTRY, USM_USER_COLUMNS, user_at);
const struct mib_table MIB_TABLE_SYS_OR = MIB_TABLE(OID_SYS_OR_ENTRY, MODULE_COLUMNS, module_at);
