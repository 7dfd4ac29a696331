/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What polling yields: the values of one series over one interval. Rates are computed
 * before they get here (counter.c); an unknown is NAN, never zero. Sinks consume it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SAMPLE_DS_MAX = 16, SAMPLE_DS_NAME_MAX = 19 /* rrdcreate(1) */ };

/* One data source of a group: a rate or a gauge. */
struct sample_ds {
	char name[SAMPLE_DS_NAME_MAX + 1]; /* [A-Za-z0-9_] */
	const char *unit;		   /* "octets/s", "packets/s", "clients", "%", "ms", "C" */
	double min, max;		   /* NAN: no bound */
};

/* What is measured together and stored in one file. Owned by the profile; lives as long as it. */
struct sample_group {
	const char *name; /* "traffic", "errors", "clients", "cpu", "rtt" */
	size_t n_ds;
	struct sample_ds ds[SAMPLE_DS_MAX];
};

/* A series: this group of that object of that device. Identity is by name, never by ifIndex. */
struct series {
	const char *device_id; /* "opd-07" */
	const char *object;    /* "wan0" (ifName), an SSID, or "" for the device itself */
	const struct sample_group *group;
	int64_t step_ms; /* the poll interval of the group */
	void *sink_data; /* for a sink that wants to remember its handle; set by it */
};

struct sample {
	struct series *series;
	int64_t time_ms;     /* end of the interval, collector's wall clock, ms since 1970 UTC */
	int64_t duration_ms; /* of the interval that the rates are over; 0 for gauges */
	double value[SAMPLE_DS_MAX];
};
