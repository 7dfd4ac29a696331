/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits on stored values, sections of pantau-collector.conf:
 *
 *	threshold "penuh" {
 *		value = "traffic.load"
 *		above = "80"
 *		for = 15m
 *	}
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/conf/conf.h"

enum { THRESHOLDS_MAX = 64, THRESHOLD_TITLE_MAX = 24 };

struct threshold_conf {
	char *title;
	char *value; /* "GROUP.NAME" as in the RRD files; "traffic.load": of the capacity, in % */
	char *above, *below; /* one of them; the other "" */
	char *clear;	     /* where it is over; "": at the limit */
	int64_t for_ms;	     /* it has to last so long, to begin and to be over */
	int severity;	     /* enum severity */
	int when;	     /* enum rule_when */
	char **groups, **kinds, **devices, **providers; /* any of; {} is all */
	char **links; /* names of links or other objects, as fnmatch(3) has them; {} is all */
	struct conf_places *places;
};

extern const struct conf_key THRESHOLD_CONF_KEYS[];

/* What no single key can say: one line in errors per mistake. Returns 0 or -EINVAL. */
int threshold_conf_check(const struct threshold_conf *conf, size_t n, struct conf_errors *errors);
/* above or below, whichever is given. */
double threshold_conf_limit(const struct threshold_conf *conf);
/* Where it is over. */
double threshold_conf_clear(const struct threshold_conf *conf);
