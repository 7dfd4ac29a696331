/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A port of a simulated device: what passes through it, what its counters show of that, and
 * what it said when it was asked, which is the truth of a sample.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/simulation/city/flow.h"

enum port_counter {
	PORT_IN_OCTETS,
	PORT_OUT_OCTETS,
	PORT_IN_ERRORS,
	PORT_OUT_ERRORS,
	PORT_IN_DISCARDS,
	PORT_OUT_DISCARDS,
	PORT_COUNTERS
};

enum { PORT_TEXT = 40 };

/* At that time the device said how much had passed at as_of_us. */
struct port_reading {
	int64_t at_us, as_of_us;
	uint64_t total[PORT_COUNTERS];
	uint64_t count[PORT_COUNTERS]; /* what it said, before that was cut to 32 bit */
};

struct port {
	uint32_t index; /* ifIndex of now */
	bool present;
	char name[PORT_TEXT], descr[PORT_TEXT], alias[PORT_TEXT];
	uint8_t mac[6];
	uint32_t type;
	uint64_t speed_bps;  /* as it is */
	uint64_t stated_bps; /* as it says */
	bool down;
	int64_t changed_us;

	struct flow flow[PORT_COUNTERS];
	uint64_t shown[PORT_COUNTERS]; /* what the counters showed ... */
	int64_t since_us;	       /* ... then: at the boot or the last clear */
	uint64_t since_total[PORT_COUNTERS];
	int64_t low_until_us; /* a glitch: the next reading until then is too low */
	uint64_t low_by;

	struct port_reading *readings; /* a ring */
	uint64_t n_readings, room;
};

/* What a 64-bit counter shows at that time. */
uint64_t port_counter(const struct port *port, enum port_counter counter, int64_t as_of_us);
/* All counters begin anew at these values (NULL: 0). */
void port_clear(struct port *port, const uint64_t shown[PORT_COUNTERS], int64_t now_us);
void port_set_down(struct port *port, bool down, int64_t now_us);
void port_deinit(struct port *port);
/* It was asked for counters. */
void port_said(struct port *port, int64_t now_us, int64_t as_of_us);
/* The n-th last reading; NULL: not so many, or forgotten. */
const struct port_reading *port_reading(const struct port *port, uint64_t n);
