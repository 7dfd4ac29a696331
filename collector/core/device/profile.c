/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a complete profile is and which one suits a device. Does not read files
 * (codec/profile) and asks no device (poll_session.c).
 */
#include "collector/core/device/profile.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/snmp/snmp_oids.h"

/* What is measured of a link: the row's place says which group stores it. */
struct link_field {
	const char *name;  /* key in a profile */
	const char *group; /* NULL: not a value of a sample */
	const char *ds, *unit;
};

static const struct link_field FIELDS[PROFILE_LINK_FIELD_N] = {
	[PROFILE_LINK_NAME] = {"name"},
	[PROFILE_LINK_DESCR] = {"descr"},
	[PROFILE_LINK_ALIAS] = {"alias"},
	[PROFILE_LINK_TYPE] = {"type"},
	[PROFILE_LINK_MAC] = {"mac"},
	[PROFILE_LINK_SPEED] = {"speed"},
	[PROFILE_LINK_ROLE] = {"role"},
	[PROFILE_LINK_MEDIUM] = {"medium"},
	[PROFILE_LINK_CAPACITY] = {"capacity"},
	[PROFILE_LINK_STATE_SINCE] = {"state-since"},
	[PROFILE_LINK_CHECK] = {"check"},
	[PROFILE_LINK_ADMIN] = {"admin"},
	[PROFILE_LINK_OPER] = {"oper"},
	[PROFILE_LINK_SAMPLE_TIME] = {"sample-time"},
	[PROFILE_LINK_DISCONTINUITY] = {"discontinuity"},
	[PROFILE_LINK_IN_OCTETS] = {"in-octets", "traffic", "in", "octets/s"},
	[PROFILE_LINK_OUT_OCTETS] = {"out-octets", "traffic", "out", "octets/s"},
	[PROFILE_LINK_IN_ERRORS] = {"in-errors", "errors", "in_errors", "packets/s"},
	[PROFILE_LINK_OUT_ERRORS] = {"out-errors", "errors", "out_errors", "packets/s"},
	[PROFILE_LINK_IN_DISCARDS] = {"in-discards", "errors", "in_discards", "packets/s"},
	[PROFILE_LINK_OUT_DISCARDS] = {"out-discards", "errors", "out_discards", "packets/s"},
	[PROFILE_LINK_IN_PACKETS] = {"in-packets", "packets", "in", "packets/s"},
	[PROFILE_LINK_OUT_PACKETS] = {"out-packets", "packets", "out", "packets/s"},
	[PROFILE_LINK_IN_PEAK] = {"in-peak", "peak", "in", "bits/s"},
	[PROFILE_LINK_OUT_PEAK] = {"out-peak", "peak", "out", "bits/s"},
};

static const snmp_oid_t SYS_UPTIME[] = {SNMP_OID_SYS_UPTIME, 0};

const char *profile_link_field_name(enum profile_link_field field)
{
	return (unsigned int)field < PROFILE_LINK_FIELD_N ? FIELDS[field].name : "?";
}

int profile_link_field_parse(const char *name, enum profile_link_field *ret)
{
	for (size_t i = 0; i < PROFILE_LINK_FIELD_N; i++) {
		if (!strcmp(FIELDS[i].name, name)) {
			*ret = i;
			return 0;
		}
	}
	return -EINVAL;
}

static void free_strings(char **strings)
{
	for (char **s = strings; s && *s; s++)
		free(*s);
	free(strings);
}

void profile_deinit(struct profile *profile)
{
	free(profile->name);
	free(profile->description);
	free(profile->place);
	free(profile->match);
	free_strings(profile->use);
	free(profile->links.skip_types);
	free_strings(profile->links.skip_names);
	for (size_t i = 0; i < profile->n_groups; i++)
		profile_group_deinit(&profile->groups[i]);
	free(profile->groups);
	for (size_t i = 0; i < profile->n_hardware; i++)
		profile_where_deinit(profile->hardware[i].where, profile->hardware[i].n_where);
	*profile = (struct profile){0};
}

void profile_set_deinit(struct profile_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		profile_deinit(&set->profiles[i]);
	free(set->profiles);
	*set = (struct profile_set){0};
}

/* ---- links ---- */

static bool has_field(const struct profile_links *links, enum profile_link_field field)
{
	for (size_t i = 0; i < links->n_columns; i++)
		if (links->columns[i].field == field)
			return true;
	return false;
}

static void sort_columns(struct profile_links *links)
{
	struct profile_column tmp;

	/* insertion sort: stable, so alternatives keep their order */
	for (size_t i = 1; i < links->n_columns; i++) {
		for (size_t j = i; j && links->columns[j].field < links->columns[j - 1].field;
		     j--) {
			tmp = links->columns[j];
			links->columns[j] = links->columns[j - 1];
			links->columns[j - 1] = tmp;
		}
	}
	links->first_polled = 0;
	while (links->first_polled < links->n_columns &&
	       links->columns[links->first_polled].field < PROFILE_LINK_POLLED)
		links->first_polled++;
}

static void add_ds(struct profile_links *links, enum profile_link_field field)
{
	const struct link_field *f = &FIELDS[field];
	struct sample_group *group = NULL;
	struct sample_ds *ds;
	size_t g;

	for (g = 0; g < links->n_groups; g++)
		if (!strcmp(links->groups[g].name, f->group))
			group = &links->groups[g];
	if (!group) {
		group = &links->groups[links->n_groups++];
		group->name = f->group;
	}
	g = group - links->groups;
	links->group_field[g][group->n_ds] = field;
	ds = &group->ds[group->n_ds++];
	strcpy(ds->name, f->ds);
	ds->unit = f->unit;
	ds->min = 0;
	ds->max = NAN;
}

static const char *finish_links(struct profile_links *links)
{
	size_t i;

	sort_columns(links);
	i = links->first_polled;
	for (size_t f = PROFILE_LINK_POLLED; f < PROFILE_LINK_FIELD_N; f++) {
		links->span[f].first = i - links->first_polled;
		while (i < links->n_columns && links->columns[i].field == f)
			i++;
		links->span[f].end = i - links->first_polled;
	}
	if (!has_field(links, PROFILE_LINK_NAME) && !has_field(links, PROFILE_LINK_DESCR))
		return "links need \"name\" or \"descr\"";
	if (has_field(links, PROFILE_LINK_IN_OCTETS) != has_field(links, PROFILE_LINK_OUT_OCTETS))
		return "in-octets and out-octets come in pairs";
	links->n_groups = 0;
	memset(links->groups, 0, sizeof(links->groups));
	for (size_t f = PROFILE_LINK_VALUES; f < PROFILE_LINK_FIELD_N; f++)
		if (has_field(links, f))
			add_ds(links, f);
	return NULL;
}

/* ---- groups ---- */

/* The group of that name that stands for itself; n if there is none among the first n. */
static size_t head_of(const struct profile *profile, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && (profile->groups[i].stands_for >= 0 ||
			 strcmp(profile->groups[i].sample.name, name) != 0))
		i++;
	return i;
}

static const char *finish_alternative(struct profile *profile, size_t i)
{
	struct profile_group *group = &profile->groups[i];
	size_t head = group->instead_of ? head_of(profile, i, group->instead_of) : i;
	char *name;

	if (!group->instead_of)
		return NULL;
	if (head == i)
		return "\"instead-of\" names no group that stands before";
	if (!profile_group_follow(group, &profile->groups[head]))
		return "\"instead-of\": the other group has no value of that name and unit";
	name = strdup(group->instead_of);
	if (!name)
		return "out of memory";
	free((char *)group->sample.name);
	group->sample.name = name;
	group->stands_for = (int)head;
	return NULL;
}

static size_t hardware_columns(const struct profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_hardware; i++)
		n += profile->hardware[i].n_where + profile->hardware[i].n_columns;
	return n;
}

int profile_finish(struct profile *profile, const char **ret_problem)
{
	const char *problem = NULL;

	if (!profile->uptime.len) {
		memcpy(profile->uptime.id, SYS_UPTIME, sizeof(SYS_UPTIME));
		profile->uptime.len = ARRAY_LEN(SYS_UPTIME);
		profile->uptime.scale = 1;
	}
	if (profile->links.set)
		problem = finish_links(&profile->links);
	for (size_t i = 0; i < profile->n_groups && !problem; i++)
		problem = profile_group_finish(&profile->groups[i]);
	for (size_t i = 0; i < profile->n_groups && !problem; i++)
		problem = finish_alternative(profile, i);
	if (!problem && hardware_columns(profile) > PROFILE_HARDWARE_COLUMNS_MAX)
		problem = "more than 24 columns of hardware";
	if (!problem)
		return 0;
	*ret_problem = problem;
	return -EINVAL;
}

/* ---- "use" ---- */

static int copy_strings(char **from, char ***ret)
{
	size_t n = 0;
	char **to;

	while (from && from[n])
		n++;
	to = calloc(n + 1, sizeof(*to));
	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		to[i] = strdup(from[i]);
		if (!to[i]) {
			free_strings(to);
			return -ENOMEM;
		}
	}
	*ret = to;
	return 0;
}

/* What is not watched: the profile's own lists, where it has some, else those of the one it uses. */
static int take_skips(struct profile_links *links, const struct profile_links *own,
		      const struct profile_links *from)
{
	size_t n = from->n_skip_types;

	links->skip_types = own->skip_types;
	links->n_skip_types = own->n_skip_types;
	links->skip_names = own->skip_names;
	if (!own->n_skip_types && n) {
		free(own->skip_types);
		links->skip_types = calloc(n, sizeof(*links->skip_types));
		if (!links->skip_types)
			return -ENOMEM;
		memcpy(links->skip_types, from->skip_types, n * sizeof(*links->skip_types));
		links->n_skip_types = n;
	}
	if (own->skip_names && own->skip_names[0])
		return 0;
	free_strings(own->skip_names);
	links->skip_names = NULL;
	return copy_strings(from->skip_names, &links->skip_names);
}

static int take_links(struct profile *to, const struct profile *from)
{
	struct profile_links links = from->links;
	int r = take_skips(&links, &to->links, &from->links);

	to->links = links;
	to->links.set = r >= 0;
	if (r < 0)
		return r;
	if (!to->n_changed) {
		memcpy(to->changed, from->changed, sizeof(to->changed));
		to->n_changed = from->n_changed;
	}
	if (!to->clock_us.len)
		to->clock_us = from->clock_us;
	if (!to->epoch.len)
		to->epoch = from->epoch;
	return 0;
}

/* One of a name that the profile has stands in for it, where it shows the same; else the profile's own is all. */
static int take_group(struct profile *to, const struct profile_group *from)
{
	size_t head = head_of(to, to->n_groups, from->sample.name);
	struct profile_group *groups, *group;
	int r;

	if (to->n_groups == PROFILE_GROUPS_MAX)
		return -EINVAL;
	groups = realloc(to->groups, (to->n_groups + 1) * sizeof(*groups));
	if (!groups)
		return -ENOMEM;
	to->groups = groups;
	group = &groups[to->n_groups];
	r = profile_group_copy(from, group);
	if (r < 0)
		return r;
	group->stands_for = head < to->n_groups ? (int)head : -1;
	if (head < to->n_groups && !profile_group_follow(group, &groups[head]))
		profile_group_deinit(group);
	else
		to->n_groups++;
	return 0;
}

static int take_over(struct profile *to, const struct profile *from)
{
	int r;

	if (!to->links.set && from->links.set) {
		r = take_links(to, from);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < from->n_groups; i++) {
		r = take_group(to, &from->groups[i]);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < from->n_hardware; i++) {
		struct profile_hardware *place = &to->hardware[to->n_hardware];

		/* Stands behind the profile's own places. */
		if (to->n_hardware == PROFILE_HARDWARE_MAX ||
		    hardware_columns(to) + from->hardware[i].n_where + from->hardware[i].n_columns >
			    PROFILE_HARDWARE_COLUMNS_MAX)
			return -EINVAL;
		*place = from->hardware[i];
		r = profile_where_copy(from->hardware[i].where, from->hardware[i].n_where,
				       place->where);
		if (r < 0)
			return r;
		to->n_hardware++;
	}
	return 0;
}

enum { UNRESOLVED, UNDER_WAY, RESOLVED };

/* Those that it uses come first, for they may use others. states: one per profile. */
static int resolve(struct profile_set *set, size_t i, uint8_t *states, const char **ret_profile,
		   const char **ret_problem)
{
	struct profile *profile = &set->profiles[i];

	if (states[i] == RESOLVED)
		return 0;
	states[i] = UNDER_WAY;
	for (char **name = profile->use; name && *name; name++) {
		const struct profile *from = profile_set_find(set, *name);
		int r;

		*ret_profile = profile->name;
		*ret_problem = "\"use\" names a profile that does not exist";
		if (!from)
			return -EINVAL;
		*ret_problem = "\"use\" leads back to the profile itself";
		if (states[from - set->profiles] == UNDER_WAY)
			return -EINVAL;
		r = resolve(set, (size_t)(from - set->profiles), states, ret_profile, ret_problem);
		if (r < 0)
			return r;
		*ret_profile = profile->name;
		*ret_problem = "too many groups, or hardware columns, together with those it uses";
		r = take_over(profile, from);
		if (r < 0)
			return r;
	}
	states[i] = RESOLVED;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

const struct profile *profile_set_find(const struct profile_set *set, const char *name)
{
	const struct profile key = {.name = (char *)name};

	return set->n ? bsearch(&key, set->profiles, set->n, sizeof(key), by_name) : NULL;
}

int profile_set_finish(struct profile_set *set, const char **ret_profile, const char **ret_problem)
{
	cleanup_free uint8_t *states = calloc(set->n + 1, sizeof(*states));
	int r;

	assert(set->n == 0 || set->profiles);
	*ret_profile = set->n ? set->profiles[0].name : "";
	if (!states)
		return -ENOMEM;
	if (set->n)
		qsort(set->profiles, set->n, sizeof(*set->profiles), by_name);
	for (size_t i = 1; i < set->n; i++) {
		*ret_profile = set->profiles[i].name;
		*ret_problem = "a second profile of this name";
		if (!strcmp(*ret_profile, set->profiles[i - 1].name))
			return -EINVAL;
	}
	for (size_t i = 0; i < set->n; i++) {
		r = resolve(set, i, states, ret_profile, ret_problem);
		if (r < 0)
			return r;
		*ret_profile = set->profiles[i].name;
		*ret_problem = "it asks for nothing: give it links, a group or \"use\"";
		if (!set->profiles[i].links.set && !set->profiles[i].n_groups &&
		    !set->profiles[i].n_hardware)
			return -EINVAL;
	}
	return 0;
}

/* ---- choice ---- */

int profile_prefix_len(const struct profile *profile, const snmp_oid_t *object_id, size_t len)
{
	int best = profile->n_match ? -1 : 0;

	for (size_t i = 0; i < profile->n_match; i++) {
		const struct profile_oid *m = &profile->match[i];

		if (m->len <= len && m->len > best &&
		    !memcmp(m->id, object_id, m->len * sizeof(*object_id)))
			best = m->len;
	}
	return best;
}

bool profile_is_candidate(const struct profile *profile, const snmp_oid_t *object_id, size_t len)
{
	/* neither prefix nor probe: only by name, except the one for any device (priority < 0) */
	if (!profile->n_match && !profile->n_probe && profile->priority >= 0)
		return false;
	return profile_prefix_len(profile, object_id, len) >= 0;
}

static bool probes_answered(const struct profile *profile, profile_probed_fn *probed, void *data)
{
	for (size_t i = 0; i < profile->n_probe; i++)
		if (!probed(data, &profile->probe[i]))
			return false;
	return true;
}

const struct profile *profile_set_choose(const struct profile_set *set, const snmp_oid_t *object_id,
					 size_t len, profile_probed_fn *probed, void *data)
{
	const struct profile *best = NULL;
	int best_len = -1;

	for (size_t i = 0; i < set->n; i++) {
		const struct profile *p = &set->profiles[i];
		int fits = profile_prefix_len(p, object_id, len);

		if (!profile_is_candidate(p, object_id, len) || !probes_answered(p, probed, data))
			continue;
		if (!best || p->priority > best->priority ||
		    (p->priority == best->priority && fits > best_len)) {
			best = p;
			best_len = fits;
		}
	}
	return best;
}
