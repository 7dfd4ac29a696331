/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranges as plugins of Nagios write them (Monitoring Plugins Development Guidelines,
 * "Threshold and Ranges"): "10", "10:", "~:10", "10:20", "@10:20".
 */
#pragma once

#include <stdbool.h>

/* Of length > 0 with start <= end; start may be -INFINITY, end INFINITY. */
struct check_range {
	double start, end;
	bool inside; /* '@': what lies within raises the alert, else what lies without */
};

enum { CHECK_RANGE_MAX = 64 }; /* octets of its text with its end */

/* False: it is none, *ret stays. */
bool check_range_parse(const char *text, struct check_range *ret);
/* value: a number that is known. */
bool check_range_alerts(const struct check_range *range, double value);
