/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The history tables: rings of minutes per link and path in the mapping that outlives the
 * agent. All functions write rows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/history/stamp.h"
#include "agent/core/mib/mib_data.h"

enum history_adopted {
	HISTORY_KEPT,	 /* an earlier agent's rows of this boot are there */
	HISTORY_NEW,	 /* the file was empty */
	HISTORY_FOREIGN, /* other sizes or version, or damaged: nothing was done; empty
			    the file (by truncation, it must stay sparse) and call again
			  */
};

/*
 * Takes over what is in the mapping. Slots whose rows fail their check keep
 * the good ones. Rows later than now_minute are dropped: they were dated by a wrong
 * clock. Rows of another boot stay (their epoch id says so) but what slots say of the
 * kernel's counters goes.
 */
enum history_adopted history_adopt(struct mib_data *data, uint32_t now_minute, uint32_t epoch_id);

/*
 * Before history_adopt: if the clock was set while no agent was there to see it, the rows of
 * this boot are moved as history_shift does, and with them since when links are in their
 * state. The rows' monotonic times say so. ret_minutes: by how much, 0: nothing was done.
 * Returns 0 or -ENOMEM.
 */
int history_redate(struct mib_data *data, uint32_t epoch_id, const struct stamp *now,
		   int32_t *ret_minutes);

/* The slot of a link of this name, or MIB_SLOT_NONE. */
uint16_t history_find(const struct mib_data *data, const char *name);
/* The slot for a link of this name: its own, else a free one, else that of the link whose
 * last minute is oldest and that is not there now. MIB_SLOT_NONE if all belong to present
 * links. */
uint16_t history_slot(struct mib_data *data, const char *name);
/* Shows the slot under if_index, and no other slot. */
void history_show(struct mib_data *data, uint16_t slot, uint32_t if_index);

/* Writes a row (check is filled in); minutes may be left out but never go back: a row
 * that is not later than the slot's last one replaces what has that minute. */
void history_put(struct mib_data *data, uint16_t slot, const struct mib_hist_row *row);
/*
 * The rings of paths go with their names: ids are those of the n paths of the table now, in
 * its order. Before any row of theirs is written or read.
 */
uint32_t history_path_id(const char *name); /* not 0 */
void history_claim_paths(struct mib_data *data, const uint32_t *ids, uint32_t n);

/* The same for the path at this position of the path table. */
void history_put_path(struct mib_data *data, uint32_t at, const struct mib_path_row *row);

/* The clock was set: moves rows of this epoch by whole minutes, keeping their order.
 * Returns 0, or -ENOMEM with rows left as they were. */
int history_shift(struct mib_data *data, int32_t minutes, uint32_t epoch_id);
