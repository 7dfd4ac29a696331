/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of common/engine/snmp_engine.h. */
#include "collector/io/snmp/engine_stats.h"

#include "common/engine/snmp_engine.h"

static void emit_outcomes(const struct snmp_engine_stats *s, stats_emit_fn *emit, void *emit_data)
{
	for (int i = 0; i < SNMP_OUTCOME_N; i++) {
		const struct stats_figure figure = {
			.name = "pantau_snmp_outcomes_total",
			.help = "requests by how they ended",
			.type = STAT_COUNTER,
			.label_name = "outcome",
			.label_value = snmp_outcome_name((enum snmp_outcome)i),
			.value = (double)s->outcomes[i],
		};

		if (i !=
		    SNMP_OUTCOME_NO_ACCESS) /* the poller's verdict: pantau_poll_no_access_total */
			emit(emit_data, &figure);
	}
}

void engine_emit_stats(void *engine, stats_emit_fn *emit, void *emit_data)
{
	struct snmp_engine_stats s;

	snmp_engine_get_stats(engine, &s);
#define COUNTER(name, help, value)                                                                 \
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_snmp_" name "_total", help,              \
		   (double)(value))
	COUNTER("requests", "requests asked", s.requests);
	COUNTER("transmissions", "datagrams sent", s.transmissions);
	COUNTER("retransmissions", "datagrams that repeated a request", s.retransmissions);
	COUNTER("answers", "responses believed", s.answers);
	COUNTER("reports", "SNMPv3 Reports believed", s.reports);
	COUNTER("late", "answers after their request had ended", s.late);
	COUNTER("duplicate", "answers that came twice", s.duplicate);
	COUNTER("wrong_source", "answers from another address", s.wrong_source);
	COUNTER("wrong_id", "answers to nothing that was asked", s.wrong_id);
	COUNTER("malformed", "datagrams that are no SNMP message or may not be believed",
		s.malformed);
	COUNTER("send_errors", "datagrams that the kernel did not take", s.send_errors);
	COUNTER("receive_drops", "datagrams that the kernel dropped before we read them",
		s.receive_drops);
	COUNTER("icmp_errors", "ICMP errors received", s.icmp_errors);
	COUNTER("discoveries", "SNMPv3 engine ids learned", s.discoveries);
	COUNTER("resyncs", "SNMPv3 time windows corrected", s.resyncs);
	COUNTER("cap_waits", "requests that waited because max-outstanding was reached",
		s.cap_waits);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_snmp_outstanding", "requests under way",
		   s.outstanding);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_snmp_waiting",
		   "requests that wait for a place", s.waiting);
	emit_outcomes(&s, emit, emit_data);
}
