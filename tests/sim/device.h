/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One simulated device: what it is, how it behaves, what goes wrong with it. Set by
 * "key=value" words from the fleet's file or the control socket:
 *
 *	profile=if-mib|if-mib-32|routeros|unifi|aruba|airmax|record:FILE
 *	name=TEXT		sysName; with '%' the last octet of the address, "hs-%"
 *	community=TEXT		v1 and v2c; none: not answered
 *	user=NAME:AUTH:AUTHPASS:AES:PRIVPASS
 *				v3 (AUTH: MD5 SHA SHA224 SHA256 SHA384 SHA512)
 *	interfaces=N		1 to 1000
 *	rate=OCTETS_PER_S	of the first interface, inwards
 *	shape=flat|daily|burst
 *	counter=N		where counters start
 *	state=alive|dead
 *	delay=MS  jitter=MS	before an answer: at least, and up to so much more
 *	loss=PERCENT		of answers
 *	bulk=ok|hang|error	answers GETBULK, never does, or with genErr
 *	max-varbinds=N		tooBig beyond (0: no limit); an empty list, as RouterOS sends it
 *	max-size=OCTETS		of an answer, 484 to 2000
 *	types=right|wrong	wrong: counters as INTEGER
 *	link=up|down		ifOperStatus of the first interface
 *	clients=N		on the Wi-Fi, on average
 *	renumber=N		added to every ifIndex from now on
 *	uptime=SECONDS		as if booted so long ago, counters kept
 *	reboot=now|SECONDS	boots now, or so many seconds from now
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/ber.h"
#include "tests/sim/shape.h"

struct record;
struct usm_user;
struct usm_keys;

enum profile {
	PROFILE_IF_MIB,
	PROFILE_IF_MIB_32,
	PROFILE_ROUTEROS,
	PROFILE_UNIFI,
	PROFILE_ARUBA,
	PROFILE_AIRMAX,
	PROFILE_RECORD,
};

enum bulk { BULK_OK, BULK_HANG, BULK_ERROR };

struct device {
	uint32_t addr; /* host order */
	uint8_t profile, shape, bulk;
	bool dead, wrong_types, link_down;
	uint32_t interfaces, clients, loss_percent, delay_ms, jitter_ms;
	uint32_t max_varbinds, max_size, renumber, boots;
	uint64_t rate, counter_start;
	int64_t boot_us, reboot_us;   /* reboot_us 0: none planned */
	int64_t shift_us, changed_us; /* counters began then; ifTable last changed then */
	const char *name, *community; /* interned */
	const struct record *record;  /* PROFILE_RECORD */
	const struct usm_user *user;
	struct usm_keys *keys; /* localised, made at first use */
};

void device_init(struct device *device, uint32_t addr);
/* Returns NULL, or what is wrong with the word. */
const char *device_set(struct device *device, const char *word, int64_t now_us);
/* Does what is due: a planned reboot. */
void device_advance(struct device *device, int64_t now_us);
uint32_t device_uptime_ticks(const struct device *device, int64_t now_us);
/* Octets through interface n (from 0), at that time; exact. */
uint64_t device_octets(const struct device *device, unsigned int n, bool out, int64_t now_us);
