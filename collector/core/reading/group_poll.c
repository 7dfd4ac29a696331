/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the values of a profile's group from what the device answered. A value that did
 * not come is unknown; counting the rows of an empty table gives 0, which is a fact.
 */
#include "collector/core/reading/group_poll.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/value/counter.h"
#include "collector/core/value/wall_map.h"
#include "common/base/text_clean.h"

enum { OBJECT_MAX = 63, EXACT_PART = 1000 };

/* One series and what its counters showed last. */
struct group_series {
	struct group_series *next;
	struct series series;
	char object[OBJECT_MAX + 1];
	uint32_t life;
	struct device_moment when; /* of what it showed last; local_us 0: nothing */
	uint64_t last[SAMPLE_DS_MAX];
	uint8_t last_width[SAMPLE_DS_MAX];
	uint16_t last_rows[SAMPLE_DS_MAX];
};

/* The rows of one object, summed up. */
struct sum {
	char object[OBJECT_MAX + 1];
	struct {
		double sum, most, total;
		uint64_t u;
		uint16_t rows;
		uint8_t type;
	} ds[SAMPLE_DS_MAX];
};

/* ---- values ---- */

static bool number_of_text(const uint8_t *p, size_t len, double *ret)
{
	char text[32], *end;

	text_clean(p, len, text, sizeof(text));
	*ret = strtod(text, &end);
	return end != text && isfinite(*ret);
}

bool group_value_set(struct group_value *value, const struct snmp_varbind *vb)
{
	*value = (struct group_value){.type = vb->type, .good = true};
	switch (vb->type) {
	case SNMP_TYPE_INTEGER:
		value->number = (double)vb->v.i;
		value->u = vb->v.i < 0 ? 0 : (uint64_t)vb->v.i;
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		value->u = vb->v.u;
		value->number = (double)vb->v.u;
		break;
	case SNMP_TYPE_OCTETS:
		value->good = number_of_text(vb->v.octets.p, vb->v.octets.len, &value->number);
		break;
	default:
		value->good = false;
	}
	return value->good;
}

static bool cell_value(const struct poll_walk_cell *cell, struct group_value *ret)
{
	struct snmp_varbind vb = {.type = cell->type};

	if (!cell->type)
		return false;
	if (cell->type == SNMP_TYPE_OCTETS) {
		vb.v.octets.p = cell->v.octets;
		vb.v.octets.len = cell->len;
	} else if (cell->type == SNMP_TYPE_INTEGER) {
		vb.v.i = cell->v.i;
	} else {
		vb.v.u = cell->v.u;
	}
	return group_value_set(ret, &vb);
}

static void sum_add(struct sum *sum, size_t d, const struct group_value *value,
		    const struct group_value *total)
{
	sum->ds[d].most = sum->ds[d].rows ? fmax(sum->ds[d].most, value->number) : value->number;
	sum->ds[d].sum += value->number;
	sum->ds[d].u += value->u;
	sum->ds[d].type = value->type;
	if (total && total->good)
		sum->ds[d].total += total->number;
	sum->ds[d].rows++;
}

static double gauge(const struct profile_ds *ds, const struct sum *sum, size_t d)
{
	double value = sum->ds[d].sum;

	if (ds->rows == PROFILE_ROWS_COUNT)
		return sum->ds[d].rows * ds->oid.scale;
	if (!sum->ds[d].rows)
		return NAN;
	if (ds->rows == PROFILE_ROWS_MEAN && !ds->total.len)
		value /= sum->ds[d].rows;
	if (ds->rows == PROFILE_ROWS_MAX)
		value = sum->ds[d].most;
	value *= ds->oid.scale;
	if (ds->total.len)
		value = sum->ds[d].total > 0 ? 100 * value / (sum->ds[d].total * ds->total.scale)
					     : NAN;
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

static double rate(struct group_series *s, const struct profile_ds *ds, const struct sum *sum,
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
	return per_s * ds->oid.scale;
}

static double clamp_unknown(double value, const struct sample_ds *ds)
{
	/* outside of what the profile says can be: not a value (65535 for "no signal") */
	if ((!isnan(ds->min) && value < ds->min) || (!isnan(ds->max) && value > ds->max))
		return NAN;
	return value;
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
		double value = ds->kind == PROFILE_COUNTER ? rate(s, ds, sum, d, dt_us)
							   : gauge(ds, sum, d);

		sample.value[d] = clamp_unknown(value, &poll->group->sample.ds[d]);
	}
	s->when = ctx->when;
	s->life = ctx->life;
	if (all_unknown(&sample) && !seeded)
		return;
	set_metrics(ctx->device, &sample);
	ctx->counts->samples++;
	if (ctx->sample)
		ctx->sample(ctx->data, &sample);
}

void group_poll_scalars(struct group_poll *poll, const struct group_value *values,
			const struct group_poll_context *ctx)
{
	struct sum sum = {0};
	bool any = false;

	for (size_t d = 0; d < poll->group->sample.n_ds; d++) {
		if (!values[2 * d].good)
			continue;
		sum_add(&sum, d, &values[2 * d], &values[2 * d + 1]);
		any = true;
	}
	if (any || poll->series)
		emit(poll, &sum, ctx);
	else
		poll->absent = true;
}

/* ---- tables ---- */

size_t group_poll_n_columns(const struct profile_group *group)
{
	size_t n = (group->object.len != 0) + (group->where.len != 0) + group->sample.n_ds;

	for (size_t d = 0; d < group->sample.n_ds; d++)
		n += group->ds[d].total.len != 0;
	return n;
}

bool group_poll_columns(const struct profile_group *group, struct poll_walk *walk)
{
	if (walk->n_columns + group_poll_n_columns(group) > POLL_WALK_COLUMNS_MAX)
		return false;
	/* the order in which row_object() and add_row() look for them */
	if (group->object.len)
		poll_walk_add(walk, group->object.id, group->object.len);
	if (group->where.len)
		poll_walk_add(walk, group->where.id, group->where.len);
	for (size_t d = 0; d < group->sample.n_ds; d++) {
		poll_walk_add(walk, group->ds[d].oid.id, group->ds[d].oid.len);
		if (group->ds[d].total.len)
			poll_walk_add(walk, group->ds[d].total.id, group->ds[d].total.len);
	}
	return true;
}

static void index_text(const uint32_t *arcs, size_t n, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && used < size; i++)
		used += snprintf(buf + used, size - used, "%s%u", i ? "." : "", arcs[i]);
}

/* An index that is a string: a length and so many octets. One that is not is shown as numbers. */
static void index_string(const uint32_t *arcs, size_t n, char *buf, size_t size)
{
	uint8_t octets[POLL_WALK_INDEX_MAX];

	if (!n || arcs[0] >= n || arcs[0] > sizeof(octets)) {
		index_text(arcs, n, buf, size);
		return;
	}
	for (size_t i = 0; i < arcs[0]; i++)
		octets[i] = (uint8_t)arcs[i + 1];
	text_clean(octets, arcs[0], buf, size);
}

static void cell_text(const struct poll_walk_cell *cell, char *buf, size_t size)
{
	buf[0] = '\0';
	switch (cell->type) {
	case 0:
		return;
	case SNMP_TYPE_OCTETS:
		text_clean(cell->v.octets, cell->len, buf, size);
		return;
	case SNMP_TYPE_OID:
		index_text(cell->v.oid, cell->len, buf, size);
		return;
	case SNMP_TYPE_INTEGER:
		snprintf(buf, size, "%lld", (long long)cell->v.i);
		return;
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		return;
	default:
		snprintf(buf, size, "%llu", (unsigned long long)cell->v.u);
	}
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
		cell_text(&(*found)->cells[column], object, OBJECT_MAX + 1);
		used = strlen(object);
		if (!used || used + 2 > OBJECT_MAX)
			continue;
		object[used++] = '.';
		index_text(row->index + prefix.n, row->index_len - prefix.n, object + used,
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
	index_text(row->index, row->index_len, object, OBJECT_MAX + 1);
}

/* The name of the object that a row belongs to; false: the row is not meant. */
static bool row_object(const struct profile_group *group, const struct poll_walk *walk,
		       const struct poll_walk_row *row, size_t c, const struct device *device,
		       char object[OBJECT_MAX + 1])
{
	size_t name_column = c;
	char text[256];

	object[0] = '\0';
	if (group->object.len)
		cell_text(&row->cells[c++], object, OBJECT_MAX + 1);
	if (group->where.len) {
		cell_text(&row->cells[c++], text, sizeof(text));
		if (!text[0] || (group->where_value && strcmp(text, group->where_value)))
			return false;
	}
	if (group->object.len && !object[0])
		object_of_prefix(walk, row, name_column, object);
	if (group->object_index == PROFILE_INDEX_TEXT)
		index_string(row->index, row->index_len, object, OBJECT_MAX + 1);
	else if (group->object_index == PROFILE_INDEX_LINK)
		link_name(device, row, object);
	else if (group->object_index || (group->object.len && !object[0]))
		index_text(row->index, row->index_len, object, OBJECT_MAX + 1);
	return true;
}

static void add_row(struct sum *sum, const struct profile_group *group,
		    const struct poll_walk_row *row, size_t c)
{
	struct group_value value, total = {0};

	c += (group->object.len != 0) + (group->where.len != 0);
	for (size_t d = 0; d < group->sample.n_ds; d++) {
		const struct poll_walk_cell *cell = &row->cells[c++];
		bool counts = group->ds[d].rows == PROFILE_ROWS_COUNT && cell->type;

		if (group->ds[d].total.len)
			cell_value(&row->cells[c++], &total);
		if (cell_value(cell, &value) || counts)
			sum_add(sum, d, &value, group->ds[d].total.len ? &total : NULL);
	}
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
	size_t columns = group_poll_n_columns(poll->group);
	size_t keys = (poll->group->object.len != 0) + (poll->group->where.len != 0);
	const struct profile_group *group = poll->group;
	struct sum *sums = calloc(GROUP_POLL_OBJECTS_MAX, sizeof(*sums));
	char object[OBJECT_MAX + 1];
	size_t n = 0;

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
	for (size_t i = 0; i < walk->n_rows; i++) {
		struct sum *sum;

		if (!has_cell(walk->rows[i], first + keys, columns - keys) ||
		    !row_object(group, walk, walk->rows[i], first, ctx->device, object))
			continue;
		sum = sum_of(sums, &n, object);
		if (sum)
			add_row(sum, group, walk->rows[i], first);
		else
			ctx->counts->rows_dropped++;
	}
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
