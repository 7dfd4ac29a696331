/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What polling met, as counters: every limit that bites and every oddity of a device has one. */
#pragma once

#include <stdint.h>

struct poll_counts {
	uint64_t discoveries, forced_discoveries, samples, unknown_samples;
	uint64_t counter_resets, counter_implausible, counter_ambiguous, restarts, clock_jumps;
	uint64_t too_big, truncated, halved_by_silence, bulk_refused, gen_errors, no_such_name,
		no_access;
	uint64_t bad_order, loops, wrong_names, wrong_types, renumbered, identity_changes;
	uint64_t rows_dropped, no_memory;
};
