/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layout and look-ups of the tables. What the rows say is decided elsewhere (link_table,
 * history, event_log); what they mean in SNMP is mib_view's.
 */
#include "agent/core/mib/mib_data.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/crc32.h"

enum { ALIGNMENT = 64 };

_Static_assert(sizeof(struct mib_link) % ALIGNMENT == 0, "whole cache lines");
_Static_assert(offsetof(struct mib_link, in_mean_bps) == 2 * ALIGNMENT, "what every second writes");

static size_t align_up(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

size_t mib_data_size(const struct mib_sizes *sizes)
{
	return align_up(sizeof(struct mib_head)) +
	       align_up(sizes->max_links * sizeof(struct mib_link)) +
	       align_up(sizes->max_wifi * sizeof(struct mib_wifi)) +
	       align_up(sizes->max_paths * sizeof(struct mib_path)) +
	       align_up(sizes->max_events * sizeof(struct mib_event));
}

size_t mib_hist_size(const struct mib_sizes *sizes)
{
	size_t minutes = sizes->hist_minutes;

	return align_up(sizeof(struct mib_hist_head)) +
	       align_up(sizes->max_links * sizeof(struct mib_hist_slot)) +
	       align_up(sizes->max_paths * sizeof(struct mib_hist_slot)) +
	       align_up(sizes->max_paths * minutes * sizeof(struct mib_path_row)) +
	       align_up(sizes->max_links * minutes * sizeof(struct mib_hist_row));
}

static void *take(uint8_t **at, size_t size)
{
	void *taken = *at;

	*at += align_up(size);
	return taken;
}

int mib_data_bind(struct mib_data *ret, const struct mib_sizes *sizes, void *mem, void *hist_mem)
{
	uint8_t *at = mem, *hist_at = hist_mem;

	assert(mem && hist_mem);
	if (!sizes->max_links || sizes->max_links > MIB_LINKS_MAX ||
	    sizes->max_paths > MIB_PATHS_MAX || !sizes->max_events || sizes->max_events > 65536 ||
	    !sizes->hist_minutes || sizes->hist_minutes > 7 * 1440)
		return -EINVAL;
	*ret = (struct mib_data){.sizes = *sizes};
	ret->head = take(&at, sizeof(*ret->head));
	ret->links = take(&at, sizes->max_links * sizeof(*ret->links));
	ret->wifi = take(&at, sizes->max_wifi * sizeof(*ret->wifi));
	ret->paths = take(&at, sizes->max_paths * sizeof(*ret->paths));
	ret->events = take(&at, sizes->max_events * sizeof(*ret->events));
	ret->hist_head = take(&hist_at, sizeof(*ret->hist_head));
	ret->slots = take(&hist_at, sizes->max_links * sizeof(*ret->slots));
	ret->path_slots = take(&hist_at, sizes->max_paths * sizeof(*ret->path_slots));
	ret->path_rows = take(&hist_at, (size_t)sizes->max_paths * sizes->hist_minutes *
						sizeof(*ret->path_rows));
	ret->rows = (struct mib_hist_row *)hist_at;
	return 0;
}

static uint32_t clamp(uint32_t n, uint32_t max)
{
	return n < max ? n : max;
}

uint32_t mib_data_n_links(const struct mib_data *data)
{
	return clamp(data->head->n_links, data->sizes.max_links);
}

uint32_t mib_data_n_wifi(const struct mib_data *data)
{
	return clamp(data->head->n_wifi, data->sizes.max_wifi);
}

uint32_t mib_data_n_paths(const struct mib_data *data)
{
	return clamp(data->head->n_paths, data->sizes.max_paths);
}

uint32_t mib_data_link_at(const struct mib_data *data, uint32_t if_index)
{
	uint32_t low = 0, high = mib_data_n_links(data);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (data->links[mid].if_index < if_index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t mib_data_wifi_at(const struct mib_data *data, uint32_t if_index)
{
	uint32_t i = 0, n = mib_data_n_wifi(data);

	while (i < n && data->wifi[i].if_index < if_index)
		i++;
	return i;
}

const struct mib_link *mib_data_link(const struct mib_data *data, uint32_t if_index)
{
	uint32_t at = mib_data_link_at(data, if_index);

	if (at >= mib_data_n_links(data) || data->links[at].if_index != if_index)
		return NULL;
	return &data->links[at];
}

uint32_t mib_data_n_events(const struct mib_data *data)
{
	return clamp(data->head->n_events, data->sizes.max_events);
}

const struct mib_event *mib_data_event_nth(const struct mib_data *data, uint32_t i)
{
	uint32_t max = data->sizes.max_events;

	assert(i < mib_data_n_events(data));
	return &data->events[(data->head->next_place % max + max - mib_data_n_events(data) + i) %
			     max];
}

const struct mib_event *mib_data_event_at(const struct mib_data *data, uint32_t number)
{
	uint32_t low = 0, n = mib_data_n_events(data), high = n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (mib_data_event_nth(data, mid)->number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n ? mib_data_event_nth(data, low) : NULL;
}

const struct mib_event *mib_data_event(const struct mib_data *data, uint32_t number)
{
	const struct mib_event *event = mib_data_event_at(data, number);

	return event && event->number == number ? event : NULL;
}

static const struct mib_hist_slot *slot_at(const struct mib_data *data, uint32_t if_index)
{
	const struct mib_hist_slot *best = NULL;

	for (uint32_t i = 0; i < data->sizes.max_links; i++) {
		const struct mib_hist_slot *slot = &data->slots[i];

		if (slot->if_index && slot->if_index >= if_index &&
		    (!best || slot->if_index < best->if_index))
			best = slot;
	}
	return best;
}

static const struct mib_hist_row *row_of(const struct mib_data *data,
					 const struct mib_hist_slot *slot, uint32_t minute)
{
	size_t minutes = data->sizes.hist_minutes;
	const struct mib_hist_row *row =
		&data->rows[(size_t)(slot - data->slots) * minutes + minute % minutes];

	return minute && row->minute == minute && row->check == mib_hist_row_check(row) ? row
											: NULL;
}

const struct mib_hist_row *mib_data_hist(const struct mib_data *data, uint32_t if_index,
					 uint32_t minute, const struct mib_hist_slot **ret_slot)
{
	const struct mib_hist_slot *slot = if_index ? slot_at(data, if_index) : NULL;
	const struct mib_hist_row *row;

	if (!slot || slot->if_index != if_index)
		return NULL;
	row = row_of(data, slot, minute);
	if (row && ret_slot)
		*ret_slot = slot;
	return row;
}

/* The oldest minute that a ring that ends with last can hold. A damaged file must not
 * make a walk of four thousand million turns: from is within one ring of last. */
static uint32_t oldest(uint32_t first, uint32_t last, uint32_t minutes)
{
	return last >= minutes && first < last - minutes + 1 ? last - minutes + 1 : first;
}

const struct mib_hist_row *mib_data_hist_at(const struct mib_data *data, uint32_t if_index,
					    uint32_t minute, uint32_t *ret_if_index,
					    const struct mib_hist_slot **ret_slot)
{
	const struct mib_hist_slot *slot;

	for (; (slot = slot_at(data, if_index)); if_index = slot->if_index + 1, minute = 0) {
		uint32_t last = slot->last;
		uint32_t from = oldest(slot->first, last, data->sizes.hist_minutes);

		if (slot->if_index == if_index && minute > from)
			from = minute;
		for (; from && from <= last; from++) {
			const struct mib_hist_row *row = row_of(data, slot, from);

			if (!row)
				continue;
			*ret_if_index = slot->if_index;
			if (ret_slot)
				*ret_slot = slot;
			return row;
		}
		if (slot->if_index == UINT32_MAX)
			break;
	}
	return NULL;
}

static const struct mib_path_row *path_row_of(const struct mib_data *data, uint32_t at,
					      uint32_t minute)
{
	size_t minutes = data->sizes.hist_minutes;
	const struct mib_path_row *row = &data->path_rows[at * minutes + minute % minutes];

	return minute && row->minute == minute && row->check == mib_path_row_check(row) ? row
											: NULL;
}

const struct mib_path_row *mib_data_path_hist(const struct mib_data *data, uint32_t path_index,
					      uint32_t minute)
{
	for (uint32_t i = 0; i < mib_data_n_paths(data); i++) {
		if (data->paths[i].index == path_index)
			return path_row_of(data, i, minute);
	}
	return NULL;
}

static const struct mib_path_row *path_row_from(const struct mib_data *data, uint32_t at,
						uint32_t minute)
{
	const struct mib_hist_slot *slot = &data->path_slots[at];
	uint32_t last = slot->last, from = oldest(slot->first, last, data->sizes.hist_minutes);

	for (from = minute > from ? minute : from; from && from <= last; from++) {
		const struct mib_path_row *row = path_row_of(data, at, from);

		if (row)
			return row;
	}
	return NULL;
}

const struct mib_path_row *mib_data_path_hist_at(const struct mib_data *data, uint32_t path_index,
						 uint32_t minute, uint32_t *ret_path_index)
{
	for (uint32_t i = 0; i < mib_data_n_paths(data); i++) {
		uint32_t index = data->paths[i].index;
		const struct mib_path_row *row;

		if (index < path_index)
			continue;
		row = path_row_from(data, i, index == path_index ? minute : 0);
		if (!row)
			continue;
		*ret_path_index = index;
		return row;
	}
	return NULL;
}

uint32_t mib_hist_row_check(const struct mib_hist_row *row)
{
	uint32_t crc = crc32_update(0, &row->minute, sizeof(row->minute));

	return crc32_update(crc, &row->sample_us,
			    sizeof(*row) - offsetof(struct mib_hist_row, sample_us));
}

uint32_t mib_path_row_check(const struct mib_path_row *row)
{
	uint32_t crc = crc32_update(0, &row->minute, sizeof(row->minute));

	return crc32_update(crc, &row->sent, sizeof(*row) - offsetof(struct mib_path_row, sent));
}
