/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The links that there are: what the kernel's messages and dumps say, reconciled into
 * the rows of mib_data (in place: the table is the only one that writes them), with what
 * changes told as events.
 *
 * Identity is the name. The kernel's ifIndex is where the row is now: after a rename or a
 * delete and re-creation the row of that name goes on with its new index, marked with a
 * discontinuity, and history goes on in the same ring.
 *
 * Nothing here allocates after link_table_new(), reads a clock or does I/O.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/history/stamp.h"
#include "agent/core/link/link_report.h"
#include "agent/core/mib/mib_data.h"

struct link_table;

struct link_event {
	enum event_type type;
	const struct mib_link *link; /* as it is now; valid during the call */
	uint32_t value;
	int64_t wall_ms; /* when it happened, where that is not now (0) */
	const char *text;
};
typedef void link_event_fn(void *data, const struct link_event *event, const struct stamp *now);

/* Speed and duplex are asked for when a link came or its carrier changed, or that of one that
 * belongs to it (if_index may be no link of the table then). */
typedef void link_ask_speed_fn(void *data, uint32_t if_index);

struct link_table_calls {
	link_event_fn *event;
	link_ask_speed_fn *ask_speed;
	void *data;
};

struct link_table_stats {
	uint64_t went_back; /* counters that went back without the link having been made
			       anew */
};

/* conf and data stay the caller's and must outlive the table. Returns 0 or -ENOMEM. */
int link_table_new(const struct agent_conf *conf, struct mib_data *data, uint32_t epoch_id,
		   const struct link_table_calls *calls, struct link_table **ret);
struct link_table *link_table_free(struct link_table *table);
void link_table_freep(struct link_table **table);

/* Another configuration (same sizes): excluded links go, roles and aliases change. */
void link_table_set_conf(struct link_table *table, const struct agent_conf *conf,
			 const struct stamp *now);

/* One link, from an event or a dump. */
void link_table_update(struct link_table *table, const struct link_report *link,
		       const struct stamp *now);
void link_table_remove(struct link_table *table, uint32_t if_index, const struct stamp *now);

/* A full dump: begin, update for each, end. What was not in it is gone. */
void link_table_dump_begin(struct link_table *table);
void link_table_dump_end(struct link_table *table, const struct stamp *now);
/* The dump broke off: nothing is concluded from what was missing. */
void link_table_dump_abort(struct link_table *table);

/* A link beyond max-links was ignored, and there is room now: a dump finds it. */
bool link_table_wants_dump(const struct link_table *table);

/* Counters of the once-a-second sample. Returns false if the index is not known: dump. */
bool link_table_sample(struct link_table *table, uint32_t if_index,
		       const struct link_counters *counters, const struct stamp *now);
/* After each sample: damping timers. */
void link_table_tick(struct link_table *table, const struct stamp *now);

/* A minute ended: writes history rows. */
void link_table_minute(struct link_table *table, uint32_t minute, const struct stamp *now);
void link_table_five(struct link_table *table);
void link_table_day(struct link_table *table);
/* Nothing was seen between the last sample and the one before: it is in no minute. */
void link_table_gap(struct link_table *table, const struct stamp *now);
/* The clock was set by step_ms: times of day move with it. */
void link_table_step(struct link_table *table, int64_t step_ms);

/* Speed in kbit/s (0 unknown) and duplex, as ethtool says. */
void link_table_speed(struct link_table *table, uint32_t if_index, uint32_t speed_kbps,
		      enum link_duplex duplex);

uint32_t link_table_n(const struct link_table *table);
const struct mib_link *link_table_row(const struct link_table *table, uint32_t at);
const struct mib_link *link_table_by_index(const struct link_table *table, uint32_t if_index);
const struct mib_link *link_table_find(const struct link_table *table, const char *name);
void link_table_get_stats(const struct link_table *table, struct link_table_stats *ret);
