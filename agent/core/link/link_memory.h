/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the name of a link remembers, in its slot of the history: what was told last, the
 * kernel's carrier counts when it was seen last, since when it is up. So a restarted agent
 * reports what it missed, and a link made anew goes on as itself.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/history/stamp.h"
#include "agent/core/link/link_report.h"

struct link;
struct link_table;

/* ---- for link_table ---- */

/* What a restart needs, into the slot; nothing without one. */
void link_memory_keep(struct link_table *table, const struct link *link);
/* A link that this agent sees for the first time takes up what an earlier one, or an
 * earlier link of its name, left. */
void link_memory_recall(struct link_table *table, struct link *link, const struct link_report *from,
			const struct stamp *now);
/* The link is gone: one of its name that comes is another of the kernel's. */
void link_memory_part(struct link_table *table, const char *name);
/* The link has taken the name that it has now from another, or it was free: what was told of
 * the name is what receivers believe of it. */
void link_memory_take_over(struct link_table *table, struct link *link);

/* ---- for the agent ---- */

/* After updates: links without a history ring get theirs. */
void link_memory_assign_slots(struct link_table *table);

/* A boot takes links down without anyone to tell it: a link that was told up and is not
 * yet is none to tell of, but one that was told down is told up when it is. What was told
 * last (the first call for a name counts) of a link that is not in the run directory's
 * history (the router booted): from the event log. Before the first dump. */
void link_memory_set_told(struct link_table *table, const char *name, bool up);

/* After the first dump, with slots assigned: what an earlier agent of this boot left of the day
 * that began with the minute `since`, for links that are still the same. */
void link_memory_recall_day(struct link_table *table, uint32_t since, uint32_t now_minute);
