/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the agent answers: any object of PANTAU-MIB, IF-MIB, the system group and the
 * SNMP engine's own figures, by name (GET) or by the name before it (GETNEXT).
 *
 * Values are read in place: octets and OIDs of an answer point into the mib_data, into the world or into constants and are valid as long as those do not change.
 * A caller that answers one whole PDU without letting the writer run in between gets a
 * coherent answer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_oids.h"
#include "common/snmp/snmp_value.h"

struct mib_data;

enum {
	/* The longest name served: usmUserTable, 12 + 1 + 32 + 1 + 32. */
	MIB_NAME_MAX = 96,
};

struct mib_name {
	size_t len;
	snmp_oid_t subids[MIB_NAME_MAX];
};

/* Counters of SNMPv2-MIB, SNMP-MPD-MIB and SNMP-USER-BASED-SM-MIB; named as there. */
struct mib_snmp_stats {
	uint32_t in_pkts, in_bad_versions, in_bad_community_names, in_bad_community_uses;
	uint32_t in_asn_parse_errs, silent_drops;
	uint32_t unknown_security_models, invalid_msgs, unknown_pdu_handlers, unknown_contexts;
	uint32_t usm[USM_STAT_N]; /* usmStats, by arc */
};

/* A row of usmUserTable (RFC 3414 5). */
struct mib_user {
	const uint8_t *engine_id;
	size_t engine_id_len;
	const char *name;
	const snmp_oid_t *auth, *priv;
	size_t auth_len, priv_len;
};

/* Subtrees that are seen or hidden; the longest prefix decides, none hides (RFC 3415 4). */
struct mib_subtree {
	const snmp_oid_t *oid;
	size_t len;
	bool seen;
};

/* The responder's rules as VACM's tables show them (RFC 3415 4); rows in the order of their
 * table's index. */
struct mib_vacm_name {
	uint32_t model; /* enum snmp_security_model */
	const char *name, *group;
};

struct mib_vacm_group {
	const char *name;
	uint32_t model, level; /* level: SnmpSecurityLevel, noAuthNoPriv(1) to authPriv(3) */
	const char *view;
};

struct mib_vacm_family {
	const char *view;
	const struct mib_subtree *subtree;
};

struct mib_vacm {
	const struct mib_vacm_name *names;
	const struct mib_vacm_group *groups;
	const struct mib_vacm_family *families;
	size_t n_names, n_groups, n_families;
};

/* What is not in the mib_data. Pointers stay the caller's. */
struct mib_world {
	int64_t now_us;	 /* monotonic, microseconds */
	int64_t wall_ms; /* since 1970 UTC */
	const char *sys_descr, *sys_contact, *sys_name, *sys_location;
	const struct mib_snmp_stats *stats;
	const uint8_t *engine_id;
	size_t engine_id_len;
	uint32_t engine_boots, engine_time, engine_max_size;
	const struct mib_user *users; /* in the order of usmUserTable's index */
	size_t n_users;
	const struct mib_vacm *vacm; /* NULL: no rows */
	bool link_traps;	     /* somebody is sent IF-MIB's linkDown and linkUp */
};

struct mib_access {
	const struct mib_subtree *subtrees;
	size_t n;
};

struct mib_view {
	const struct mib_data *data;
	const struct mib_access *access; /* NULL: all is seen */
	struct mib_world world;
};

enum mib_outcome {
	MIB_FOUND,
	MIB_NO_SUCH_OBJECT,   /* no such object type, or hidden */
	MIB_NO_SUCH_INSTANCE, /* the object type has no such instance now */
	MIB_END,	      /* nothing after the name */
};

/* The instance of exactly this name. MIB_FOUND sets type and value of ret, not its name. */
enum mib_outcome mib_view_get(const struct mib_view *view, const snmp_oid_t *name, size_t len,
			      struct snmp_varbind *ret);

/*
 * The first instance after the name; with include set, the first at or after it (AgentX,
 * RFC 2741 5.2). MIB_FOUND sets ret_name, type and value of ret; MIB_END leaves both untouched. name may
 * be ret_name's own subids.
 */
enum mib_outcome mib_view_next(const struct mib_view *view, const snmp_oid_t *name, size_t len,
			       bool include, struct mib_name *ret_name, struct snmp_varbind *ret);

/* As strcmp(), in the order of RFC 2578 7.10 / RFC 3416 4.2.2. */
int mib_oid_cmp(const snmp_oid_t *a, size_t a_len, const snmp_oid_t *b, size_t b_len);

/* sysUpTime in hundredths of a second: since the agent's start, modulo 2^32 (RFC 3418). */
uint32_t mib_view_uptime(const struct mib_view *view);

/* The root of PANTAU-MIB, also this agent's sysObjectID. */
extern const snmp_oid_t MIB_PANTAU_ROOT[];
extern const size_t MIB_PANTAU_ROOT_LEN;
