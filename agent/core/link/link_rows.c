/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows move when one comes or goes, structs of links stay: so the row is what is sorted. */
#include "agent/core/link/link_rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int link_rows_init(struct link_rows *rows, struct mib_data *data)
{
	uint32_t max = data->sizes.max_links;

	*rows = (struct link_rows){
		.data = data,
		.order = calloc(max, sizeof(rows->order[0])),
		.spare = calloc(max, sizeof(rows->spare[0])),
		.pool = calloc(max, sizeof(rows->pool[0])),
		.days = calloc(max, sizeof(rows->days[0])),
	};
	if (!rows->order || !rows->spare || !rows->pool || !rows->days)
		return -ENOMEM;
	for (uint32_t i = 0; i < max; i++) {
		rows->pool[i].rate.day = &rows->days[i];
		rows->spare[i] = &rows->pool[max - 1 - i];
	}
	return 0;
}

void link_rows_deinit(struct link_rows *rows)
{
	free(rows->order);
	free(rows->spare);
	free(rows->pool);
	free(rows->days);
}

/* Position of the first link with an index >= if_index. */
static uint32_t position(const struct link_rows *rows, uint32_t if_index)
{
	uint32_t low = 0, high = rows->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (rows->order[mid]->row->if_index < if_index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct link *at_position(const struct link_rows *rows, uint32_t at, uint32_t if_index)
{
	return at < rows->n && rows->order[at]->row->if_index == if_index ? rows->order[at] : NULL;
}

struct link *link_rows_find(const struct link_rows *rows, uint32_t if_index)
{
	return at_position(rows, position(rows, if_index), if_index);
}

struct link *link_rows_find_next(struct link_rows *rows, uint32_t if_index)
{
	uint32_t at = rows->hint;

	if (!at_position(rows, at, if_index))
		at = position(rows, if_index);
	rows->hint = at + 1;
	return at_position(rows, at, if_index);
}

struct link *link_rows_find_name(const struct link_rows *rows, const char *name,
				 const struct link *but)
{
	for (uint32_t i = 0; i < rows->n; i++) {
		if (rows->order[i] != but && !strcmp(rows->order[i]->row->name, name))
			return rows->order[i];
	}
	return NULL;
}

/* n rows and their links move from position `from` to `to`, and each link knows its row. */
static void move_rows(struct link_rows *rows, uint32_t to, uint32_t from, uint32_t n)
{
	struct mib_link *row = rows->data->links;

	memmove(&row[to], &row[from], n * sizeof(row[0]));
	memmove(&rows->order[to], &rows->order[from], n * sizeof(rows->order[0]));
	for (uint32_t i = to; i < to + n; i++)
		rows->order[i]->row = &row[i];
}

struct link *link_rows_insert(struct link_rows *rows, uint32_t if_index)
{
	uint32_t max = rows->data->sizes.max_links, at = position(rows, if_index);
	struct link *link;

	assert(rows->n <= max && !at_position(rows, at, if_index));
	if (rows->n == max)
		return NULL;
	link = rows->spare[max - rows->n - 1];
	move_rows(rows, at + 1, at, rows->n - at);
	rows->order[at] = link;
	link->row = &rows->data->links[at];
	*link->row = (struct mib_link){.if_index = if_index};
	rows->data->head->n_links = ++rows->n;
	return link;
}

void link_rows_drop(struct link_rows *rows, struct link *link)
{
	uint32_t at = position(rows, link->row->if_index);

	assert(rows->n > 0 && link->row);
	assert(at_position(rows, at, link->row->if_index) == link);
	rows->n--;
	move_rows(rows, at, at + 1, rows->n - at);
	link->row = NULL;
	rows->spare[rows->data->sizes.max_links - rows->n - 1] = link;
	rows->data->head->n_links = rows->n;
}
