/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what the operator is told of how a device answers. What was met on the way counts
 * until the second discovery after it; what discovery, limits and clock say, as long as they
 * do.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/poll/poll_session_impl.h"
#include "common/base/utf8_text.h"
#include "common/snmp/link_mib.h"

enum { TEXT_MAX = 2048 };

#define BIT(remark) (UINT32_C(1) << (remark))

/* ---- on the way: what the counters of all devices gained while one was served ---- */

/* The counters that matter here; unknown values are counted, not remarked on. */
static const struct {
	size_t offset;
	uint32_t remark;
} WATCHED[POLL_WATCHED_N] = {
	{offsetof(struct poll_counts, unknown_samples), 0},
	{offsetof(struct poll_counts, wrong_types), BIT(REMARK_WRONG_TYPES)},
	{offsetof(struct poll_counts, wrong_names), BIT(REMARK_OTHER_NAMES)},
	{offsetof(struct poll_counts, bad_order), BIT(REMARK_OUT_OF_ORDER)},
	{offsetof(struct poll_counts, loops), BIT(REMARK_LOOPS)},
	{offsetof(struct poll_counts, no_access), BIT(REMARK_ACCESS_LIMITED)},
	{offsetof(struct poll_counts, renumbered), BIT(REMARK_RENUMBERED)},
	{offsetof(struct poll_counts, counter_ambiguous), BIT(REMARK_AMBIGUOUS)},
	{offsetof(struct poll_counts, counter_implausible), BIT(REMARK_IMPLAUSIBLE)},
};

static uint64_t count_at(const struct poll_session *s, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)&s->env->counts + WATCHED[i].offset);
}

void poll_remarks_watch(const struct poll_session *s, uint64_t ret[static POLL_WATCHED_N])
{
	for (size_t i = 0; i < POLL_WATCHED_N; i++)
		ret[i] = count_at(s, i);
}

void poll_remarks_note(struct poll_session *s, const uint64_t before[static POLL_WATCHED_N])
{
	for (size_t i = 0; i < POLL_WATCHED_N; i++)
		if (count_at(s, i) != before[i])
			s->noted |= WATCHED[i].remark;
	s->device->count.unknown_samples += count_at(s, 0) - before[0];
}

/* ---- by discovery ---- */

/* A column that some rows have and some have not. */
static bool is_partial(const struct poll_walk *walk, size_t column)
{
	size_t n = 0;

	for (size_t i = 0; i < walk->n_rows; i++)
		n += walk->rows[i]->cells[column].type != 0;
	return n && n < walk->n_rows;
}

static bool is_text_column(const struct profile_column *column)
{
	return column->field == PROFILE_LINK_NAME || column->field == PROFILE_LINK_DESCR ||
	       column->field == PROFILE_LINK_ALIAS;
}

static bool has_foreign_text(const struct poll_walk *walk, size_t column)
{
	for (size_t i = 0; i < walk->n_rows; i++) {
		const struct poll_walk_cell *cell = &walk->rows[i]->cells[column];

		if (cell->type == SNMP_TYPE_OCTETS &&
		    !utf8_text_is_valid((const char *)cell->v.octets, cell->len))
			return true;
	}
	return false;
}

static uint32_t of_names(const struct iface_row *rows, size_t n)
{
	uint32_t found = 0;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].unnamed)
			found |= BIT(REMARK_NAMES_MISSING);
		if (rows[i].repeated)
			found |= BIT(REMARK_NAMES_REPEATED);
		if (rows[i].by_number)
			found |= BIT(REMARK_KNOWN_BY_NUMBER);
	}
	return found;
}

void poll_remarks_discovered(struct poll_session *s, const struct iface_row *rows, size_t n)
{
	const struct poll_walk *walk = &s->cycle->walk;
	const struct profile_links *links = &s->profile->links;

	s->noted_before = s->noted & ~BIT(REMARK_ACCESS_LIMITED); /* all is asked anew now */
	s->noted = 0;
	s->found = of_names(rows, n);
	if (!walk->n_rows)
		s->found |= BIT(REMARK_NO_LINKS);
	if (walk->rows_dropped)
		s->found |= BIT(REMARK_TOO_MANY_LINKS);
	for (size_t c = 0; c < walk->n_columns; c++) {
		if (is_partial(walk, c))
			s->found |= BIT(REMARK_PARTIAL_ROWS);
		if (is_text_column(&links->columns[c]) && has_foreign_text(walk, c))
			s->found |= BIT(REMARK_NOT_UTF8);
	}
}

/* Of a VLAN or a bridge nobody knows, or needs to know, how fast it is. */
static bool needs_speed(const struct device_link *link, bool main)
{
	return link->oper == LINK_OPER_UP && (main || link_mib_has_role(link->role));
}

/* After the first reading of what was discovered: which links are up is known by then. */
static void look_at_links(struct poll_session *s)
{
	const struct device_link *main = device_main_link(s->device);

	s->found &= ~(BIT(REMARK_NO_SPEED) | BIT(REMARK_32_BITS) | BIT(REMARK_SNMPV1));
	if (poll_session_max_interval_us(s) < s->env->interval_ms * 1000)
		s->found |= BIT(REMARK_32_BITS);
	for (size_t i = 0; i < s->n_links; i++) {
		const struct device_link *link = &s->device->links[i];

		if (!s->links[i]->watched)
			continue;
		if (s->v1)
			s->found |= BIT(REMARK_SNMPV1);
		if (needs_speed(link, link == main) &&
		    !device_link_capacity(s->device, link, link == main).in_bps)
			s->found |= BIT(REMARK_NO_SPEED);
	}
}

static uint32_t of_speeds(const struct poll_session *s)
{
	for (size_t i = 0; i < s->n_links; i++) {
		if (s->links[i]->watched && link_poll_speed_is_contradicted(s->links[i]))
			return BIT(REMARK_STATED_SPEED);
	}
	return 0;
}

/* ---- altogether ---- */

static uint32_t of_limits(const struct poll_limits *limits)
{
	static const uint32_t OF_TROUBLE[] = {
		[POLL_TOO_BIG] = BIT(REMARK_TOO_BIG),
		[POLL_TRUNCATED] = BIT(REMARK_CUT_ANSWERS),
		[POLL_SILENCE] = BIT(REMARK_SILENT_TO_LARGE),
		[POLL_GEN_ERROR] = BIT(REMARK_GEN_ERRORS),
	};
	uint32_t remarks = limits->no_bulk_learned ? BIT(REMARK_NO_BULK) : 0;

	for (size_t i = 0; i < sizeof(OF_TROUBLE) / sizeof(OF_TROUBLE[0]); i++)
		if (limits->seen >> i & 1)
			remarks |= OF_TROUBLE[i];
	return remarks;
}

static uint32_t of_clock(const struct poll_session *s)
{
	if (s->missing & 1u << POLL_WHAT_UPTIME && !s->clock.valid)
		return BIT(REMARK_NO_UPTIME);
	return s->clock.valid && device_clock_is_distrusted(&s->clock) ? BIT(REMARK_BAD_UPTIME) : 0;
}

static uint32_t collect(const struct poll_session *s)
{
	uint32_t remarks = s->noted | s->noted_before | s->found | of_limits(&s->limits) |
			   of_clock(s) | of_speeds(s);

	if (s->cycle->identified && !s->profile)
		remarks |= BIT(REMARK_NO_PROFILE);
	if (device_next_unknown_link(s->device, NULL))
		remarks |= BIT(REMARK_UNKNOWN_LINK);
	return remarks;
}

void poll_remarks_tell(struct poll_session *s)
{
	struct device *device = s->device;
	char text[TEXT_MAX];
	const struct inventory_link *unknown;
	size_t used;

	if (s->cycle->discovered)
		look_at_links(s);
	device->remarks = collect(s);
	device->values_at_once = s->limits.varbinds < s->env->max_varbinds ? s->limits.varbinds : 0;
	if (!device->remarks && !device->problem)
		return;
	/* In English, with what the words alone do not say. */
	unknown = device_next_unknown_link(device, NULL);
	device_remarks_describe(device->remarks & ~BIT(REMARK_UNKNOWN_LINK), text, TEXT_MAX);
	used = strlen(text);
	if (device->values_at_once)
		used += (size_t)snprintf(text + used, TEXT_MAX - used,
					 "%sat most %u values at a time", used ? "; " : "",
					 device->values_at_once);
	if (unknown && used < TEXT_MAX)
		snprintf(text + used, TEXT_MAX - used,
			 "%sthe inventory sets the capacity of \"%s\", a link that it has not",
			 used ? "; " : "", unknown->name);
	device_set_problem(device, text);
}
