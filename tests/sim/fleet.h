/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All simulated devices, by address, and the text commands that make and change them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/sim/agent.h"
#include "tests/sim/device.h"

struct fleet {
	struct device *devices; /* ascending by address */
	size_t n;
	struct agent_stats stats;
	uint64_t datagrams, strangers, lost, dead, delayed, send_errors;
};

struct device *fleet_find(const struct fleet *fleet, uint32_t addr);
/*
 * "ADDRESSES key=value...": makes the devices that do not exist, sets what device.h
 * lists. ADDRESSES: A, A-B or A/LENGTH. '#' starts a comment. Returns 0, or -1 with the
 * reason in error (nothing is then half set beyond the word that was wrong).
 */
int fleet_line(struct fleet *fleet, const char *line, int64_t now_us, char *error, size_t size);
/* Every line of a file; reasons go to standard error with their line numbers. */
int fleet_load(struct fleet *fleet, const char *path, int64_t now_us);
/*
 * A command of the control socket; its reply goes to ret.
 *	set ADDRESSES key=value...	"ok", as fleet_line
 *	octets ADDRESS IFINDEX in|out [US]	what that counter is, or was, exactly
 *	now				microseconds since the simulator began
 *	stats				key=value...
 */
void fleet_command(struct fleet *fleet, const char *command, int64_t now_us, char *ret,
		   size_t size);
void fleet_deinit(struct fleet *fleet);
