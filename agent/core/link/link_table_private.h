/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What link_table and link_memory share; for no one else. */
#pragma once

#include "agent/core/link/link_rows.h"
#include "agent/core/link/link_state.h"
#include "agent/core/link/link_table.h"

struct link_table {
	const struct agent_conf *conf;
	struct mib_data *data;
	uint32_t epoch_id;
	struct link_table_calls calls;
	struct link_state_conf damping;
	struct link_table_stats stats;
	bool dumped; /* once, so that a link not known before is a new one */
	bool in_dump;
	uint32_t left_out; /* since the last dump began: times that there was no room for a link */
	bool is_slot_due;  /* a link may be without its history slot */
	bool any_flapping; /* some link's damping waits for quiet */
	struct link_rows rows;
};
