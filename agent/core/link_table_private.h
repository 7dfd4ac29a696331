/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What link_table and link_memory share; for no one else. */
#pragma once

#include "agent/core/link_rate.h"
#include "agent/core/link_state.h"
#include "agent/core/link_table.h"

/* First what every second touches. */
struct link {
	struct mib_link *row; /* its place in mib_data */
	struct link_rate rate;
	struct link_state state;
	const struct agent_conf_link *conf; /* NULL: no section matches */
	char kernel_alias[MIB_ALIAS_SIZE];
	uint32_t carrier_ups, carrier_downs;
	bool has_carrier_counts;
	bool seen;		   /* in the dump under way */
	int64_t minute_us;	   /* since when the minute so far was seen */
	int64_t up_from_us, up_us; /* of the minute so far */
	uint32_t flaps_before;	   /* at the start of the minute */
};

struct link_table {
	const struct agent_conf *conf;
	struct mib_data *data;
	uint32_t epoch_id;
	struct link_table_calls calls;
	struct link_state_conf damping;
	struct link_table_stats stats;
	bool dumped; /* once, so that a link not known before is a new one */
	bool in_dump;
	bool is_slot_due;    /* a link may be without its history slot */
	bool any_flapping;   /* some link's damping waits for quiet */
	struct link **order; /* by if_index, as mib_data's rows: order[i] is of row i */
	uint32_t n;
	uint32_t hint;	       /* where the next link to be found probably is */
	struct link **spare;   /* those not in order */
	struct link_day *days; /* [max_links], of pool[] */
	struct link pool[];
};
