/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VACM's tables (RFC 3415 4), so that a manager can see what it may see: one context, a
 * group each for users and for communities, and their views. What decides is the
 * responder; these rows are its rules written down.
 */
#include <string.h>

#include "agent/core/mib/mib_table.h"
#include "common/snmp/snmp_oids.h"

enum { STORAGE_READ_ONLY = 5, STATUS_ACTIVE = 1, CONTEXT_EXACT = 1, LEVELS_MAX = 3 };

/* ---- an index, arc by arc ---- */

static void add_arc(struct mib_row *row, snmp_oid_t arc)
{
	if (row->index_len < MIB_INDEX_MAX)
		row->index[row->index_len++] = arc;
}

/* A string of variable length: its length first (RFC 2578 7.7). */
static void add_text(struct mib_row *row, const char *text)
{
	size_t len = strlen(text);

	add_arc(row, len);
	for (size_t i = 0; i < len; i++)
		add_arc(row, (uint8_t)text[i]);
}

static bool is_wanted(const struct mib_row *row, const struct mib_index *index)
{
	int cmp = mib_oid_cmp(row->index, row->index_len, index->subids, index->len);

	return cmp > 0 || (cmp == 0 && index->include);
}

/* ---- what the columns say ---- */

static void get_read_only(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = STORAGE_READ_ONLY;
}

static void get_active(const struct mib_view *view, const struct mib_row *row,
		       struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = STATUS_ACTIVE;
}

static void get_empty(const struct mib_view *view, const struct mib_row *row,
		      struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	mib_set_octets(ret, "");
}

static void get_exact(const struct mib_view *view, const struct mib_row *row,
		      struct snmp_varbind *ret)
{
	(void)view;
	(void)row;
	ret->v.i = CONTEXT_EXACT;
}

static void get_group(const struct mib_view *view, const struct mib_row *row,
		      struct snmp_varbind *ret)
{
	const struct mib_vacm_name *name = row->fields;

	(void)view;
	mib_set_octets(ret, name->group);
}

static void get_read_view(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	const struct mib_vacm_group *group = row->fields;

	(void)view;
	mib_set_octets(ret, group->view);
}

/* ViewFamily type: included(1), excluded(2) */
static void get_family_type(const struct mib_view *view, const struct mib_row *row,
			    struct snmp_varbind *ret)
{
	const struct mib_vacm_family *family = row->fields;

	(void)view;
	ret->v.i = family->subtree->seen ? 1 : 2;
}

/* ---- rows ---- */

static bool context_at(const struct mib_view *view, const struct mib_index *index,
		       struct mib_row *ret)
{
	ret->fields = view;
	ret->extra = NULL;
	ret->index_len = 0;
	add_text(ret, "");
	return is_wanted(ret, index);
}

static bool name_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	const struct mib_vacm *vacm = view->world.vacm;

	for (size_t i = 0; vacm && i < vacm->n_names; i++) {
		ret->fields = &vacm->names[i];
		ret->extra = NULL;
		ret->index_len = 0;
		add_arc(ret, vacm->names[i].model);
		add_text(ret, vacm->names[i].name);
		if (is_wanted(ret, index))
			return true;
	}
	return false;
}

static bool group_at(const struct mib_view *view, const struct mib_index *index,
		     struct mib_row *ret)
{
	const struct mib_vacm *vacm = view->world.vacm;

	for (size_t i = 0; vacm && i < vacm->n_groups; i++) {
		const struct mib_vacm_group *group = &vacm->groups[i];

		ret->fields = group;
		ret->extra = NULL;
		ret->index_len = 0;
		add_text(ret, group->name);
		add_text(ret, ""); /* vacmAccessContextPrefix */
		add_arc(ret, group->model);
		add_arc(ret, group->level);
		if (is_wanted(ret, index))
			return true;
	}
	return false;
}

static bool family_at(const struct mib_view *view, const struct mib_index *index,
		      struct mib_row *ret)
{
	const struct mib_vacm *vacm = view->world.vacm;

	for (size_t i = 0; vacm && i < vacm->n_families; i++) {
		const struct mib_vacm_family *family = &vacm->families[i];

		ret->fields = family;
		ret->extra = NULL;
		ret->index_len = 0;
		add_text(ret, family->view);
		add_arc(ret, family->subtree->len);
		for (size_t j = 0; j < family->subtree->len; j++)
			add_arc(ret, family->subtree->oid[j]);
		if (is_wanted(ret, index))
			return true;
	}
	return false;
}

/* ---- tables ---- */

static const struct mib_column CONTEXT_COLUMNS[] = {
	MIB_GETTER(1, OCTETS, get_empty),
};

static const struct mib_column NAME_COLUMNS[] = {
	MIB_GETTER(3, OCTETS, get_group),
	MIB_GETTER(4, INTEGER, get_read_only),
	MIB_GETTER(5, INTEGER, get_active),
};

static const struct mib_column GROUP_COLUMNS[] = {
	MIB_GETTER(4, INTEGER, get_exact),     MIB_GETTER(5, OCTETS, get_read_view),
	MIB_GETTER(6, OCTETS, get_empty), /* nothing can be written */
	MIB_GETTER(7, OCTETS, get_empty), /* informs are not subject to a view here */
	MIB_GETTER(8, INTEGER, get_read_only), MIB_GETTER(9, INTEGER, get_active),
};

static const struct mib_column FAMILY_COLUMNS[] = {
	MIB_GETTER(3, OCTETS, get_empty), /* a mask of all ones */
	MIB_GETTER(4, INTEGER, get_family_type),
	MIB_GETTER(5, INTEGER, get_read_only),
	MIB_GETTER(6, INTEGER, get_active),
};

static const snmp_oid_t OID_CONTEXT_ENTRY[] = {SNMP_OID_VACM_CONTEXT_ENTRY};
static const snmp_oid_t OID_NAME_ENTRY[] = {SNMP_OID_VACM_NAME_ENTRY};
static const snmp_oid_t OID_GROUP_ENTRY[] = {SNMP_OID_VACM_GROUP_ENTRY};
static const snmp_oid_t OID_FAMILY_ENTRY[] = {SNMP_OID_VACM_FAMILY_ENTRY};

const struct mib_table MIB_TABLE_VACM_CONTEXT =
	MIB_TABLE(OID_CONTEXT_ENTRY, CONTEXT_COLUMNS, context_at);
const struct mib_table MIB_TABLE_VACM_NAME = MIB_TABLE(OID_NAME_ENTRY, NAME_COLUMNS, name_at);
const struct mib_table MIB_TABLE_VACM_GROUP = MIB_TABLE(OID_GROUP_ENTRY, GROUP_COLUMNS, group_at);
const struct mib_table MIB_TABLE_VACM_FAMILY =
	MIB_TABLE(OID_FAMILY_ENTRY, FAMILY_COLUMNS, family_at);
