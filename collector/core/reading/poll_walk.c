/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides how a table is read and when it ends. Each column has its own place: columns
 * with holes fall behind or run ahead of each other without harm. An OID that does not rise
 * is taken while its cell is new (agents that sort badly); a cell that comes twice ends
 * its column (agents that loop). Source: RFC 3416 4.2.2, 4.2.3.
 */
#include "collector/core/reading/poll_walk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define STUCK_MAX 2

void poll_walk_init(struct poll_walk *walk, size_t max_rows)
{
	*walk = (struct poll_walk){.max_rows = max_rows};
}

static bool owns_memory(const struct poll_walk_cell *cell)
{
	return cell->type == SNMP_TYPE_OCTETS || cell->type == SNMP_TYPE_IPADDRESS ||
	       cell->type == SNMP_TYPE_OPAQUE || cell->type == SNMP_TYPE_OID;
}

void poll_walk_deinit(struct poll_walk *walk)
{
	for (size_t i = 0; i < walk->n_rows; i++) {
		for (size_t c = 0; c < walk->n_columns; c++)
			if (owns_memory(&walk->rows[i]->cells[c]))
				free(walk->rows[i]->cells[c].v.octets);
		free(walk->rows[i]);
	}
	free(walk->rows);
	*walk = (struct poll_walk){0};
}

bool poll_walk_add(struct poll_walk *walk, const snmp_oid_t *column, size_t len)
{
	if (walk->n_columns >= POLL_WALK_COLUMNS_MAX)
		return false;
	walk->columns[walk->n_columns] = column;
	walk->column_len[walk->n_columns++] = len;
	return true;
}

static void set_name(struct snmp_varbind *vb, snmp_oid_t *oid, const struct poll_walk *walk,
		     size_t column)
{
	const struct poll_walk_row *last = walk->last[column];
	size_t len = walk->column_len[column];

	memcpy(oid, walk->columns[column], len * sizeof(*oid));
	for (size_t i = 0; last && i < last->index_len; i++)
		oid[len++] = last->index[i];
	*vb = (struct snmp_varbind){.name = oid, .name_len = len, .type = SNMP_TYPE_NULL};
}

bool poll_walk_next(struct poll_walk *walk, const struct poll_limits *limits,
		    const struct poll_walk_room *room, size_t *ret_n)
{
	size_t most = limits->no_bulk ? limits->varbinds : limits->bulk;
	size_t n = 0;

	for (size_t c = 0; c < walk->n_columns && n < most && n < room->n; c++) {
		if (walk->done[c])
			continue;
		set_name(&room->varbinds[n], room->oids[n], walk, c);
		walk->asked[n++] = c;
	}
	walk->n_asked = n;
	walk->bulk = !limits->no_bulk;
	walk->repetitions = walk->bulk ? poll_limits_repetitions(limits, n) : 1;
	*ret_n = n;
	return n && !walk->no_memory;
}

unsigned int poll_walk_asked(const struct poll_walk *walk)
{
	return walk->n_asked * walk->repetitions;
}

static void end_column(struct poll_walk *walk, size_t column, bool broken)
{
	walk->done[column] = true;
	walk->broken[column] = broken;
}

void poll_walk_end_column(struct poll_walk *walk, int error_index, bool broken)
{
	assert(walk->n_asked <= walk->n_columns);
	if (error_index >= 1 && (size_t)error_index <= walk->n_asked) {
		end_column(walk, walk->asked[error_index - 1], broken);
		return;
	}
	for (size_t i = 0; i < walk->n_asked; i++)
		end_column(walk, walk->asked[i], broken);
}

bool poll_walk_complete(const struct poll_walk *walk, size_t first, size_t n)
{
	assert(first + n <= walk->n_columns);
	for (size_t c = first; c < first + n; c++)
		if (walk->broken[c])
			return false;
	return !walk->no_memory && !walk->rows_dropped;
}

/* ---- rows ---- */

static int compare_index(const struct poll_walk_row *row, const snmp_oid_t *index, size_t len)
{
	for (size_t i = 0; i < len && i < row->index_len; i++)
		if (row->index[i] != index[i])
			return row->index[i] < index[i] ? -1 : 1;
	return row->index_len < len ? -1 : row->index_len > len;
}

/* Where the row stands, or should. */
static size_t place_of(const struct poll_walk *walk, const snmp_oid_t *index, size_t len,
		       bool *ret_found)
{
	size_t lo = 0, hi = walk->n_rows;
	int c;

	*ret_found = false;
	if (hi && compare_index(walk->rows[hi - 1], index, len) < 0)
		return hi; /* rows mostly come in order */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		c = compare_index(walk->rows[mid], index, len);
		if (!c) {
			*ret_found = true;
			return mid;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool make_room(struct poll_walk *walk)
{
	size_t room = walk->rows_room ? walk->rows_room * 2 : 16;
	struct poll_walk_row **rows;

	if (walk->n_rows < walk->rows_room)
		return true;
	rows = realloc(walk->rows, room * sizeof(struct poll_walk_row *));
	if (!rows)
		return false;
	walk->rows = rows;
	walk->rows_room = room;
	return true;
}

static struct poll_walk_row *row_new(const struct poll_walk *walk, const snmp_oid_t *index,
				     size_t len)
{
	size_t cells = walk->n_columns * sizeof(struct poll_walk_cell);
	struct poll_walk_row *row = calloc(1, sizeof(*row) + cells + len * sizeof(uint32_t));

	if (!row)
		return NULL;
	row->index = (uint32_t *)(void *)((char *)row + sizeof(*row) + cells);
	row->index_len = len;
	for (size_t i = 0; i < len; i++)
		row->index[i] = (uint32_t)index[i];
	return row;
}

/* The row of this index, made if new; NULL if there is no room for it. */
static struct poll_walk_row *row_of(struct poll_walk *walk, const snmp_oid_t *index, size_t len)
{
	struct poll_walk_row *row;
	bool found;
	size_t at = place_of(walk, index, len, &found);

	if (found)
		return walk->rows[at];
	if (walk->n_rows >= walk->max_rows) {
		walk->rows_dropped++;
		return NULL;
	}
	row = make_room(walk) ? row_new(walk, index, len) : NULL;
	if (!row) {
		walk->no_memory = true;
		return NULL;
	}
	memmove(walk->rows + at + 1, walk->rows + at,
		(walk->n_rows - at) * sizeof(struct poll_walk_row *));
	walk->rows[at] = row;
	walk->n_rows++;
	return row;
}

/* ---- cells ---- */

static bool copy_octets(struct poll_walk_cell *cell, const uint8_t *p, size_t len)
{
	cell->len = len < POLL_WALK_OCTETS_MAX ? len : POLL_WALK_OCTETS_MAX;
	cell->v.octets = malloc(cell->len + 1);
	if (!cell->v.octets)
		return false;
	if (cell->len)
		memcpy(cell->v.octets, p, cell->len);
	cell->v.octets[cell->len] = '\0';
	return true;
}

static bool set_cell(struct poll_walk_cell *cell, const struct snmp_varbind *vb)
{
	bool ok = true;

	switch (vb->type) {
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		ok = copy_octets(cell, vb->v.octets.p, vb->v.octets.len);
		break;
	case SNMP_TYPE_OID:
		cell->len = vb->v.oid.len < SNMP_OID_LEN_MAX ? vb->v.oid.len : SNMP_OID_LEN_MAX;
		cell->v.oid = calloc(cell->len + 1, sizeof(*cell->v.oid));
		for (size_t i = 0; cell->v.oid && i < cell->len; i++)
			cell->v.oid[i] = (uint32_t)vb->v.oid.p[i];
		ok = cell->v.oid;
		break;
	case SNMP_TYPE_INTEGER:
		cell->v.i = vb->v.i;
		break;
	default:
		cell->v.u = vb->v.u;
	}
	if (ok)
		cell->type = vb->type;
	return ok;
}

/* Is the binding a cell of this column? */
static bool in_column(const struct poll_walk *walk, size_t column, const struct snmp_varbind *vb)
{
	size_t len = walk->column_len[column];

	return vb->type < SNMP_TYPE_NO_SUCH_OBJECT && vb->name_len > len &&
	       vb->name_len - len <= POLL_WALK_INDEX_MAX &&
	       !memcmp(vb->name, walk->columns[column], len * sizeof(*vb->name));
}

/* One binding for one column; returns whether it brought something new. */
static bool take_cell(struct poll_walk *walk, size_t column, const struct snmp_varbind *vb)
{
	const snmp_oid_t *index = vb->name + walk->column_len[column];
	size_t len = vb->name_len - walk->column_len[column];
	const struct poll_walk_row *last = walk->last[column];
	struct poll_walk_row *row;

	if (!in_column(walk, column, vb)) {
		walk->done[column] = true;
		return true;
	}
	row = row_of(walk, index, len);
	if (!row || row->cells[column].type) {
		/* a full table, or a cell that was there before: a loop */
		walk->loops += row != NULL;
		walk->done[column] = true;
		return true;
	}
	if (last && compare_index(last, index, len) >= 0)
		walk->bad_order++;
	if (!set_cell(&row->cells[column], vb)) {
		walk->no_memory = true;
		return false;
	}
	walk->last[column] = row;
	return true;
}

void poll_walk_take(struct poll_walk *walk, const struct snmp_varbind *varbinds, size_t n)
{
	bool progress = false;
	size_t column;

	assert(walk->n_asked <= walk->n_columns);
	for (size_t i = 0; i < n && walk->n_asked && !walk->no_memory; i++) {
		column = walk->asked[i % walk->n_asked];
		if (!walk->done[column])
			progress |= take_cell(walk, column, &varbinds[i]);
	}
	walk->stuck = progress ? 0 : walk->stuck + 1;
	if (walk->stuck >= STUCK_MAX)
		poll_walk_end_column(walk, 0, true);
}

bool poll_walk_unsigned(const struct poll_walk_cell *cell, uint64_t *ret)
{
	switch (cell->type) {
	case SNMP_TYPE_INTEGER:
		if (cell->v.i < 0)
			return false;
		*ret = (uint64_t)cell->v.i;
		return true;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		*ret = cell->v.u;
		return true;
	default:
		return false;
	}
}
