/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides how what is read by GET is laid out in requests, and takes answers apart. The
 * bindings of a step form one sequence that a cursor walks along; a request takes as many
 * as the device's limits allow, whole rows of links together where they fit, so that the
 * counters of a link are of one moment. What the device does not have is not asked again
 * before the next discovery. Sources: RFC 3416 3 and 4.2.1, RFC 1157 4.1.2 (v1's errors).
 */
#include <stdlib.h>
#include <string.h>

#include "collector/core/device.h"
#include "collector/core/poll_session_impl.h"

enum {
	OCTETS_PER_BINDING = 6, /* headers of the binding, its name and its value */
	OCTETS_PER_NUMBER = 9,
	OCTETS_OVERHEAD = 120,	/* of a message with SNMPv3's headers */
	PROBES_PER_REQUEST = 16,
};

/* RFC 3416 3 */
enum { ERROR_TOO_BIG = 1, ERROR_NO_SUCH_NAME = 2, ERROR_NO_ACCESS = 6, ERROR_AUTHORIZATION = 16 };

#define AFTER_GEN_ERROR_US (300 * INT64_C(1000000))

static const snmp_oid_t SYS_UPTIME[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };
static const snmp_oid_t HOST_UPTIME[] = { 1, 3, 6, 1, 2, 1, 25, 1, 1, 0 }; /* hrSystemUptime */
static const snmp_oid_t IDENT_OIDS[POLL_IDENT_N][9] = {
	[POLL_IDENT_DESCR] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 },
	[POLL_IDENT_OBJECT_ID] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 },
	[POLL_IDENT_NAME] = { 1, 3, 6, 1, 2, 1, 1, 5, 0 },
};

/* --- the sequence of a step --- */

static bool prefix_item(const struct poll_session *s, unsigned int i, struct poll_item *ret)
{
	const struct profile *p = s->profile;
	bool wanted;

	if (s->missing & 1u << i)
		return false;
	switch (i) {
	case POLL_WHAT_UPTIME:
		wanted = true;
		break;
	case POLL_WHAT_CLOCK:
		wanted = p && p->clock_us.len;
		break;
	case POLL_WHAT_EPOCH:
		wanted = p && p->epoch.len;
		break;
	default:
		wanted = p && i - POLL_WHAT_CHANGED < p->n_changed;
	}
	*ret = (struct poll_item){ .what = i < POLL_WHAT_CHANGED ? i : POLL_WHAT_CHANGED, .a = i };
	return wanted;
}

/* Each of these finds the first item at or after the cursor and leaves the cursor behind it. */

static bool next_prefix(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	while (c->a == 0 && c->b < POLL_PREFIX_N)
		if (prefix_item(s, c->b++, ret))
			return true;
	if (c->a == 0)
		*c = (struct poll_cursor){ .a = 1 };
	return false;
}

static bool next_row(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	const struct profile_links *links = &s->profile->links;
	size_t n = links->n_columns - links->first_polled;
	const struct link_poll *link;

	if (!links->set && c->a <= s->n_links)
		*c = (struct poll_cursor){ .a = s->n_links + 1 };
	for (; c->a <= s->n_links; *c = (struct poll_cursor){ .a = c->a + 1 }) {
		link = s->links[c->a - 1];
		if (!link->watched || link->cycle == s->cycles)
			continue;
		for (; c->b < n; c->b++) {
			if (!link_poll_asks(link, c->b))
				continue;
			*ret = (struct poll_item){ .what = POLL_WHAT_ROW, .a = c->a - 1, .b = c->b++ };
			return true;
		}
	}
	return false;
}

static bool next_ident(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	if (next_prefix(s, c, ret))
		return true;
	for (; c->b < POLL_IDENT_N; c->b++) {
		if (s->cycle->ident_missing & 1u << c->b)
			continue;
		*ret = (struct poll_item){ .what = POLL_WHAT_IDENT, .b = c->b++ };
		return true;
	}
	return false;
}

static bool next_probe(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	const struct profile_set *set = s->env->profiles;

	for (; c->a < set->n; *c = (struct poll_cursor){ .a = c->a + 1 }) {
		const struct profile *p = &set->profiles[c->a];

		if (!profile_is_candidate(p, s->object_id, s->object_id_len))
			continue;
		for (; c->b < p->n_probe; c->b++) {
			if (s->cycle->probes[c->a] & 1u << c->b)
				continue;
			*ret = (struct poll_item){ .what = POLL_WHAT_PROBE, .a = c->a, .b = c->b++ };
			return true;
		}
	}
	return false;
}

/* Scalars come behind the rows: the cursor counts groups from n_links + 1 on. */
static bool next_scalar(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	size_t first = s->n_links + 1;

	for (; c->a - first < s->n_groups; *c = (struct poll_cursor){ .a = c->a + 1 }) {
		size_t g = c->a - first;
		const struct profile_group *group = s->groups[g].group;

		if (group->walks || !poll_get_due(s, g))
			continue;
		for (; c->b < 2 * group->sample.n_ds; c->b++) {
			const struct profile_ds *ds = &group->ds[c->b / 2];

			if ((c->b % 2 && !ds->total.len) || s->scalar_missing[g] >> c->b & 1)
				continue;
			*ret = (struct poll_item){ .what = POLL_WHAT_SCALAR, .a = g, .b = c->b++ };
			return true;
		}
	}
	return false;
}

static bool next_item(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	bool found = false;

	switch (s->cycle->step) {
	case POLL_STEP_PROBE:
		/* the uptime alone, asked for even if the device is known to lack it: any answer will do */
		found = c->b == 0;
		*ret = (struct poll_item){ .what = POLL_WHAT_UPTIME };
		c->b = 1;
		break;
	case POLL_STEP_IDENTIFY:
		found = next_ident(s, c, ret);
		break;
	case POLL_STEP_PROBES:
		found = next_probe(s, c, ret);
		break;
	case POLL_STEP_VALUES:
		found = next_prefix(s, c, ret) ||
			(s->profile && (next_row(s, c, ret) || next_scalar(s, c, ret)));
		break;
	default:
		break;
	}
	ret->after = *c;
	return found;
}

/* --- names --- */

static size_t put_oid(snmp_oid_t *oid, const struct profile_oid *from)
{
	memcpy(oid, from->id, from->len * sizeof(*oid));
	return from->len;
}

static size_t item_oid(const struct poll_session *s, const struct poll_item *item, snmp_oid_t *oid)
{
	const struct profile *p = s->profile;
	const struct profile_ds *ds;
	size_t n;

	switch (item->what) {
	case POLL_WHAT_CLOCK:
		return put_oid(oid, &p->clock_us);
	case POLL_WHAT_EPOCH:
		return put_oid(oid, &p->epoch);
	case POLL_WHAT_CHANGED:
		return put_oid(oid, &p->changed[item->a - POLL_WHAT_CHANGED]);
	case POLL_WHAT_IDENT:
		memcpy(oid, IDENT_OIDS[item->b], sizeof(IDENT_OIDS[0]));
		return 9;
	case POLL_WHAT_PROBE:
		return put_oid(oid, &s->env->profiles->profiles[item->a].probe[item->b]);
	case POLL_WHAT_ROW:
		n = put_oid(oid, &p->links.columns[p->links.first_polled + item->b].oid);
		oid[n] = s->links[item->a]->if_index;
		return n + 1;
	case POLL_WHAT_SCALAR:
		ds = &s->groups[item->a].group->ds[item->b / 2];
		return put_oid(oid, item->b % 2 ? &ds->total : &ds->oid);
	default:
		if (p && !s->host_uptime)
			return put_oid(oid, &p->uptime);
		n = s->host_uptime ? sizeof(HOST_UPTIME) : sizeof(SYS_UPTIME);
		memcpy(oid, s->host_uptime ? HOST_UPTIME : SYS_UPTIME, n);
		return n / sizeof(*oid);
	}
}

/* What a binding will take in the answer. */
static size_t item_octets(const struct poll_session *s, const struct poll_item *item,
			  const snmp_oid_t *oid, size_t len)
{
	size_t octets = OCTETS_PER_BINDING + OCTETS_PER_NUMBER;
	size_t c;

	for (size_t i = 1; i < len; i++)
		octets += oid[i] < 1u << 7 ? 1 : oid[i] < 1u << 14 ? 2 : oid[i] < 1u << 21 ? 3 : 5;
	if (item->what == POLL_WHAT_IDENT)
		return octets + 200;
	if (item->what != POLL_WHAT_ROW)
		return octets;
	c = s->profile->links.first_polled + item->b;
	if (s->profile->links.columns[c].field != PROFILE_LINK_CHECK)
		return octets;
	/* names are short; what stands in for them (ifDescr, ifAlias) is not */
	return octets + (item->b == s->profile->links.span[PROFILE_LINK_CHECK].first ? 8 : 32);
}

/* --- building --- */

struct build {
	const struct poll_walk_room *room;
	size_t n, octets, most;
	size_t row_begins; /* where the row that is being added begins */
};

static bool add_item(struct poll_session *s, struct build *b, const struct poll_item *item)
{
	snmp_oid_t *oid = b->room->oids[b->n];
	size_t len = item_oid(s, item, oid);
	size_t octets = item_octets(s, item, oid, len);

	if (b->n && b->octets + octets > s->env->max_octets)
		return false;
	b->room->varbinds[b->n] =
		(struct snmp_varbind){ .name = oid, .name_len = len, .type = SNMP_TYPE_NULL };
	s->cycle->room[b->n++] = *item;
	b->octets += octets;
	return true;
}

/* Requests after the first need the time too, if there is room for more than it. */
static void add_time(struct poll_session *s, struct build *b)
{
	struct poll_item item;
	bool fine = s->profile && s->profile->clock_us.len && !(s->missing & 1u << POLL_WHAT_CLOCK);

	if (s->cycle->step != POLL_STEP_VALUES || s->cycle->cursor.a == 0 || b->most < 2)
		return;
	if (!prefix_item(s, fine ? POLL_WHAT_CLOCK : POLL_WHAT_UPTIME, &item))
		return;
	item.after = s->cycle->cursor;
	add_item(s, b, &item);
}

/* A row of which only a part fits goes whole into the next request, unless there is nothing
 * but the time before it in this one. */
static void keep_rows_whole(struct poll_session *s, struct build *b)
{
	const struct poll_item *last = &s->cycle->room[b->n - 1];
	struct poll_cursor after = last->after;
	struct poll_item next;

	if (last->what != POLL_WHAT_ROW || !next_item(s, &after, &next))
		return;
	if (next.what == POLL_WHAT_ROW && next.a == last->a && b->row_begins > 1)
		b->n = b->row_begins;
}

/* Where nothing is left to ask, uptime is, though it was not there before: silence is no answer. */
static void ask_for_life(struct poll_session *s, struct build *b)
{
	const struct poll_item item = { .what = POLL_WHAT_UPTIME, .a = POLL_WHAT_UPTIME,
					.after = s->cycle->cursor };

	b->n = 0;
	add_item(s, b, &item);
}

/* poll_plan_key() must digest whatever this looks at for the first request of the values. */
static size_t build(struct poll_session *s, const struct poll_walk_room *room)
{
	struct build b = { .room = room, .most = s->limits.varbinds, .octets = OCTETS_OVERHEAD };
	struct poll_cursor c = s->cycle->cursor;
	struct poll_item item;
	size_t fixed;

	if (b.most > room->n)
		b.most = room->n;
	if (b.most > POLL_ITEMS_MAX)
		b.most = POLL_ITEMS_MAX;
	s->cycle->items = s->cycle->room;
	if (s->cycle->step == POLL_STEP_PROBES && b.most > PROBES_PER_REQUEST)
		b.most = PROBES_PER_REQUEST;
	add_time(s, &b);
	fixed = b.n;
	while (b.n < b.most && next_item(s, &c, &item)) {
		if (b.n == fixed || item.what != POLL_WHAT_ROW ||
		    s->cycle->room[b.n - 1].what != POLL_WHAT_ROW ||
		    s->cycle->room[b.n - 1].a != item.a)
			b.row_begins = b.n;
		if (!add_item(s, &b, &item))
			break;
	}
	if (b.n > fixed)
		keep_rows_whole(s, &b);
	else if (s->cycle->step == POLL_STEP_VALUES && !s->cycle->requests)
		ask_for_life(s, &b);
	else
		b.n = 0;
	s->cycle->n_items = b.n;
	return b.n;
}

size_t poll_get_build(struct poll_session *s, const struct poll_walk_room *room,
		      uint32_t *ret_number)
{
	struct poll_cycle *cycle = s->cycle;
	bool first = cycle->step == POLL_STEP_VALUES && cycle->cursor.a == 0 && cycle->cursor.b == 0;
	uint64_t key = first && room->keeps ? poll_plan_key(s, room->n) : 0;

	memset(cycle->done, 0, sizeof(cycle->done));
	*ret_number = room->kept;
	if (key && poll_plan_use(s, key, room->kept))
		return cycle->n_items;
	*ret_number = build(s, room) && key ? poll_plan_keep(s, key) : 0;
	return cycle->n_items;
}

/* --- what is not there --- */

static void mark_missing(struct poll_session *s, const struct poll_item *item)
{
	switch (item->what) {
	case POLL_WHAT_IDENT:
		s->cycle->ident_missing |= 1u << item->b;
		break;
	case POLL_WHAT_PROBE:
		s->cycle->probes[item->a] |= 1u << item->b;
		break;
	case POLL_WHAT_ROW:
		s->links[item->a]->have &= ~(UINT64_C(1) << item->b);
		break;
	case POLL_WHAT_SCALAR:
		s->scalar_missing[item->a] |= UINT32_C(1) << item->b;
		break;
	default:
		s->missing |= 1u << (item->what == POLL_WHAT_CHANGED ? item->a : item->what);
	}
}

/* The device cannot give this one; go on behind it. */
static void give_up(struct poll_session *s, const struct poll_item *item)
{
	mark_missing(s, item);
	s->cycle->cursor = item->after;
}

void poll_get_trouble(struct poll_session *s, enum poll_trouble trouble)
{
	struct poll_cycle *cycle = s->cycle;

	if (!poll_limits_lower(&s->limits, cycle->n_items, false, trouble) && cycle->n_items)
		give_up(s, &cycle->items[0]);
}

static void error_answer(struct poll_session *s, const struct poll_answer *answer)
{
	struct poll_cycle *cycle = s->cycle;
	size_t index = answer->error_index < 0 ? 0 : (size_t)answer->error_index;

	switch (answer->error_status) {
	case ERROR_TOO_BIG:
		s->env->counts.too_big++;
		poll_get_trouble(s, POLL_TOO_BIG);
		return;
	case ERROR_NO_ACCESS:
	case ERROR_AUTHORIZATION:
		cycle->no_access = true;
		s->env->counts.no_access++;
		break;
	case ERROR_NO_SUCH_NAME:
		s->env->counts.no_such_name++;
		break;
	default:
		s->env->counts.gen_errors++;
		if (s->next_discovery_us > answer->received_us + AFTER_GEN_ERROR_US)
			s->next_discovery_us = answer->received_us + AFTER_GEN_ERROR_US;
	}
	if (cycle->step == POLL_STEP_PROBE)
		cycle->cursor = cycle->items[0].after; /* it answers: that was the question */
	else if (index >= 1 && index <= cycle->n_items)
		mark_missing(s, &cycle->items[index - 1]); /* and ask for the rest again */
	else
		poll_get_trouble(s, POLL_GEN_ERROR);
}

/* --- answers --- */

/* The common case, without putting the OID together. */
static bool same_cell(const struct poll_session *s, const struct poll_item *item,
		      const struct snmp_varbind *vb)
{
	const struct profile_links *links = &s->profile->links;
	const struct profile_oid *column = &links->columns[links->first_polled + item->b].oid;

	return vb->name_len == column->len + 1u &&
	       vb->name[column->len] == s->links[item->a]->if_index &&
	       !memcmp(vb->name, column->id, column->len * sizeof(column->id[0]));
}

static bool same_name(const struct poll_session *s, const struct poll_item *item,
		      const struct snmp_varbind *vb)
{
	snmp_oid_t oid[PROFILE_OID_LEN_MAX + 1];
	size_t len;

	if (item->what == POLL_WHAT_PROBE)
		return true; /* GETNEXT: judged by itself */
	if (item->what == POLL_WHAT_ROW)
		return same_cell(s, item, vb);
	len = item_oid(s, item, oid);
	return len == vb->name_len && !memcmp(oid, vb->name, len * sizeof(*oid));
}

static bool at_its_place(const struct poll_session *s, size_t place,
			 const struct snmp_varbind *vb)
{
	return vb->as_asked || same_name(s, &s->cycle->items[place], vb);
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
	while (i < cycle->n_items && (is_done(cycle, i) || !same_name(s, &cycle->items[i], vb)))
		i++;
	return i;
}

static bool vb_number(const struct snmp_varbind *vb, uint64_t *ret)
{
	struct group_value value;

	if (vb->type == SNMP_TYPE_OCTETS || !group_value_set(&value, vb))
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
		mark_missing(s, item);
		return true;
	}
	if (item->what == POLL_WHAT_UPTIME) {
		r->has_ticks = true;
		r->ticks = (uint32_t)u;
		s->device->uptime_s = (int64_t)(u / 100);
	} else if (item->what == POLL_WHAT_CLOCK) {
		r->has_us = true;
		r->device_us = u;
	} else {
		r->has_epoch = true;
		r->epoch = (uint32_t)u;
	}
	return true;
}

static void on_restart(struct poll_session *s, const struct device_clock_reading *r)
{
	int64_t up_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * 10000;

	s->env->counts.restarts++;
	s->cycle->rediscover = true;
	s->changed_known = 0;
	if (s->env->restarted)
		s->env->restarted(s->env->data, s->device,
				  wall_map_ms(&s->env->wall, s->cycle->when.local_us - up_us));
}

/* Finds out when the device took this answer, before anything else in it is looked at. */
static void read_time(struct poll_session *s, const struct poll_answer *answer)
{
	struct device_clock_reading r = { .earliest_us = answer->earliest_us,
					  .latest_us = answer->received_us,
					  .boots = answer->boots };
	struct poll_cycle *cycle = s->cycle;
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
		s->life++;
		on_restart(s, &r);
		break;
	case DEVICE_CLOCK_JUMPED:
		s->life++;
		s->env->counts.clock_jumps++;
		break;
	default:
		break;
	}
}

/* Where the name does not tell who stands in a row, nothing may be measured across the change. */
static void interfaces_changed(struct poll_session *s)
{
	s->cycle->rediscover = true;
	for (size_t i = 0; i < s->n_links; i++)
		if (s->links[i]->shares_name)
			link_poll_forget(s->links[i]);
}

static void take_changed(struct poll_session *s, const struct poll_item *item,
			 const struct snmp_varbind *vb)
{
	size_t i = item->a - POLL_WHAT_CHANGED;
	uint64_t u;

	if (!vb_number(vb, &u)) {
		mark_missing(s, item);
		return;
	}
	if (s->changed_known & 1u << i && s->changed[i] != u)
		interfaces_changed(s);
	s->changed[i] = u;
	s->changed_known |= 1u << i;
}

static void take_probe(struct poll_session *s, const struct poll_item *item,
		       const struct snmp_varbind *vb)
{
	const struct profile_oid *oid = &s->env->profiles->profiles[item->a].probe[item->b];

	s->cycle->probes[item->a] |= 1u << item->b;
	if (vb->type < SNMP_TYPE_NO_SUCH_OBJECT && vb->name_len > oid->len &&
	    !memcmp(vb->name, oid->id, oid->len * sizeof(*oid->id)))
		s->cycle->probes[item->a] |= 1u << (item->b + PROFILE_PROBES_MAX);
}

/* --- gathering --- */

static void finish_row(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	struct link_poll *poll = s->links[cycle->row];
	struct device_link *link = &s->device->links[cycle->row];
	uint8_t old_oper = link->oper;
	const struct link_poll_context ctx = {
		.links = &s->profile->links, .clock = &s->clock, .wall = &s->env->wall,
		.counts = &s->env->counts, .life = s->life, .data = s->env->data,
		.step_us = s->env->interval_ms * 1000, .sample = s->env->sample,
	};
	enum link_poll_outcome outcome = link_poll_finish(poll, &cycle->reading, link, &ctx);

	cycle->row = -1;
	if (outcome == LINK_POLL_GONE && !poll->narrowed) {
		/* a name without values: nothing to watch, and no reason to look again */
		poll->narrowed = true;
		poll->have = 0;
		return;
	}
	if (outcome != LINK_POLL_OK) {
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
	if (s->env->link_change)
		s->env->link_change(s->env->data, s->device, link, old_oper);
}

static void finish_scalars(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	size_t g = cycle->value_group;
	const struct group_poll_context ctx = {
		.device = s->device, .wall = &s->env->wall, .counts = &s->env->counts,
		.life = s->life, .when = cycle->when, .clock = &s->clock, .data = s->env->data,
		.sample = s->env->sample,
		.step_ms = s->env->interval_ms * poll_get_every(s, s->groups[g].group),
	};

	s->groups[g].cycle = s->cycles;
	s->groups[g].tick = s->ticks;
	group_poll_scalars(&s->groups[g], cycle->values, &ctx);
	cycle->value_group = -1;
}

void poll_get_finish(struct poll_session *s)
{
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
	struct poll_cycle *cycle = s->cycle;

	if (cycle->value_group != item->a) {
		poll_get_finish(s);
		memset(cycle->values, 0, sizeof(cycle->values));
		cycle->value_group = item->a;
	}
	if (vb->type >= SNMP_TYPE_NO_SUCH_OBJECT)
		mark_missing(s, item);
	else
		s->env->counts.wrong_types += !group_value_set(&cycle->values[item->b], vb);
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
	case POLL_WHAT_PROBE:
		take_probe(s, item, vb);
		break;
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
	}
}

/* A row that the next request does not go on with is complete. */
static void finish_whole_row(struct poll_session *s)
{
	struct poll_cursor c = s->cycle->cursor;
	struct poll_item next;

	if (s->cycle->row < 0)
		return;
	if (!next_item(s, &c, &next) || next.what != POLL_WHAT_ROW || next.a != s->cycle->row)
		finish_row(s);
}

void poll_get_answer(struct poll_session *s, const struct poll_answer *answer)
{
	struct poll_cycle *cycle = s->cycle;
	size_t at;

	if (answer->error_status) {
		error_answer(s, answer);
		return;
	}
	if (!answer->n) {
		s->env->counts.truncated++;
		poll_get_trouble(s, POLL_TRUNCATED);
		return;
	}
	read_time(s, answer);
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
	finish_whole_row(s);
}

/* --- groups --- */

uint32_t poll_get_every(const struct poll_session *s, const struct profile_group *group)
{
	int64_t every = (group->interval_ms + s->env->interval_ms / 2) / s->env->interval_ms;

	return every < 1 ? 1 : (uint32_t)every;
}

bool poll_get_due(const struct poll_session *s, size_t group)
{
	const struct group_poll *poll = &s->groups[group];
	uint32_t every = poll_get_every(s, poll->group), offset = s->phase % every + (uint32_t)group;

	if (poll->absent || poll->cycle == s->cycles)
		return false; /* none, or read in this cycle already */
	return !poll->cycle || every == 1 || (s->ticks + offset) / every != (poll->tick + offset) / every;
}
