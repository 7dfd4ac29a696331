/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The variable bindings of a notification (PANTAU-MIB, IF-MIB; RFC 3416 4.2.7) for an
 * event. Pure; the bindings point into the struct itself and into the event.
 */
#pragma once

#include "agent/core/event/inform_queue.h"
#include "agent/core/mib/mib_data.h"
#include "common/snmp/snmp_value.h"

enum { NOTIFICATION_VARBINDS = 16, NOTIFICATION_NAME = 16 };

struct notification {
	struct snmp_varbind varbinds[NOTIFICATION_VARBINDS];
	size_t n;
	snmp_oid_t names[NOTIFICATION_VARBINDS][NOTIFICATION_NAME];
	snmp_oid_t trap_oid[NOTIFICATION_NAME];
};

/* event and data must stay as they are while ret is used; ret must not be moved. */
void notification_build(struct notification *ret, const struct mib_data *data,
			const struct mib_event *event, enum inform_part part, int64_t now_us);
