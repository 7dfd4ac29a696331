/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history file as a start finds it, and walks over what is taken from it. */
#include "agent/core/history/history.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WALK_MAX = 1000 };

static void walk(const struct mib_data *tables)
{
	uint32_t if_index = 0, minute = 0;

	for (int i = 0; i < WALK_MAX; i++) {
		const struct mib_hist_slot *slot;
		const struct mib_hist_row *row;
		uint32_t found = if_index;

		row = mib_data_hist_at(tables, if_index, minute, &found, &slot);
		if (!row)
			return;
		if (found < if_index || (found == if_index && row->minute < minute) ||
		    !slot->if_index)
			abort();
		if_index = found;
		minute = row->minute + 1;
	}
	abort(); /* more rows than there is room for */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mib_sizes sizes = {
		.max_links = 3, .max_paths = 2, .max_events = 1, .hist_minutes = 8};
	size_t room = mib_hist_size(&sizes);
	void *mem = calloc(1, mib_data_size(&sizes)), *hist = calloc(1, room);
	struct mib_data tables;
	int32_t moved;

	if (!mem || !hist || mib_data_bind(&tables, &sizes, mem, hist) < 0)
		abort();
	history_adopt(&tables, 100, 5); /* a head that fits, so that what follows is looked at */
	if (size)
		memcpy((uint8_t *)hist + sizeof(struct mib_hist_head), data,
		       size < room - sizeof(struct mib_hist_head)
			       ? size
			       : room - sizeof(struct mib_hist_head));
	history_redate(&tables, 5, &(struct stamp){.us = INT64_C(1) << 40, .wall_ms = 6000000},
		       &moved);
	history_adopt(&tables, 100, 5);
	walk(&tables);
	history_shift(&tables, 3, 5);
	history_slot(&tables, "wan0");
	walk(&tables);
	free(mem);
	free(hist);
	return 0;
}
