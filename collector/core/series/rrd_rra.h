/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Round-robin archives as the configuration writes them: "CF:XFF:ROW:KEEP", as in
 * "AVERAGE:0.5:5m:100d": one value for every 5 minutes, kept for 100 days.
 * Durations are whole numbers with s, m, h, d, w or y (365 days).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { RRD_RRA_MAX = 24, RRD_RRA_TEXT_MAX = 64 };

struct rrd_rra {
	char cf[8]; /* AVERAGE, MIN, MAX, LAST */
	double xff; /* share of a row that may be unknown, 0 <= xff < 1 */
	int64_t row_s, keep_s;
};

/* Returns 0 or -EINVAL. */
int rrd_rra_parse(const char *text, struct rrd_rra *ret);

/* For a conf_key: NULL if value is right, else what would be right. */
const char *rrd_rra_check(const char *value);

/*
 * As rrdcreate(1) wants it for a file of this step: "RRA:AVERAGE:0.5:5:28800". A row is
 * at least one step and a whole number of steps.
 * buf: RRD_RRA_TEXT_MAX octets.
 */
void rrd_rra_format(const struct rrd_rra *rra, int64_t step_s, char *buf);

/* NULL-terminated defaults, for traffic (95th percentiles of a month need 5 minutes for
 * 100 days) and for the rest. */
const char *const *rrd_rra_default_traffic(void);
const char *const *rrd_rra_default_other(void);
