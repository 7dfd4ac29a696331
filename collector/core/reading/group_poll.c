/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the values of a profile's group from what the device answered. A value that did
 * not come is unknown; counting the rows of an empty table gives 0, which is a fact.
 */
#include "collector/core/reading/group_poll.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/reading/group_value.h"
#include "collector/core/reading/walk_row.h"
#include "collector/core/value/counter.h"
#include "collector/core/value/wall_map.h"
#include "common/base/text_clean.h"

enum { OBJECT_MAX = 63, EXACT_PART = 1000 };

/* One series and what its counters showed last. */
struct group_series {
	struct group_series *next;
	struct series series;
	char object[OBJECT_MAX + 1];
	bool shown; /* it had a value once */
	uint32_t life;
	struct device_moment when; /* of what it showed last; local_us 0: nothing */
	uint64_t last[SAMPLE_DS_MAX];
	uint8_t last_width[SAMPLE_DS_MAX];
	uint16_t last_rows[SAMPLE_DS_MAX];
};

/* The rows of one object, put together. */
struct sum {
	char object[OBJECT_MAX + 1];
	struct {
		double sum, first, most, total;
		uint64_t u;
		uint16_t rows, wrong; /* that have a value, that should have one */
		uint8_t type;
	} ds[SAMPLE_DS_MAX];
};

/* ---- values ---- */

static void add_number(struct sum *sum, size_t d, const struct group_number *number)
{
	if (!sum->ds[d].rows)
		sum->ds[d].first = sum->ds[d].most = number->value;
	sum->ds[d].most = fmax(sum->ds[d].most, number->value);
	sum->ds[d].sum += number->value;
	sum->ds[d].total += number->total;
	sum->ds[d].u += number->u;
	sum->ds[d].type = number->type;
	sum->ds[d].rows++;
}

/* Rows are counted by what is there, number or not. */
static bool counts(enum group_word word, const struct profile_ds *ds,
		   const struct group_value *terms)
{
	return word == GROUP_WORD_GOOD || (terms[ds->first].type && !terms[ds->first].good);
}

/* What a row, or the scalars, say; off: it is taken off the others. Returns whether there is anything. */
static bool add_terms(struct sum *sum, const struct profile_group *group,
		      const struct group_value *terms, uint32_t lacking, bool off)
{
	bool any = false;

	for (size_t d = 0; d < group->sample.n_ds; d++) {
		struct group_number number = {0};
		enum group_word word = group_value_say(group, d, terms, lacking, &number);

		any |= word != GROUP_WORD_NONE;
		if (group->ds[d].rows == PROFILE_ROWS_COUNT)
			sum->ds[d].rows += !off && counts(word, &group->ds[d], terms);
		else if (word == GROUP_WORD_GOOD && off)
			sum->ds[d].sum -= number.value;
		else if (word == GROUP_WORD_GOOD)
			add_number(sum, d, &number);
		sum->ds[d].wrong += word == GROUP_WORD_WRONG;
	}
	return any;
}

static double gauge(const struct profile_group *group, const struct sum *sum, size_t d)
{
	const struct profile_ds *ds = &group->ds[d];
	double value = sum->ds[d].sum;

	if (ds->end == ds->first)
		return NAN;
	if (ds->rows == PROFILE_ROWS_COUNT)
		return sum->ds[d].rows * group->terms[ds->first].oid.scale;
	if (!sum->ds[d].rows)
		return NAN;
	switch (ds->rows) {
	case PROFILE_ROWS_MEAN:
		return value / sum->ds[d].rows;
	case PROFILE_ROWS_MAX:
		return sum->ds[d].most;
	case PROFILE_ROWS_ONE:
		return sum->ds[d].first;
	default:
		break;
	}
	if (sum->ds[d].wrong) /* a sum of some of the rows is no sum */
		return NAN;
	if (ds->percent)
		value *= 100 / sum->ds[d].total;
	return ds->free_share ? 100 - value : value;
}

static enum counter_width width_of(uint8_t type, unsigned int rows)
{
	if (rows != 1)
		return COUNTER_PLAIN; /* a sum does not wrap where its parts do */
	return type == SNMP_TYPE_COUNTER64   ? COUNTER_64
	       : type == SNMP_TYPE_COUNTER32 ? COUNTER_32
					     : COUNTER_PLAIN;
}

static double rate(struct group_series *s, const struct profile_group *group, const struct sum *sum,
		   size_t d, int64_t dt_us)
{
	const struct counter_reading last = {s->last[d], s->last_width[d]};
	struct counter_reading now = {sum->ds[d].u, COUNTER_NONE};
	double per_s = NAN;

	if (sum->ds[d].rows)
		now.width = width_of(sum->ds[d].type, sum->ds[d].rows);
	if (sum->ds[d].rows != s->last_rows[d])
		s->last_width[d] = COUNTER_NONE;
	else if (counter_rate(&last, &now, dt_us, NAN, &per_s) != COUNTER_OK)
		per_s = NAN;
	s->last[d] = now.value;
	s->last_width[d] = now.width;
	s->last_rows[d] = sum->ds[d].rows;
	return per_s * group->terms[group->ds[d].first].oid.scale;
}

/* Beyond what the profile says can be it is not a value. */
static double clamp_unknown(double value, const struct profile_ds *ds)
{
	if (!isfinite(value))
		return NAN; /* a text may say 1e308, twice */
	if (profile_ds_limits_rows(ds))
		return value; /* its rows are within them */
	return isless(value, ds->min) || isgreater(value, ds->max) ? NAN : value;
}

/* ---- live values ---- */

static struct device_metric *metric_of(struct device *device, const struct series *series,
				       const struct sample_ds *ds)
{
	struct device_metric *metrics, *m;

	for (size_t i = 0; i < device->n_metrics; i++) {
		m = &device->metrics[i];
		if (!strcmp(m->name, ds->name) && !strcmp(m->group, series->group->name) &&
		    !strcmp(m->object, series->object))
			return m;
	}
	if (device->n_metrics >= GROUP_POLL_METRICS_MAX)
		return NULL;
	metrics = realloc(device->metrics, (device->n_metrics + 1) * sizeof(*metrics));
	if (!metrics)
		return NULL;
	device->metrics = metrics;
	m = &metrics[device->n_metrics++];
	*m = (struct device_metric){.unit = ds->unit};
	snprintf(m->group, sizeof(m->group), "%s", series->group->name);
	snprintf(m->object, sizeof(m->object), "%s", series->object);
	snprintf(m->name, sizeof(m->name), "%s", ds->name);
	return m;
}

static void set_metrics(struct device *device, const struct sample *sample)
{
	const struct sample_group *group = sample->series->group;

	for (size_t d = 0; d < group->n_ds; d++) {
		struct device_metric *m = metric_of(device, sample->series, &group->ds[d]);

		if (!m)
			return;
		m->value = sample->value[d];
		m->sample_ms = sample->time_ms;
	}
}

/* ---- series ---- */

static struct group_series *series_of(struct group_poll *poll, const char *object,
				      const struct group_poll_context *ctx)
{
	struct group_series *s;

	for (s = poll->series; s; s = s->next)
		if (!strcmp(s->object, object))
			return s;
	if (poll->n_series >= GROUP_POLL_OBJECTS_MAX) {
		ctx->counts->rows_dropped++;
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		ctx->counts->no_memory++;
		return NULL;
	}
	snprintf(s->object, sizeof(s->object), "%s", object);
	s->series = (struct series){
		.device_id = ctx->device->entry->id,
		.object = s->object,
		.group = &poll->group->sample,
	};
	s->next = poll->series;
	poll->series = s;
	poll->n_series++;
	return s;
}

void group_poll_deinit(struct group_poll *poll)
{
	struct group_series *next;

	for (struct group_series *s = poll->series; s; s = next) {
		next = s->next;
		free(s);
	}
	*poll = (struct group_poll){0};
}

static bool all_unknown(const struct sample *sample)
{
	for (size_t d = 0; d < sample->series->group->n_ds; d++)
		if (!isnan(sample->value[d]))
			return false;
	return true;
}

/* How long ago the last reading was; 0 if that is not known to 0.1 %. */
static int64_t interval_us(const struct group_series *s, const struct group_poll_context *ctx)
{
	int64_t error_us,
		us = device_clock_interval_us(ctx->clock, &s->when, &ctx->when, &error_us);

	return error_us <= us / EXACT_PART ? us : 0;
}

static void emit(struct group_poll *poll, const struct sum *sum,
		 const struct group_poll_context *ctx)
{
	struct group_series *s = series_of(poll, sum->object, ctx);
	struct sample sample = {0};
	bool seeded;
	int64_t dt_us;

	if (!s)
		return;
	s->series.step_ms = ctx->step_ms;
	seeded = s->when.local_us && s->life == ctx->life;
	dt_us = seeded ? interval_us(s, ctx) : 0;
	sample.series = &s->series;
	sample.time_ms = wall_map_ms(ctx->wall, ctx->when.local_us);
	for (size_t d = 0; d < poll->group->sample.n_ds; d++) {
		const struct profile_ds *ds = &poll->group->ds[d];
		double value = ds->kind == PROFILE_COUNTER ? rate(s, poll->group, sum, d, dt_us)
							   : gauge(poll->group, sum, d);

		sample.value[d] = clamp_unknown(value, ds);
	}
	s->when = ctx->when;
	s->life = ctx->life;
	if (all_unknown(&sample) && !s->shown)
		return;
	s->shown = true;
	poll->gives = true;
	set_metrics(ctx->device, &sample);
	ctx->counts->samples++;
	if (ctx->sample)
		ctx->sample(ctx->data, &sample);
}

void group_poll_scalars(struct group_poll *poll, const struct group_value *terms, uint32_t lacking,
			const struct group_poll_context *ctx)
{
	struct sum sum = {0};
	bool any = add_terms(&sum, poll->group, terms, lacking, false);

	assert(poll->group->n_terms <= PROFILE_TERMS_MAX);
	poll->gives = false;
	if (any || poll->series)
		emit(poll, &sum, ctx);
	if (any)
		return;
	poll->absent = true;
	if (poll->series)
		poll->series->shown = poll->gives = false; /* another may stand in for it */
}

/* ---- tables ---- */

static void add_column(struct poll_walk *walk, const struct profile_oid *oid)
{
	poll_walk_add(walk, oid->id, oid->len);
}

bool group_poll_columns(const struct profile_group *group, struct poll_walk *walk)
{
	if (walk->n_columns + profile_group_columns(group) > POLL_WALK_COLUMNS_MAX)
		return false;
	/* the order in which row_object(), role_of() and add_row() look for them */
	if (group->object.len)
		add_column(walk, &group->object);
	if (group->objects.len)
		add_column(walk, &group->objects);
	for (size_t i = 0; i < group->n_where; i++)
		add_column(walk, &group->where[i].column);
	for (size_t i = 0; i < group->n_minus_where; i++)
		add_column(walk, &group->minus_where[i].column);
	for (size_t t = 0; t < group->n_terms; t++)
		add_column(walk, &group->terms[t].oid);
	return true;
}

/* An index that is a string: a length and so many octets. One that is not is shown as numbers. */
static void index_string(const uint32_t *arcs, size_t n, char *buf, size_t size)
{
	uint8_t octets[POLL_WALK_INDEX_MAX];

	if (!n || arcs[0] >= n || arcs[0] > sizeof(octets)) {
		walk_row_index_text(arcs, n, buf, size);
		return;
	}
	for (size_t i = 0; i < arcs[0]; i++)
		octets[i] = (uint8_t)arcs[i + 1];
	text_clean(octets, arcs[0], buf, size);
}

struct index {
	const uint32_t *arcs;
	size_t n;
};

static int compare_index(const void *a, const void *b)
{
	const struct index *wanted = a;
	const struct poll_walk_row *row = *(const struct poll_walk_row *const *)b;

	for (size_t i = 0; i < wanted->n && i < row->index_len; i++)
		if (wanted->arcs[i] != row->index[i])
			return wanted->arcs[i] < row->index[i] ? -1 : 1;
	return (wanted->n > row->index_len) - (wanted->n < row->index_len);
}

/* A radio's row has the access point's index and one number more, its name stands in the access
 * point's row: "name.2". */
static void object_of_prefix(const struct poll_walk *walk, const struct poll_walk_row *row,
			     size_t column, char object[OBJECT_MAX + 1])
{
	struct poll_walk_row *const *found;
	size_t used;

	for (struct index prefix = {row->index, row->index_len}; prefix.n-- > 1;) {
		found = bsearch(&prefix, walk->rows, walk->n_rows, sizeof(*walk->rows),
				compare_index);
		if (!found || !(*found)->cells[column].type)
			continue;
		walk_row_cell_text(&(*found)->cells[column], object, OBJECT_MAX + 1);
		used = strlen(object);
		if (!used || used + 2 > OBJECT_MAX)
			continue;
		object[used++] = '.';
		walk_row_index_text(row->index + prefix.n, row->index_len - prefix.n, object + used,
				    OBJECT_MAX + 1 - used);
		return;
	}
}

static void link_name(const struct device *device, const struct poll_walk_row *row,
		      char object[OBJECT_MAX + 1])
{
	for (size_t i = 0; row->index_len == 1 && i < device->n_links; i++) {
		if (!device->links[i].present || device->links[i].if_index != row->index[0])
			continue;
		snprintf(object, OBJECT_MAX + 1, "%s", device->links[i].name);
		return;
	}
	walk_row_index_text(row->index, row->index_len, object, OBJECT_MAX + 1);
}

/* The name of the object that a row belongs to. */
static void row_object(const struct profile_group *group, const struct poll_walk *walk,
		       const struct poll_walk_row *row, size_t column, const struct device *device,
		       char object[OBJECT_MAX + 1])
{
	object[0] = '\0';
	if (group->object.len) {
		walk_row_cell_text(&row->cells[column], object, OBJECT_MAX + 1);
		if (!object[0])
			object_of_prefix(walk, row, column, object);
	}
	if (group->object_index == PROFILE_INDEX_TEXT)
		index_string(row->index, row->index_len, object, OBJECT_MAX + 1);
	else if (group->object_index == PROFILE_INDEX_LINK)
		link_name(device, row, object);
	else if (group->object_index || (group->object.len && !object[0]))
		walk_row_index_text(row->index, row->index_len, object, OBJECT_MAX + 1);
}

enum row_role { ROW_NOT_MEANT, ROW_COUNTS, ROW_TAKEN_OFF };

/* The columns of where and minus_where are those from column on. */
static enum row_role role_of(const struct profile_group *group, const struct poll_walk_row *row,
			     size_t column)
{
	const struct poll_walk_cell *cells = row->cells + column;

	if (group->n_minus_where &&
	    walk_row_fits(group->minus_where, group->n_minus_where, cells + group->n_where))
		return ROW_TAKEN_OFF;
	return walk_row_fits(group->where, group->n_where, cells) ? ROW_COUNTS : ROW_NOT_MEANT;
}

/* A walk has read all there is: what a row has not, it lacks. */
static void add_row(struct sum *sum, const struct profile_group *group,
		    const struct poll_walk_row *row, size_t column, bool off)
{
	struct group_value terms[PROFILE_TERMS_MAX];

	for (size_t t = 0; t < group->n_terms; t++)
		group_value_of_cell(&terms[t], &row->cells[column + t],
				    group->ds[group->terms[t].ds].after);
	add_terms(sum, group, terms, UINT32_MAX, off);
}

static struct sum *sum_of(struct sum *sums, size_t *n, const char *object)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(sums[i].object, object))
			return &sums[i];
	if (*n >= GROUP_POLL_OBJECTS_MAX)
		return NULL;
	snprintf(sums[*n].object, sizeof(sums[*n].object), "%s", object);
	return &sums[(*n)++];
}

static bool counts_rows(const struct profile_group *group)
{
	for (size_t d = 0; d < group->sample.n_ds; d++)
		if (group->ds[d].rows == PROFILE_ROWS_COUNT)
			return true;
	return false;
}

static bool has_object(const struct sum *sums, size_t n, const char *object)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(sums[i].object, object))
			return true;
	return false;
}

/* Objects that were there before and are not any more: their values are unknown. */
static void lose_objects(struct group_poll *poll, const struct sum *sums, size_t n,
			 const struct group_poll_context *ctx)
{
	struct sample sample = {.time_ms = wall_map_ms(ctx->wall, ctx->when.local_us)};

	for (struct group_series *s = poll->series; s; s = s->next) {
		if (!s->when.local_us || has_object(sums, n, s->object))
			continue;
		s->when.local_us = 0;
		sample.series = &s->series;
		for (size_t d = 0; d < poll->group->sample.n_ds; d++)
			sample.value[d] = NAN;
		set_metrics(ctx->device, &sample);
		if (ctx->sample)
			ctx->sample(ctx->data, &sample);
	}
}

/* A walk may read several tables: is this a row of the group's? */
static bool has_cell(const struct poll_walk_row *row, size_t first, size_t n)
{
	for (size_t c = first; c < first + n; c++)
		if (row->cells[c].type)
			return true;
	return false;
}

void group_poll_table(struct group_poll *poll, const struct poll_walk *walk, size_t first,
		      const struct group_poll_context *ctx)
{
	const struct profile_group *group = poll->group;
	size_t columns = profile_group_columns(group);
	size_t where = first + (group->object.len != 0) + (group->objects.len != 0);
	size_t terms = first + columns - group->n_terms;
	struct sum *sums = calloc(GROUP_POLL_OBJECTS_MAX, sizeof(*sums));
	char object[OBJECT_MAX + 1];
	size_t n = 0;

	assert(first + profile_group_columns(poll->group) <= walk->n_columns);
	if (!sums) {
		ctx->counts->no_memory++;
		return;
	}
	if (!poll_walk_complete(walk, first, columns)) {
		/* a sum of some of the rows is no sum */
		ctx->counts->unknown_samples++;
		free(sums);
		return;
	}
	for (size_t i = 0; i < walk->n_rows && group->objects.len; i++) {
		walk_row_cell_text(&walk->rows[i]->cells[first + 1], object, sizeof(object));
		if (object[0] && !sum_of(sums, &n, object))
			ctx->counts->rows_dropped++;
	}
	for (size_t i = 0; i < walk->n_rows; i++) {
		const struct poll_walk_row *row = walk->rows[i];
		enum row_role role = has_cell(row, terms, group->n_terms)
					     ? role_of(group, row, where)
					     : ROW_NOT_MEANT;
		struct sum *sum;

		if (role == ROW_NOT_MEANT)
			continue;
		row_object(group, walk, row, first, ctx->device, object);
		sum = sum_of(sums, &n, object);
		if (sum)
			add_row(sum, group, row, terms, role == ROW_TAKEN_OFF);
		else
			ctx->counts->rows_dropped++;
	}
	poll->gives = false;
	if (!n && counts_rows(group) && !group->object.len &&
	    group->object_index == PROFILE_INDEX_NO)
		n = 1; /* the device as a whole, with no row */
	for (size_t i = 0; i < n; i++)
		emit(poll, &sums[i], ctx);
	lose_objects(poll, sums, n, ctx);
	if (!n && !poll->series)
		poll->absent = true;
	free(sums);
}
