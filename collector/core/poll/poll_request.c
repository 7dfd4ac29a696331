/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides how the items of a step are laid out in requests: as many as the device's limits
 * allow, whole rows of links together where they fit, so that the counters of a link are of
 * one moment.
 */
#include <assert.h>
#include <string.h>

#include "collector/core/poll/poll_session_impl.h"

enum {
	OCTETS_PER_BINDING = 6, /* headers of the binding, its name and its value */
	OCTETS_PER_NUMBER = 9,
	OCTETS_OVERHEAD = 120, /* of a message with SNMPv3's headers */
	PROBES_PER_REQUEST = 16,
};

/* What a binding will take in the answer. */
static size_t item_octets(const struct poll_session *s, const struct poll_item *item,
			  const snmp_oid_t *oid, size_t len)
{
	size_t octets = OCTETS_PER_BINDING + OCTETS_PER_NUMBER;
	size_t c;

	for (size_t i = 1; i < len; i++)
		octets += oid[i] < 1u << 7 ? 1 : oid[i] < 1u << 14 ? 2 : oid[i] < 1u << 21 ? 3 : 5;
	if (item->what == POLL_WHAT_IDENT && item->b <= POLL_IDENT_NAME)
		return octets + 200;
	if (item->what != POLL_WHAT_ROW)
		return octets;
	c = s->profile->links.first_polled + item->b;
	if (s->profile->links.columns[c].field != PROFILE_LINK_CHECK)
		return octets;
	/* names are short; what stands in for them (ifDescr, ifAlias) is not */
	return octets + (item->b == s->profile->links.span[PROFILE_LINK_CHECK].first ? 8 : 32);
}

struct build {
	const struct poll_walk_room *room;
	size_t n, octets, most;
	size_t row_begins; /* where the row that is being added begins */
};

static bool add_item(struct poll_session *s, struct build *b, const struct poll_item *item)
{
	snmp_oid_t *oid = b->room->oids[b->n];
	size_t len = poll_item_oid(s, item, oid);
	size_t octets = item_octets(s, item, oid, len);

	if (b->n && b->octets + octets > s->env->max_octets)
		return false;
	b->room->varbinds[b->n] =
		(struct snmp_varbind){.name = oid, .name_len = len, .type = SNMP_TYPE_NULL};
	s->cycle->room[b->n++] = *item;
	b->octets += octets;
	return true;
}

/* Requests after the first need the time too, if there is room for more than it. */
static void add_time(struct poll_session *s, struct build *b)
{
	struct poll_item item;
	bool fine = s->profile && s->profile->clock_us.len && !(s->missing & 1u << POLL_WHAT_CLOCK);
	unsigned int what = fine ? POLL_WHAT_CLOCK : POLL_WHAT_UPTIME;
	const struct poll_cursor *c = &s->cycle->cursor;

	if (s->cycle->step != POLL_STEP_VALUES || (c->a == 0 && c->b <= what) || b->most < 2)
		return; /* it comes by itself in the first */
	if (!poll_item_prefix(s, what, &item))
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

	if (last->what != POLL_WHAT_ROW || !poll_item_next(s, &after, &next))
		return;
	if (next.what == POLL_WHAT_ROW && next.a == last->a && b->row_begins > 1)
		b->n = b->row_begins;
}

/* Where nothing is left to ask, uptime is, though it was not there before: silence is no answer. */
static void ask_for_life(struct poll_session *s, struct build *b)
{
	const struct poll_item item = {
		.what = POLL_WHAT_UPTIME, .a = POLL_WHAT_UPTIME, .after = s->cycle->cursor};

	b->n = 0;
	add_item(s, b, &item);
}

/* poll_plan_key() must digest whatever this looks at for the first request of the values. */
static size_t build(struct poll_session *s, const struct poll_walk_room *room)
{
	struct build b = {.room = room, .most = s->limits.varbinds, .octets = OCTETS_OVERHEAD};
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
	while (b.n < b.most && poll_item_next(s, &c, &item)) {
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

size_t poll_request_build(struct poll_session *s, const struct poll_walk_room *room,
			  uint32_t *ret_number)
{
	struct poll_cycle *cycle = s->cycle;
	bool first =
		cycle->step == POLL_STEP_VALUES && cycle->cursor.a == 0 && cycle->cursor.b == 0;
	uint64_t key = first && room->keeps ? poll_plan_key(s, room->n) : 0;

	assert(room->n > 0 && !cycle->walking);
	memset(cycle->done, 0, sizeof(cycle->done));
	*ret_number = room->kept;
	if (key && poll_plan_use(s, key, room->kept))
		return cycle->n_items;
	*ret_number = build(s, room) && key ? poll_plan_keep(s, key) : 0;
	return cycle->n_items;
}
