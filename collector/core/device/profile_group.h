/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of a profile: values beside the links, stored together. A value is said by terms,
 * the OIDs that it is put together from; group_value.c works it out, this says what may be
 * asked for.
 *
 * Life: part of a struct profile; sample groups belong to it and outlive all samples.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/value/sample.h"
#include "common/snmp/snmp_value.h"

enum {
	PROFILE_OID_LEN_MAX = 32,	/* of a column or scalar in a profile */
	PROFILE_GROUP_COLUMNS_MAX = 24, /* as many as one walk reads: POLL_WALK_COLUMNS_MAX */
	PROFILE_TERMS_MAX = 32,		/* of a group; a bit of a uint32_t each */
	PROFILE_NOTHING_MAX = 8,
	PROFILE_MAP_MAX = 16,
	PROFILE_WHERE_MAX = 3,
	PROFILE_AFTER_MAX = 23,
};

struct profile_oid {
	snmp_oid_t id[PROFILE_OID_LEN_MAX];
	uint8_t len;  /* 0: not set */
	double scale; /* multiplies the value; 1 */
};

enum profile_value_kind { PROFILE_GAUGE, PROFILE_COUNTER };

/* How the rows of a column become a value */
enum profile_rows {
	PROFILE_ROWS_ONE, /* a scalar's instance, or one row per object */
	PROFILE_ROWS_SUM,
	PROFILE_ROWS_COUNT,
	PROFILE_ROWS_MEAN,
	PROFILE_ROWS_MAX,
};

/* What a term does to its value. */
enum profile_term_use {
	PROFILE_TERM_VALUE, /* is it; of several the first that says something */
	PROFILE_TERM_PLUS,  /* is added; nothing where the device has none */
	PROFILE_TERM_MINUS,
	PROFILE_TERM_TIMES,    /* multiplies it, and its total: the unit of a row */
	PROFILE_TERM_DECIMALS, /* divides it by so many tens */
	PROFILE_TERM_TOTAL,    /* of several the sum: the value is a percentage of it */
};

struct profile_term {
	struct profile_oid oid;
	uint8_t ds; /* of the group's */
	uint8_t use;
};

struct profile_ds {
	uint8_t first, end; /* its terms; end == first: it is known from an alternative only */
	uint8_t n_values;   /* the first of its terms, which are PROFILE_TERM_VALUE */
	bool percent;	    /* it has a total */
	bool free_share;    /* what is read is the free or idle part: 100 - it is stored */
	uint8_t kind, rows; /* enum profile_value_kind, profile_rows */
	double min, max;    /* of a row, see profile_ds_limits_rows(); NAN: no bound */
	uint8_t n_nothing;  /* numbers, as they are sent, that say that there is none */
	uint8_t n_map;	    /* 0: every number means itself */
	char after[PROFILE_AFTER_MAX +
		   1]; /* what stands before the number in a text; "": nothing */
	double nothing[PROFILE_NOTHING_MAX];
	struct {
		double from, to;
	} map[PROFILE_MAP_MAX]; /* what a number stands for; any other says nothing */
};

/* Only rows in which the column has one of these texts, "3|11", or none of them, "!UMA: *|-"; patterns
 * as fnmatch(3) has them. NULL: has any. */
struct profile_where {
	struct profile_oid column;
	char *equals; /* owned */
};

/* Whether a row's index names its object */
enum profile_index {
	PROFILE_INDEX_NO,
	PROFILE_INDEX_NUMBERS, /* "1.2" */
	PROFILE_INDEX_TEXT,    /* a string: its length, then its octets (RFC 2578 7.7) */
	PROFILE_INDEX_LINK,    /* an ifIndex: the link's name, which stays when numbers change */
};

struct profile_group {
	struct sample_group sample; /* name and data sources; the name is owned */
	struct profile_ds ds[SAMPLE_DS_MAX];
	struct profile_term terms[PROFILE_TERMS_MAX]; /* by data source, then by use */
	size_t n_terms;
	struct profile_oid
		object; /* column that names the object of each row; len 0: the device itself */
	struct profile_oid
		objects; /* column that names objects, also those of no row; len 0: none */
	enum profile_index object_index;	       /* instead of a column */
	struct profile_where where[PROFILE_WHERE_MAX]; /* rows must fit them all */
	size_t n_where;
	struct profile_where minus_where[PROFILE_WHERE_MAX]; /* rows that are taken off instead */
	size_t n_minus_where;
	int64_t interval_ms; /* 0: at every poll */
	bool walks;	     /* any ds or the object needs a walk */
	char *instead_of;    /* owned; NULL: none */
	int stands_for;	     /* the group of the profile whose alternative it is; -1: of none */
};

/* Adds a term to the group's last data source. -ENOSPC: there are too many, or -EINVAL: a use that must stand before
 * those that are there. */
int profile_group_add_term(struct profile_group *group, enum profile_term_use use,
			   const struct profile_oid *oid);
/* Completes a group that was filled in. NULL, or what is wrong (static). */
const char *profile_group_finish(struct profile_group *group);
/* Makes an alternative show the very data sources of the group that it stands for: what it has
 * not is unknown. False, and nothing changed, if it has others, or other units. */
bool profile_group_follow(struct profile_group *group, const struct profile_group *head);
/* ret is zeroed or of no value. 0 or -ENOMEM. */
int profile_group_copy(const struct profile_group *from, struct profile_group *ret);
void profile_group_deinit(struct profile_group *group);
/* The same for conditions. */
int profile_where_copy(const struct profile_where *from, size_t n, struct profile_where *ret);
void profile_where_deinit(struct profile_where *where, size_t n);
/* Columns that a walk over it reads: object, objects, where, minus_where, terms. */
size_t profile_group_columns(const struct profile_group *group);
/* Do the limits hold for each row, before rows become one value? Else for the value. */
bool profile_ds_limits_rows(const struct profile_ds *ds);
