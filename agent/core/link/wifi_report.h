/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says of one radio interface, station, channel or network: what the netlink
 * codec gives and the table of radios takes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { WIFI_SSID_MAX = 32 };

enum wifi_report_kind {
	WIFI_REPORT_OTHER, /* none of these */
	WIFI_REPORT_INTERFACE,
	WIFI_REPORT_STATION,
	WIFI_REPORT_SURVEY,
	WIFI_REPORT_SCAN_RESULT,
};

struct wifi_report {
	enum wifi_report_kind kind;
	uint32_t if_index;
	/* INTERFACE, SCAN_RESULT */
	uint8_t ssid[WIFI_SSID_MAX], ssid_len; /* 0 unknown, or hidden */
	/* INTERFACE */
	bool serves;		      /* an access point, or part of a mesh */
	bool joins;		      /* a station of another's network */
	uint32_t freq_mhz, width_mhz; /* 0 unknown */
	bool has_power;
	int32_t power_dbm;
	/* STATION */
	bool has_signal;
	int32_t signal_dbm; /* averaged where the driver does */
	/* SURVEY: of one channel */
	bool in_use, has_noise;
	int32_t noise_dbm;
	/* SCAN_RESULT: of one network */
	bool joined; /* the one that the interface is in */
};
