/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules as constants, and their names from the configuration. Source: RFC 3415 4.
 */
#include "agent/core/conf/snmp_rules.h"

#include <errno.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "common/snmp/snmp_credential.h"
#include "common/snmp/snmp_oids.h"

static const snmp_oid_t OID_ALL[] = {1};
static const snmp_oid_t OID_USM_USERS[] = {SNMP_OID_USM_USER};
static const snmp_oid_t OID_VACM[] = {SNMP_OID_VACM};

static const struct mib_subtree EVERYTHING = {OID_ALL, ARRAY_LEN(OID_ALL), true};
static const struct mib_subtree COMMUNITY_SUBTREES[] = {
	{OID_ALL, ARRAY_LEN(OID_ALL), true},
	{OID_USM_USERS, ARRAY_LEN(OID_USM_USERS), false},
	{OID_VACM, ARRAY_LEN(OID_VACM), false},
};
const struct mib_access SNMP_RULES_COMMUNITY = {COMMUNITY_SUBTREES, ARRAY_LEN(COMMUNITY_SUBTREES)};

/* In the order of vacmAccessTable's index: the length of the group's name, the name, the model,
 * the level. A user without encryption has a group of its own. */
static const struct mib_vacm_group GROUPS[] = {
	{"users", SNMP_MODEL_USM, SNMP_SEC_AUTH_PRIV, "all"},
	{"users-auth", SNMP_MODEL_USM, SNMP_SEC_AUTH, "all"},
	{"communities", SNMP_MODEL_V2C, SNMP_SEC_NONE, "public"},
};

/* In the order of vacmViewTreeFamilyTable's index: view, length of the subtree, the subtree. */
static const struct mib_vacm_family FAMILIES[] = {
	{"all", &EVERYTHING},
	{"public", &COMMUNITY_SUBTREES[0]},
	{"public", &COMMUNITY_SUBTREES[2]},
	{"public", &COMMUNITY_SUBTREES[1]},
};

struct snmp_rules {
	struct mib_vacm vacm;
	struct mib_vacm_name names[];
};

static int name_cmp(const void *a, const void *b)
{
	const struct mib_vacm_name *na = a, *nb = b;
	size_t len_a = strlen(na->name), len_b = strlen(nb->name);

	if (na->model != nb->model)
		return na->model < nb->model ? -1 : 1;
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return memcmp(na->name, nb->name, len_a);
}

static void add_name(struct snmp_rules *rules, uint32_t model, const char *name, const char *group)
{
	if (strlen(name) <= USM_USER_MAX) /* SnmpAdminString (SIZE (1..32)) */
		rules->names[rules->vacm.n_names++] = (struct mib_vacm_name){model, name, group};
}

int snmp_rules_new(const struct agent_users *users, struct snmp_rules **ret)
{
	size_t n = users->n_users + users->n_communities;
	struct snmp_rules *rules = calloc(1, sizeof(*rules) + n * sizeof(rules->names[0]));

	if (!rules)
		return -ENOMEM;
	for (size_t i = 0; i < users->n_users; i++) {
		const struct agent_user *user = &users->users[i];

		if (user->poll)
			add_name(rules, SNMP_MODEL_USM, user->title,
				 user->priv == SNMP_PRIV_NONE ? "users-auth" : "users");
	}
	/* By their titles: the communities themselves are secrets. */
	for (size_t i = 0; i < users->n_communities; i++) {
		if (users->communities[i].poll)
			add_name(rules, SNMP_MODEL_V2C, users->communities[i].title, "communities");
	}
	qsort(rules->names, rules->vacm.n_names, sizeof(rules->names[0]), name_cmp);
	rules->vacm.names = rules->names;
	rules->vacm.groups = GROUPS;
	rules->vacm.n_groups = ARRAY_LEN(GROUPS);
	rules->vacm.families = FAMILIES;
	rules->vacm.n_families = ARRAY_LEN(FAMILIES);
	*ret = rules;
	return 0;
}

struct snmp_rules *snmp_rules_free(struct snmp_rules *rules)
{
	free(rules);
	return NULL;
}

const struct mib_vacm *snmp_rules_vacm(const struct snmp_rules *rules)
{
	return &rules->vacm;
}
