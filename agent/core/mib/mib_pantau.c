/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PANTAU-MIB's objects: which field of which row each column shows. The numbers of the
 * columns come from the MIB itself (mibs/PANTAU-MIB.txt.in) by way of pantau_mib.h.
 */
#include <string.h>

#include "agent/core/mib/mib_data.h"
#include "agent/core/mib/mib_table.h"
#include "pantau_mib.h"

/* The rows' enumerations are the MIB's: first and last number of each. */
_Static_assert(CLOCK_UNKNOWN == (int)PANTAU_CLOCK_STATE_UNKNOWN &&
		       CLOCK_SYNCHRONISED == (int)PANTAU_CLOCK_STATE_SYNCHRONISED,
	       "clock state");
_Static_assert(LINK_ROLE_OTHER == (int)PANTAU_LINK_ROLE_OTHER &&
		       LINK_ROLE_HOTSPOT == (int)PANTAU_LINK_ROLE_HOTSPOT,
	       "role");
_Static_assert(LINK_MEDIUM_OTHER == (int)PANTAU_LINK_MEDIUM_OTHER &&
		       LINK_MEDIUM_CELLULAR == (int)PANTAU_LINK_MEDIUM_CELLULAR,
	       "medium");
_Static_assert(LINK_OPER_UP == (int)PANTAU_LINK_STATE_UP &&
		       LINK_OPER_LOWER_LAYER_DOWN == (int)PANTAU_LINK_STATE_LOWER_LAYER_DOWN,
	       "state");
_Static_assert(LINK_ADMIN_DOWN == (int)PANTAU_LINK_ADMIN_STATE_DOWN, "admin state");
_Static_assert(LINK_DUPLEX_UNKNOWN == (int)PANTAU_LINK_DUPLEX_UNKNOWN &&
		       LINK_DUPLEX_FULL == (int)PANTAU_LINK_DUPLEX_FULL,
	       "duplex");
_Static_assert(PATH_UNKNOWN == (int)PANTAU_PATH_STATE_UNKNOWN &&
		       PATH_DOWN == (int)PANTAU_PATH_STATE_DOWN,
	       "path state");
_Static_assert(EVENT_AGENT_START == (int)PANTAU_EVENT_TYPE_AGENT_START &&
		       EVENT_TYPE_MAX == (int)PANTAU_EVENT_TYPE_EVENTS_DROPPED,
	       "event type");

const snmp_oid_t MIB_PANTAU_ROOT[] = {PANTAU_OID_ROOT};
const size_t MIB_PANTAU_ROOT_LEN = ARRAY_LEN(MIB_PANTAU_ROOT);

static void get_agent_monotonic(const struct mib_view *view, const struct mib_row *row,
				struct snmp_varbind *ret)
{
	(void)row;
	ret->v.u = (uint64_t)view->world.now_us;
}

static void get_agent_wall(const struct mib_view *view, const struct mib_row *row,
			   struct snmp_varbind *ret)
{
	(void)row;
	ret->v.u = (uint64_t)view->world.wall_ms;
}

static const struct mib_column AGENT_COLUMNS[] = {
	MIB_FIELD(1, OCTETS, struct mib_agent, version),
	MIB_FIELD(2, OCTETS, struct mib_agent, site_id),
	MIB_FIELD(3, OCTETS, struct mib_agent, site_name),
	MIB_FIELD(4, COUNTER64, struct mib_agent, boot_time_ms),
	MIB_FIELD(5, INTEGER, struct mib_agent, clock_state),
	MIB_FIELD(6, GAUGE32, struct mib_agent, sample_interval_ms),
	MIB_FIELD(7, GAUGE32, struct mib_agent, last_event_number),
	MIB_FIELD(8, COUNTER32, struct mib_agent, events_dropped),
	MIB_GETTER(9, TIMETICKS, mib_get_table_change),
	MIB_GETTER(10, COUNTER64, get_agent_monotonic),
	MIB_GETTER(11, COUNTER64, get_agent_wall),
	MIB_FIELD(12, GAUGE32, struct mib_agent, epoch_id),
	MIB_FIELD(13, GAUGE32, struct mib_agent, links_max),
	MIB_FIELD(14, GAUGE32, struct mib_agent, links_left_out),
};

static const struct mib_column LINK_COLUMNS[] = {
	MIB_FIELD(PANTAU_COL_LINK_NAME, OCTETS, struct mib_link, name),
	MIB_FIELD(PANTAU_COL_LINK_ROLE, INTEGER, struct mib_link, role),
	MIB_FIELD(PANTAU_COL_LINK_MEDIUM, INTEGER, struct mib_link, medium),
	MIB_FIELD(PANTAU_COL_LINK_CAPACITY_KBPS, GAUGE32, struct mib_link, capacity_kbps),
	MIB_FIELD(PANTAU_COL_LINK_STATE, INTEGER, struct mib_link, oper),
	MIB_FIELD(PANTAU_COL_LINK_ADMIN_STATE, INTEGER, struct mib_link, admin),
	MIB_FIELD(PANTAU_COL_LINK_STATE_SINCE_MS, COUNTER64, struct mib_link, state_since_ms),
	MIB_FIELD(PANTAU_COL_LINK_FLAPS, COUNTER32, struct mib_link, flaps),
	MIB_FIELD(PANTAU_COL_LINK_SAMPLE_TIME_US, COUNTER64, struct mib_link, sample_us),
	MIB_FIELD(PANTAU_COL_LINK_DISCONTINUITY_US, COUNTER64, struct mib_link, discontinuity_us),
	MIB_FIELD(PANTAU_COL_LINK_IN_OCTETS, COUNTER64, struct mib_link, counters.in_octets),
	MIB_FIELD(PANTAU_COL_LINK_OUT_OCTETS, COUNTER64, struct mib_link, counters.out_octets),
	MIB_FIELD(PANTAU_COL_LINK_IN_PACKETS, COUNTER64, struct mib_link, counters.in_packets),
	MIB_FIELD(PANTAU_COL_LINK_OUT_PACKETS, COUNTER64, struct mib_link, counters.out_packets),
	MIB_FIELD(PANTAU_COL_LINK_IN_ERRORS, COUNTER64, struct mib_link, counters.in_errors),
	MIB_FIELD(PANTAU_COL_LINK_OUT_ERRORS, COUNTER64, struct mib_link, counters.out_errors),
	MIB_FIELD(PANTAU_COL_LINK_IN_DISCARDS, COUNTER64, struct mib_link, counters.in_discards),
	MIB_FIELD(PANTAU_COL_LINK_OUT_DISCARDS, COUNTER64, struct mib_link, counters.out_discards),
	MIB_FIELD(PANTAU_COL_LINK_IN_RATE_BPS, COUNTER64, struct mib_link, in_rate_bps),
	MIB_FIELD(PANTAU_COL_LINK_OUT_RATE_BPS, COUNTER64, struct mib_link, out_rate_bps),
	MIB_FIELD(PANTAU_COL_LINK_IN_MEAN_BPS, COUNTER64, struct mib_link, in_mean_bps),
	MIB_FIELD(PANTAU_COL_LINK_OUT_MEAN_BPS, COUNTER64, struct mib_link, out_mean_bps),
	MIB_FIELD(PANTAU_COL_LINK_IN_PEAK_BPS, COUNTER64, struct mib_link, in_peak_bps),
	MIB_FIELD(PANTAU_COL_LINK_OUT_PEAK_BPS, COUNTER64, struct mib_link, out_peak_bps),
	MIB_FIELD(PANTAU_COL_LINK_IN_P95_BPS, COUNTER64, struct mib_link, in_p95_bps),
	MIB_FIELD(PANTAU_COL_LINK_OUT_P95_BPS, COUNTER64, struct mib_link, out_p95_bps),
	MIB_FIELD(PANTAU_COL_LINK_IN_UTIL_PERMILLE, GAUGE32, struct mib_link, in_util_permille),
	MIB_FIELD(PANTAU_COL_LINK_OUT_UTIL_PERMILLE, GAUGE32, struct mib_link, out_util_permille),
	MIB_FIELD(PANTAU_COL_LINK_SPEED_KBPS, GAUGE32, struct mib_link, speed_kbps),
	MIB_FIELD(PANTAU_COL_LINK_DUPLEX, INTEGER, struct mib_link, duplex),
	MIB_FIELD(PANTAU_COL_LINK_ALIAS, OCTETS, struct mib_link, alias),
};

static void get_wifi_ssid(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	const struct mib_wifi *wifi = row->fields;
	size_t len = wifi->ssid_len;

	(void)view;
	ret->v.octets.p = wifi->ssid;
	ret->v.octets.len = len <= sizeof(wifi->ssid) ? len : sizeof(wifi->ssid);
}

static const struct mib_column WIFI_COLUMNS[] = {
	MIB_GETTER(PANTAU_COL_WIFI_SSID, OCTETS, get_wifi_ssid),
	MIB_FIELD(PANTAU_COL_WIFI_CHANNEL_MHZ, GAUGE32, struct mib_wifi, channel_mhz),
	MIB_FIELD(PANTAU_COL_WIFI_WIDTH_MHZ, GAUGE32, struct mib_wifi, width_mhz),
	MIB_FIELD(PANTAU_COL_WIFI_STATIONS, GAUGE32, struct mib_wifi, stations),
	MIB_FIELD(PANTAU_COL_WIFI_SIGNAL_DBM, INTEGER, struct mib_wifi, signal_dbm),
	MIB_FIELD(PANTAU_COL_WIFI_NOISE_DBM, INTEGER, struct mib_wifi, noise_dbm),
	MIB_FIELD(PANTAU_COL_WIFI_TX_POWER_DBM, INTEGER, struct mib_wifi, txpower_dbm),
};

static const struct mib_column PATH_COLUMNS[] = {
	MIB_FIELD(PANTAU_COL_PATH_NAME, OCTETS, struct mib_path, name),
	MIB_FIELD(PANTAU_COL_PATH_ADDRESS, OCTETS, struct mib_path, address),
	MIB_FIELD(PANTAU_COL_PATH_STATE, INTEGER, struct mib_path, state),
	MIB_FIELD(PANTAU_COL_PATH_STATE_SINCE_MS, COUNTER64, struct mib_path, state_since_ms),
	MIB_FIELD(PANTAU_COL_PATH_SENT, GAUGE32, struct mib_path, sent),
	MIB_FIELD(PANTAU_COL_PATH_LOST, GAUGE32, struct mib_path, lost),
	MIB_FIELD(PANTAU_COL_PATH_RTT_MIN_US, GAUGE32, struct mib_path, rtt_min_us),
	MIB_FIELD(PANTAU_COL_PATH_RTT_MEAN_US, GAUGE32, struct mib_path, rtt_mean_us),
	MIB_FIELD(PANTAU_COL_PATH_RTT_MAX_US, GAUGE32, struct mib_path, rtt_max_us),
	MIB_FIELD(PANTAU_COL_PATH_JITTER_US, GAUGE32, struct mib_path, jitter_us),
	MIB_FIELD(PANTAU_COL_PATH_LOSS_PERMILLE, GAUGE32, struct mib_path, loss_permille),
};

static void get_hist_name(const struct mib_view *view, const struct mib_row *row,
			  struct snmp_varbind *ret)
{
	const struct mib_hist_slot *slot = row->extra;

	(void)view;
	ret->v.octets.p = (const uint8_t *)slot->name;
	ret->v.octets.len = strnlen(slot->name, sizeof(slot->name));
}

static const struct mib_column LINK_HIST_COLUMNS[] = {
	MIB_FIELD(PANTAU_COL_LINK_HIST_SAMPLE_MONO_US, COUNTER64, struct mib_hist_row, sample_us),
	MIB_FIELD(PANTAU_COL_LINK_HIST_IN_OCTETS, COUNTER64, struct mib_hist_row, in_octets),
	MIB_FIELD(PANTAU_COL_LINK_HIST_OUT_OCTETS, COUNTER64, struct mib_hist_row, out_octets),
	MIB_FIELD(PANTAU_COL_LINK_HIST_IN_PEAK_BPS, COUNTER64, struct mib_hist_row, in_peak_bps),
	MIB_FIELD(PANTAU_COL_LINK_HIST_OUT_PEAK_BPS, COUNTER64, struct mib_hist_row, out_peak_bps),
	MIB_FIELD(PANTAU_COL_LINK_HIST_UP_MS, GAUGE32, struct mib_hist_row, up_ms),
	MIB_FIELD(PANTAU_COL_LINK_HIST_IN_ERRORS, COUNTER64, struct mib_hist_row, in_errors),
	MIB_FIELD(PANTAU_COL_LINK_HIST_OUT_ERRORS, COUNTER64, struct mib_hist_row, out_errors),
	MIB_FIELD(PANTAU_COL_LINK_HIST_IN_DISCARDS, COUNTER64, struct mib_hist_row, in_discards),
	MIB_FIELD(PANTAU_COL_LINK_HIST_OUT_DISCARDS, COUNTER64, struct mib_hist_row, out_discards),
	MIB_FIELD(PANTAU_COL_LINK_HIST_EPOCH_ID, GAUGE32, struct mib_hist_row, epoch_id),
	MIB_FIELD(PANTAU_COL_LINK_HIST_CLOCK_STATE, INTEGER, struct mib_hist_row, clock_state),
	MIB_FIELD(PANTAU_COL_LINK_HIST_FLAPS, GAUGE32, struct mib_hist_row, flaps),
	MIB_GETTER(PANTAU_COL_LINK_HIST_NAME, OCTETS, get_hist_name),
};

static const struct mib_column PATH_HIST_COLUMNS[] = {
	MIB_FIELD(PANTAU_COL_PATH_HIST_SENT, GAUGE32, struct mib_path_row, sent),
	MIB_FIELD(PANTAU_COL_PATH_HIST_LOST, GAUGE32, struct mib_path_row, lost),
	MIB_FIELD(PANTAU_COL_PATH_HIST_RTT_MIN_US, GAUGE32, struct mib_path_row, rtt_min_us),
	MIB_FIELD(PANTAU_COL_PATH_HIST_RTT_MEAN_US, GAUGE32, struct mib_path_row, rtt_mean_us),
	MIB_FIELD(PANTAU_COL_PATH_HIST_RTT_MAX_US, GAUGE32, struct mib_path_row, rtt_max_us),
	MIB_FIELD(PANTAU_COL_PATH_HIST_JITTER_US, GAUGE32, struct mib_path_row, jitter_us),
	MIB_FIELD(PANTAU_COL_PATH_HIST_STATE, INTEGER, struct mib_path_row, state),
	MIB_FIELD(PANTAU_COL_PATH_HIST_EPOCH_ID, GAUGE32, struct mib_path_row, epoch_id),
	MIB_FIELD(PANTAU_COL_PATH_HIST_CLOCK_STATE, INTEGER, struct mib_path_row, clock_state),
};

static const struct mib_column EVENT_COLUMNS[] = {
	MIB_FIELD(PANTAU_COL_EVENT_TIME_MS, COUNTER64, struct mib_event, time_ms),
	MIB_FIELD(PANTAU_COL_EVENT_MONOTONIC_US, COUNTER64, struct mib_event, monotonic_us),
	MIB_FIELD(PANTAU_COL_EVENT_CLOCK_STATE, INTEGER, struct mib_event, clock_state),
	MIB_FIELD(PANTAU_COL_EVENT_TYPE, INTEGER, struct mib_event, type),
	MIB_FIELD(PANTAU_COL_EVENT_IF_INDEX, INTEGER, struct mib_event, if_index),
	MIB_FIELD(PANTAU_COL_EVENT_IF_NAME, OCTETS, struct mib_event, if_name),
	MIB_FIELD(PANTAU_COL_EVENT_ROLE, INTEGER, struct mib_event, role),
	MIB_FIELD(PANTAU_COL_EVENT_PATH_INDEX, GAUGE32, struct mib_event, path_index),
	MIB_FIELD(PANTAU_COL_EVENT_VALUE, GAUGE32, struct mib_event, value),
	MIB_FIELD(PANTAU_COL_EVENT_TEXT, OCTETS, struct mib_event, text),
	MIB_FIELD(PANTAU_COL_EVENT_EPOCH_ID, GAUGE32, struct mib_event, epoch_id),
};

static bool agent_at(const struct mib_view *view, const struct mib_index *index,
		     struct mib_row *ret)
{
	return mib_scalar_at(index, &view->data->head->agent, ret);
}

static bool wifi_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	const struct mib_wifi *wifi;
	uint32_t start, at;

	if (!mib_index_start(index, 1, &start))
		return false;
	at = mib_data_wifi_at(view->data, start);
	if (at >= mib_data_n_wifi(view->data))
		return false;
	wifi = &view->data->wifi[at];
	return mib_row_set(ret, wifi, 1, &wifi->if_index);
}

/* At most MIB_PATHS_MAX rows: no search needed. */
static bool path_at(const struct mib_view *view, const struct mib_index *index, struct mib_row *ret)
{
	const struct mib_path *paths = view->data->paths;
	uint32_t start, i, n = mib_data_n_paths(view->data);

	if (!mib_index_start(index, 1, &start))
		return false;
	for (i = 0; i < n; i++) {
		if (paths[i].index >= start)
			return mib_row_set(ret, &paths[i], 1, &paths[i].index);
	}
	return false;
}

static bool link_hist_at(const struct mib_view *view, const struct mib_index *index,
			 struct mib_row *ret)
{
	const struct mib_hist_slot *slot = NULL;
	const struct mib_hist_row *row;
	uint32_t start[2], found[2];

	if (!mib_index_start(index, 2, start))
		return false;
	row = mib_data_hist_at(view->data, start[0], start[1], &found[0], &slot);
	if (!row)
		return false;
	found[1] = row->minute;
	if (!mib_row_set(ret, row, 2, found))
		return false;
	ret->extra = slot;
	return true;
}

static bool path_hist_at(const struct mib_view *view, const struct mib_index *index,
			 struct mib_row *ret)
{
	const struct mib_path_row *row;
	uint32_t start[2], found[2];

	if (!mib_index_start(index, 2, start))
		return false;
	row = mib_data_path_hist_at(view->data, start[0], start[1], &found[0]);
	if (!row)
		return false;
	found[1] = row->minute;
	return mib_row_set(ret, row, 2, found);
}

static bool event_at(const struct mib_view *view, const struct mib_index *index,
		     struct mib_row *ret)
{
	const struct mib_event *event;
	uint32_t start;

	if (!mib_index_start(index, 1, &start))
		return false;
	event = mib_data_event_at(view->data, start);
	return event && mib_row_set(ret, event, 1, &event->number);
}

static const snmp_oid_t OID_AGENT[] = {PANTAU_OID_AGENT};
static const snmp_oid_t OID_LINK_ENTRY[] = {PANTAU_OID_LINK_ENTRY};
static const snmp_oid_t OID_WIFI_ENTRY[] = {PANTAU_OID_WIFI_ENTRY};
static const snmp_oid_t OID_PATH_ENTRY[] = {PANTAU_OID_PATH_ENTRY};
static const snmp_oid_t OID_LINK_HIST_ENTRY[] = {PANTAU_OID_LINK_HIST_ENTRY};
static const snmp_oid_t OID_PATH_HIST_ENTRY[] = {PANTAU_OID_PATH_HIST_ENTRY};
static const snmp_oid_t OID_EVENT_ENTRY[] = {PANTAU_OID_EVENT_ENTRY};

const struct mib_table MIB_TABLE_AGENT = MIB_TABLE(OID_AGENT, AGENT_COLUMNS, agent_at);
const struct mib_table MIB_TABLE_LINK = MIB_TABLE(OID_LINK_ENTRY, LINK_COLUMNS, mib_link_at);
const struct mib_table MIB_TABLE_WIFI = MIB_TABLE(OID_WIFI_ENTRY, WIFI_COLUMNS, wifi_at);
const struct mib_table MIB_TABLE_PATH = MIB_TABLE(OID_PATH_ENTRY, PATH_COLUMNS, path_at);
const struct mib_table MIB_TABLE_LINK_HIST =
	MIB_TABLE(OID_LINK_HIST_ENTRY, LINK_HIST_COLUMNS, link_hist_at);
const struct mib_table MIB_TABLE_PATH_HIST =
	MIB_TABLE(OID_PATH_HIST_ENTRY, PATH_HIST_COLUMNS, path_hist_at);
const struct mib_table MIB_TABLE_EVENT = MIB_TABLE(OID_EVENT_ENTRY, EVENT_COLUMNS, event_at);
