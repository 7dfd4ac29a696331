/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long an answer of one device takes: smoothed round trip and its variation, as
 * RFC 6298 2 keeps them for TCP. A zeroed struct knows nothing yet. Microseconds.
 */
#pragma once

#include <stdint.h>

enum {
	RTT_TIMEOUT_MIN_US = 200 * 1000, /* under it, a busy device's CPU is taken for loss */
	RTT_TIMEOUT_MAX_US = 2000 * 1000,
	RTT_TIMEOUT_FIRST_US = 1000 * 1000, /* nothing known (RFC 6298 2.1) */
	RTT_PATIENCE_MIN_US = 3 * 1000,
	RTT_PATIENCE_MAX_US = 100 * 1000,
	RTT_PATIENCE_FIRST_US = 20 * 1000,
};

struct rtt_estimate {
	int32_t smooth_us; /* 0: unknown */
	int32_t var_us;
	uint8_t silent; /* transmissions in a row that nothing answered, saturating */
};

/* An answer took sample_us. Samples of retransmitted requests are welcome as long as it
 * is known which transmission was answered (the engine numbers them; Karn's problem is
 * gone). */
void rtt_estimate_add(struct rtt_estimate *rtt, int64_t sample_us);
/* A transmission stayed without answer until its timeout. */
void rtt_estimate_lost(struct rtt_estimate *rtt);

/* How long to wait for the answer before transmission number (0, 1, ...) is repeated;
 * doubles with each (RFC 6298 5.5), RTT_TIMEOUT_MIN_US .. RTT_TIMEOUT_MAX_US. */
int64_t rtt_estimate_timeout_us(const struct rtt_estimate *rtt, unsigned int transmission);

/* How long a transmission may occupy one of the process-wide places for outstanding
 * requests. An answer later than that is still taken, but nobody else waits for it. */
int64_t rtt_estimate_patience_us(const struct rtt_estimate *rtt);
