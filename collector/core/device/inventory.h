/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inventory: what is to be watched, one entry per device, as the team keeps it in a
 * spreadsheet (codec/inventory/inventory_text.c reads the CSV). Entries do not change while in use:
 * a reload builds a new inventory and swaps.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/severity.h"
#include "common/snmp/link_mib.h"

enum { INVENTORY_ID_MAX = 32, INVENTORY_BACKUP_PARENTS_MAX = 3 };

enum inventory_kind { INVENTORY_CORE, INVENTORY_OPD, INVENTORY_HOTSPOT };

/* A link whose capacity was set by hand: it counts before what the device says. */
struct inventory_link {
	char *name;		  /* as device_link.name */
	uint64_t in_bps, out_bps; /* as the interface counts; never 0 */
};

struct inventory_entry {
	char *id; /* [a-z0-9][a-z0-9-]{0,31}, unique */
	enum inventory_kind kind;
	char *name;	    /* UTF-8 */
	char *address;	    /* numeric IPv4 or IPv6 */
	uint16_t port;	    /* 161 */
	char *answers_from; /* numeric address that may answer for it, too; "any"; or "" */
	char *profile;	    /* name of a profile, or "auto", or "ping": pings and no polls */
	char *credential;   /* name in the credentials file */
	char *parent;	    /* id of the device before it, or "" */
	char *parent_port;  /* ifName on the parent that leads here, or "" */
	/* Ids of devices that it is reached over when its parent fails. */
	char backup_parents[INVENTORY_BACKUP_PARENTS_MAX][INVENTORY_ID_MAX + 1];
	size_t n_backup_parents;
	enum link_medium medium;
	uint64_t capacity_down_bps, capacity_up_bps; /* contracted; 0 unknown */
	struct inventory_link *links;		     /* in the file's order; NULL: none */
	size_t n_links;
	char *kecamatan, *kelurahan, *provider, *contract, *notes;
	char *short_name;	/* where there is little room; name if not given */
	char *group, *feeder;	/* of alerts; of the power grid: who fails together; or "" */
	enum severity severity; /* of its outage, in office hours; by kind if not given */
	bool severity_given;
	double lat, lon, x, y; /* NAN if not given */
	unsigned int line;     /* in the file */
};

struct inventory {
	struct inventory_entry *entries; /* sorted by id */
	size_t n;
};

#define INVENTORY_PING "ping" /* the word for a profile */

/* Whether the device is pinged and never polled. */
bool inventory_is_pinged_alone(const struct inventory_entry *entry);
const struct inventory_entry *inventory_find(const struct inventory *inventory, const char *id);
/* NULL: its capacity was not set by hand. */
const struct inventory_link *inventory_find_link(const struct inventory_entry *entry,
						 const char *name);
void inventory_links_free(struct inventory_link *links, size_t n);
void inventory_entry_deinit(struct inventory_entry *entry);
void inventory_deinit(struct inventory *inventory);

/* The words of the API and of the CSV ("opd"). False: no such word. */
enum severity inventory_kind_severity(enum inventory_kind kind);
const char *inventory_kind_name(enum inventory_kind kind);
bool inventory_kind_parse(const char *name, enum inventory_kind *ret);
/* As conf_key.check: NULL, or what would be right. */
const char *inventory_kind_problem(const char *name);
/* The CSV's words for the medium: link_mib's but "other"; the empty one is "unknown". */
bool inventory_medium_parse(const char *name, enum link_medium *ret);
