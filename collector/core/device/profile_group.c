/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a complete group is, and whether one can stand for another. Does not read
 * files (codec/profile) nor answers (group_value.c).
 */
#include "collector/core/device/profile_group.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int profile_group_add_term(struct profile_group *group, enum profile_term_use use,
			   const struct profile_oid *oid)
{
	struct profile_term *last = group->n_terms ? &group->terms[group->n_terms - 1] : NULL;
	size_t d = group->sample.n_ds - 1;

	assert(group->sample.n_ds > 0);
	if (group->n_terms == PROFILE_TERMS_MAX)
		return -ENOSPC;
	if (last && last->ds == d && last->use > use)
		return -EINVAL;
	if (!last || last->ds != d)
		group->ds[d].first = (uint8_t)group->n_terms;
	group->terms[group->n_terms++] =
		(struct profile_term){.oid = *oid, .ds = (uint8_t)d, .use = (uint8_t)use};
	group->ds[d].end = (uint8_t)group->n_terms;
	group->ds[d].n_values += use == PROFILE_TERM_VALUE;
	group->ds[d].percent |= use == PROFILE_TERM_TOTAL;
	return 0;
}

bool profile_ds_limits_rows(const struct profile_ds *ds)
{
	bool sum_of_shares = ds->rows == PROFILE_ROWS_SUM && (ds->percent || ds->free_share);

	return ds->kind == PROFILE_GAUGE && ds->rows != PROFILE_ROWS_COUNT && !sum_of_shares;
}

/* What the value may be that is stored: a sum may well be more than any of its rows. */
static void set_limits(struct sample_ds *sample, const struct profile_ds *ds)
{
	bool adds_up = profile_ds_limits_rows(ds) && ds->rows == PROFILE_ROWS_SUM;

	sample->min = adds_up && ds->min < 0 ? NAN : ds->min;
	sample->max = adds_up ? NAN : ds->max;
}

static const char *finish_ds(const struct profile_ds *ds)
{
	if (!ds->n_values)
		return "a value needs an oid";
	if (ds->kind == PROFILE_COUNTER && (ds->end - ds->first > 1 || ds->n_map || ds->free_share))
		return "a counter has one oid, and nothing that changes it";
	return NULL;
}

size_t profile_group_columns(const struct profile_group *group)
{
	assert(group->n_terms <= PROFILE_TERMS_MAX);
	return (group->object.len != 0) + (group->objects.len != 0) + group->n_where +
	       group->n_minus_where + group->n_terms;
}

const char *profile_group_finish(struct profile_group *group)
{
	const char *problem;

	if (!group->sample.n_ds)
		return "a group needs at least one value";
	if (group->objects.len && !group->object.len)
		return "\"objects\" without \"object\"";
	group->stands_for = -1;
	group->walks =
		group->object.len || group->object_index || group->n_where || group->n_minus_where;
	for (size_t d = 0; d < group->sample.n_ds; d++) {
		problem = finish_ds(&group->ds[d]);
		if (problem)
			return problem;
		set_limits(&group->sample.ds[d], &group->ds[d]);
		group->walks |= group->ds[d].rows != PROFILE_ROWS_ONE;
	}
	if (group->walks && profile_group_columns(group) > PROFILE_GROUP_COLUMNS_MAX)
		return "more than 24 columns in a group";
	return NULL;
}

/* ---- alternatives ---- */

/* Place of the data source of that name and unit; n_ds if there is none. */
static size_t ds_index(const struct sample_group *group, const struct sample_ds *wanted)
{
	size_t d = 0;

	while (d < group->n_ds && (strcmp(group->ds[d].name, wanted->name) != 0 ||
				   strcmp(group->ds[d].unit, wanted->unit) != 0))
		d++;
	return d;
}

bool profile_group_follow(struct profile_group *group, const struct profile_group *head)
{
	struct profile_ds ds[SAMPLE_DS_MAX] = {0};
	uint8_t place[SAMPLE_DS_MAX];

	assert(group->sample.n_ds <= SAMPLE_DS_MAX && head->sample.n_ds <= SAMPLE_DS_MAX);
	for (size_t d = 0; d < group->sample.n_ds; d++) {
		place[d] = (uint8_t)ds_index(&head->sample, &group->sample.ds[d]);
		if (place[d] == head->sample.n_ds)
			return false;
		ds[place[d]] = group->ds[d];
	}
	for (size_t t = 0; t < group->n_terms; t++)
		group->terms[t].ds = place[group->terms[t].ds];
	memcpy(group->ds, ds, sizeof(ds));
	memcpy(group->sample.ds, head->sample.ds, sizeof(head->sample.ds));
	group->sample.n_ds = head->sample.n_ds;
	return true;
}

/* ---- memory ---- */

void profile_where_deinit(struct profile_where *where, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(where[i].equals);
}

int profile_where_copy(const struct profile_where *from, size_t n, struct profile_where *ret)
{
	for (size_t i = 0; i < n; i++) {
		ret[i] = from[i];
		ret[i].equals = from[i].equals ? strdup(from[i].equals) : NULL;
		if (!from[i].equals || ret[i].equals)
			continue;
		profile_where_deinit(ret, i);
		return -ENOMEM;
	}
	return 0;
}

void profile_group_deinit(struct profile_group *group)
{
	profile_where_deinit(group->where, group->n_where);
	profile_where_deinit(group->minus_where, group->n_minus_where);
	free((char *)group->sample.name);
	free(group->instead_of);
}

int profile_group_copy(const struct profile_group *from, struct profile_group *ret)
{
	struct profile_group group = *from;

	group.n_where = group.n_minus_where = 0;
	group.sample.name = strdup(from->sample.name);
	group.instead_of = from->instead_of ? strdup(from->instead_of) : NULL;
	if (profile_where_copy(from->where, from->n_where, group.where) == 0)
		group.n_where = from->n_where;
	if (profile_where_copy(from->minus_where, from->n_minus_where, group.minus_where) == 0)
		group.n_minus_where = from->n_minus_where;
	if (!group.sample.name || (from->instead_of && !group.instead_of) ||
	    group.n_where != from->n_where || group.n_minus_where != from->n_minus_where) {
		profile_group_deinit(&group);
		return -ENOMEM;
	}
	*ret = group;
	return 0;
}
