/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ring belongs to which link, and where a minute goes in it. Position is
 * minute % hist_minutes, so that a reader finds a minute without a search. The file comes
 * from a directory that only the agent writes to, but a router loses power at any moment:
 * each row has a check, and what fails it is as if it had never been.
 */
#include "agent/core/history/history.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/crc32.h"

enum { HISTORY_MAGIC = 0x31485450 /* "PTH1" */, HISTORY_VERSION = 3 };

static uint32_t head_check(const struct mib_hist_head *head)
{
	return crc32_update(0, head, offsetof(struct mib_hist_head, check));
}

static struct mib_hist_row *row_at(struct mib_data *data, uint32_t slot, uint32_t minute)
{
	size_t minutes = data->sizes.hist_minutes;

	return &data->rows[slot * minutes + minute % minutes];
}

static bool row_ok(const struct mib_hist_row *row)
{
	return row->minute && row->check == mib_hist_row_check(row);
}

static bool path_row_ok(const struct mib_path_row *row)
{
	return row->minute && row->check == mib_path_row_check(row);
}

static void widen(struct mib_hist_slot *slot, uint32_t minute)
{
	if (!slot->first || minute < slot->first)
		slot->first = minute;
	if (minute > slot->last)
		slot->last = minute;
}

/* Empties rows without writing to pages that were never used: the file stays sparse. */
static void clear_slot(struct mib_data *data, uint32_t i)
{
	for (uint32_t m = 0; m < data->sizes.hist_minutes; m++) {
		struct mib_hist_row *row = &data->rows[(size_t)i * data->sizes.hist_minutes + m];

		if (row->minute)
			*row = (struct mib_hist_row){0};
	}
	data->slots[i] = (struct mib_hist_slot){0};
}

/*
 * The minutes to look at: those that the slot says it has, or all if that cannot be. Not
 * all in any case: even a look takes a page of memory for each hole of the file.
 */
static void bounds(const struct mib_hist_slot *slot, size_t minutes, uint32_t *ret_from,
		   uint32_t *ret_n)
{
	if (slot->last < slot->first) {
		*ret_from = 0;
		*ret_n = (uint32_t)minutes;
		return;
	}
	*ret_n = slot->last - slot->first < minutes ? slot->last - slot->first + 1
						    : (uint32_t)minutes;
	*ret_from = slot->last - *ret_n + 1;
}

static void adopt_slot(struct mib_data *data, uint32_t i, uint32_t now_minute)
{
	struct mib_hist_slot *slot = &data->slots[i];
	size_t minutes = data->sizes.hist_minutes;
	uint32_t from, n;

	slot->name[MIB_NAME_SIZE - 1] = '\0';
	bounds(slot, minutes, &from, &n);
	slot->first = slot->last = 0;
	for (uint32_t m = from; m != from + n; m++) {
		struct mib_hist_row *row = row_at(data, i, m);

		if (!row->minute)
			continue;
		if (!row_ok(row) || row_at(data, i, row->minute) != row || row->minute > now_minute)
			*row = (struct mib_hist_row){0};
		else
			widen(slot, row->minute);
	}
}

static void adopt_path(struct mib_data *data, uint32_t i, uint32_t now_minute)
{
	struct mib_hist_slot *slot = &data->path_slots[i];
	size_t minutes = data->sizes.hist_minutes;
	uint32_t from, n;

	slot->name[MIB_NAME_SIZE - 1] = '\0';
	bounds(slot, minutes, &from, &n);
	slot->first = slot->last = 0;
	for (uint32_t m = from; m != from + n; m++) {
		struct mib_path_row *row = &data->path_rows[i * minutes + m % minutes];

		if (!row->minute)
			continue;
		if (!path_row_ok(row) || row->minute % minutes != m % minutes ||
		    row->minute > now_minute)
			*row = (struct mib_path_row){0};
		else
			widen(slot, row->minute);
	}
}

static bool slot_is_of_epoch(const struct mib_data *data, uint32_t i, uint32_t epoch_id)
{
	const struct mib_hist_slot *slot = &data->slots[i];
	const struct mib_hist_row *row;

	if (!slot->last)
		return true; /* younger than a minute: the run directory is emptied by a
				boot */
	row = &data->rows[(size_t)i * data->sizes.hist_minutes +
			  slot->last % data->sizes.hist_minutes];
	return row->epoch_id == epoch_id;
}

static void forget_kernel(struct mib_hist_slot *slot)
{
	slot->if_index = 0;
	slot->kernel_index = 0;
	slot->carrier_ups = slot->carrier_downs = 0;
	slot->state_since_ms = slot->discontinuity_us = 0;
}

static bool head_fits(const struct mib_data *data)
{
	const struct mib_hist_head *head = data->hist_head;

	return head->magic == HISTORY_MAGIC && head->version == HISTORY_VERSION &&
	       head->check == head_check(head) && head->max_links == data->sizes.max_links &&
	       head->max_paths == data->sizes.max_paths &&
	       head->hist_minutes == data->sizes.hist_minutes;
}

enum history_adopted history_adopt(struct mib_data *data, uint32_t now_minute, uint32_t epoch_id)
{
	if (!data->hist_head->magic) {
		*data->hist_head = (struct mib_hist_head){
			.magic = HISTORY_MAGIC,
			.version = HISTORY_VERSION,
			.max_links = data->sizes.max_links,
			.max_paths = data->sizes.max_paths,
			.hist_minutes = data->sizes.hist_minutes,
		};
		data->hist_head->check = head_check(data->hist_head);
		return HISTORY_NEW;
	}
	if (!head_fits(data))
		return HISTORY_FOREIGN;
	for (uint32_t i = 0; i < data->sizes.max_links; i++) {
		const struct mib_hist_slot *slot = &data->slots[i];

		if (!slot->name[0]) {
			/* free, so not even looked at (the file has holes), or damaged */
			if (slot->if_index || slot->last)
				clear_slot(data, i);
			continue;
		}
		adopt_slot(data, i, now_minute);
		if (!slot_is_of_epoch(data, i, epoch_id))
			forget_kernel(&data->slots[i]);
	}
	for (uint32_t i = 0; i < data->sizes.max_paths; i++) {
		if (data->path_slots[i].last)
			adopt_path(data, i, now_minute);
	}
	return HISTORY_KEPT;
}

static bool is_present(const struct mib_data *data, const struct mib_hist_slot *slot)
{
	for (uint32_t i = 0; i < data->head->n_links; i++) {
		if (!strcmp(data->links[i].name, slot->name))
			return true;
	}
	return false;
}

/* The slot to give to a new name: a free one, else the one that was written least lately.
 */
static uint16_t slot_to_use(struct mib_data *data)
{
	uint16_t best = MIB_SLOT_NONE;

	for (uint16_t i = 0; i < data->sizes.max_links; i++) {
		const struct mib_hist_slot *slot = &data->slots[i];

		if (!slot->name[0])
			return i;
		if (is_present(data, slot))
			continue;
		if (best == MIB_SLOT_NONE || slot->last < data->slots[best].last)
			best = i;
	}
	if (best != MIB_SLOT_NONE)
		clear_slot(data, best);
	return best;
}

uint16_t history_find(const struct mib_data *data, const char *name)
{
	for (uint16_t i = 0; i < data->sizes.max_links; i++) {
		if (!strcmp(data->slots[i].name, name))
			return i;
	}
	return MIB_SLOT_NONE;
}

uint16_t history_slot(struct mib_data *data, const char *name)
{
	uint16_t i = history_find(data, name);

	if (i != MIB_SLOT_NONE)
		return i;
	i = slot_to_use(data);
	if (i != MIB_SLOT_NONE)
		strncpy(data->slots[i].name, name, MIB_NAME_SIZE - 1);
	return i;
}

void history_show(struct mib_data *data, uint16_t slot, uint32_t if_index)
{
	assert(slot == MIB_SLOT_NONE || slot < data->sizes.max_links);
	if (slot == MIB_SLOT_NONE || data->slots[slot].if_index == if_index)
		return;
	for (uint16_t i = 0; i < data->sizes.max_links; i++) {
		if (data->slots[i].if_index == if_index)
			data->slots[i].if_index = 0;
	}
	data->slots[slot].if_index = if_index;
}

void history_put(struct mib_data *data, uint16_t slot, const struct mib_hist_row *row)
{
	struct mib_hist_row *to;

	assert(slot == MIB_SLOT_NONE || slot < data->sizes.max_links);
	if (slot == MIB_SLOT_NONE || !row->minute)
		return;
	to = row_at(data, slot, row->minute);
	*to = *row;
	to->check = mib_hist_row_check(to);
	widen(&data->slots[slot], row->minute);
}

uint32_t history_path_id(const char *name)
{
	uint32_t id = crc32_update(0, name, strlen(name));

	return id ? id : 1;
}

static bool is_among(const uint32_t *ids, uint32_t n, uint32_t id)
{
	for (uint32_t i = 0; i < n; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

static void clear_path(struct mib_data *data, uint32_t at)
{
	size_t minutes = data->sizes.hist_minutes;

	if (data->path_slots[at].last)
		memset(&data->path_rows[at * minutes], 0, minutes * sizeof(data->path_rows[0]));
	data->path_slots[at] = (struct mib_hist_slot){0};
}

/* From `at` on: the ring of ids[0], or one that nobody of ids has, emptied. There always is
 * one, since there are no more paths than places. */
static uint32_t ring_for(struct mib_data *data, uint32_t at, const uint32_t *ids, uint32_t n)
{
	uint32_t free = at;

	for (uint32_t i = at; i < data->sizes.max_paths; i++) {
		if (data->path_slots[i].kernel_index == ids[0])
			return i;
	}
	while (is_among(ids, n, data->path_slots[free].kernel_index))
		free++;
	clear_path(data, free);
	data->path_slots[free].kernel_index = ids[0];
	return free;
}

static void swap_paths(struct mib_data *data, uint32_t a, uint32_t b)
{
	size_t minutes = data->sizes.hist_minutes;
	struct mib_path_row *rows_a = &data->path_rows[a * minutes],
			    *rows_b = &data->path_rows[b * minutes];
	struct mib_hist_slot slot = data->path_slots[a];

	if (a == b)
		return;
	data->path_slots[a] = data->path_slots[b];
	data->path_slots[b] = slot;
	for (size_t m = 0; m < minutes; m++) {
		struct mib_path_row row = rows_a[m];

		if (!row.minute && !rows_b[m].minute)
			continue;
		rows_a[m] = rows_b[m];
		rows_b[m] = row;
	}
}

void history_claim_paths(struct mib_data *data, const uint32_t *ids, uint32_t n)
{
	assert(n <= MIB_PATHS_MAX);
	for (uint32_t i = 0; i < n && i < data->sizes.max_paths; i++)
		swap_paths(data, i, ring_for(data, i, &ids[i], n - i));
}

void history_put_path(struct mib_data *data, uint32_t at, const struct mib_path_row *row)
{
	size_t minutes = data->sizes.hist_minutes;
	struct mib_path_row *to;

	if (at >= data->sizes.max_paths || !row->minute)
		return;
	to = &data->path_rows[at * minutes + row->minute % minutes];
	*to = *row;
	to->check = mib_path_row_check(to);
	widen(&data->path_slots[at], row->minute);
}

static uint32_t moved(uint32_t minute, int32_t shift)
{
	int64_t to = (int64_t)minute + shift;

	return to > 0 && to < UINT32_MAX ? (uint32_t)to : 0;
}

/* Moving by place in the ring would overwrite rows not yet moved: by a copy. */
static void shift_slot(struct mib_data *data, uint32_t i, int32_t shift, uint32_t epoch_id,
		       struct mib_hist_row *copy)
{
	size_t minutes = data->sizes.hist_minutes;
	struct mib_hist_slot *slot = &data->slots[i];
	struct mib_hist_row *rows = &data->rows[i * minutes];

	memcpy(copy, rows, minutes * sizeof(*rows));
	for (uint32_t m = 0; m < minutes; m++) {
		if (rows[m].minute)
			rows[m] = (struct mib_hist_row){0};
	}
	slot->first = slot->last = 0;
	/* Twice, so that where two want a place the row of this boot has it. */
	for (int own = 0; own < 2; own++) {
		for (uint32_t m = 0; m < minutes; m++) {
			if (!row_ok(&copy[m]) || (copy[m].epoch_id == epoch_id) != own)
				continue;
			if (own)
				copy[m].minute = moved(copy[m].minute, shift);
			history_put(data, (uint16_t)i, &copy[m]);
		}
	}
}

static void shift_path(struct mib_data *data, uint32_t i, int32_t shift, uint32_t epoch_id,
		       struct mib_path_row *copy)
{
	size_t minutes = data->sizes.hist_minutes;
	struct mib_path_row *rows = &data->path_rows[i * minutes];

	memcpy(copy, rows, minutes * sizeof(*rows));
	memset(rows, 0, minutes * sizeof(*rows));
	data->path_slots[i].first = data->path_slots[i].last = 0;
	for (int own = 0; own < 2; own++) {
		for (uint32_t m = 0; m < minutes; m++) {
			if (!path_row_ok(&copy[m]) || (copy[m].epoch_id == epoch_id) != own)
				continue;
			if (own)
				copy[m].minute = moved(copy[m].minute, shift);
			history_put_path(data, i, &copy[m]);
		}
	}
}

int history_shift(struct mib_data *data, int32_t minutes, uint32_t epoch_id)
{
	cleanup_free struct mib_hist_row *copy = NULL;

	assert(data->sizes.hist_minutes > 0);
	if (!minutes)
		return 0;
	copy = malloc(data->sizes.hist_minutes * sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	for (uint32_t i = 0; i < data->sizes.max_links; i++) {
		if (data->slots[i].last)
			shift_slot(data, i, minutes, epoch_id, copy);
	}
	for (uint32_t i = 0; i < data->sizes.max_paths; i++) {
		if (data->path_slots[i].last)
			shift_path(data, i, minutes, epoch_id, (struct mib_path_row *)copy);
	}
	return 0;
}

/* ---- a clock that was set while no agent was there ---- */

/* The newest row of this boot that can be true; NULL if there is none. */
static const struct mib_hist_row *newest_of(const struct mib_data *data, uint32_t epoch_id,
					    int64_t now_us)
{
	const struct mib_hist_row *newest = NULL;

	for (uint32_t i = 0; i < data->sizes.max_links; i++) {
		const struct mib_hist_row *row;

		if (!data->slots[i].last)
			continue;
		row = &data->rows[(size_t)i * data->sizes.hist_minutes +
				  data->slots[i].last % data->sizes.hist_minutes];
		if (!row_ok(row) || row->epoch_id != epoch_id || row->sample_us <= 0 ||
		    row->sample_us > now_us)
			continue;
		if (!newest || row->minute > newest->minute)
			newest = row;
	}
	return newest;
}

/* By how much wall time ran away from monotonic time since that row, in whole minutes; what
 * is less than half a one moves no row. */
static int32_t drift_minutes(const struct mib_hist_row *row, const struct stamp *now)
{
	int64_t then_ms = row->minute * INT64_C(60000) - row->sample_us / 1000;
	int64_t ms = now->wall_ms - now->us / 1000 - then_ms;
	int64_t minutes = (ms + (ms < 0 ? -30000 : 30000)) / 60000;

	return minutes > INT32_MIN && minutes < INT32_MAX ? (int32_t)minutes : 0;
}

int history_redate(struct mib_data *data, uint32_t epoch_id, const struct stamp *now,
		   int32_t *ret_minutes)
{
	const struct mib_hist_row *newest;
	int r;

	*ret_minutes = 0;
	newest = head_fits(data) ? newest_of(data, epoch_id, now->us) : NULL;
	if (!newest)
		return 0;
	*ret_minutes = drift_minutes(newest, now);
	r = history_shift(data, *ret_minutes, epoch_id);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < data->sizes.max_links; i++) {
		int64_t *since_ms = &data->slots[i].state_since_ms;

		/* As it is read from the file: anything. */
		if (*since_ms > 0 && *since_ms < INT64_MAX / 2)
			*since_ms += *ret_minutes * INT64_C(60000);
	}
	return 0;
}
