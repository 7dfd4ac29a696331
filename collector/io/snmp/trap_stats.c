/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of trap_recv.h. */
#include "collector/io/snmp/trap_recv.h"

static void emit_verdicts(const struct trap_recv_stats *s, stats_emit_fn *emit, void *emit_data)
{
	for (int i = 0; i < TRAP_VERDICT_N; i++) {
		const struct stats_figure figure = {
			.name = "pantau_trap_verdicts_total",
			.help = "datagrams by the outcome of their authentication",
			.type = STAT_COUNTER,
			.label_name = "verdict",
			.label_value = trap_verdict_name((enum trap_verdict)i),
			.value = (double)s->verdicts[i],
		};

		emit(emit_data, &figure);
	}
}

void trap_recv_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	struct trap_recv_stats s;

	trap_recv_get_stats(data, &s);
#define COUNTER(name, help, value)                                                                 \
	stats_emit(emit, emit_data, STAT_COUNTER, "pantau_trap_" name "_total", help,              \
		   (double)(value))
	COUNTER("datagrams", "datagrams received on the notification sockets", s.datagrams);
	COUNTER("traps", "traps taken", s.traps);
	COUNTER("informs", "informs taken", s.informs);
	COUNTER("acknowledged", "informs acknowledged, repeated ones included", s.acknowledged);
	COUNTER("repeats", "notifications that came before", s.repeats);
	COUNTER("rate_limited", "datagrams dropped because their source sends too many",
		s.rate_limited);
	COUNTER("unknown_source", "notifications of no known device, stored all the same",
		s.unknown_source);
	COUNTER("downgraded",
		"notifications dropped that came by community for a device with SNMPv3",
		s.downgraded);
	COUNTER("no_notification_oid", "notifications dropped that do not say which",
		s.no_notification_oid);
	COUNTER("bad_varbinds", "notifications dropped whose bindings cannot be decoded",
		s.bad_varbinds);
	COUNTER("pending_full", "informs dropped because too many wait for the store",
		s.pending_full);
	COUNTER("not_stored", "informs not acknowledged because the store failed", s.not_stored);
	COUNTER("send_errors", "answers that could not be sent", s.send_errors);
	COUNTER("no_memory", "notifications dropped for lack of memory", s.no_memory);
	COUNTER("kernel_drops", "datagrams that the kernel dropped before we read them",
		s.kernel_drops);
	COUNTER("senders_dropped",
		"senders forgotten to make room for others; see the API's senders",
		s.senders_dropped);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_trap_senders",
		   "addresses remembered whose notifications were refused or are of no "
		   "device",
		   s.senders);
	stats_emit(emit, emit_data, STAT_GAUGE, "pantau_trap_pending",
		   "informs that wait for the store", s.pending);
	emit_verdicts(&s, emit, emit_data);
}
