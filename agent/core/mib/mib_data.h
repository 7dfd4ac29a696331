/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything the SNMP side can be asked for, as plain rows in memory: written and read by
 * the one loop of the agent, so an answer to a whole PDU is of one moment without a lock.
 *
 * The memory is two mappings (agent/io/store/shm): one of the process (scalars, link, Wi-Fi and
 * path rows, event ring), one over a file in the run directory (history, so that it
 * survives a restart of the agent). What comes out of that file is not trusted: counts
 * and positions read through the mib_data_*() accessors are clamped to the capacities.
 *
 * Times: *_us is CLOCK_MONOTONIC in microseconds, *_ms is wall clock since 1970 UTC, 0
 * unknown. Enumerations have PANTAU-MIB's numbers (mib_pantau.c asserts it).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/link_mib.h"

enum mib_limits {
	MIB_NAME_SIZE = 16,  /* IFNAMSIZ */
	MIB_ALIAS_SIZE = 65, /* ifAlias is 0..64 octets (RFC 2863) */
	MIB_MAC_SIZE = 32,   /* MAX_ADDR_LEN */
	MIB_TEXT_SIZE = 96,
	MIB_SITE_SIZE = 64,
	MIB_SITE_NAME_SIZE = 256, /* SnmpAdminString; names of offices pass 70 octets */
	MIB_ADDRESS_SIZE = 48,	  /* INET6_ADDRSTRLEN and room for %scope */
	MIB_LINKS_MAX = 1024,
	MIB_PATHS_MAX = 16,
};

enum clock_state { CLOCK_UNKNOWN = 1, CLOCK_UNSYNCHRONISED = 2, CLOCK_SYNCHRONISED = 3 };

enum path_state { PATH_UNKNOWN = 1, PATH_UP = 2, PATH_DEGRADED = 3, PATH_DOWN = 4 };

enum event_type {
	EVENT_AGENT_START = 1,
	EVENT_AGENT_STOP = 2,
	EVENT_LINK_DOWN = 3,
	EVENT_LINK_UP = 4,
	EVENT_LINK_FLAPPING = 5,
	EVENT_LINK_SETTLED = 6,
	EVENT_LINK_ADDED = 7,
	EVENT_LINK_REMOVED = 8,
	EVENT_LINK_RENAMED = 9,
	EVENT_PATH_DOWN = 10,
	EVENT_PATH_DEGRADED = 11,
	EVENT_PATH_UP = 12,
	EVENT_CLOCK_STEP = 13,
	EVENT_EVENTS_DROPPED = 14,
	EVENT_TYPE_MAX = EVENT_EVENTS_DROPPED,
};

/* The kernel's 64-bit counters of a link (struct rtnl_link_stats64); all since the link
 * exists. */
struct link_counters {
	uint64_t in_octets, out_octets;
	uint64_t in_packets, out_packets; /* all casts */
	uint64_t in_errors, out_errors;
	uint64_t in_discards, out_discards;
	uint64_t in_multicast;	    /* included in in_packets; a row's never exceeds them */
	uint64_t in_unknown_protos; /* rx_nohandler */
};

struct mib_agent {
	char version[32], site_id[MIB_SITE_SIZE], site_name[MIB_SITE_NAME_SIZE];
	int64_t boot_time_ms; /* of the router; 0 while the clock is not set */
	int64_t start_us;     /* monotonic time of the agent's start: sysUpTime's zero when
			     standalone */
	uint32_t clock_state; /* enum clock_state */
	uint32_t sample_interval_ms;
	uint32_t last_event_number, events_dropped;
	int64_t link_table_change_us;	    /* rows came, went or were renamed; 0 never */
	uint32_t epoch_id;		    /* of this router boot */
	uint32_t links_max, links_left_out; /* max-links, and how many links are beyond it */
};

/* One link: what pantauLinkTable, ifTable and ifXTable say. Sorted by if_index. First
 * what every second writes: two cache lines, since a router that wakes once a second
 * finds its caches cold. */
struct mib_link {
	uint32_t if_index;
	uint32_t capacity_kbps; /* contracted, 0 unknown */
	uint32_t speed_kbps;	/* actual, 0 unknown */
	uint32_t mtu;
	int64_t sample_us; /* when the counters were read */
	struct link_counters counters;
	uint64_t in_rate_bps, out_rate_bps;
	uint32_t in_util_permille, out_util_permille; /* of capacity, else of speed; 0 unknown */
	uint64_t in_mean_bps, out_mean_bps;
	uint64_t in_peak_bps, out_peak_bps;
	uint64_t in_p95_bps, out_p95_bps;
	int64_t state_since_ms;	 /* wall time of the last change of oper; 0 unknown */
	int64_t state_change_us; /* the same, monotonic; 0: not since the agent started */
	int64_t discontinuity_us;
	uint32_t flaps; /* carrier losses since the agent started */
	char name[MIB_NAME_SIZE];
	char alias[MIB_ALIAS_SIZE];
	uint8_t mac[MIB_MAC_SIZE], mac_len;
	uint8_t role, medium;	     /* enum link_role, link_medium */
	uint8_t oper, admin, duplex; /* enum link_oper, link_admin, link_duplex */
	bool promiscuous, has_connector, is_loopback;
	bool tells;	    /* its linkDown and linkUp are events */
	uint16_t if_type;   /* IANAifType: 6 ethernetCsmacd, 24 softwareLoopback, ... */
	uint16_t slot;	    /* of its history ring; MIB_SLOT_NONE without one */
	uint8_t unused[52]; /* to a whole number of cache lines */
};

enum { MIB_SLOT_NONE = 0xffff };

/* Sorted by if_index */
struct mib_wifi {
	uint32_t if_index;
	uint8_t ssid[32], ssid_len;
	uint32_t channel_mhz, width_mhz, stations;
	int32_t signal_dbm, noise_dbm, txpower_dbm;
};

/* Sorted by index, 1.. in the order of the configuration */
struct mib_path {
	uint32_t index;
	char name[32];
	char address[MIB_ADDRESS_SIZE];
	uint32_t state; /* enum path_state */
	int64_t state_since_ms;
	uint32_t sent, lost; /* of the last whole minute */
	uint32_t rtt_min_us, rtt_mean_us, rtt_max_us, jitter_us, loss_permille;
};

/* At ring position number % capacity */
struct mib_event {
	uint32_t number; /* from 1; 0 is an empty place */
	uint8_t type, clock_state, role;
	char if_name[MIB_NAME_SIZE];
	uint32_t if_index, path_index, value, epoch_id;
	int64_t time_ms, monotonic_us;
	char text[MIB_TEXT_SIZE]; /* UTF-8, NUL-terminated */
};

/* One minute of one link. minute counts from 1970 UTC and names the END of the minute. */
struct mib_hist_row {
	uint32_t minute; /* 0: empty */
	uint32_t check;	 /* mib_hist_row_check(); a row that fails it is empty */
	int64_t sample_us;
	uint64_t in_octets, out_octets;
	uint64_t in_peak_bps, out_peak_bps;
	uint64_t in_errors, out_errors, in_discards, out_discards;
	uint32_t epoch_id;
	uint16_t up_ms; /* 0..60000 time up within the minute */
	uint16_t flaps; /* saturates */
	uint8_t clock_state;
	uint8_t unused[7];
};

struct mib_path_row {
	uint32_t minute, check;
	uint32_t sent, lost, rtt_min_us, rtt_mean_us, rtt_max_us, jitter_us;
	uint8_t state, clock_state, unused[2];
	uint32_t epoch_id;
};

/*
 * History of one link (or path): rows[] in a ring of hist_minutes places, at
 * position minute % hist_minutes, so a minute is found without a search; a place whose
 * row names another minute holds no row for the one asked for. Minutes first..last bound
 * a walk.
 */
struct mib_hist_slot {
	uint32_t if_index;    /* under which it is shown; 0: not shown (free, or the index is
			      another's) */
	uint32_t first, last; /* oldest and newest minute that may be there; 0 none */
	char name[MIB_NAME_SIZE];
	/* What a restarted agent needs to go on as if it had been there (link slots
	 * only, but for kernel_index). */
	uint32_t kernel_index; /* ifIndex whose carrier counts these are; of a path: the
				  id that its name gives (history_path_id()) */
	uint32_t carrier_ups, carrier_downs;
	uint8_t told; /* enum link_oper that was told last: up or down; 0 nothing yet */
	uint8_t oper;
	uint8_t unused[6];
	int64_t state_since_ms, discontinuity_us;
};

/* At the start of the history file */
struct mib_hist_head {
	uint32_t magic, version;
	uint32_t max_links, max_paths, hist_minutes;
	uint32_t check; /* of the fields above */
	/* The last event's number, for an agent that finds its event log gone; a number is
	 * not used twice within a boot. last_event_check: its complement. */
	uint32_t last_event, last_event_check;
};

/* At the start of the anonymous mapping */
struct mib_head {
	uint32_t n_links, n_wifi, n_paths;
	/* The ring: the newest n_events, of which the last is before next_place. Numbers
	 * rise, but not one by one, so they are no places. */
	uint32_t n_events, next_place;
	uint32_t first_event, next_event; /* numbers in the ring: first..next-1 */
	struct mib_agent agent;
};

/* Sizes are fixed for the life of the mappings. */
struct mib_sizes {
	uint32_t max_links, max_wifi, max_paths, max_events, hist_minutes;
};

struct mib_data {
	struct mib_sizes sizes;
	struct mib_head *head;
	struct mib_link *links;	  /* [max_links] */
	struct mib_wifi *wifi;	  /* [max_wifi] */
	struct mib_path *paths;	  /* [max_paths] */
	struct mib_event *events; /* [max_events] */
	/* in the history file */
	struct mib_hist_head *hist_head;
	struct mib_hist_slot *slots;	  /* [max_links], in no order */
	struct mib_hist_row *rows;	  /* [max_links][hist_minutes] */
	struct mib_hist_slot *path_slots; /* [max_paths], in the order of the table;
					     if_index: path index */
	struct mib_path_row *path_rows;	  /* [max_paths][hist_minutes] */
};

/* Octets that each mapping needs. The history file is sparse: a slot costs memory once it
 * is used, 96 octets a minute: 138 KiB per link for 24 hours. */
size_t mib_data_size(const struct mib_sizes *sizes);
size_t mib_hist_size(const struct mib_sizes *sizes);

/* Lays the tables over two blocks of zeroed (or, for history, earlier) memory of those
 * sizes, 8-octet aligned, that stay the caller's. Returns 0, or -EINVAL for sizes beyond
 * the limits. */
int mib_data_bind(struct mib_data *ret, const struct mib_sizes *sizes, void *mem, void *hist_mem);

/* Clamped counts. */
uint32_t mib_data_n_links(const struct mib_data *data);
uint32_t mib_data_n_wifi(const struct mib_data *data);
uint32_t mib_data_n_paths(const struct mib_data *data);

/* Position of the first row with if_index >= the one asked for (n_links if none). */
uint32_t mib_data_link_at(const struct mib_data *data, uint32_t if_index);
uint32_t mib_data_wifi_at(const struct mib_data *data, uint32_t if_index);
/* Exact row or NULL; valid until links come or go. */
const struct mib_link *mib_data_link(const struct mib_data *data, uint32_t if_index);

/* How many events there are, and the one at this position from the oldest (0) on, which
 * must be there. */
uint32_t mib_data_n_events(const struct mib_data *data);
const struct mib_event *mib_data_event_nth(const struct mib_data *data, uint32_t i);
/* The event with this number, or NULL when the ring does not hold it (any more). */
const struct mib_event *mib_data_event(const struct mib_data *data, uint32_t number);
/* The first event with a number >= number, or NULL. */
const struct mib_event *mib_data_event_at(const struct mib_data *data, uint32_t number);

/*
 * History in SNMP order (if_index, minute): the row with exactly these, or NULL.
 * ret_slot (may be NULL) gets the slot, which has the name.
 */
const struct mib_hist_row *mib_data_hist(const struct mib_data *data, uint32_t if_index,
					 uint32_t minute, const struct mib_hist_slot **ret_slot);
/* The first row at or after (if_index, minute); ret_if_index says whose. */
const struct mib_hist_row *mib_data_hist_at(const struct mib_data *data, uint32_t if_index,
					    uint32_t minute, uint32_t *ret_if_index,
					    const struct mib_hist_slot **ret_slot);
const struct mib_path_row *mib_data_path_hist(const struct mib_data *data, uint32_t path_index,
					      uint32_t minute);
const struct mib_path_row *mib_data_path_hist_at(const struct mib_data *data, uint32_t path_index,
						 uint32_t minute, uint32_t *ret_path_index);

/* What check must hold for the row to count. */
uint32_t mib_hist_row_check(const struct mib_hist_row *row);
uint32_t mib_path_row_check(const struct mib_path_row *row);
