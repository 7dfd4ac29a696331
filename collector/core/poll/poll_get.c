/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the answers to GETs apart: which item a binding answers, when the device took it,
 * what an error or a gap says of the device, when a row or a group is complete. Sources:
 * RFC 3416 3 and 4.2.1, RFC 1157 4.1.2 (v1's errors).
 */
#include <assert.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/poll/poll_session_impl.h"

/* RFC 3416 3 */
#define AFTER_GEN_ERROR_US (300 * INT64_C(1000000))

/* ---- trouble ---- */

void poll_get_trouble(struct poll_session *s, enum poll_trouble trouble)
{
	struct poll_cycle *cycle = s->cycle;

	assert(cycle && !cycle->walking);
	if (!poll_limits_lower(&s->limits, cycle->n_items, false, trouble) && cycle->n_items) {
		const struct poll_item *item = &cycle->items[0];

		/* The device cannot give this one; go on behind it. */
		poll_item_missing(s, item);
		s->cycle->cursor = item->after;
	}
}

static void error_answer(struct poll_session *s, const struct poll_answer *answer)
{
	struct poll_cycle *cycle = s->cycle;
	size_t index = answer->error_index < 0 ? 0 : (size_t)answer->error_index;

	switch (answer->error_status) {
	case SNMP_ERROR_TOO_BIG:
		s->env->counts.too_big++;
		poll_get_trouble(s, POLL_TOO_BIG);
		return;
	case SNMP_ERROR_NO_ACCESS:
	case SNMP_ERROR_AUTHORIZATION:
		cycle->no_access = true;
		s->env->counts.no_access++;
		break;
	case SNMP_ERROR_NO_SUCH_NAME:
		s->env->counts.no_such_name++;
		break;
	default:
		s->env->counts.gen_errors++;
		if (cycle->n_items == 1)
			poll_limits_not_of_size(&s->limits);
		if (s->next_discovery_us > answer->received_us + AFTER_GEN_ERROR_US)
			s->next_discovery_us = answer->received_us + AFTER_GEN_ERROR_US;
	}
	if (cycle->step == POLL_STEP_PROBE)
		cycle->cursor = cycle->items[0].after; /* it answers: that was the question */
	else if (index >= 1 && index <= cycle->n_items)
		poll_item_missing(s, &cycle->items[index - 1]); /* and ask for the rest again */
	else
		poll_get_trouble(s, POLL_GEN_ERROR);
}

/* ---- answers ---- */

static bool at_its_place(const struct poll_session *s, size_t place, const struct snmp_varbind *vb)
{
	return vb->as_asked || poll_item_is(s, &s->cycle->items[place], vb);
}

static bool is_done(const struct poll_cycle *cycle, size_t i)
{
	return cycle->done[i / 64] >> i % 64 & 1;
}

static void set_done(struct poll_cycle *cycle, size_t i)
{
	cycle->done[i / 64] |= UINT64_C(1) << i % 64;
}

/* Which item a binding answers: nearly always the one at its place. n_items: none. */
static size_t item_of(struct poll_session *s, size_t place, const struct snmp_varbind *vb)
{
	const struct poll_cycle *cycle = s->cycle;
	size_t i = 0;

	if (place < cycle->n_items && at_its_place(s, place, vb))
		return place;
	s->env->counts.wrong_names++;
	while (i < cycle->n_items && (is_done(cycle, i) || !poll_item_is(s, &cycle->items[i], vb)))
		i++;
	return i;
}

static bool vb_number(const struct snmp_varbind *vb, uint64_t *ret)
{
	struct group_value value;

	if (vb->type == SNMP_TYPE_OCTETS || !group_value_set(&value, vb, ""))
		return false;
	*ret = value.u;
	return true;
}

static bool take_time(struct poll_session *s, struct device_clock_reading *r,
		      const struct poll_item *item, const struct snmp_varbind *vb)
{
	uint64_t u;

	if (item->what > POLL_WHAT_EPOCH)
		return false;
	if (!vb_number(vb, &u)) {
		poll_item_missing(s, item);
		return true;
	}
	if (item->what == POLL_WHAT_UPTIME) {
		r->has_ticks = true;
		r->ticks = (uint32_t)u;
	} else if (item->what == POLL_WHAT_CLOCK) {
		r->has_us = true;
		r->device_us = u;
	} else {
		r->has_epoch = true;
		r->epoch = (uint32_t)u;
	}
	return true;
}

/* Finds out when the device took this answer, before anything else in it is looked at. False: the
 * rest of it is not to be looked at. */
static bool read_time(struct poll_session *s, const struct poll_answer *answer)
{
	struct device_clock_reading r = {.earliest_us = answer->earliest_us,
					 .latest_us = answer->received_us,
					 .boots = answer->boots};
	struct poll_cycle *cycle = s->cycle;
	const int64_t before_us = s->clock.device_us;
	bool dropped = false;
	size_t at;

	for (size_t i = 0; i < answer->n && i < cycle->n_items; i++) {
		if (cycle->items[i].what > POLL_WHAT_EPOCH)
			break;
		at = item_of(s, i, &answer->varbinds[i]);
		if (at < cycle->n_items &&
		    take_time(s, &r, &cycle->items[at], &answer->varbinds[i]))
			set_done(cycle, at);
	}
	switch (device_clock_update(&s->clock, &r, &cycle->when)) {
	case DEVICE_CLOCK_RESTARTED:
		dropped = poll_restart_seen(s, &r, before_us);
		break;
	case DEVICE_CLOCK_JUMPED:
		s->life++;
		s->env->counts.clock_jumps++;
		break;
	default:
		break;
	}
	if (r.has_ticks || r.has_us)
		poll_restart_uptime(s);
	return !dropped;
}

static void take_changed(struct poll_session *s, const struct poll_item *item,
			 const struct snmp_varbind *vb)
{
	size_t i = item->a - POLL_WHAT_CHANGED;
	uint64_t u;

	if (!vb_number(vb, &u)) {
		poll_item_missing(s, item);
		return;
	}
	if (s->changed_known & 1u << i && s->changed[i] != u) {
		/* Where the name does not tell who stands in a row, nothing may be measured across the change. */
		s->cycle->rediscover = true;
		for (size_t j = 0; j < s->n_links; j++)
			if (s->links[j]->shares_name)
				link_poll_forget(s->links[j]);
	}
	s->changed[i] = u;
	s->changed_known |= 1u << i;
}

/* ---- gathering ---- */

static void finish_row(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	struct link_poll *poll = s->links[cycle->row];
	struct device_link *link = &s->device->links[cycle->row];
	uint8_t old_oper = link->oper;
	const struct link_poll_context ctx = {
		.links = &s->profile->links,
		.clock = &s->clock,
		.wall = &s->env->wall,
		.counts = &s->env->counts,
		.life = s->life,
		.data = s->env->hooks.data,
		.step_us = s->env->interval_ms * 1000,
		.sample = s->env->hooks.sample,
		.step = &s->step,
		.round = &cycle->round,
		.patience_us = poll_held_patience_us(s),
		.hold_data = s,
		.hold = poll_held_add,
	};
	enum link_poll_outcome outcome = link_poll_finish(poll, &cycle->reading, link, &ctx);
	const size_t row = (size_t)cycle->row;

	cycle->row = -1;
	cycle->moved |= outcome == LINK_POLL_RENAMED || link_poll_is_odd(poll);
	if (outcome == LINK_POLL_GONE && !poll->narrowed) {
		/* a name without values: nothing to watch, and no reason to look again */
		poll->narrowed = true;
		poll->have = 0;
		return;
	}
	if (outcome == LINK_POLL_FASTER && !poll->speed_asked)
		poll->speed_asked = cycle->rediscover = true;
	if (link_poll_speed_is_contradicted(poll) && link->capacity_bps == poll->speed_bps)
		link->capacity_bps = 0;
	if (poll->missed && (outcome == LINK_POLL_RENAMED || outcome == LINK_POLL_GONE)) {
		poll_discover_lose(s, row); /* the walk was right */
		return;
	}
	if (outcome == LINK_POLL_RENAMED || outcome == LINK_POLL_GONE) {
		cycle->rediscover = true;
		s->env->counts.renumbered += outcome == LINK_POLL_RENAMED;
		if (outcome == LINK_POLL_RENAMED)
			poll->watched = false; /* until a discovery says where the link is now */
		return;
	}
	poll->cycle = s->cycles;
	if (link->oper == old_oper)
		return;
	if (old_oper || !link->oper_since_ms)
		link->oper_since_ms = wall_map_ms(&s->env->wall, cycle->when.local_us);
	if (s->env->hooks.link_change)
		s->env->hooks.link_change(s->env->hooks.data, s->device, link, old_oper);
}

static void finish_scalars(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	size_t g = cycle->value_group;
	const struct group_poll_context ctx = {
		.device = s->device,
		.wall = &s->env->wall,
		.counts = &s->env->counts,
		.life = s->life,
		.when = cycle->when,
		.clock = &s->clock,
		.data = s->env->hooks.data,
		.sample = s->env->hooks.sample,
		.step_ms = s->env->interval_ms * poll_due_every(s, s->groups[g].group),
	};

	cycle->value_group = -1;
	if (s->groups[g].group->stands_for >= 0 && poll_due_stands_back(s, g))
		return;
	s->groups[g].cycle = s->cycles;
	s->groups[g].tick = s->ticks;
	group_poll_scalars(&s->groups[g], cycle->values, s->scalar_missing[g], &ctx);
}

void poll_get_finish(struct poll_session *s)
{
	assert(s->cycle);
	if (s->cycle->row >= 0)
		finish_row(s);
	if (s->cycle->value_group >= 0)
		finish_scalars(s);
}

static void take_row(struct poll_session *s, const struct poll_item *item,
		     const struct snmp_varbind *vb)
{
	struct poll_cycle *cycle = s->cycle;

	if (cycle->row != item->a) {
		poll_get_finish(s);
		link_reading_begin(&cycle->reading, &s->profile->links);
		cycle->row = item->a;
	}
	link_reading_note(&cycle->reading, &s->profile->links, item->b, vb, &cycle->when,
			  &s->env->counts);
}

static void take_scalar(struct poll_session *s, const struct poll_item *item,
			const struct snmp_varbind *vb)
{
	const struct profile_group *group = s->groups[item->a].group;
	struct poll_cycle *cycle = s->cycle;

	if (cycle->value_group != item->a) {
		poll_get_finish(s);
		memset(cycle->values, 0, sizeof(cycle->values));
		cycle->value_group = item->a;
	}
	if (vb->type >= SNMP_TYPE_NO_SUCH_OBJECT)
		poll_item_missing(s, item);
	else
		s->env->counts.wrong_types += !group_value_set(
			&cycle->values[item->b], vb, group->ds[group->terms[item->b].ds].after);
}

static void take(struct poll_session *s, const struct poll_item *item,
		 const struct snmp_varbind *vb)
{
	switch (item->what) {
	case POLL_WHAT_CHANGED:
		take_changed(s, item, vb);
		break;
	case POLL_WHAT_IDENT:
		poll_discover_ident(s, item->b, vb);
		break;
	case POLL_WHAT_PROBE: {
		const struct profile_oid *oid = &s->env->profiles->profiles[item->a].probe[item->b];

		s->cycle->probes[item->a] |= 1u << item->b;
		if (vb->type < SNMP_TYPE_NO_SUCH_OBJECT && vb->name_len > oid->len &&
		    !memcmp(vb->name, oid->id, oid->len * sizeof(*oid->id)))
			s->cycle->probes[item->a] |= 1u << (item->b + PROFILE_PROBES_MAX);
		break;
	}
	case POLL_WHAT_ROW:
		take_row(s, item, vb);
		break;
	case POLL_WHAT_SCALAR:
		take_scalar(s, item, vb);
		break;
	default:
		break; /* time: taken already */
	}
}

/* Moves on to the first item that was not answered, or behind the last. */
static void advance(struct poll_session *s, size_t n_answered)
{
	struct poll_cycle *cycle = s->cycle;
	size_t i = 0;

	while (i < cycle->n_items && (is_done(cycle, i) || i < n_answered))
		i++;
	if (i < cycle->n_items) {
		s->env->counts.truncated++;
		if (i > 0)
			cycle->cursor = cycle->items[i - 1].after;
		poll_limits_lower(&s->limits, 2 * i, false, POLL_TRUNCATED);
	} else {
		cycle->cursor = cycle->items[cycle->n_items - 1].after;
		poll_limits_answered(&s->limits, (unsigned int)cycle->n_items, false);
	}
}

void poll_get_answer(struct poll_session *s, const struct poll_answer *answer)
{
	struct poll_cycle *cycle = s->cycle;
	size_t at;
	struct poll_cursor c;
	struct poll_item next;

	assert(cycle && !cycle->walking);
	if (answer->error_status) {
		error_answer(s, answer);
		return;
	}
	if (!answer->n) {
		s->env->counts.truncated++;
		poll_get_trouble(s, POLL_TRUNCATED);
		return;
	}
	if (!read_time(s, answer))
		return;
	for (size_t i = 0; i < answer->n && i < cycle->n_items; i++) {
		if (is_done(cycle, i) && at_its_place(s, i, &answer->varbinds[i]))
			continue;
		at = item_of(s, i, &answer->varbinds[i]);
		if (at == cycle->n_items)
			continue;
		take(s, &cycle->items[at], &answer->varbinds[i]);
		set_done(cycle, at);
	}
	advance(s, answer->n);
	/* A row that the next request does not go on with is complete. */
	c = s->cycle->cursor;
	if (s->cycle->row < 0)
		return;
	if (!poll_item_next(s, &c, &next) || next.what != POLL_WHAT_ROW || next.a != s->cycle->row)
		finish_row(s);
}
