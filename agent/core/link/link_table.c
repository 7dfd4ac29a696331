/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links by ifIndex, kept sorted, from rtnetlink messages. Decides what is the same link
 * as before (the name says so), what is a discontinuity (RFC 2863 3.1.5) and which
 * changes are events; when to dump is agent's business, how a flapping link is damped
 * link_state's.
 *
 * What must survive the agent is link_memory's.
 */
#include "agent/core/link/link_table.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/history/history.h"
#include "agent/core/link/link_memory.h"
#include "agent/core/link/link_table_private.h"
#include "common/base/cleanup.h"

static void set_damping(struct link_table *table)
{
	table->damping = (struct link_state_conf){
		.changes = (uint32_t)table->conf->flap_changes,
		.window_us = table->conf->flap_window_ms * 1000,
		.settle_us = table->conf->flap_settle_ms * 1000,
	};
}

int link_table_new(const struct agent_conf *conf, struct mib_data *data, uint32_t epoch_id,
		   const struct link_table_calls *calls, struct link_table **ret)
{
	cleanup_(link_table_freep) struct link_table *table = NULL;
	int r;

	assert(calls->event && calls->ask_speed);
	table = calloc(1, sizeof(*table));
	if (!table)
		return -ENOMEM;
	r = link_rows_init(&table->rows, data);
	if (r < 0)
		return r;
	table->conf = conf;
	table->data = data;
	table->epoch_id = epoch_id;
	table->calls = *calls;
	set_damping(table);
	*ret = steal_ptr(table);
	return 0;
}

struct link_table *link_table_free(struct link_table *table)
{
	if (!table)
		return NULL;
	link_rows_deinit(&table->rows);
	free(table);
	return NULL;
}

void link_table_freep(struct link_table **table)
{
	*table = link_table_free(*table);
}

/* Rows came, went or were renamed (ifTableLastChange, RFC 2863). */
static void note_change(struct link_table *table, const struct stamp *now)
{
	table->data->head->agent.link_table_change_us = now->us;
	table->is_slot_due = true;
}

static bool wants_events(const struct link *link)
{
	return !link->conf || link->conf->events;
}

/* Comings and goings are told of links that the configuration names: a router's own
 * comings and goings (ppp sessions, containers) would drown them. */
static bool wants_presence(const struct link *link)
{
	return link->conf && link->conf->events;
}

static void emit(struct link_table *table, const struct link *link, enum event_type type,
		 uint32_t value, const struct stamp *now)
{
	table->calls.event(
		table->calls.data,
		&(struct link_event){.type = type, .link = link->row, .value = value, .text = ""},
		now);
}

static void emit_text(struct link_table *table, const struct link *link, enum event_type type,
		      const char *text, const struct stamp *now)
{
	table->calls.event(table->calls.data,
			   &(struct link_event){.type = type, .link = link->row, .text = text},
			   now);
}

static const char *down_reason(const struct link *link, char *buf, size_t size, uint32_t losses)
{
	if (link->row->admin == LINK_ADMIN_DOWN)
		return "set down by the administrator";
	if (losses <= 1)
		return "carrier lost";
	snprintf(buf, size, "carrier lost %u times", losses);
	return buf;
}

static void run_actions(struct link_table *table, struct link *link,
			const struct link_actions *actions, const struct stamp *now)
{
	for (size_t i = 0; i < actions->n; i++) {
		if (wants_events(link)) {
			const struct link_action *action = &actions->list[i];
			struct link_event event = {
				.type = action->type, .link = link->row, .value = action->value};
			char buf[MIB_TEXT_SIZE];

			event.text = link->row->alias;
			if (action->type == EVENT_LINK_DOWN)
				event.text = down_reason(link, buf, sizeof(buf), action->value);
			if (action->type == EVENT_LINK_SETTLED)
				event.text = link->state.up ? "settled up" : "settled down";
			table->calls.event(table->calls.data, &event, now);
		}
	}
	link_memory_keep(table, link);
}

static void set_discontinuity(struct link *link, const struct stamp *now)
{
	link->row->discontinuity_us = now->us;
	link_rate_discontinuity(&link->rate);
}

static void set_alias(struct link *link)
{
	const char *alias =
		link->conf && link->conf->alias ? link->conf->alias : link->kernel_alias;

	snprintf(link->row->alias, sizeof(link->row->alias), "%s", alias);
}

static void apply_conf(struct link_table *table, struct link *link)
{
	const struct agent_conf_link *conf = agent_conf_link_for(table->conf, link->row->name);

	link->conf = conf;
	link->row->role = (uint8_t)(conf ? conf->role : LINK_ROLE_OTHER);
	link->row->medium = (uint8_t)(conf ? conf->medium : LINK_MEDIUM_OTHER);
	link->row->capacity_kbps = (uint32_t)(conf ? conf->capacity_kbps : 0);
	link->row->tells = wants_events(link);
	set_alias(link);
}

static void set_attributes(struct link *link, const struct link_report *from)
{
	struct mib_link *row = link->row;

	row->if_type = from->if_type;
	row->mtu = from->mtu;
	row->mac_len = from->mac_len;
	memcpy(row->mac, from->mac, sizeof(row->mac));
	row->promiscuous = from->promiscuous;
	row->is_loopback = from->is_loopback;
	row->has_connector = !from->kind[0] && !from->is_loopback;
	if (strcmp(link->kernel_alias, from->alias)) {
		memcpy(link->kernel_alias, from->alias, sizeof(link->kernel_alias));
		set_alias(link);
	}
}

static void count_up_time(struct link *link, bool up, int64_t now_us)
{
	if (link->up_from_us)
		link->up_us += now_us - link->up_from_us;
	link->up_from_us = up ? now_us : 0;
}

static bool went_back(const struct link *link, const struct link_report *from)
{
	return from->has_carrier_counts && link->has_carrier_counts &&
	       (from->carrier_ups < link->carrier_ups || from->carrier_downs < link->carrier_downs);
}

/* Losses and gains since the last look. False if the counts went back: another link. */
static bool carrier_changes(const struct link *link, const struct link_report *from, bool up,
			    struct link_input *ret)
{
	ret->up = up;
	if (!from->has_carrier_counts || !link->has_carrier_counts) {
		ret->losses = link->state.up && !up;
		ret->gains = !link->state.up && up;
		return true;
	}
	if (went_back(link, from))
		return false;
	ret->losses = from->carrier_downs - link->carrier_downs;
	ret->gains = from->carrier_ups - link->carrier_ups;
	return true;
}

static void apply_state(struct link_table *table, struct link *link, const struct link_report *from,
			const struct stamp *now)
{
	struct link_input input = {0};
	struct link_actions actions;
	bool was_up = link->row->oper == LINK_OPER_UP;

	if (!carrier_changes(link, from, from->oper == LINK_OPER_UP, &input)) {
		set_discontinuity(link, now);
		note_change(table, now);
	}
	link->has_carrier_counts = from->has_carrier_counts;
	link->carrier_ups = from->carrier_ups;
	link->carrier_downs = from->carrier_downs;
	link->row->flaps += input.losses;
	link->row->admin = from->admin;
	if (link->row->oper != from->oper || input.losses) {
		link->row->oper = from->oper;
		link->row->state_since_ms = now->wall_ms;
		link->row->state_change_us = now->us;
	}
	if (was_up != input.up)
		count_up_time(link, input.up, now->us);
	if (input.up && (!was_up || input.gains))
		table->calls.ask_speed(table->calls.data, link->row->if_index);
	if (was_up != input.up && from->master)
		table->calls.ask_speed(table->calls.data, from->master);
	link_state_input(&link->state, &table->damping, &input, now->us, &actions);
	table->any_flapping |= link->state.flapping;
	run_actions(table, link, &actions, now);
}

static void remove_link(struct link_table *table, struct link *link, const struct stamp *now);

/* Of a full table: the link that no section names, if there is one, the youngest first. */
static struct link *find_unnamed(const struct link_table *table)
{
	for (uint32_t i = table->rows.n; i-- > 0;) {
		if (!table->rows.order[i]->conf)
			return table->rows.order[i];
	}
	return NULL;
}

/* What the operator named comes before what merely is there. */
static struct link *insert(struct link_table *table, const struct link_report *from,
			   const struct stamp *now)
{
	struct link *link = link_rows_insert(&table->rows, from->if_index), *unnamed;

	if (link)
		return link;
	table->left_out++;
	if (!table->in_dump && !table->data->head->agent.links_left_out)
		table->data->head->agent.links_left_out = 1; /* how many, the next dump tells */
	unnamed = agent_conf_link_for(table->conf, from->name) ? find_unnamed(table) : NULL;
	if (!unnamed)
		return NULL;
	remove_link(table, unnamed, now);
	return link_rows_insert(&table->rows, from->if_index);
}

static void add(struct link_table *table, const struct link_report *from, const struct stamp *now)
{
	struct link *link = insert(table, from, now);

	if (!link)
		return;
	link->kernel_alias[0] = '\0';
	memcpy(link->row->name, from->name, sizeof(link->row->name));
	link->row->slot = MIB_SLOT_NONE;
	link->row->duplex = LINK_DUPLEX_UNKNOWN;
	link->up_us = link->up_from_us = 0;
	link->minute_us = now->us;
	link->flaps_before = 0;
	link->seen = true;
	link_rate_init(&link->rate, link->rate.day);
	apply_conf(table, link);
	set_attributes(link, from);
	link_memory_recall(table, link, from, now);
	count_up_time(link, from->oper == LINK_OPER_UP, now->us);
	if (from->has_counters)
		link_rate_sample(&link->rate, &from->counters, now->us, link->row);
	note_change(table, now);
	link->row->admin = from->admin;
	if (table->dumped && wants_presence(link))
		emit(table, link, EVENT_LINK_ADDED, 0, now);
	apply_state(table, link, from, now);
	table->calls.ask_speed(table->calls.data, link->row->if_index);
}

static void remove_link(struct link_table *table, struct link *link, const struct stamp *now)
{
	/* Where messages were lost another may have its name by now: the name is not gone. */
	if (!link_rows_find_name(&table->rows, link->row->name, link)) {
		/* What is told of a link that is gone, and what its name remembers. */
		if (link->state.told_up && wants_presence(link)) {
			link->row->oper = LINK_OPER_NOT_PRESENT;
			emit_text(table, link, EVENT_LINK_DOWN, "the link was removed", now);
			link->state.told_up = false;
		}
		if (wants_presence(link))
			emit(table, link, EVENT_LINK_REMOVED, 0, now);
		link_memory_keep(table, link);
		link_memory_part(table, link->row->name);
	}
	note_change(table, now);
	link_rows_drop(&table->rows, link);
}

static void rename_link(struct link_table *table, struct link *link, const char *name,
			const struct stamp *now)
{
	bool wanted = wants_presence(link);
	char text[MIB_TEXT_SIZE];

	/* Two may have swapped their names: then the other one has it already. */
	if (!link_rows_find_name(&table->rows, link->row->name, link))
		link_memory_part(table, link->row->name);
	snprintf(text, sizeof(text), "%s is now %s", link->row->name, name);
	snprintf(link->row->name, sizeof(link->row->name), "%s", name);
	link->row->slot = MIB_SLOT_NONE;
	link_memory_take_over(table, link);
	apply_conf(table, link);
	set_discontinuity(link, now);
	note_change(table, now);
	if (wanted || wants_presence(link))
		emit_text(table, link, EVENT_LINK_RENAMED, text, now);
}

void link_table_update(struct link_table *table, const struct link_report *from,
		       const struct stamp *now)
{
	struct link *link = link_rows_find_next(&table->rows, from->if_index);

	if (agent_conf_excludes(table->conf, from->name)) {
		if (link)
			remove_link(table, link, now);
		return;
	}
	if (!link) {
		/* Names are unique: whose it was is gone, though the message was lost.
		 * What is told of it stands before what is told of the new one. */
		link = link_rows_find_name(&table->rows, from->name, NULL);
		if (link)
			remove_link(table, link, now);
		add(table, from, now);
		return;
	}
	/* A message that was on its way while a newer dump was read. A link made anew
	 * with the same index is no such case: its RTM_DELLINK comes first, or a dump
	 * tells. */
	if (!table->in_dump && went_back(link, from))
		return;
	link->seen = true;
	if (strcmp(link->row->name, from->name))
		rename_link(table, link, from->name, now);
	set_attributes(link, from);
	apply_state(table, link, from, now);
}

void link_table_remove(struct link_table *table, uint32_t if_index, const struct stamp *now)
{
	struct link *link = link_rows_find_next(&table->rows, if_index);

	if (link)
		remove_link(table, link, now);
}

void link_table_dump_begin(struct link_table *table)
{
	assert(!table->in_dump);
	table->in_dump = true;
	table->left_out = 0;
	for (uint32_t i = 0; i < table->rows.n; i++)
		table->rows.order[i]->seen = false;
}

void link_table_dump_end(struct link_table *table, const struct stamp *now)
{
	assert(table->in_dump);
	for (uint32_t i = table->rows.n; i-- > 0;) {
		if (!table->rows.order[i]->seen)
			remove_link(table, table->rows.order[i], now);
	}
	table->dumped = true;
	table->in_dump = false;
	table->data->head->agent.links_left_out = table->left_out;
}

void link_table_dump_abort(struct link_table *table)
{
	assert(table->in_dump);
	table->in_dump = false;
	for (uint32_t i = 0; i < table->rows.n; i++)
		table->rows.order[i]->seen = true;
}

bool link_table_wants_dump(const struct link_table *table)
{
	return table->left_out && table->rows.n < table->data->sizes.max_links;
}

bool link_table_sample(struct link_table *table, uint32_t if_index,
		       const struct link_counters *counters, const struct stamp *now)
{
	struct link *link = link_rows_find_next(&table->rows, if_index);

	if (!link)
		return false;
	if (!link_rate_sample(&link->rate, counters, now->us, link->row)) {
		table->stats.went_back++;
		link->row->discontinuity_us = now->us;
	}
	return true;
}

void link_table_tick(struct link_table *table, const struct stamp *now)
{
	if (!table->any_flapping)
		return;
	table->any_flapping = false;
	for (uint32_t i = 0; i < table->rows.n; i++) {
		if (table->rows.order[i]->state.flapping) {
			struct link *link = table->rows.order[i];
			struct link_actions actions;

			link_state_tick(&link->state, &table->damping, now->us, &actions);
			if (actions.n)
				run_actions(table, link, &actions, now);
			table->any_flapping |= link->state.flapping;
		}
	}
}

/* Time up, scaled to a whole minute where the agent saw only a part of it or where the
 * clock was set: what was not seen is neither up nor down. */
static uint16_t up_ms(const struct link *link, int64_t seen_us)
{
	int64_t ms;

	if (seen_us <= 0)
		return link->row->oper == LINK_OPER_UP ? 60000 : 0;
	ms = (link->up_us * 60000 + seen_us / 2) / seen_us;
	return (uint16_t)(ms > 60000 ? 60000 : ms);
}

void link_table_minute(struct link_table *table, uint32_t minute, const struct stamp *now)
{
	assert(minute > 0);
	for (uint32_t i = 0; i < table->rows.n; i++) {
		struct link *link = table->rows.order[i];
		struct mib_link *row = link->row;
		uint32_t flaps = row->flaps - link->flaps_before;
		struct mib_hist_row hist;

		count_up_time(link, row->oper == LINK_OPER_UP, now->us);
		link_rate_minute(&link->rate, row);
		hist = (struct mib_hist_row){
			.minute = minute,
			.sample_us = row->sample_us,
			.in_octets = row->counters.in_octets,
			.out_octets = row->counters.out_octets,
			.in_peak_bps = row->in_peak_bps,
			.out_peak_bps = row->out_peak_bps,
			.in_errors = row->counters.in_errors,
			.out_errors = row->counters.out_errors,
			.in_discards = row->counters.in_discards,
			.out_discards = row->counters.out_discards,
			.epoch_id = table->epoch_id,
			.up_ms = up_ms(link, now->us - link->minute_us),
			.flaps = (uint16_t)(flaps > UINT16_MAX ? UINT16_MAX : flaps),
			.clock_state = (uint8_t)now->clock,
		};
		history_put(table->data, row->slot, &hist);
		link->up_us = 0;
		link->minute_us = now->us;
		link->flaps_before = row->flaps;
	}
}

void link_table_gap(struct link_table *table, const struct stamp *now)
{
	for (uint32_t i = 0; i < table->rows.n; i++) {
		struct link *link = table->rows.order[i];

		link_rate_gap(&link->rate, link->row);
		link->up_us = 0;
		link->up_from_us = link->up_from_us ? now->us : 0;
		link->minute_us = now->us;
	}
}

void link_table_five(struct link_table *table)
{
	for (uint32_t i = 0; i < table->rows.n; i++)
		link_rate_five(&table->rows.order[i]->rate, table->rows.order[i]->row);
}

void link_table_day(struct link_table *table)
{
	for (uint32_t i = 0; i < table->rows.n; i++)
		link_rate_day(&table->rows.order[i]->rate, table->rows.order[i]->row);
}

void link_table_step(struct link_table *table, int64_t step_ms)
{
	for (uint32_t i = 0; i < table->rows.n; i++) {
		struct link *link = table->rows.order[i];

		if (!link->row->state_since_ms)
			continue;
		link->row->state_since_ms += step_ms;
		link_memory_keep(table, link);
	}
}

void link_table_speed(struct link_table *table, uint32_t if_index, uint32_t speed_kbps,
		      enum link_duplex duplex)
{
	struct link *link = link_rows_find_next(&table->rows, if_index);

	if (!link)
		return;
	link->row->speed_kbps = speed_kbps;
	link->row->duplex = (uint8_t)duplex;
}

void link_table_set_conf(struct link_table *table, const struct agent_conf *conf,
			 const struct stamp *now)
{
	table->conf = conf;
	set_damping(table);
	for (uint32_t i = table->rows.n; i-- > 0;) {
		struct link *link = table->rows.order[i];

		/* Sections of the old configuration are gone: not even a look at them. */
		apply_conf(table, link);
		if (agent_conf_excludes(conf, link->row->name)) {
			note_change(table, now);
			link_rows_drop(&table->rows, link);
		}
	}
}

uint32_t link_table_n(const struct link_table *table)
{
	return table->rows.n;
}

const struct mib_link *link_table_row(const struct link_table *table, uint32_t at)
{
	assert(at < table->rows.n);
	return table->rows.order[at]->row;
}

const struct mib_link *link_table_by_index(const struct link_table *table, uint32_t if_index)
{
	const struct link *link = link_rows_find(&table->rows, if_index);

	return link ? link->row : NULL;
}

const struct mib_link *link_table_find(const struct link_table *table, const char *name)
{
	const struct link *link = link_rows_find_name(&table->rows, name, NULL);

	return link ? link->row : NULL;
}

void link_table_get_stats(const struct link_table *table, struct link_table_stats *ret)
{
	*ret = table->stats;
}
