/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of trap_recv.h. */
#include "collector/io/snmp/trap_recv.h"
#include "common/base/cleanup.h"

static const char *verdict_label(size_t i)
{
	return trap_verdict_name((enum trap_verdict)i);
}

#define COUNTER(field, help)                                                                       \
	STATS_COUNTER(struct trap_recv_stats, field, "pantau_trap_" #field, help)
#define GAUGE(field, help) STATS_GAUGE(struct trap_recv_stats, field, "pantau_trap_" #field, help)

static const struct stats_row ROWS[] = {
	COUNTER(datagrams, "Datagrams received on the notification sockets."),
	COUNTER(traps, "Traps taken."),
	COUNTER(informs, "Informs taken."),
	COUNTER(acknowledged, "Informs acknowledged, repeated ones included."),
	COUNTER(repeats, "Notifications that came before."),
	COUNTER(replayed, "Informs dropped whose very octets came before from elsewhere."),
	COUNTER(rate_limited, "Datagrams dropped because their source sends too many."),
	COUNTER(unknown_limited,
		"Notifications dropped because all unknown senders together send too many."),
	COUNTER(community_limited, "Notifications dropped because all devices without SNMPv3 "
				   "together send too many."),
	COUNTER(unknown_source, "Notifications of no known device, stored all the same."),
	COUNTER(downgraded,
		"Notifications dropped that came by community for a device with SNMPv3."),
	COUNTER(foreign, "Notifications dropped that came by the key of another device."),
	COUNTER(forwarded, "Notifications taken for the device that a forwarder names."),
	COUNTER(no_forwarder, "Notifications not taken for the device that they name, because "
			      "their sender is no forwarder."),
	COUNTER(no_notification_oid, "Notifications dropped that do not say which."),
	COUNTER(bad_varbinds, "Notifications dropped whose bindings cannot be decoded."),
	COUNTER(pending_full, "Informs dropped because too many wait for the store."),
	COUNTER(not_stored, "Informs not acknowledged because the store failed."),
	COUNTER(send_errors, "Answers that could not be sent."),
	COUNTER(no_memory, "Notifications dropped for lack of memory."),
	COUNTER(kernel_drops, "Datagrams that the kernel dropped before we read them."),
	COUNTER(senders_dropped,
		"Senders forgotten to make room for others; see the API's senders."),
	GAUGE(senders,
	      "Addresses remembered whose notifications were refused or are of no device."),
	GAUGE(pending, "Informs that wait for the store."),
	STATS_COUNTERS(struct trap_recv_stats, verdicts, "pantau_trap_verdicts",
		       "Datagrams by the outcome of their authentication.", "verdict",
		       verdict_label),
};

void trap_recv_emit_stats(void *recv, stats_emit_fn *emit, void *emit_data)
{
	struct trap_recv_stats stats;

	trap_recv_get_stats(recv, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
