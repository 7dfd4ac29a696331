/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of the poller and of its sessions. */
#include "collector/io/snmp/poller.h"
#include "common/base/cleanup.h"

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct poller_stats, field, "pantau_poll_" name, help)
#define GAUGE(field, name, help) STATS_GAUGE(struct poller_stats, field, "pantau_poll_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(cycles, "cycles", "Poll cycles begun."),
	COUNTER(cycles_answered, "cycles_answered", "Poll cycles in which the device answered."),
	COUNTER(cycles_failed, "cycles_failed", "Poll cycles without an answer."),
	COUNTER(slots_missed, "slots_missed",
		"Polls left out: still busy, or the process was stopped."),
	COUNTER(probes, "probes", "Cycles that began with a probe of one value."),
	COUNTER(wakeups, "wakeups", "Polls at once, because a device was heard of."),
	COUNTER(requests, "requests", "Requests handed to the SNMP engine."),
	COUNTER(requests_failed, "requests_failed", "Requests that ended without an answer."),
	COUNTER(deadlines, "deadlines", "Cycles cut off by their deadline."),
	COUNTER(late_over_5ms, "late", "Polls more than 5 ms after their slot."),
	COUNTER(wall_steps, "wall_clock_steps", "Steps of the wall clock by more than a second."),
	COUNTER(counts.samples, "samples", "Samples handed to the sinks."),
	COUNTER(counts.unknown_samples, "unknown_values", "Values in samples that are unknown."),
	COUNTER(counts.discoveries, "discoveries", "Interface tables read."),
	COUNTER(counts.forced_discoveries, "forced_discoveries",
		"Interface tables read anew because something changed."),
	COUNTER(counts.restarts, "restarts", "Restarts of devices seen."),
	COUNTER(counts.clock_jumps, "clock_jumps", "Device clocks that disagreed with ours."),
	COUNTER(counts.counter_resets, "readings_reset",
		"Counters that went back or announced a discontinuity."),
	COUNTER(counts.counter_implausible, "readings_implausible",
		"Rates beyond what the link can carry."),
	COUNTER(counts.counter_ambiguous, "readings_ambiguous",
		"Counters of 32 bits that may have wrapped more than once."),
	COUNTER(counts.too_big, "too_big", "Answers tooBig."),
	COUNTER(counts.truncated, "truncated", "Answers with fewer values than asked for."),
	COUNTER(counts.halved_by_silence, "halved_by_silence",
		"Requests made smaller because a device fell silent."),
	COUNTER(counts.bulk_refused, "bulk_refused", "Devices found not to answer GETBULK."),
	COUNTER(counts.gen_errors, "gen_errors", "Answers genErr and the like."),
	COUNTER(counts.no_access, "no_access", "Answers noAccess and authorizationError."),
	COUNTER(counts.no_such_name, "no_such_name", "Answers noSuchName."),
	COUNTER(counts.bad_order, "bad_order", "OIDs of a walk that did not rise."),
	COUNTER(counts.loops, "loops", "Walks that came back to a row."),
	COUNTER(counts.wrong_names, "wrong_names", "Values under another OID than asked for."),
	COUNTER(counts.wrong_types, "wrong_types", "Values of a type that does not fit."),
	COUNTER(counts.renumbered, "renumbered",
		"Rows in which another interface stood than before."),
	COUNTER(counts.identity_changes, "identity_changes", "Devices whose sysObjectID changed."),
	COUNTER(counts.rows_dropped, "rows_dropped", "Rows beyond the limit of a device."),
	COUNTER(counts.no_memory, "no_memory", "Work left out because memory was short."),
	GAUGE(devices, "devices", "Devices that are polled."),
	GAUGE(active, "active", "Cycles under way."),
	GAUGE(backed_off, "backed_off", "Devices that do not answer and are asked less often."),
	STATS_SECONDS(struct poller_stats, late_max_us, "pantau_poll_late_max",
		      "Greatest delay of a poll against its slot."),
};

void poller_emit_stats(void *poller, stats_emit_fn *emit, void *emit_data)
{
	struct poller_stats stats;

	poller_get_stats(poller, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
