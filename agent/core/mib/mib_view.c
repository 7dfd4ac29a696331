/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides which instance a name means, which one comes next, and its value. Does not know
 * where requests come from, nor who may ask (the access list is the caller's).
 *
 * The tables (mib_table.h) stand in MIB order in TABLES, so a name finds its table by
 * comparing, its column by binary search and its row by the table's own search.
 *
 * Source: RFC 3416 4.2 (GET, GETNEXT, the order of names), RFC 3415 4 (what is hidden).
 */
#include "agent/core/mib/mib_view.h"

#include <string.h>

#include "agent/core/mib/mib_data.h"
#include "agent/core/mib/mib_table.h"

/*
 * ifNumber (interfaces 1) stands before ifTable (interfaces 2) and ifXTable (ifMIBObjects
 * 1) before ifTableLastChange (ifMIBObjects 5), so the groups do not interleave although
 * one's OID begins the other's.
 */
static const struct mib_table *const TABLES[] = {
	&MIB_TABLE_SYSTEM,	 &MIB_TABLE_SYS_OR,    &MIB_TABLE_IF_NUMBER,
	&MIB_TABLE_IF,		 &MIB_TABLE_SNMP,      &MIB_TABLE_IFX,
	&MIB_TABLE_IFMIB,	 &MIB_TABLE_AGENT,     &MIB_TABLE_LINK,
	&MIB_TABLE_WIFI,	 &MIB_TABLE_PATH,      &MIB_TABLE_LINK_HIST,
	&MIB_TABLE_PATH_HIST,	 &MIB_TABLE_EVENT,     &MIB_TABLE_ENGINE,
	&MIB_TABLE_MPD_STATS,	 &MIB_TABLE_USM_STATS, &MIB_TABLE_USM_USER,
	&MIB_TABLE_VACM_CONTEXT, &MIB_TABLE_VACM_NAME, &MIB_TABLE_VACM_GROUP,
	&MIB_TABLE_VACM_FAMILY,
};

uint32_t mib_view_uptime(const struct mib_view *view)
{
	return mib_ticks_at(view, view->world.now_us);
}

/* ---- values ---- */

static uint64_t field_unsigned(const uint8_t *p, size_t width)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (width) {
	case 1:
		return *p;
	case 2:
		memcpy(&u16, p, sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, p, sizeof(u32));
		return u32;
	default:
		memcpy(&u64, p, sizeof(u64));
		return u64;
	}
}

/* A field of the row as its column's type says; text ends at its NUL. */
static void field_get(const struct mib_column *column, const struct mib_row *row,
		      struct snmp_varbind *ret)
{
	const uint8_t *p = (const uint8_t *)row->fields + column->offset;

	switch (column->type) {
	case SNMP_TYPE_OCTETS:
		ret->v.octets.p = p;
		ret->v.octets.len = strnlen((const char *)p, column->width);
		break;
	case SNMP_TYPE_INTEGER: /* Integer32: every signed field has four octets */
		ret->v.i = (int32_t)field_unsigned(p, column->width);
		break;
	case SNMP_TYPE_COUNTER64:
		ret->v.u = field_unsigned(p, column->width);
		break;
	default:
		ret->v.u = (uint32_t)field_unsigned(p, column->width);
		break;
	}
}

static void value_get(const struct mib_view *view, const struct mib_column *column,
		      const struct mib_row *row, struct snmp_varbind *ret)
{
	ret->type = column->type;
	if (column->fn)
		column->fn(view, row, ret);
	else
		field_get(column, row, ret);
}

/* ---- names ---- */

int mib_oid_cmp(const snmp_oid_t *a, size_t a_len, const snmp_oid_t *b, size_t b_len)
{
	size_t i, n = a_len < b_len ? a_len : b_len;

	for (i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return a_len == b_len ? 0 : a_len < b_len ? -1 : 1;
}

static bool oid_begins(const snmp_oid_t *prefix, size_t prefix_len, const snmp_oid_t *name,
		       size_t len)
{
	size_t i;

	if (len < prefix_len)
		return false;
	/* From the end: names that differ at all mostly differ there. */
	for (i = prefix_len; i > 0; i--) {
		if (prefix[i - 1] != name[i - 1])
			return false;
	}
	return true;
}

/* Position of the first column with a number >= column. */
static size_t column_at(const struct mib_table *table, snmp_oid_t column)
{
	size_t low = 0, high = table->n_columns;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (table->columns[mid].column < column)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * Whether the access list shows this name. ret_len gets how much of the name decided:
 * all names that begin so and have no longer entry of their own share the answer.
 */
static bool access_sees(const struct mib_access *access, const snmp_oid_t *name, size_t len,
			size_t *ret_len)
{
	bool seen = false;
	size_t i;

	*ret_len = 0;
	if (!access)
		return true;
	for (i = 0; i < access->n; i++) {
		const struct mib_subtree *subtree = &access->subtrees[i];

		if (subtree->len < *ret_len || !oid_begins(subtree->oid, subtree->len, name, len))
			continue;
		*ret_len = subtree->len;
		seen = subtree->seen;
	}
	return seen;
}

/* ---- GET ---- */

/* The table and the column that a name is an instance of; NULL if of none. */
static const struct mib_column *column_of(const snmp_oid_t *name, size_t len,
					  const struct mib_table **ret_table)
{
	size_t i, at;

	for (i = 0; i < ARRAY_LEN(TABLES); i++) {
		const struct mib_table *table = TABLES[i];

		if (len <= table->oid_len || !oid_begins(table->oid, table->oid_len, name, len))
			continue;
		at = column_at(table, name[table->oid_len]);
		if (at == table->n_columns || table->columns[at].column != name[table->oid_len])
			continue;
		*ret_table = table;
		return &table->columns[at];
	}
	return NULL;
}

enum mib_outcome mib_view_get(const struct mib_view *view, const snmp_oid_t *name, size_t len,
			      struct snmp_varbind *ret)
{
	const struct mib_column *column;
	const struct mib_table *table;
	struct mib_index index;
	struct mib_row row;
	size_t decided;

	column = column_of(name, len, &table);
	if (!column || !access_sees(view->access, name, len, &decided))
		return MIB_NO_SUCH_OBJECT;
	index.subids = name + table->oid_len + 1;
	index.len = len - table->oid_len - 1;
	index.include = true;
	if (!table->at(view, &index, &row) ||
	    mib_oid_cmp(row.index, row.index_len, index.subids, index.len) != 0)
		return MIB_NO_SUCH_INSTANCE;
	value_get(view, column, &row, ret);
	return MIB_FOUND;
}

/* ---- GETNEXT ---- */

static void name_set(struct mib_name *ret, const struct mib_table *table,
		     const struct mib_column *column, const struct mib_row *row)
{
	size_t n = table->oid_len;

	memcpy(ret->subids, table->oid, n * sizeof(*table->oid));
	ret->subids[n++] = column->column;
	memcpy(ret->subids + n, row->index, row->index_len * sizeof(*row->index));
	ret->len = n + row->index_len;
}

/*
 * The first instance of one table at or after a name. A table in which even the lowest
 * index finds no row has none in any column.
 */
static bool table_next(const struct mib_view *view, const struct mib_table *table,
		       const snmp_oid_t *name, size_t len, bool include, struct mib_name *ret_name,
		       struct snmp_varbind *ret)
{
	const struct mib_index lowest = {.include = true};
	struct mib_index index = lowest;
	struct mib_row row;
	size_t at = 0;

	if (len > table->oid_len) {
		at = column_at(table, name[table->oid_len]);
		if (at < table->n_columns && table->columns[at].column == name[table->oid_len]) {
			index.subids = name + table->oid_len + 1;
			index.len = len - table->oid_len - 1;
			index.include = include || index.len == 0;
		}
	}
	for (; at < table->n_columns; at++) {
		if (table->at(view, &index, &row)) {
			value_get(view, &table->columns[at], &row, ret);
			name_set(ret_name, table, &table->columns[at], &row);
			return true;
		}
		if (index.len == 0)
			return false;
		index = lowest;
	}
	return false;
}

/* The first instance at or after a name, whoever may see it. */
static bool any_next(const struct mib_view *view, const snmp_oid_t *name, size_t len, bool include,
		     struct mib_name *ret_name, struct snmp_varbind *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(TABLES); i++) {
		const struct mib_table *table = TABLES[i];
		bool within = oid_begins(table->oid, table->oid_len, name, len);

		if (!within && mib_oid_cmp(name, len, table->oid, table->oid_len) > 0)
			continue;
		if (table_next(view, table, name, within ? len : 0, include, ret_name, ret))
			return true;
	}
	return false;
}

/*
 * The lowest name above all that begin with the first decided sub-identifiers, except
 * where the access list has an entry below them: that one is looked at first.
 */
static void skip_hidden(const struct mib_access *access, size_t decided, struct mib_name *name)
{
	const struct mib_subtree *nearest = NULL;
	size_t i;

	for (i = 0; i < access->n; i++) {
		const struct mib_subtree *subtree = &access->subtrees[i];

		if (mib_oid_cmp(subtree->oid, subtree->len, name->subids, name->len) <= 0)
			continue;
		if (!nearest ||
		    mib_oid_cmp(subtree->oid, subtree->len, nearest->oid, nearest->len) < 0)
			nearest = subtree;
	}
	name->len = decided;
	if (decided > 0)
		name->subids[decided - 1]++;
	if (nearest && nearest->len <= MIB_NAME_MAX &&
	    (decided == 0 ||
	     mib_oid_cmp(nearest->oid, nearest->len, name->subids, name->len) < 0)) {
		memcpy(name->subids, nearest->oid, nearest->len * sizeof(*nearest->oid));
		name->len = nearest->len;
	}
}

enum mib_outcome mib_view_next(const struct mib_view *view, const snmp_oid_t *name, size_t len,
			       bool include, struct mib_name *ret_name, struct snmp_varbind *ret)
{
	struct mib_name at;
	struct snmp_varbind value;
	size_t decided;

	if (!any_next(view, name, len, include, &at, &value))
		return MIB_END;
	while (!access_sees(view->access, at.subids, at.len, &decided)) {
		struct mib_name from = at;

		skip_hidden(view->access, decided, &from);
		if (from.len == 0 || !any_next(view, from.subids, from.len, true, &at, &value))
			return MIB_END;
	}
	ret_name->len = at.len;
	memcpy(ret_name->subids, at.subids, at.len * sizeof(at.subids[0]));
	ret->type = value.type; /* not its name, which the caller may have set */
	ret->v = value.v;
	return MIB_FOUND;
}
