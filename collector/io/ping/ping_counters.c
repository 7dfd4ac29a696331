/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for the counters of the pinger. */
#include "collector/io/ping/pinger.h"
#include "common/base/cleanup.h"

#define COUNTER(field, name, help)                                                                 \
	STATS_COUNTER(struct pinger_stats, field, "pantau_ping_" name, help)

static const struct stats_row ROWS[] = {
	STATS_GAUGE(struct pinger_stats, devices, "pantau_ping_devices",
		    "Devices that are pinged."),
	STATS_GAUGE(struct pinger_stats, no_socket, "pantau_ping_devices_without_socket",
		    "Devices that are not pinged, for there is no socket of their family."),
	COUNTER(sent, "sent", "Echoes sent."),
	COUNTER(answered, "answered", "Echoes answered in time."),
	COUNTER(lost, "lost", "Echoes given up."),
	COUNTER(late, "late", "Answers that came after their echo was given up."),
	COUNTER(duplicates, "duplicates", "Answers that came again."),
	COUNTER(strange, "strange", "Answers to nothing that was asked, or from somebody else."),
	COUNTER(no_way, "no_way", "Echoes that the kernel had no way for."),
	COUNTER(no_room, "no_room", "Echoes that the kernel had no buffer for."),
};

void pinger_emit_stats(void *pinger, stats_emit_fn *emit, void *emit_data)
{
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), pinger_get_stats(pinger), emit, emit_data);
}
