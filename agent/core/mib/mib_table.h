/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the objects of mib_view are described, and what their getters share. For the
 * mib_*.c files of this directory only; everyone else asks mib_view.
 *
 * Everything is a table: an entry's OID, its columns in ascending order, and one function
 * that finds the first row at or after an index. A group of scalars is a table with the
 * one row { 0 }.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/mib/mib_view.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_value.h"

enum {
	MIB_INDEX_MAX = 66, /* usmUserTable: 1 + 32 + 1 + 32 */
};

/* A row that a table's search found. */
struct mib_row {
	const void *fields; /* what the columns' offsets count from */
	const void *extra;  /* for getters that need a second place */
	snmp_oid_t index[MIB_INDEX_MAX];
	size_t index_len;
};

/* The smallest index asked for: at or after subids[0..len), or after it. */
struct mib_index {
	const snmp_oid_t *subids;
	size_t len;
	bool include;
};

typedef void column_fn(const struct mib_view *view, const struct mib_row *row,
		       struct snmp_varbind *ret);

/* One column: either a field of the row (offset, width in octets) or a function. */
struct mib_column {
	uint16_t column;
	uint8_t type; /* enum snmp_type */
	uint16_t offset, width;
	column_fn *fn;
};

struct mib_table {
	const snmp_oid_t *oid;
	size_t oid_len;
	const struct mib_column *columns;
	size_t n_columns;
	bool (*at)(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret);
};

#define MIB_FIELD(c, t, S, f)                                                                      \
	{                                                                                          \
		.column = (c), .type = SNMP_TYPE_##t, .offset = offsetof(S, f),                    \
		.width = sizeof(((S *)NULL)->f)                                                    \
	}
#define MIB_GETTER(c, t, f)                                                                        \
	{                                                                                          \
		.column = (c), .type = SNMP_TYPE_##t, .fn = (f)                                    \
	}

#define MIB_TABLE(o, c, f)                                                                         \
	{                                                                                          \
		.oid = (o), .oid_len = ARRAY_LEN(o), .columns = (c), .n_columns = ARRAY_LEN(c),    \
		.at = (f)                                                                          \
	}

extern const struct mib_table MIB_TABLE_SYSTEM, MIB_TABLE_SNMP;
extern const struct mib_table MIB_TABLE_IF_NUMBER, MIB_TABLE_IF, MIB_TABLE_IFX, MIB_TABLE_IFMIB;
extern const struct mib_table MIB_TABLE_AGENT, MIB_TABLE_LINK, MIB_TABLE_WIFI, MIB_TABLE_PATH;
extern const struct mib_table MIB_TABLE_LINK_HIST, MIB_TABLE_PATH_HIST, MIB_TABLE_EVENT;
extern const struct mib_table MIB_TABLE_ENGINE, MIB_TABLE_MPD_STATS, MIB_TABLE_USM_STATS;
extern const struct mib_table MIB_TABLE_USM_USER, MIB_TABLE_SYS_OR;
extern const struct mib_table MIB_TABLE_VACM_CONTEXT, MIB_TABLE_VACM_NAME;
extern const struct mib_table MIB_TABLE_VACM_GROUP, MIB_TABLE_VACM_FAMILY;

/* A NUL-terminated text as the value; NULL is an empty one. */
void mib_set_octets(struct snmp_varbind *ret, const char *text);

/* Hundredths of a second between the agent's start and a monotonic time, mod 2^32. */
uint32_t mib_ticks_at(const struct mib_view *view, int64_t at_us);

/*
 * The smallest index of n sub-identifiers that an open-ended one allows. A shorter one
 * stands before all that it begins; a longer one after its own first n (RFC 3416 4.2.2).
 * False if there is none in 32 bits.
 */
bool mib_index_start(const struct mib_index *index, size_t n, uint32_t *ret);

/* Fills in a row; false if fields is NULL. */
bool mib_row_set(struct mib_row *ret, const void *fields, size_t index_len, const uint32_t *index);

/* The one row of a group of scalars: instance 0. */
bool mib_scalar_at(const struct mib_index *index, const void *fields, struct mib_row *ret);

/* Rows of struct mib_link, which two MIBs show. */
bool mib_link_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret);
/* The one row of scalars whose fields are struct mib_world. */
bool mib_world_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret);

/* TimeTicks of the last change of the link table: IF-MIB and PANTAU-MIB have it. */
void mib_get_table_change(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret);
