/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of common/engine/snmp_engine.h. */
#include "collector/io/snmp/engine_stats.h"

#include "common/base/cleanup.h"
#include "common/engine/snmp_engine.h"

/* Of no access is the poller's verdict: pantau_poll_no_access_total. */
static const char *outcome_label(size_t i)
{
	return i == SNMP_OUTCOME_NO_ACCESS ? NULL : snmp_outcome_name((enum snmp_outcome)i);
}

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct snmp_engine_stats, field, "pantau_snmp_" name, help)
#define GAUGE(field, name, help)                                                                   \
	STATS_GAUGE(struct snmp_engine_stats, field, "pantau_snmp_" name, help)

static const struct stats_row ROWS[] = {
	COUNTER(requests, "requests", "Requests asked."),
	COUNTER(transmissions, "transmissions", "Datagrams sent."),
	COUNTER(retransmissions, "retransmissions", "Datagrams that repeated a request."),
	COUNTER(answers, "answers", "Responses believed."),
	COUNTER(reports, "reports", "SNMPv3 Reports believed."),
	COUNTER(late, "late", "Answers after their request had ended."),
	COUNTER(duplicate, "duplicate", "Answers that came twice."),
	COUNTER(wrong_source, "wrong_source", "Answers from another address."),
	COUNTER(wrong_id, "wrong_id", "Answers to nothing that was asked."),
	COUNTER(malformed, "malformed",
		"Datagrams that are no SNMP message or may not be believed."),
	COUNTER(send_errors, "send_errors", "Datagrams that the kernel did not take."),
	COUNTER(receive_drops, "receive_drops",
		"Datagrams that the kernel dropped before we read them."),
	COUNTER(icmp_errors, "icmp_errors", "ICMP errors received."),
	COUNTER(discoveries, "discoveries", "SNMPv3 engine ids learned."),
	COUNTER(resyncs, "resyncs", "SNMPv3 time windows corrected."),
	COUNTER(cap_waits, "cap_waits",
		"Requests that waited because max-outstanding was reached."),
	GAUGE(outstanding, "outstanding", "Requests under way."),
	GAUGE(waiting, "waiting", "Requests that wait for a place."),
	STATS_COUNTERS(struct snmp_engine_stats, outcomes, "pantau_snmp_outcomes",
		       "Requests by how they ended.", "outcome", outcome_label),
};

void engine_emit_stats(void *engine, stats_emit_fn *emit, void *emit_data)
{
	struct snmp_engine_stats stats;

	snmp_engine_get_stats(engine, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
