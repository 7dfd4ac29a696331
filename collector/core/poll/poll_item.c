/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a step of GETs asks for, and in which order: its items form one sequence that
 * a cursor walks along. An item is a few small numbers; what they stand for is here alone:
 * its OID, the binding that answers it, and the bit that says that the device lacks it, so
 * that it is not asked again before the next discovery.
 */
#include <assert.h>
#include <string.h>

#include "collector/core/poll/poll_session_impl.h"
#include "common/snmp/snmp_oids.h"

static const snmp_oid_t SYS_UPTIME[] = {SNMP_OID_SYS_UPTIME, 0};
static const snmp_oid_t HOST_UPTIME[] = {SNMP_OID_HR_SYSTEM_UPTIME, 0}; /* hrSystemUptime */
enum { IDENT_OID_MAX = 11 };
static const snmp_oid_t IDENT_OIDS[POLL_IDENT_N][IDENT_OID_MAX] = {
	[POLL_IDENT_DESCR] = {SNMP_OID_SYS_DESCR, 0},
	[POLL_IDENT_OBJECT_ID] = {SNMP_OID_SYS_OBJECT_ID, 0},
	[POLL_IDENT_NAME] = {SNMP_OID_SYS_NAME, 0},
	[POLL_IDENT_IF_NUMBER] = {SNMP_OID_IF_NUMBER, 0},
	[POLL_IDENT_HOST_UPTIME] = {SNMP_OID_HR_SYSTEM_UPTIME, 0},
	[POLL_IDENT_ENGINE_TIME] = {SNMP_OID_ENGINE, 3, 0},
};

/* ---- the sequence of a step ---- */

bool poll_item_prefix(const struct poll_session *s, unsigned int i, struct poll_item *ret)
{
	const struct profile *p = s->profile;
	bool wanted;

	assert(i < 32);
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
	*ret = (struct poll_item){.what = i < POLL_WHAT_CHANGED ? i : POLL_WHAT_CHANGED, .a = i};
	return wanted;
}

/* Each of these finds the first item at or after the cursor and leaves the cursor behind it. */

static bool next_prefix(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	while (c->a == 0 && c->b < POLL_PREFIX_N)
		if (poll_item_prefix(s, c->b++, ret))
			return true;
	if (c->a == 0)
		*c = (struct poll_cursor){.a = 1};
	return false;
}

static bool next_row(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	const struct profile_links *links = &s->profile->links;
	size_t n = links->n_columns - links->first_polled;
	const struct link_poll *link;

	if (!links->set && c->a <= s->n_links)
		*c = (struct poll_cursor){.a = s->n_links + 1};
	for (; c->a <= s->n_links; *c = (struct poll_cursor){.a = c->a + 1}) {
		link = s->links[c->a - 1];
		if (!link->watched || link->cycle == s->cycles)
			continue;
		for (; c->b < n; c->b++) {
			if (!link_poll_asks(link, c->b))
				continue;
			*ret = (struct poll_item){
				.what = POLL_WHAT_ROW, .a = c->a - 1, .b = c->b++};
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
		*ret = (struct poll_item){.what = POLL_WHAT_IDENT, .b = c->b++};
		return true;
	}
	return false;
}

static bool next_host(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	if (c->b == 0 && poll_item_prefix(s, c->b++, ret))
		return true;
	*ret = (struct poll_item){.what = POLL_WHAT_IDENT, .b = POLL_IDENT_HOST_UPTIME};
	return c->b++ == 1 && !(s->cycle->ident_missing & 1u << POLL_IDENT_HOST_UPTIME);
}

static bool next_probe(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	const struct profile_set *set = s->env->profiles;

	for (; c->a < set->n; *c = (struct poll_cursor){.a = c->a + 1}) {
		const struct profile *p = &set->profiles[c->a];

		if (!profile_is_candidate(p, s->object_id, s->object_id_len))
			continue;
		for (; c->b < p->n_probe; c->b++) {
			if (s->cycle->probes[c->a] & 1u << c->b)
				continue;
			*ret = (struct poll_item){.what = POLL_WHAT_PROBE, .a = c->a, .b = c->b++};
			return true;
		}
	}
	return false;
}

/* Scalars come behind the rows: the cursor counts groups from n_links + 1 on. */
static bool next_scalar(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	size_t first = s->n_links + 1;

	for (; c->a - first < s->n_groups; *c = (struct poll_cursor){.a = c->a + 1}) {
		size_t g = c->a - first;
		const struct profile_group *group = s->groups[g].group;

		if (group->walks || !poll_due(s, g))
			continue;
		for (; c->b < group->n_terms; c->b++) {
			if (s->scalar_missing[g] >> c->b & 1)
				continue;
			*ret = (struct poll_item){.what = POLL_WHAT_SCALAR, .a = g, .b = c->b++};
			return true;
		}
	}
	return false;
}

bool poll_item_next(const struct poll_session *s, struct poll_cursor *c, struct poll_item *ret)
{
	bool found = false;

	switch (s->cycle->step) {
	case POLL_STEP_PROBE:
		/* the uptime alone, asked for even if the device is known to lack it: any answer will do */
		found = c->b == 0;
		*ret = (struct poll_item){.what = POLL_WHAT_UPTIME};
		c->b = 1;
		break;
	case POLL_STEP_HOST:
		found = next_host(s, c, ret);
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

/* ---- names ---- */

/* All end in the one 0 of a scalar. */
static size_t put_ident_oid(snmp_oid_t *oid, enum poll_ident which)
{
	size_t n = IDENT_OID_MAX;

	memcpy(oid, IDENT_OIDS[which], sizeof(IDENT_OIDS[which]));
	while (!oid[n - 2])
		n--;
	return n;
}

static size_t put_oid(snmp_oid_t *oid, const struct profile_oid *from)
{
	memcpy(oid, from->id, from->len * sizeof(*oid));
	return from->len;
}

size_t poll_item_oid(const struct poll_session *s, const struct poll_item *item, snmp_oid_t *oid)
{
	const struct profile *p = s->profile;
	size_t n;

	switch (item->what) {
	case POLL_WHAT_CLOCK:
		return put_oid(oid, &p->clock_us);
	case POLL_WHAT_EPOCH:
		return put_oid(oid, &p->epoch);
	case POLL_WHAT_CHANGED:
		return put_oid(oid, &p->changed[item->a - POLL_WHAT_CHANGED]);
	case POLL_WHAT_IDENT:
		return put_ident_oid(oid, item->b);
	case POLL_WHAT_PROBE:
		return put_oid(oid, &s->env->profiles->profiles[item->a].probe[item->b]);
	case POLL_WHAT_ROW:
		n = put_oid(oid, &p->links.columns[p->links.first_polled + item->b].oid);
		oid[n] = s->links[item->a]->if_index;
		return n + 1;
	case POLL_WHAT_SCALAR:
		return put_oid(oid, &s->groups[item->a].group->terms[item->b].oid);
	default:
		if (p && !s->host_uptime)
			return put_oid(oid, &p->uptime);
		n = s->host_uptime ? sizeof(HOST_UPTIME) : sizeof(SYS_UPTIME);
		memcpy(oid, s->host_uptime ? HOST_UPTIME : SYS_UPTIME, n);
		return n / sizeof(*oid);
	}
}

bool poll_item_is(const struct poll_session *s, const struct poll_item *item,
		  const struct snmp_varbind *vb)
{
	snmp_oid_t oid[PROFILE_OID_LEN_MAX + 1];
	size_t len;

	if (item->what == POLL_WHAT_PROBE)
		return true; /* GETNEXT: judged by itself */
	if (item->what == POLL_WHAT_ROW) {
		const struct profile_links *links = &s->profile->links;
		const struct profile_oid *column =
			&links->columns[links->first_polled + item->b].oid;

		/* The common case, without putting the OID together. */
		return vb->name_len == column->len + 1u &&
		       vb->name[column->len] == s->links[item->a]->if_index &&
		       !memcmp(vb->name, column->id, column->len * sizeof(column->id[0]));
	}
	len = poll_item_oid(s, item, oid);
	return len == vb->name_len && !memcmp(oid, vb->name, len * sizeof(*oid));
}

/* ---- what is not there ---- */

void poll_item_missing(struct poll_session *s, const struct poll_item *item)
{
	assert(s->cycle);
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
