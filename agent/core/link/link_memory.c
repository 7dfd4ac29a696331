/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots of the history as the memory of links. */
#include "agent/core/link/link_memory.h"

#include <assert.h>

#include "agent/core/history/history.h"
#include "agent/core/link/link_table_private.h"

static struct mib_hist_slot *slot_of(struct link_table *table, const char *name)
{
	uint16_t slot = history_find(table->data, name);

	return slot == MIB_SLOT_NONE ? NULL : &table->data->slots[slot];
}

void link_memory_keep(struct link_table *table, const struct link *link)
{
	struct mib_hist_slot *slot = slot_of(table, link->row->name);

	if (!slot)
		return;
	assert(link->row);
	slot->kernel_index = link->row->if_index;
	slot->carrier_ups = link->carrier_ups;
	slot->carrier_downs = link->carrier_downs;
	slot->told = link->state.told_up ? LINK_OPER_UP : LINK_OPER_DOWN;
	slot->oper = link->row->oper;
	slot->state_since_ms = link->row->state_since_ms;
	slot->discontinuity_us = link->row->discontinuity_us;
}

void link_memory_part(struct link_table *table, const char *name)
{
	struct mib_hist_slot *slot = slot_of(table, name);

	if (slot)
		slot->kernel_index = 0;
}

static bool is_told(const struct mib_hist_slot *slot)
{
	return slot && (slot->told == LINK_OPER_UP || slot->told == LINK_OPER_DOWN);
}

void link_memory_take_over(struct link_table *table, struct link *link)
{
	const struct mib_hist_slot *slot = slot_of(table, link->row->name);

	assert(link->row);
	if (is_told(slot))
		link->state.told_up = slot->told == LINK_OPER_UP;
}

void link_memory_recall(struct link_table *table, struct link *link, const struct link_report *from,
			const struct stamp *now)
{
	const struct mib_hist_slot *slot = slot_of(table, from->name);
	bool up = from->oper == LINK_OPER_UP, told_up = up;
	bool same = slot && slot->kernel_index == from->if_index && from->has_carrier_counts &&
		    slot->carrier_ups <= from->carrier_ups &&
		    slot->carrier_downs <= from->carrier_downs;

	link->row->oper = from->oper;
	link->carrier_ups = same ? slot->carrier_ups : from->carrier_ups;
	link->carrier_downs = same ? slot->carrier_downs : from->carrier_downs;
	link->has_carrier_counts = from->has_carrier_counts;
	if (is_told(slot))
		told_up = slot->told == LINK_OPER_UP;
	link_state_init(&link->state, up, told_up);
	if (same && slot->oper == from->oper)
		link->row->state_since_ms = slot->state_since_ms;
	if (same)
		link->row->discontinuity_us = slot->discontinuity_us;
	if (table->dumped) {
		link->row->state_since_ms = now->wall_ms;
		link->row->state_change_us = now->us;
		link->row->discontinuity_us = now->us;
	}
}

void link_memory_recall_day(struct link_table *table, uint32_t since, uint32_t now_minute)
{
	for (uint32_t i = 0; i < table->rows.n; i++) {
		struct link *link = table->rows.order[i];
		uint32_t if_index = link->row->if_index, minute = since, last = 0;

		link_rate_init(&link->rate, link->rate.day);
		while (minute <= now_minute) {
			const struct mib_hist_row *row =
				mib_data_hist_at(table->data, if_index, minute, &if_index, NULL);

			if (!row || if_index != link->row->if_index || row->minute > now_minute)
				break;
			if (row->epoch_id == table->epoch_id)
				link_rate_recall(&link->rate, row);
			last = row->minute;
			minute = last + 1;
		}
		link_rate_recall_end(&link->rate, last, now_minute);
		link->row->in_p95_bps = day_rates_p95(&link->rate.day->in);
		link->row->out_p95_bps = day_rates_p95(&link->rate.day->out);
	}
}

void link_memory_assign_slots(struct link_table *table)
{
	if (!table->is_slot_due)
		return;
	table->is_slot_due = false;
	for (uint32_t i = 0; i < table->rows.n; i++) {
		struct link *link = table->rows.order[i];

		/* A link without a slot gets one, and what is to be remembered goes there. */
		if (link->row->slot == MIB_SLOT_NONE) {
			link->row->slot = history_slot(table->data, link->row->name);
			link_memory_keep(table, link);
		}
		if (link->row->slot != MIB_SLOT_NONE) {
			const struct mib_hist_slot *slot = &table->data->slots[link->row->slot];

			if (slot->if_index != link->row->if_index)
				history_show(table->data, link->row->slot, link->row->if_index);
		}
	}
}

void link_memory_set_told(struct link_table *table, const char *name, bool up)
{
	uint16_t at = history_find(table->data, name);
	struct mib_hist_slot *slot;

	/* The ring of a link that may come yet is worth more than this word. */
	if (at == MIB_SLOT_NONE && history_find(table->data, "") != MIB_SLOT_NONE)
		at = history_slot(table->data, name);
	if (at == MIB_SLOT_NONE || !name[0])
		return;
	slot = &table->data->slots[at];
	if (!slot->told)
		slot->told = up ? LINK_OPER_UNKNOWN : LINK_OPER_DOWN;
}
