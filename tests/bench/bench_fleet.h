/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fleet_sim for a benchmark: devices at bench_device() addresses, SNMPv2c "public" and
 * the user of BENCH_V3, four interfaces of flat traffic each. It is another process:
 * what it costs is not counted.
 */
#pragma once

#include "bench_responder.h"

/* Starts the process and waits until it answers; bench_responder_stop() ends it. lines:
 * more of its device lines (tests/sim/device.h), up to a NULL. control: path of its control
 * socket, or NULL. Exits if it cannot. */
void bench_fleet_start(struct bench_responder *ret, unsigned int devices, const char *control,
		       const char *const *lines);
/* "127.1.0.1-127.1.1.15": devices first to last as a device line begins. */
const char *bench_fleet_range(unsigned int first, unsigned int last, char *buf, size_t size);
