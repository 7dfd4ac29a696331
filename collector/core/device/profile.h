/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A profile says, as data, what a kind of device is asked: how it is recognised, how its
 * links are read, and which further groups of values it has. Files in conf/profiles/ become
 * these structs (codec/profile/profile_text.c); nothing here knows a vendor.
 *
 * Life: a profile_set is built wholly, then never changes; sample groups belong to it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/profile_group.h"
#include "collector/core/value/sample.h"
#include "common/snmp/snmp_value.h"

enum {
	PROFILE_CANDIDATES_MAX = 48, /* columns polled per link, all alternatives together */
	PROFILE_LINK_GROUPS_MAX = 4,
	PROFILE_GROUPS_MAX = 40, /* with those that it takes over */
	PROFILE_CHANGED_MAX = 4,
	PROFILE_PROBES_MAX = 4,
	PROFILE_HARDWARE_MAX = 4,	   /* places, with those that it takes over */
	PROFILE_HARDWARE_COLUMNS_MAX = 24, /* of all of them: POLL_WALK_COLUMNS_MAX */
};

/* What a column of a link means. The order is that of the table in profile.c. */
enum profile_link_field {
	/* read when interfaces are discovered */
	PROFILE_LINK_NAME,
	PROFILE_LINK_DESCR,
	PROFILE_LINK_ALIAS,
	PROFILE_LINK_TYPE,
	PROFILE_LINK_MAC,
	PROFILE_LINK_SPEED,
	PROFILE_LINK_ROLE,
	PROFILE_LINK_MEDIUM,
	PROFILE_LINK_CAPACITY,
	PROFILE_LINK_STATE_SINCE,
	/* read at every poll */
	PROFILE_LINK_CHECK,
	PROFILE_LINK_ADMIN,
	PROFILE_LINK_OPER,
	PROFILE_LINK_SAMPLE_TIME,
	PROFILE_LINK_DISCONTINUITY,
	PROFILE_LINK_IN_OCTETS,
	PROFILE_LINK_OUT_OCTETS,
	PROFILE_LINK_IN_ERRORS,
	PROFILE_LINK_OUT_ERRORS,
	PROFILE_LINK_IN_DISCARDS,
	PROFILE_LINK_OUT_DISCARDS,
	PROFILE_LINK_IN_PACKETS,
	PROFILE_LINK_OUT_PACKETS,
	PROFILE_LINK_IN_PEAK,
	PROFILE_LINK_OUT_PEAK,
	PROFILE_LINK_FIELD_N,
	PROFILE_LINK_POLLED = PROFILE_LINK_CHECK,     /* the first of the polled ones */
	PROFILE_LINK_VALUES = PROFILE_LINK_IN_OCTETS, /* the first that is a value of a sample */
};

/* One column, with what it stands for. Alternatives of a field stand next to each other, best first. */
struct profile_column {
	enum profile_link_field field;
	struct profile_oid oid;
};

struct profile_links {
	bool set;
	struct profile_column columns[PROFILE_CANDIDATES_MAX]; /* in the order of their fields */
	size_t n_columns;
	size_t first_polled; /* columns from here on are read at every poll */
	struct {
		uint8_t first, end; /* the columns of a polled field, counted from first_polled */
	} span[PROFILE_LINK_FIELD_N];
	uint32_t *skip_types; /* ifType numbers that are not watched; owned */
	size_t n_skip_types;
	char **skip_names; /* fnmatch(3) patterns; owned, NULL-terminated; may be NULL */
	struct sample_group groups[PROFILE_LINK_GROUPS_MAX];
	uint8_t group_field[PROFILE_LINK_GROUPS_MAX]
			   [SAMPLE_DS_MAX]; /* enum profile_link_field of each ds */
	size_t n_groups;
};

enum profile_hardware_field {
	PROFILE_MODEL,
	PROFILE_FIRMWARE,
	PROFILE_SERIAL,
	PROFILE_HARDWARE_FIELDS
};

/* A place where a device may say what it is: scalars, as columns of one row, or a table. */
struct profile_hardware {
	struct profile_where where[PROFILE_WHERE_MAX]; /* as in a group */
	size_t n_where;
	struct {
		struct profile_oid oid;
		uint8_t field; /* enum profile_hardware_field */
	} columns[8];	       /* of one field the first that says something */
	size_t n_columns;
};

struct profile {
	char *name, *description;
	char *place;		   /* "FILE:LINE" where it ends; NULL if it is of no file */
	struct profile_oid *match; /* prefixes of sysObjectID; owned */
	size_t n_match;
	struct profile_oid probe[PROFILE_PROBES_MAX]; /* something must exist at or below each */
	size_t n_probe;
	char **use; /* names of profiles whose links and groups are taken over; owned */
	int priority;
	struct profile_oid uptime;   /* sysUpTime.0 unless given */
	struct profile_oid clock_us; /* PANTAU-MIB MonotonicUs.0 */
	struct profile_oid epoch;    /* PANTAU-MIB EpochId.0 */
	struct profile_oid
		changed[PROFILE_CHANGED_MAX]; /* scalars whose change starts a discovery */
	size_t n_changed;
	struct profile_links links;
	struct profile_group *groups; /* owned */
	size_t n_groups;
	struct profile_hardware hardware[PROFILE_HARDWARE_MAX]; /* best first */
	size_t n_hardware;
};

struct profile_set {
	struct profile *profiles; /* sorted by name */
	size_t n;
};

const struct profile *profile_set_find(const struct profile_set *set, const char *name);
void profile_deinit(struct profile *profile);
void profile_set_deinit(struct profile_set *set);

/* The name of a link field as it stands in a profile ("in-octets"), and back (-EINVAL). */
const char *profile_link_field_name(enum profile_link_field field);
int profile_link_field_parse(const char *name, enum profile_link_field *ret);

/* Completes a profile that was filled in: orders columns, makes the sample groups of links.
 * Returns 0, or -EINVAL and a text (static) of what is wrong. */
int profile_finish(struct profile *profile, const char **ret_problem);
/* Takes over what profiles name in "use", sorts by name. 0, -ENOMEM, or -EINVAL and the name of the profile at
 * fault (points into the set) with a text. */
int profile_set_finish(struct profile_set *set, const char **ret_profile, const char **ret_problem);

/*
 * Choice of a profile. A profile is a candidate if one of its prefixes begins object_id, or if it has none.
 * The best candidate has all its probes answered, then the higher priority, then the longest prefix, then the
 * lesser name. probed(data, oid) says whether something exists at or below oid.
 */
typedef bool profile_probed_fn(void *data, const struct profile_oid *oid);
const struct profile *profile_set_choose(const struct profile_set *set, const snmp_oid_t *object_id,
					 size_t len, profile_probed_fn *probed, void *data);
/* Does the profile come into question for this sysObjectID at all (so that its probes are worth asking)? */
bool profile_is_candidate(const struct profile *profile, const snmp_oid_t *object_id, size_t len);
/* Arcs of the longest prefix that fits it, 0 for a profile without prefixes, -1 if none fits. */
int profile_prefix_len(const struct profile *profile, const snmp_oid_t *object_id, size_t len);
