/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides who a device is and what interfaces it has: the profile by sysObjectID and
 * probes, the links by a walk over the naming columns. A discovery that did not complete
 * changes nothing. Source: RFC 3418 2 (system group), RFC 2863 3.1.
 */
#include <assert.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/iface_map.h"
#include "collector/core/device/inventory.h"
#include "collector/core/poll/poll_session_impl.h"
#include "common/base/cleanup.h"
#include "common/base/text_clean.h"

#define FAST_BPS     UINT64_C(10000000000)
#define MOST_BPS     1.6e12		     /* more is no speed but bit/s where Mbit/s belong */
#define AFTER_CUT_US (60 * INT64_C(1000000)) /* a walk that missed what was there */
#define SHORT_WALKS_MAX                                                                            \
	6 /* in a row that make the next one come later; some count what they do not show */
#define AFTER_NOTHING_US (300 * INT64_C(1000000)) /* a view that shows nothing may be put right */

enum { SYS_TEXT_MAX = 255, IF_TABLE = 2, IFX_TABLE = 31 /* arcs of mib-2 */ };
static const snmp_oid_t MIB_2[] = {1, 3, 6, 1, 2, 1};

/* ---- identity ---- */

static bool set_text(char **text, const char *to)
{
	char *copy;

	if (*text && !strcmp(*text, to))
		return false;
	copy = strdup(to);
	if (!copy)
		return false;
	free(*text);
	*text = copy;
	return true;
}

static bool take_text(char **text, const struct snmp_varbind *vb)
{
	char clean[SYS_TEXT_MAX + 1];

	if (vb->type != SNMP_TYPE_OCTETS)
		return false;
	text_clean(vb->v.octets.p, vb->v.octets.len, clean, sizeof(clean));
	return set_text(text, clean);
}

static void format_oid(const snmp_oid_t *oid, size_t len, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < len && used < size; i++)
		used += snprintf(buf + used, size - used, "%s%lu", i ? "." : "", oid[i]);
}

static void take_object_id(struct poll_session *s, const struct snmp_varbind *vb)
{
	char text[SYS_TEXT_MAX + 1];
	snmp_oid_t *copy;
	size_t len = vb->v.oid.len;

	if (vb->type != SNMP_TYPE_OID || !len || len > SNMP_OID_LEN_MAX)
		return;
	if (len == s->object_id_len && !memcmp(s->object_id, vb->v.oid.p, len * sizeof(*copy)))
		return;
	copy = calloc(len, sizeof(*copy));
	if (!copy)
		return;
	memcpy(copy, vb->v.oid.p, len * sizeof(*copy));
	s->env->counts.identity_changes += s->object_id_len != 0;
	free(s->object_id);
	s->object_id = copy;
	s->object_id_len = len;
	/* another device: learn anew */
	poll_limits_init(&s->limits, s->env->max_varbinds, s->env->max_octets, s->v1);
	format_oid(copy, len, text, sizeof(text));
	set_text(&s->device->sys_object_id, text);
}

/* Another firmware may bear more, or less. */
static void take_descr(struct poll_session *s, const struct snmp_varbind *vb)
{
	bool known = s->device->sys_descr;

	if (take_text(&s->device->sys_descr, vb) && known)
		poll_limits_init(&s->limits, s->env->max_varbinds, s->env->max_octets, s->v1);
}

void poll_discover_ident(struct poll_session *s, enum poll_ident what,
			 const struct snmp_varbind *vb)
{
	switch (what) {
	case POLL_IDENT_DESCR:
		take_descr(s, vb);
		break;
	case POLL_IDENT_NAME:
		take_text(&s->device->sys_name, vb);
		break;
	case POLL_IDENT_IF_NUMBER:
		s->if_number = vb->type == SNMP_TYPE_INTEGER && vb->v.i > 0 ? (uint32_t)vb->v.i : 0;
		break;
	case POLL_IDENT_HOST_UPTIME:
		if (vb->type == SNMP_TYPE_TIMETICKS)
			poll_restart_host(s, (uint32_t)vb->v.u);
		break;
	case POLL_IDENT_ENGINE_TIME:
		if (vb->type == SNMP_TYPE_INTEGER && vb->v.i >= 0)
			poll_restart_engine(s, (uint32_t)vb->v.i);
		break;
	default:
		take_object_id(s, vb);
	}
}

static bool is_auto(const struct poll_session *s)
{
	const char *name = s->device->entry->profile;

	return !name || !name[0] || !strcmp(name, "auto");
}

bool poll_discover_needs_probes(const struct poll_session *s)
{
	return is_auto(s);
}

static bool was_answered(void *data, const struct profile_oid *oid)
{
	const struct poll_session *s = data;
	const struct profile_set *set = s->env->profiles;

	for (size_t i = 0; i < set->n; i++)
		for (size_t j = 0; j < set->profiles[i].n_probe; j++)
			if (&set->profiles[i].probe[j] == oid)
				return s->cycle->probes[i] >> (j + PROFILE_PROBES_MAX) & 1;
	return false;
}

void poll_discover_choose(struct poll_session *s)
{
	const struct profile *profile;

	if (is_auto(s))
		profile = profile_set_choose(s->env->profiles, s->object_id, s->object_id_len,
					     was_answered, s);
	else
		profile = profile_set_find(s->env->profiles, s->device->entry->profile);
	if (profile == s->profile && profile)
		return;
	if (poll_discover_use(s, profile) < 0)
		s->env->counts.no_memory++;
}

/* ---- the profile in use ---- */

static void set_series(struct poll_session *s, size_t i)
{
	const struct profile_links *links = &s->profile->links;

	for (size_t g = 0; g < links->n_groups; g++)
		s->links[i]->series[g] = (struct series){
			.device_id = s->device->entry->id,
			.object = s->device->links[i].name,
			.group = &links->groups[g],
			.step_ms = s->env->interval_ms,
		};
}

static void drop_groups(struct poll_session *s)
{
	for (size_t i = 0; i < s->n_groups; i++)
		group_poll_deinit(&s->groups[i]);
	free(s->groups);
	free(s->scalar_missing);
	s->groups = NULL;
	s->scalar_missing = NULL;
	s->n_groups = 0;
}

int poll_discover_use(struct poll_session *s, const struct profile *profile)
{
	struct group_poll *groups;
	uint32_t *missing;
	size_t n = profile ? profile->n_groups : 0;

	assert(!s->cycle || !s->cycle->walking);
	groups = calloc(n ? n : 1, sizeof(*groups));
	missing = calloc(n ? n : 1, sizeof(*missing));
	if (!groups || !missing) {
		free(groups);
		free(missing);
		return -ENOMEM;
	}
	drop_groups(s);
	poll_plan_forget(s);
	s->groups = groups;
	s->scalar_missing = missing;
	s->n_groups = n;
	for (size_t i = 0; i < n; i++)
		groups[i].group = &profile->groups[i];
	s->profile = profile;
	s->device->profile = profile ? profile->name : NULL;
	s->clock = (struct device_clock){0};
	s->missing = 0;
	s->host_uptime = s->host_uptime_tried = false;
	s->changed_known = 0;
	for (size_t i = 0; i < s->n_links; i++) {
		memset(s->links[i]->series, 0, sizeof(s->links[i]->series));
		s->links[i]->watched = false; /* until the walk by the new profile */
		if (profile && profile->links.set)
			set_series(s, i);
	}
	return 0;
}

/* ---- the walk ---- */

/* What the device lacked it may have by now. */
static void ask_anew(struct poll_session *s)
{
	for (size_t i = 0; i < s->n_groups; i++) {
		s->groups[i].absent = false;
		s->scalar_missing[i] = 0;
	}
	s->missing = 0;
	s->host_uptime_tried = s->host_uptime;
}

bool poll_discover_begin_walk(struct poll_session *s)
{
	const struct profile_links *links = s->profile ? &s->profile->links : NULL;

	assert(s->cycle && !s->cycle->walking);
	if (!links || !links->set) {
		ask_anew(s);
		return false;
	}
	poll_walk_init(&s->cycle->walk, s->env->max_links);
	for (size_t c = 0; c < links->first_polled; c++)
		poll_walk_add(&s->cycle->walk, links->columns[c].oid.id, links->columns[c].oid.len);
	s->cycle->walking = true;
	return true;
}

static char *clean_copy(const struct poll_walk_cell *cell)
{
	char text[IFACE_TEXT_MAX + 1];

	if (cell->type != SNMP_TYPE_OCTETS)
		return NULL;
	text_clean(cell->v.octets, cell->len, text, sizeof(text));
	return text[0] ? strdup(text) : NULL;
}

/* The first alternative that says something wins: ifHighSpeed 0 leaves it to ifSpeed. */
static void set_text_field(char **field, const struct poll_walk_cell *cell)
{
	if (!*field)
		*field = clean_copy(cell);
}

static void set_number(uint64_t *field, const struct poll_walk_cell *cell, double scale)
{
	uint64_t u;
	double scaled;

	if (*field || !poll_walk_unsigned(cell, &u))
		return;
	scaled = (double)u * scale;
	/* Nonsense from the device stays unknown: 2^64 and more has no integer. */
	if (scaled >= 0 && scaled < 0x1p64)
		*field = (uint64_t)scaled;
}

static void set_speed(struct iface_row *row, const struct poll_walk_cell *cell, double scale)
{
	uint64_t u;

	if (!poll_walk_unsigned(cell, &u))
		return;
	if (scale == 1 && u == UINT32_MAX)
		row->fast = true; /* "more than fits" (RFC 2863 3.1.6) */
	else if ((double)u * scale <= MOST_BPS)
		set_number(&row->speed_bps, cell, scale);
}

static void set_small(uint8_t *field, const struct poll_walk_cell *cell, uint64_t most)
{
	uint64_t u;

	if (!*field && poll_walk_unsigned(cell, &u) && u <= most)
		*field = (uint8_t)u;
}

static void set_mac(struct iface_row *row, const struct poll_walk_cell *cell)
{
	if (cell->type != SNMP_TYPE_OCTETS || cell->len > IFACE_MAC_MAX)
		return;
	row->mac_len = cell->len;
	memcpy(row->mac, cell->v.octets, cell->len);
}

static void set_field(struct iface_row *row, const struct profile_column *column,
		      const struct poll_walk_cell *cell)
{
	uint64_t u = 0;

	switch (column->field) {
	case PROFILE_LINK_NAME:
		set_text_field(&row->name, cell);
		break;
	case PROFILE_LINK_DESCR:
		set_text_field(&row->descr, cell);
		break;
	case PROFILE_LINK_ALIAS:
		set_text_field(&row->alias, cell);
		break;
	case PROFILE_LINK_TYPE:
		if (poll_walk_unsigned(cell, &u))
			row->type = (uint32_t)u;
		break;
	case PROFILE_LINK_MAC:
		set_mac(row, cell);
		break;
	case PROFILE_LINK_SPEED:
		set_speed(row, cell, column->oid.scale);
		break;
	case PROFILE_LINK_CAPACITY:
		set_number(&row->capacity_bps, cell, column->oid.scale);
		break;
	case PROFILE_LINK_STATE_SINCE:
		if (poll_walk_unsigned(cell, &u))
			row->state_since_ms = (int64_t)u;
		break;
	case PROFILE_LINK_ROLE:
		set_small(&row->role, cell, LINK_ROLE_MAX);
		break;
	case PROFILE_LINK_MEDIUM:
		set_small(&row->medium, cell, LINK_MEDIUM_MAX);
		break;
	default:
		break;
	}
}

static struct iface_row *rows_of_walk(const struct poll_session *s, size_t *ret_n)
{
	const struct poll_walk *walk = &s->cycle->walk;
	struct iface_row *rows = calloc(walk->n_rows ? walk->n_rows : 1, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; rows && i < walk->n_rows; i++) {
		if (walk->rows[i]->index_len != 1)
			continue; /* not an ifIndex */
		rows[n].if_index = walk->rows[i]->index[0];
		for (size_t c = 0; c < walk->n_columns; c++)
			set_field(&rows[n], &s->profile->links.columns[c],
				  &walk->rows[i]->cells[c]);
		n++;
	}
	*ret_n = n;
	return rows;
}

/* ---- the links ---- */

static bool is_skipped(const struct profile_links *links, const struct iface_row *row)
{
	for (size_t i = 0; i < links->n_skip_types; i++)
		if (links->skip_types[i] == row->type && row->type)
			return true;
	for (char **p = links->skip_names; p && *p; p++)
		if (!fnmatch(*p, row->key, 0))
			return true;
	return false;
}

/* Index of the link of this name, mostly where it was last time; n_links if there is none. */
static size_t link_index(const struct poll_session *s, const char *name, size_t guess)
{
	const struct device *device = s->device;

	if (guess < device->n_links && !strcmp(device->links[guess].name, name))
		return guess;
	for (size_t i = 0; i < device->n_links; i++)
		if (!strcmp(device->links[i].name, name))
			return i;
	return s->n_links;
}

static bool grow_links(struct poll_session *s)
{
	struct device *device = s->device;
	struct device_link *links;
	struct link_poll **polls;

	links = realloc(device->links, (s->n_links + 1) * sizeof(*links));
	if (!links)
		return false;
	device->links = links;
	polls = realloc(s->links, (s->n_links + 1) * sizeof(struct link_poll *));
	if (!polls)
		return false;
	s->links = polls;
	return true;
}

/* The place of a link that is gone, for one that came. */
static size_t free_place(const struct poll_session *s)
{
	size_t i = 0;

	while (i < s->n_links && s->device->links[i].present)
		i++;
	return i;
}

static void drop_link(struct poll_session *s, size_t i)
{
	free(s->links[i]);
	free(s->device->links[i].name);
	free(s->device->links[i].alias);
}

/* ret: its place. */
static int add_link(struct poll_session *s, const struct iface_row *row, size_t *ret)
{
	struct device *device = s->device;
	const bool is_full = s->n_links >= s->env->max_links;
	const size_t at = is_full ? free_place(s) : s->n_links;
	struct link_poll *poll;
	char *name;

	if (is_full && at == s->n_links)
		return -E2BIG;
	if (!is_full && !grow_links(s))
		return -ENOMEM;
	name = strdup(row->key);
	poll = calloc(1, sizeof(*poll));
	if (!name || !poll) {
		free(name);
		free(poll);
		return -ENOMEM;
	}
	if (is_full)
		drop_link(s, at);
	else
		device->n_links = ++s->n_links;
	device->links[at] = (struct device_link){
		.name = name,
		.role = LINK_ROLE_OTHER,
		.medium = LINK_MEDIUM_OTHER,
		.in_bps = NAN,
		.out_bps = NAN,
		.in_errors_per_s = NAN,
		.out_errors_per_s = NAN,
		.in_discards_per_s = NAN,
		.out_discards_per_s = NAN,
	};
	s->links[at] = poll;
	set_series(s, at);
	link_poll_begin(poll, row->if_index, &s->profile->links);
	*ret = at;
	return 0;
}

static void update_link(struct poll_session *s, size_t i, const struct iface_row *row)
{
	struct device_link *link = &s->device->links[i];
	struct link_poll *poll = s->links[i];
	uint64_t bps;

	s->env->counts.renumbered += poll->watched && poll->if_index != row->if_index;
	/* Also where the place is the same: a column that was missing may be there now, but the
	 * counters go on. */
	if (poll->if_index != row->if_index || !poll->watched)
		link_poll_begin(poll, row->if_index, &s->profile->links);
	link_poll_set_shares_name(poll, row->repeated || row->unnamed || row->by_number);
	poll->by_number = row->by_number;
	/* Where nothing is left it was perhaps errors that took it. */
	poll->narrowed = poll->narrowed && poll->have && !s->cycle->identified;
	if (!poll->narrowed)
		link_poll_widen(poll, &s->profile->links);
	poll->watched = true;
	poll->missed = false;
	bps = !row->speed_bps && row->fast ? FAST_BPS : row->speed_bps;
	if (poll->speed_bps != bps)
		poll->speed_asked = false;
	poll->speed_bps = bps;
	link->if_index = row->if_index;
	link->present = true;
	set_text(&link->alias, row->alias ? row->alias : "");
	if (row->role)
		link->role = row->role;
	if (row->medium)
		link->medium = row->medium;
	link->capacity_bps = row->capacity_bps ? row->capacity_bps : row->speed_bps;
	if (!row->capacity_bps && link_poll_speed_is_contradicted(poll))
		link->capacity_bps = 0; /* whatever it is, not this */
	if (row->state_since_ms)
		link->oper_since_ms = row->state_since_ms;
}

void poll_discover_lose(struct poll_session *s, size_t i)
{
	struct device_link *link = &s->device->links[i];
	uint8_t old_oper = link->oper;

	s->links[i]->watched = s->links[i]->missed = false;
	link_poll_forget(s->links[i]);
	if (!link->present)
		return;
	link->present = false;
	link->in_bps = link->out_bps = NAN;
	link->in_errors_per_s = link->out_errors_per_s = NAN;
	link->in_discards_per_s = link->out_discards_per_s = NAN;
	link->oper = LINK_OPER_NOT_PRESENT;
	if (old_oper == LINK_OPER_NOT_PRESENT || !old_oper)
		return;
	link->oper_since_ms = wall_map_ms(&s->env->wall, s->cycle->when.local_us);
	if (s->env->hooks.link_change)
		s->env->hooks.link_change(s->env->hooks.data, s->device, link, old_oper);
}

static void place_new(struct poll_session *s, const struct iface_row *row)
{
	size_t at;
	int r = add_link(s, row, &at);

	if (r >= 0) {
		update_link(s, at, row);
		return;
	}
	s->env->counts.rows_dropped += r == -E2BIG;
	s->env->counts.no_memory += r == -ENOMEM;
	if (r == -E2BIG && !s->cycle->missed) /* else there may be room in a minute */
		s->noted |= UINT32_C(1) << REMARK_TOO_MANY_LINKS;
}

/* A walk may have been cut short: a link that was there is asked for by GET first, in this
 * cycle, and only if it is not there either it is gone. */
static bool may_be_cut(struct poll_session *s, size_t i, const struct iface_row *rows, size_t n)
{
	const struct link_poll *poll = s->links[i];

	if (!poll->watched)
		return false;
	for (size_t j = 0; j < n; j++) {
		if (rows[j].if_index == poll->if_index)
			return false; /* another one has its place */
	}
	return true;
}

static void miss_link(struct poll_session *s, size_t i, const struct iface_row *rows, size_t n)
{
	if (!may_be_cut(s, i, rows, n)) {
		poll_discover_lose(s, i);
		return;
	}
	s->cycle->missed |= !s->links[i]->missed;
	s->links[i]->missed = true;
	if (!s->links[i]->have) /* errors may have left nothing to ask for */
		link_poll_widen(s->links[i], &s->profile->links);
}

static void update_links(struct poll_session *s, const struct iface_row *rows, size_t n)
{
	cleanup_free uint8_t *found = calloc(s->n_links + 1, 1), *is_new = calloc(n, 1);
	const size_t n_before = s->n_links;
	size_t place = 0, at;

	if (!found || !is_new) {
		s->env->counts.no_memory++;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_skipped(&s->profile->links, &rows[i]))
			continue;
		at = link_index(s, rows[i].key, place++);
		is_new[i] = at == n_before;
		if (is_new[i])
			continue;
		update_link(s, at, &rows[i]);
		found[at] = 1;
	}
	for (size_t i = 0; i < n_before; i++)
		if (!found[i])
			miss_link(s, i, rows, n);
	for (size_t i = 0; i < n; i++)
		if (is_new[i])
			place_new(s, &rows[i]);
}

/* Fewer rows than the device says that it has: then who was never seen is missing, too. */
static bool is_short(const struct poll_session *s, size_t n)
{
	const struct profile_oid *name = &s->profile->links.columns[0].oid;
	const bool is_if_mib = name->len > 7 && !memcmp(name->id, MIB_2, sizeof(MIB_2)) &&
			       (name->id[6] == IF_TABLE || name->id[6] == IFX_TABLE);

	return is_if_mib && n < s->if_number && n < s->env->max_links;
}

/* Until the next one. */
static int64_t after_walk_us(struct poll_session *s, size_t n)
{
	int64_t us = s->env->discovery_interval_us;

	s->short_walks = !is_short(s, n)		    ? 0
			 : s->short_walks < SHORT_WALKS_MAX ? s->short_walks + 1
							    : s->short_walks;
	if (s->short_walks && us > AFTER_CUT_US << (s->short_walks - 1))
		us = AFTER_CUT_US << (s->short_walks - 1);
	if (!n && us > AFTER_NOTHING_US)
		us = AFTER_NOTHING_US;
	if (s->cycle->missed && us > AFTER_CUT_US)
		us = AFTER_CUT_US;
	return us;
}

void poll_discover_finish_walk(struct poll_session *s, int64_t now_us)
{
	struct poll_walk *walk = &s->cycle->walk;
	struct iface_row *rows;
	int64_t next_us;
	size_t n;

	assert(s->cycle->walking);
	s->env->counts.bad_order += walk->bad_order;
	s->env->counts.loops += walk->loops;
	s->env->counts.rows_dropped += walk->rows_dropped;
	rows = rows_of_walk(s, &n);
	if (!rows || walk->no_memory || iface_map_name(rows, n) < 0) {
		s->env->counts.no_memory++;
		n = 0;
	}
	poll_remarks_discovered(s, rows, n);
	if (n) {
		update_links(s, rows, n);
		s->env->counts.discoveries++;
		if (s->env->hooks.links_discovered)
			s->env->hooks.links_discovered(s->env->hooks.data, s->device);
	}
	for (size_t i = 0; rows && i < n; i++)
		iface_row_deinit(&rows[i]);
	free(rows);
	poll_walk_deinit(walk);
	s->cycle->walking = false;
	s->cycle->discovered = true;
	s->cycle->rediscover = false;
	ask_anew(s);
	next_us = now_us + after_walk_us(s, n);
	/* One that the device provoked does not put off what errors gave cause for. */
	if (s->cycle->identified || next_us < s->next_discovery_us)
		s->next_discovery_us = next_us;
}

void poll_discover_forget(struct poll_session *s)
{
	struct device *device = s->device;

	drop_groups(s);
	for (size_t i = 0; i < s->n_links; i++)
		drop_link(s, i);
	free(s->links);
	free(device->links);
	free(device->metrics);
	device->links = NULL;
	device->n_links = 0;
	device->metrics = NULL;
	device->n_metrics = 0;
	device->profile = NULL;
	s->links = NULL;
	s->n_links = 0;
	free(s->object_id);
	s->object_id = NULL;
}
