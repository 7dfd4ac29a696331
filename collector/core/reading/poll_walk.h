/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads columns of a table by GETBULK or GETNEXT and keeps the cells by row. The caller
 * carries requests and answers; this says what to ask next and digests what comes, however
 * the device misbehaves: rows missing in some columns, OIDs out of order, loops, cut
 * answers, endless tables.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/reading/poll_limits.h"
#include "common/snmp/snmp_value.h"

enum {
	POLL_WALK_COLUMNS_MAX = 24,
	POLL_WALK_INDEX_MAX = 40, /* arcs of a row's index: a MAC address, an SSID of 32 */
	POLL_WALK_OCTETS_MAX = 255,
};

struct poll_walk_cell {
	uint8_t type; /* enum snmp_type; 0: no such cell */
	uint8_t len;  /* octets, or arcs of an OID */
	union {
		int64_t i;
		uint64_t u;
		uint8_t *octets; /* owned */
		uint32_t *oid;	 /* owned */
	} v;
};

struct poll_walk_row {
	uint32_t *index; /* lies behind the cells */
	size_t index_len;
	struct poll_walk_cell cells[]; /* one per column */
};

struct poll_walk {
	const snmp_oid_t *columns[POLL_WALK_COLUMNS_MAX]; /* not owned */
	uint8_t column_len[POLL_WALK_COLUMNS_MAX];
	size_t n_columns;
	struct poll_walk_row **rows; /* by index, ascending */
	size_t n_rows, rows_room, max_rows;
	bool done[POLL_WALK_COLUMNS_MAX];
	bool broken[POLL_WALK_COLUMNS_MAX];			 /* done, but not to its end */
	const struct poll_walk_row *last[POLL_WALK_COLUMNS_MAX]; /* where the column stands */
	uint8_t asked[POLL_WALK_COLUMNS_MAX]; /* columns of the request under way */
	size_t n_asked;
	bool bulk;	 /* that request is a GETBULK ... */
	int repetitions; /* ... of so many */
	uint8_t stuck;	 /* answers in a row that brought nothing */
	uint32_t bad_order, loops, rows_dropped;
	bool no_memory;
};

void poll_walk_init(struct poll_walk *walk, size_t max_rows);
void poll_walk_deinit(struct poll_walk *walk);
/* Adds a column; its OID must stay. False: too many columns. */
bool poll_walk_add(struct poll_walk *walk, const snmp_oid_t *column, size_t len);

/* The OIDs of the next request, as bindings with only a name; oids gives room for them. False: all is read. */
struct poll_walk_room {
	struct snmp_varbind *varbinds;
	snmp_oid_t (*oids)[SNMP_OID_LEN_MAX];
	size_t n; /* of both */
	/* For poll_session_next(): whether the caller keeps requests that will be made again, and
	 * the number of the one that it has (0: none). */
	bool keeps;
	uint32_t kept;
};
bool poll_walk_next(struct poll_walk *walk, const struct poll_limits *limits,
		    const struct poll_walk_room *room, size_t *ret_n);
/* An answer with error-status 0. */
void poll_walk_take(struct poll_walk *walk, const struct snmp_varbind *varbinds, size_t n);
/* The column that error_index names is done (noSuchName of v1: read to its end), or broken; 0 or out of range: all
 * that were asked. */
void poll_walk_end_column(struct poll_walk *walk, int error_index, bool broken);
/* Were these columns read to their end, all rows of them? */
bool poll_walk_complete(const struct poll_walk *walk, size_t first, size_t n);
/* Bindings that the request under way asks for in all. */
unsigned int poll_walk_asked(const struct poll_walk *walk);

/* A cell as a number: INTEGER that is not negative, counters, gauges, ticks; false for others. */
bool poll_walk_unsigned(const struct poll_walk_cell *cell, uint64_t *ret);
