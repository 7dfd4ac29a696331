/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The objects of all device profiles in one table in OID order; which of them a device
 * has is a bit in each row. Values are made when asked for: nothing is stored per device.
 * Source: RFC 3418, RFC 2863, RFC 2790; vendor tables as their MIBs and recordings of
 * real devices have them.
 */
#include "tests/sim/mib.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/sim/record.h"

#define BIT(profile)   (1u << (profile))
#define ALL	       (BIT(PROFILE_RECORD) - 1)
#define HAS_IFX	       (ALL & ~BIT(PROFILE_IF_MIB_32))
#define ROUTEROS       BIT(PROFILE_ROUTEROS)
#define UNIFI	       BIT(PROFILE_UNIFI)
#define ARUBA	       BIT(PROFILE_ARUBA)
#define AIRMAX	       BIT(PROFILE_AIRMAX)
#define HAS_HR	       (BIT(PROFILE_IF_MIB) | ROUTEROS | UNIFI)
#define OBJECT_OID_MAX 18

/* Rows and indexes. */
enum table {
	SCALAR,
	IF,	    /* ifIndex */
	ONE,	    /* 1 */
	MEMORY,	    /* 65536 on RouterOS, else 1 */
	RADIO,	    /* 1, 2 */
	VAP,	    /* 1 to 4 */
	SSID,	    /* 0, 1 */
	MAC,	    /* MAC address */
	MAC_RADIO,  /* MAC address, radio 0 and 1 */
	STATION_IF, /* MAC address of a client, ifIndex */
};

enum var {
	SYS_DESCR,
	SYS_OBJECT_ID,
	SYS_UPTIME,
	SYS_CONTACT,
	SYS_NAME,
	SYS_LOCATION,
	IF_NUMBER,
	IF_TABLE_LAST_CHANGE,
	IF_INDEX,
	IF_DESCR,
	IF_TYPE,
	IF_MTU,
	IF_SPEED,
	IF_PHYS_ADDRESS,
	IF_ADMIN,
	IF_OPER,
	IF_LAST_CHANGE,
	IF_IN_OCTETS,
	IF_IN_PACKETS,
	IF_ZERO,
	IF_OUT_OCTETS,
	IF_OUT_PACKETS,
	IFX_NAME,
	IFX_IN_OCTETS,
	IFX_IN_PACKETS,
	IFX_ZERO,
	IFX_OUT_OCTETS,
	IFX_OUT_PACKETS,
	IFX_HIGH_SPEED,
	IFX_CONNECTOR,
	IFX_ALIAS,
	IFX_DISCONTINUITY,
	CPU_LOAD,
	STORAGE_TYPE,
	STORAGE_DESCR,
	STORAGE_UNITS,
	STORAGE_SIZE,
	STORAGE_USED,
	CLIENTS,
	RADIO_CLIENTS,
	VAP_CLIENTS,
	SSID_CLIENTS,
	STATION_SIGNAL,
	SSID_NAME,
	RADIO_BAND,
	VAP_BAND,
	CHANNEL,
	FREQUENCY,
	NOISE,
	NOISE_UNSIGNED,
	SIGNAL,
	CCQ,
	PERCENT,
	TX_POWER,
	AIR_RATE,
	TEMPERATURE,
	MODEL,
	VERSION,
	UPTIME_SECONDS,
	AP_STATUS,
	MEMORY_FREE,
	MEMORY_TOTAL,
};

struct object {
	uint32_t oid[OBJECT_OID_MAX]; /* ends with 0, which no object's last
					 sub-identifier is */
	enum table table;
	enum var var;
	unsigned int profiles;
};

#define SYSTEM(n)                                                                                  \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 1, n                                                             \
	}
#define IFT(n)                                                                                     \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 2, 2, 1, n                                                       \
	}
#define HR_CPU(n)                                                                                  \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 25, 3, 3, 1, n                                                   \
	}
#define HR_STORE(n)                                                                                \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 25, 2, 3, 1, n                                                   \
	}
#define IFXT(n)                                                                                    \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 31, 1, 1, 1, n                                                   \
	}
#define ENTERPRISE 1, 3, 6, 1, 4, 1
#define ARUBA_AP   ENTERPRISE, 14823, 2, 3, 3, 1
#define MIKROTIK   ENTERPRISE, 14988, 1, 1
#define UBNT	   ENTERPRISE, 41112, 1

static const struct object OBJECTS[] = {
	{SYSTEM(1), SCALAR, SYS_DESCR, ALL},
	{SYSTEM(2), SCALAR, SYS_OBJECT_ID, ALL},
	{SYSTEM(3), SCALAR, SYS_UPTIME, ALL},
	{SYSTEM(4), SCALAR, SYS_CONTACT, ALL},
	{SYSTEM(5), SCALAR, SYS_NAME, ALL},
	{SYSTEM(6), SCALAR, SYS_LOCATION, ALL},
	{{1, 3, 6, 1, 2, 1, 2, 1}, SCALAR, IF_NUMBER, ALL},
	{IFT(1), IF, IF_INDEX, ALL},
	{IFT(2), IF, IF_DESCR, ALL},
	{IFT(3), IF, IF_TYPE, ALL},
	{IFT(4), IF, IF_MTU, ALL},
	{IFT(5), IF, IF_SPEED, ALL},
	{IFT(6), IF, IF_PHYS_ADDRESS, ALL},
	{IFT(7), IF, IF_ADMIN, ALL},
	{IFT(8), IF, IF_OPER, ALL},
	{IFT(9), IF, IF_LAST_CHANGE, ALL},
	{IFT(10), IF, IF_IN_OCTETS, ALL},
	{IFT(11), IF, IF_IN_PACKETS, ALL},
	{IFT(13), IF, IF_ZERO, ALL},
	{IFT(14), IF, IF_ZERO, ALL},
	{IFT(16), IF, IF_OUT_OCTETS, ALL},
	{IFT(17), IF, IF_OUT_PACKETS, ALL},
	{IFT(19), IF, IF_ZERO, ALL},
	{IFT(20), IF, IF_ZERO, ALL},
	{HR_STORE(2), MEMORY, STORAGE_TYPE, HAS_HR},
	{HR_STORE(3), MEMORY, STORAGE_DESCR, HAS_HR},
	{HR_STORE(4), MEMORY, STORAGE_UNITS, HAS_HR},
	{HR_STORE(5), MEMORY, STORAGE_SIZE, HAS_HR},
	{HR_STORE(6), MEMORY, STORAGE_USED, HAS_HR},
	{HR_CPU(2), ONE, CPU_LOAD, HAS_HR},
	{IFXT(1), IF, IFX_NAME, HAS_IFX},
	{IFXT(2), IF, IFX_ZERO, HAS_IFX},
	{IFXT(3), IF, IFX_ZERO, HAS_IFX},
	{IFXT(4), IF, IFX_ZERO, HAS_IFX},
	{IFXT(5), IF, IFX_ZERO, HAS_IFX},
	{IFXT(6), IF, IFX_IN_OCTETS, HAS_IFX},
	{IFXT(7), IF, IFX_IN_PACKETS, HAS_IFX},
	{IFXT(10), IF, IFX_OUT_OCTETS, HAS_IFX},
	{IFXT(11), IF, IFX_OUT_PACKETS, HAS_IFX},
	{IFXT(15), IF, IFX_HIGH_SPEED, HAS_IFX},
	{IFXT(17), IF, IFX_CONNECTOR, HAS_IFX},
	{IFXT(18), IF, IFX_ALIAS, HAS_IFX},
	{IFXT(19), IF, IFX_DISCONTINUITY, HAS_IFX},
	{{1, 3, 6, 1, 2, 1, 31, 1, 5}, SCALAR, IF_TABLE_LAST_CHANGE, HAS_IFX},
	{{ARUBA_AP, 1, 2}, SCALAR, SYS_NAME, ARUBA},
	{{ARUBA_AP, 1, 4}, SCALAR, VERSION, ARUBA},
	{{ARUBA_AP, 1, 7, 1, 2}, SSID, SSID_NAME, ARUBA},
	{{ARUBA_AP, 1, 7, 1, 4}, SSID, SSID_CLIENTS, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 2}, MAC, SYS_NAME, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 6}, MAC, MODEL, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 7}, MAC, CPU_LOAD, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 8}, MAC, MEMORY_FREE, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 10}, MAC, MEMORY_TOTAL, ARUBA},
	{{ARUBA_AP, 2, 1, 1, 11}, MAC, AP_STATUS, ARUBA},
	{{ARUBA_AP, 2, 2, 1, 4}, MAC_RADIO, CHANNEL, ARUBA},
	{{ARUBA_AP, 2, 2, 1, 6}, MAC_RADIO, NOISE_UNSIGNED, ARUBA},
	{{ARUBA_AP, 2, 2, 1, 8}, MAC_RADIO, PERCENT, ARUBA},
	{{ARUBA_AP, 2, 2, 1, 21}, MAC_RADIO, RADIO_CLIENTS, ARUBA},
	{{MIKROTIK, 1, 2, 1, 3}, STATION_IF, STATION_SIGNAL, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 4}, RADIO, SSID_NAME, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 6}, RADIO, RADIO_CLIENTS, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 7}, RADIO, FREQUENCY, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 9}, RADIO, NOISE, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 10}, RADIO, CCQ, ROUTEROS},
	{{MIKROTIK, 1, 3, 1, 11}, RADIO, RADIO_CLIENTS, ROUTEROS},
	{{MIKROTIK, 1, 4}, SCALAR, CLIENTS, ROUTEROS},
	{{MIKROTIK, 3, 10}, SCALAR, TEMPERATURE, ROUTEROS},
	{{MIKROTIK, 4, 4}, SCALAR, VERSION, ROUTEROS},
	{{UBNT, 4, 1, 1, 4}, ONE, FREQUENCY, AIRMAX},
	{{UBNT, 4, 5, 1, 2}, ONE, SSID_NAME, AIRMAX},
	{{UBNT, 4, 5, 1, 5}, ONE, SIGNAL, AIRMAX},
	{{UBNT, 4, 5, 1, 7}, ONE, CCQ, AIRMAX},
	{{UBNT, 4, 5, 1, 8}, ONE, NOISE, AIRMAX},
	{{UBNT, 4, 5, 1, 9}, ONE, AIR_RATE, AIRMAX},
	{{UBNT, 4, 5, 1, 10}, ONE, AIR_RATE, AIRMAX},
	{{UBNT, 4, 5, 1, 15}, ONE, CLIENTS, AIRMAX},
	{{UBNT, 4, 6, 1, 3}, ONE, PERCENT, AIRMAX},
	{{UBNT, 4, 6, 1, 4}, ONE, PERCENT, AIRMAX},
	{{UBNT, 4, 8, 3}, SCALAR, CPU_LOAD, AIRMAX},
	{{UBNT, 6, 1, 1, 1, 3}, RADIO, RADIO_BAND, UNIFI},
	{{UBNT, 6, 1, 1, 1, 6}, RADIO, PERCENT, UNIFI},
	{{UBNT, 6, 1, 2, 1, 4}, VAP, CHANNEL, UNIFI},
	{{UBNT, 6, 1, 2, 1, 6}, VAP, SSID_NAME, UNIFI},
	{{UBNT, 6, 1, 2, 1, 8}, VAP, VAP_CLIENTS, UNIFI},
	{{UBNT, 6, 1, 2, 1, 9}, VAP, VAP_BAND, UNIFI},
	{{UBNT, 6, 1, 2, 1, 21}, VAP, TX_POWER, UNIFI},
	{{UBNT, 6, 3, 3}, SCALAR, MODEL, UNIFI},
	{{UBNT, 6, 3, 5}, SCALAR, UPTIME_SECONDS, UNIFI},
	{{UBNT, 6, 3, 6}, SCALAR, VERSION, UNIFI},
};

static const struct {
	const char *descr, *model, *version;
	uint32_t object_id[12]; /* ends with 0 */
} VENDORS[] = {
	[PROFILE_IF_MIB] = {"Linux ap 5.15.150 #0 mips",
			    "generic",
			    "5.15",
			    {ENTERPRISE, 8072, 3, 2, 10}},
	[PROFILE_IF_MIB_32] = {"ADSL router, 32-bit counters",
			       "old",
			       "1.0",
			       {ENTERPRISE, 8072, 3, 2, 10}},
	[PROFILE_ROUTEROS] = {"RouterOS RB951Ui-2HnD", "RB951", "6.49.10", {ENTERPRISE, 14988, 1}},
	[PROFILE_UNIFI] = {"UAP-AC-Lite 6.5.28.14491",
			   "UAP-AC-Lite",
			   "6.5.28.14491",
			   {ENTERPRISE, 8072, 3, 2, 10}},
	[PROFILE_ARUBA] = {"ArubaOS (MODEL: 225), Version 8.4.0.0-8.4.0.0",
			   "225",
			   "8.4.0.0-8.4.0.0_68230",
			   {ENTERPRISE, 14823, 1, 2, 59}},
	[PROFILE_AIRMAX] = {"Linux 2.6.32.68 #1 Thu Aug 22 16:38:44 EEST 2019 mips",
			    "NanoStation",
			    "XM.v6.3",
			    {ENTERPRISE, 10002, 1}},
};

static size_t oid_len(const uint32_t *ids)
{
	size_t n = 0;

	while (ids[n] && n < OBJECT_OID_MAX)
		n++;
	return n;
}

/* A wave around the mean over the day, and a little of each minute's chance. */
static unsigned int clients_of(const struct device *device, int64_t now_us)
{
	int64_t minute = now_us / 60000000;
	uint32_t chance = (device->addr ^ (uint32_t)minute * 2654435761U) * 2246822519U;
	double wave = 1 + 0.5 * sin((double)minute / 20 + device->addr % 97);

	return device->clients ? (unsigned int)(device->clients * wave) + (chance >> 30) : 0;
}

static size_t table_rows(const struct device *device, enum table table, int64_t now_us)
{
	switch (table) {
	case IF:
		return device->interfaces;
	case RADIO:
	case SSID:
	case MAC_RADIO:
		return 2;
	case VAP:
		return 4;
	case STATION_IF:
		return clients_of(device, now_us);
	default:
		return 1;
	}
}

static size_t put_mac(const struct device *device, uint32_t last, uint32_t *ids)
{
	ids[0] = 2;
	ids[1] = last;
	for (size_t i = 0; i < 4; i++)
		ids[2 + i] = device->addr >> (24 - 8 * i) & 0xff;
	return 6;
}

/* The index of a row; rows ascend. */
static size_t table_index(const struct device *device, enum table table, size_t row, uint32_t *ids)
{
	size_t n;

	switch (table) {
	case SCALAR:
		ids[0] = 0;
		return 1;
	case IF:
		ids[0] = (uint32_t)row + 1 + device->renumber;
		return 1;
	case MEMORY:
		ids[0] = device->profile == PROFILE_ROUTEROS ? 65536 : 1;
		return 1;
	case SSID:
		ids[0] = (uint32_t)row;
		return 1;
	case MAC:
		return put_mac(device, 0, ids);
	case MAC_RADIO:
		n = put_mac(device, 0, ids);
		ids[n] = (uint32_t)row;
		return n + 1;
	case STATION_IF:
		/* A client each; ascending in the second octet, up to 255 of them. */
		n = put_mac(device, (uint32_t)row & 0xff, ids);
		ids[n] = 2 + device->renumber;
		return n + 1;
	default:
		ids[0] = (uint32_t)row + 1;
		return 1;
	}
}

static void set_text(struct sim_value *ret, const char *text)
{
	ret->type = SIM_OCTETS;
	ret->bytes = text;
	ret->len = strlen(text);
}

static void set_int(struct sim_value *ret, int64_t value)
{
	ret->type = SIM_INTEGER;
	ret->i = value;
}

static void set_unsigned(struct sim_value *ret, uint8_t type, uint64_t value)
{
	ret->type = type;
	ret->u = type == SIM_COUNTER64 ? value : (uint32_t)value;
}

static void set_counter(const struct device *device, uint8_t type, uint64_t value,
			struct sim_value *ret)
{
	if (device->wrong_types)
		set_int(ret, (int64_t)(value & 0x7fffffff));
	else
		set_unsigned(ret, type, value);
}

static void set_name(const struct device *device, struct sim_value *ret)
{
	const char *percent = strchr(device->name, '%');

	if (!percent)
		snprintf(ret->text, sizeof(ret->text), "%s", device->name);
	else
		snprintf(ret->text, sizeof(ret->text), "%.*s%03u%s", (int)(percent - device->name),
			 device->name, device->addr & 0xff, percent + 1);
	set_text(ret, ret->text);
}

static void set_if_name(const struct device *device, size_t row, struct sim_value *ret)
{
	bool routeros = device->profile == PROFILE_ROUTEROS;

	if (row == 1)
		snprintf(ret->text, sizeof(ret->text), routeros ? "wlan1" : "wlan0");
	else
		snprintf(ret->text, sizeof(ret->text), routeros ? "ether%zu" : "eth%zu",
			 (row > 1 ? row - 1 : 0) + routeros);
	set_text(ret, ret->text);
}

static void set_mac(const struct device *device, size_t row, struct sim_value *ret)
{
	uint32_t ids[6];

	put_mac(device, (uint32_t)row & 0xff, ids);
	for (size_t i = 0; i < 6; i++)
		ret->text[i] = (char)ids[i];
	ret->type = SIM_OCTETS;
	ret->bytes = ret->text;
	ret->len = 6;
}

static uint32_t ticks_since_boot(const struct device *device, int64_t at_us)
{
	return at_us > device->boot_us ? (uint32_t)((at_us - device->boot_us) / 10000) : 0;
}

static void system_value(const struct device *device, enum var var, int64_t now_us,
			 struct sim_value *ret)
{
	switch (var) {
	case SYS_DESCR:
		set_text(ret, VENDORS[device->profile].descr);
		break;
	case SYS_OBJECT_ID:
		ret->type = SIM_OID;
		ret->bytes = VENDORS[device->profile].object_id;
		ret->len = oid_len(VENDORS[device->profile].object_id);
		break;
	case SYS_UPTIME:
		set_unsigned(ret, SIM_TIMETICKS, device_uptime_ticks(device, now_us));
		break;
	case SYS_NAME:
		set_name(device, ret);
		break;
	case IF_NUMBER:
		set_int(ret, device->interfaces);
		break;
	case IF_TABLE_LAST_CHANGE:
		set_unsigned(ret, SIM_TIMETICKS, ticks_since_boot(device, device->changed_us));
		break;
	default:
		set_text(ret, var == SYS_CONTACT ? "noc" : "simulated");
		break;
	}
}

static void if_value(const struct device *device, enum var var, size_t row, int64_t now_us,
		     struct sim_value *ret)
{
	unsigned int n = (unsigned int)row;
	bool out = var == IF_OUT_OCTETS || var == IF_OUT_PACKETS;

	switch (var) {
	case IF_INDEX:
		set_int(ret, (int64_t)row + 1 + device->renumber);
		break;
	case IF_DESCR:
		set_if_name(device, row, ret);
		break;
	case IF_TYPE:
		set_int(ret, row == 1 ? 71 : 6);
		break;
	case IF_MTU:
		set_int(ret, 1500);
		break;
	case IF_SPEED:
		set_unsigned(ret, SIM_GAUGE32, row == 1 ? 300000000 : 1000000000);
		break;
	case IF_PHYS_ADDRESS:
		set_mac(device, row, ret);
		break;
	case IF_ADMIN:
		set_int(ret, 1);
		break;
	case IF_OPER:
		set_int(ret, row == 0 && device->link_down ? 2 : 1);
		break;
	case IF_LAST_CHANGE:
		set_unsigned(ret, SIM_TIMETICKS,
			     row == 0 ? ticks_since_boot(device, device->changed_us) : 0);
		break;
	case IF_ZERO:
		set_counter(device, SIM_COUNTER32, 0, ret);
		break;
	case IF_IN_PACKETS:
	case IF_OUT_PACKETS:
		set_counter(device, SIM_COUNTER32, device_octets(device, n, out, now_us) / 800,
			    ret);
		break;
	default:
		set_counter(device, SIM_COUNTER32, device_octets(device, n, out, now_us), ret);
		break;
	}
}

static void ifx_value(const struct device *device, enum var var, size_t row, int64_t now_us,
		      struct sim_value *ret)
{
	unsigned int n = (unsigned int)row;
	bool out = var == IFX_OUT_OCTETS || var == IFX_OUT_PACKETS;

	switch (var) {
	case IFX_NAME:
		set_if_name(device, row, ret);
		break;
	case IFX_ALIAS:
		set_text(ret, row == 0 ? "uplink" : "");
		break;
	case IFX_HIGH_SPEED:
		set_unsigned(ret, SIM_GAUGE32, row == 1 ? 300 : 1000);
		break;
	case IFX_CONNECTOR:
		set_int(ret, row == 1 ? 2 : 1);
		break;
	case IFX_DISCONTINUITY:
		set_unsigned(ret, SIM_TIMETICKS, ticks_since_boot(device, device->shift_us));
		break;
	case IFX_ZERO:
		set_counter(device, SIM_COUNTER32, 0, ret);
		break;
	case IFX_IN_PACKETS:
	case IFX_OUT_PACKETS:
		set_counter(device, SIM_COUNTER64, device_octets(device, n, out, now_us) / 800,
			    ret);
		break;
	default:
		set_counter(device, SIM_COUNTER64, device_octets(device, n, out, now_us), ret);
		break;
	}
}

/* The whole is split over radios, and of each radio's two SSIDs most use the first. */
static unsigned int clients_part(const struct device *device, enum var var, size_t row,
				 int64_t now_us)
{
	unsigned int all = clients_of(device, now_us), first = all / 3;

	switch (var) {
	case RADIO_CLIENTS:
	case SSID_CLIENTS:
		return row == 0 ? first : all - first;
	case VAP_CLIENTS:
		return row == 0 ? first : row == 2 ? all - first : 0;
	default:
		return all;
	}
}

static void wifi_value(const struct device *device, enum var var, size_t row, int64_t now_us,
		       struct sim_value *ret)
{
	static const uint32_t ram[] = {1, 3, 6, 1, 2, 1, 25, 2, 1, 2};

	switch (var) {
	case CLIENTS:
	case RADIO_CLIENTS:
	case VAP_CLIENTS:
	case SSID_CLIENTS:
		/* MikroTik types it as a counter; it is none. */
		set_int(ret, clients_part(device, var, row, now_us));
		if (device->profile != PROFILE_UNIFI)
			set_unsigned(ret,
				     device->profile == PROFILE_ROUTEROS ? SIM_COUNTER32
									 : SIM_GAUGE32,
				     clients_part(device, var, row, now_us));
		break;
	case SSID_NAME:
		set_text(ret, row & 1 ? "staf" : "Mojokerto-Wifi");
		break;
	case RADIO_BAND:
		set_text(ret, row ? "na" : "ng");
		break;
	case VAP_BAND:
		set_text(ret, row > 1 ? "na" : "ng");
		break;
	case MODEL:
		set_text(ret, VENDORS[device->profile].model);
		break;
	case VERSION:
		set_text(ret, VENDORS[device->profile].version);
		break;
	case STORAGE_DESCR:
		set_text(ret,
			 device->profile == PROFILE_ROUTEROS ? "main memory" : "Physical memory");
		break;
	case STORAGE_TYPE:
		ret->type = SIM_OID;
		ret->bytes = ram;
		ret->len = ARRAY_LEN(ram);
		break;
	case UPTIME_SECONDS:
		set_unsigned(ret, SIM_COUNTER64, device_uptime_ticks(device, now_us) / 100);
		break;
	default:
		break;
	}
}

/* What does not move much: signal, noise, load. */
static const struct {
	enum var var;
	uint8_t type;
	int32_t value, sway;
} GAUGES[] = {
	{CPU_LOAD, SIM_INTEGER, 20, 15},
	{STORAGE_UNITS, SIM_INTEGER, 1024, 0},
	{STORAGE_SIZE, SIM_INTEGER, 131072, 0},
	{STORAGE_USED, SIM_INTEGER, 50000, 9000},
	{STATION_SIGNAL, SIM_INTEGER, -64, 9},
	{CHANNEL, SIM_INTEGER, 6, 0},
	{FREQUENCY, SIM_INTEGER, 2437, 0},
	{NOISE, SIM_INTEGER, -94, 3},
	{NOISE_UNSIGNED, SIM_INTEGER, 94, 3},
	{SIGNAL, SIM_INTEGER, -63, 5},
	{CCQ, SIM_INTEGER, 88, 9},
	{PERCENT, SIM_INTEGER, 35, 20},
	{TX_POWER, SIM_INTEGER, 23, 0},
	{AIR_RATE, SIM_INTEGER, 144000000, 0},
	{TEMPERATURE, SIM_INTEGER, 410, 40},
	{AP_STATUS, SIM_INTEGER, 1, 0},
	{MEMORY_FREE, SIM_INTEGER, 349196288, 5000000},
	{MEMORY_TOTAL, SIM_INTEGER, 527101952, 0},
};

static void gauge_value(const struct device *device, enum var var, int64_t now_us,
			struct sim_value *ret)
{
	double wave = sin((double)now_us / 3e8 + device->addr % 89);

	for (size_t i = 0; i < ARRAY_LEN(GAUGES); i++)
		if (GAUGES[i].var == var)
			set_int(ret, GAUGES[i].value + (int32_t)(GAUGES[i].sway * wave));
}

static void object_value(const struct device *device, const struct object *object, size_t row,
			 int64_t now_us, struct sim_value *ret)
{
	ret->type = SIM_NULL;
	if (object->var <= IF_TABLE_LAST_CHANGE)
		system_value(device, object->var, now_us, ret);
	else if (object->var <= IF_OUT_PACKETS)
		if_value(device, object->var, row, now_us, ret);
	else if (object->var <= IFX_DISCONTINUITY)
		ifx_value(device, object->var, row, now_us, ret);
	else
		wifi_value(device, object->var, row, now_us, ret);
	if (ret->type == SIM_NULL)
		gauge_value(device, object->var, now_us, ret);
}

/* The lengths of all OIDs, counted once. */
static const size_t *object_lens(void)
{
	static size_t lens[ARRAY_LEN(OBJECTS)];

	for (size_t i = 0; lens[ARRAY_LEN(OBJECTS) - 1] == 0 && i < ARRAY_LEN(OBJECTS); i++)
		lens[i] = oid_len(OBJECTS[i].oid);
	return lens;
}

static size_t len_of(const struct object *object)
{
	return object_lens()[object - OBJECTS];
}

static bool has(const struct device *device, const struct object *object)
{
	return object->profiles & BIT(device->profile);
}

/* The first object whose OID comes after name. */
static size_t object_after(const struct oid *name)
{
	const size_t *lens = object_lens();
	size_t low = 0, high = ARRAY_LEN(OBJECTS);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (oid_compare(OBJECTS[middle].oid, lens[middle], name->ids, name->len) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The object that name is an instance of (or is itself), if this device has it. */
static const struct object *object_of(const struct device *device, size_t after,
				      const struct oid *name)
{
	const struct object *object = after > 0 ? &OBJECTS[after - 1] : NULL;
	size_t n = object ? len_of(object) : 0;

	if (!object || !has(device, object) || name->len < n ||
	    memcmp(object->oid, name->ids, n * sizeof(uint32_t)) != 0)
		return NULL;
	return object;
}

/* The first row whose index is at or after (after only) what follows the object in name.
 */
static size_t find_row(const struct device *device, const struct object *object,
		       const struct oid *name, bool after, int64_t now_us)
{
	size_t n = len_of(object), low = 0, high = table_rows(device, object->table, now_us);

	while (low < high) {
		size_t middle = (low + high) / 2;
		uint32_t ids[8];
		size_t len = table_index(device, object->table, middle, ids);
		int order = oid_compare(ids, len, name->ids + n, name->len - n);

		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void set_instance(const struct device *device, const struct object *object, size_t row,
			 struct oid *name)
{
	size_t n = len_of(object);

	memcpy(name->ids, object->oid, n * sizeof(uint32_t));
	name->len = n + table_index(device, object->table, row, name->ids + n);
}

/* A recording stands still, but for its uptime. */
static void record_value(const struct device *device, const struct record_row *row, int64_t now_us,
			 struct sim_value *ret)
{
	static const uint32_t uptime[] = {1, 3, 6, 1, 2, 1, 1, 3, 0};

	*ret = row->value;
	if (oid_compare(row->ids, row->n_ids, uptime, ARRAY_LEN(uptime)) == 0)
		ret->u = device_uptime_ticks(device, now_us);
}

void mib_get(const struct device *device, int64_t now_us, const struct oid *name,
	     struct sim_value *ret)
{
	const struct object *object;
	struct oid found;
	size_t row;

	ret->type = SIM_NO_SUCH_OBJECT;
	if (device->profile == PROFILE_RECORD) {
		const struct record_row *recorded = record_find(device->record, name, false);

		if (recorded &&
		    oid_compare(recorded->ids, recorded->n_ids, name->ids, name->len) == 0)
			record_value(device, recorded, now_us, ret);
		else if (recorded)
			ret->type = SIM_NO_SUCH_INSTANCE;
		return;
	}
	object = object_of(device, object_after(name), name);
	if (!object)
		return;
	ret->type = SIM_NO_SUCH_INSTANCE;
	row = find_row(device, object, name, false, now_us);
	if (row >= table_rows(device, object->table, now_us))
		return;
	set_instance(device, object, row, &found);
	if (oid_compare(found.ids, found.len, name->ids, name->len) == 0)
		object_value(device, object, row, now_us, ret);
}

static bool record_next(const struct device *device, int64_t now_us, struct oid *name,
			struct sim_value *ret)
{
	const struct record_row *row = record_find(device->record, name, true);

	if (!row)
		return false;
	memcpy(name->ids, row->ids, row->n_ids * sizeof(uint32_t));
	name->len = row->n_ids;
	record_value(device, row, now_us, ret);
	return true;
}

bool mib_next(const struct device *device, int64_t now_us, struct oid *name, struct sim_value *ret)
{
	size_t after, row = 0;
	const struct object *object;

	if (device->profile == PROFILE_RECORD)
		return record_next(device, now_us, name, ret);
	after = object_after(name);
	object = object_of(device, after, name);
	if (object)
		row = find_row(device, object, name, true, now_us);
	while (!object || row >= table_rows(device, object->table, now_us)) {
		while (after < ARRAY_LEN(OBJECTS) && !has(device, &OBJECTS[after]))
			after++;
		if (after == ARRAY_LEN(OBJECTS))
			return false;
		object = &OBJECTS[after++];
		row = 0;
	}
	set_instance(device, object, row, name);
	object_value(device, object, row, now_us, ret);
	return true;
}
