/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The links in the order of their ifIndex, each beside its row of mib_data: which link is at
 * which place, and which structs are free. What a link means is link_table's; for no one
 * but link_table and link_memory.
 *
 * Nothing here allocates after link_rows_init().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/link/link_rate.h"
#include "agent/core/link/link_state.h"
#include "agent/core/mib/mib_data.h"

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

struct link_rows {
	struct mib_data *data;
	struct link **order; /* by if_index, as mib_data's rows: order[i] is of row i */
	uint32_t n;
	uint32_t hint;	       /* where the next link to be found probably is */
	struct link **spare;   /* those not in order */
	struct link *pool;     /* [max_links] */
	struct link_day *days; /* [max_links], of pool[] */
};

/* data stays the caller's and must outlive the rows. Returns 0 or -ENOMEM, then to be
 * taken down all the same. */
int link_rows_init(struct link_rows *rows, struct mib_data *data);
void link_rows_deinit(struct link_rows *rows);

/* The link of that index, or NULL. */
struct link *link_rows_find(const struct link_rows *rows, uint32_t if_index);
/* The same, quick for one who asks in the order of the table, as dumps and samples do. */
struct link *link_rows_find_next(struct link_rows *rows, uint32_t if_index);
/* The link of this name that is not `but`, or NULL. */
struct link *link_rows_find_name(const struct link_rows *rows, const char *name,
				 const struct link *but);

/* A link with an empty row in its place, NULL if all are in use. Of the link only the row
 * and the day that its rates belong to (rate.day) are set: the rest is what an earlier link
 * left. */
struct link *link_rows_insert(struct link_rows *rows, uint32_t if_index);
/* Takes the link and its row out; its struct may serve another link from now on. */
void link_rows_drop(struct link_rows *rows, struct link *link);
