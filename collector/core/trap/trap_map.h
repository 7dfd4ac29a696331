/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a notification says: a received trap or inform of any version to one plain struct.
 * The notification's OID decides, never the varbinds beside it (vendors send the state left
 * or the state entered in linkDown, RFC 2863 says either); missing or odd varbinds leave
 * their fields unknown.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/link_mib.h"
#include "common/snmp/snmp_value.h"

enum {
	NOTIFICATION_OID_MAX = SNMP_OID_LEN_MAX,
	NOTIFICATION_VARBINDS_MAX = 256,
};

enum notification_kind {
	NOTIFICATION_OTHER, /* known to nobody here; stored all the same */
	NOTIFICATION_COLD_START,
	NOTIFICATION_WARM_START,
	NOTIFICATION_LINK_DOWN,
	NOTIFICATION_LINK_UP,
	NOTIFICATION_AUTH_FAILURE,
	NOTIFICATION_AGENT_START,
	NOTIFICATION_AGENT_STOP,
	NOTIFICATION_LINK_FLAPPING,
	NOTIFICATION_LINK_SETTLED,
	NOTIFICATION_LINK_ADDED,
	NOTIFICATION_LINK_REMOVED,
	NOTIFICATION_LINK_RENAMED,
	NOTIFICATION_PATH_DOWN,
	NOTIFICATION_PATH_DEGRADED,
	NOTIFICATION_PATH_UP,
	NOTIFICATION_CLOCK_STEP,
	NOTIFICATION_EVENTS_DROPPED,
	NOTIFICATION_KIND_N
};
const char *notification_kind_name(enum notification_kind kind); /* "link-down", ... */

/* Of a dotted OID: "linkDown", "pantauLinkDown", ..., its descriptor in its MIB; NULL: not known here. */
const char *notification_oid_name(const char *oid);

/* As it came, decoded. Pointers are the caller's. */
struct trap_pdu {
	bool v1, inform;
	/* v1 only (RFC 1157 4.1.6) */
	const snmp_oid_t *enterprise;
	size_t enterprise_len;
	int64_t generic, specific;
	uint64_t uptime_ticks;
	uint8_t agent_address[4]; /* all 0: it does not say */
	/* the variable bindings; of v2: sysUpTime.0 and snmpTrapOID.0 first, wherever they are */
	const struct snmp_varbind *varbinds;
	size_t n_varbinds;
};

struct notification {
	enum notification_kind kind;
	bool inform, pantau; /* pantau: of PANTAU-MIB */
	snmp_oid_t oid[NOTIFICATION_OID_MAX];
	size_t oid_len;
	uint64_t uptime_ticks;
	bool has_uptime;
	/* Whose it is, where somebody passed it on (RFC 3584 3.1, 4.1): agent-addr of v1 or
	 * snmpTrapAddress.0; "" it does not say. */
	char origin[16];
	/* snmpTrapCommunity.0, a secret: the caller's octets; NULL not there. */
	const uint8_t *community;
	size_t community_len;
	/* of a Pantau agent, also beside the standard linkDown and linkUp */
	char site_id[65];
	uint32_t number, epoch_id;	      /* of the event; 0 unknown */
	int64_t event_ms;		      /* agent's wall clock, as it happened; 0 unknown */
	uint64_t event_mono_us, sent_mono_us; /* agent's monotonic clock; 0 unknown */
	uint8_t clock_state;		      /* enum pantau_clock_state; 0 unknown */
	/* the link, path or figure */
	uint32_t if_index; /* 0 unknown */
	char if_name[65];  /* UTF-8, "" unknown */
	uint8_t role;	   /* enum link_role; 0 unknown */
	uint8_t admin,
		oper; /* enum link_admin, link_oper; 0 unknown: for people, not for decisions */
	uint32_t value;
	char text[161]; /* UTF-8, one line */
};

/* Returns 0; -EINVAL if there is no notification OID to be found (RFC 3416 4.2.6). */
int trap_map(const struct trap_pdu *pdu, struct notification *ret);

/*
 * When it happened, on the collector's wall clock: by the agent's clock if that is
 * synchronised and plausible, else by the age that its monotonic clock gives, else now.
 */
int64_t notification_time_ms(const struct notification *n, int64_t received_ms);

/* "1.3.6.1.6.3.1.1.5.3"; cut if it does not fit. Returns buf. */
const char *trap_oid_text(const snmp_oid_t *oid, size_t len, char *buf, size_t size);
