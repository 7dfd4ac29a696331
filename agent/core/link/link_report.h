/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says of one link, in the terms of RFC 2863: what the netlink codec gives and
 * the link table takes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/mib/mib_data.h"

struct link_report {
	uint32_t if_index;
	char name[MIB_NAME_SIZE];
	char alias[MIB_ALIAS_SIZE];
	char kind[16];	  /* IFLA_INFO_KIND: "veth", "bridge", ...; "" for hardware */
	uint16_t if_type; /* IANAifType */
	uint8_t oper, admin;
	bool carrier, promiscuous, is_loopback;
	uint8_t mac[MIB_MAC_SIZE], mac_len;
	uint8_t perm_mac[MIB_MAC_SIZE], perm_mac_len;
	uint32_t mtu, master; /* master: ifIndex of the bridge or bond, 0 none */
	bool has_counters, has_carrier_counts;
	struct link_counters counters;
	uint32_t carrier_ups, carrier_downs; /* since the link exists; complete, unlike messages */
};
