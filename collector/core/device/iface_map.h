/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is who among a device's interfaces. An ifIndex may be given to another interface at
 * any restart; the name stays. This gives every row of a discovery a key: its ifName, or
 * where that is empty its ifDescr, ifAlias or MAC address; where several rows share it, all
 * of them get what tells them apart added. The key names the series, so it depends on
 * nothing but what the device says of that interface.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IFACE_KEY_MAX =
		63, /* octets of a key, without NUL: as event.link and device_metric.object */
	IFACE_TEXT_MAX = 255,
	IFACE_MAC_MAX = 8,
};

/* One interface, as ifTable and ifXTable together describe it. Texts are owned, clean (text_clean), may be NULL. */
struct iface_row {
	uint32_t if_index; /* up to 4294967295: RFC 2863 says 2147483647, devices do not */
	char *name, *descr, *alias;
	uint8_t mac[IFACE_MAC_MAX], mac_len;
	uint32_t type;	    /* ifType, 0 unknown */
	uint64_t speed_bps; /* 0 unknown */
	bool fast;	    /* more than 2^32 - 1 bit/s, it says */
	uint64_t capacity_bps;
	int64_t state_since_ms;
	uint8_t role, medium, admin, oper; /* 0 unknown */
	/* set by iface_map_name(): */
	char key[IFACE_KEY_MAX + 1];
	bool unnamed;	/* neither ifName nor ifDescr */
	bool repeated;	/* others have its name too */
	bool by_number; /* nothing but its ifIndex makes its key */
};

void iface_row_deinit(struct iface_row *row);
/* Gives every row a key that no other row has. Returns 0 or -ENOMEM. */
int iface_map_name(struct iface_row *rows, size_t n);
