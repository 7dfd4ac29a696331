/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan of the demo city's traffic: who sends how much at what time. Text in, flows and
 * rates out; no socket and no clock. The plan has one item a line, "#" begins a comment:
 *
 *	sink NETNS
 *	flow NETNS DEVICE|- ADDRESS SHAPE LOW_KBPS HIGH_KBPS PERIOD_S PHASE_PERMILLE
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	TRAFFIC_NAME_SIZE = 16, /* IFNAMSIZ; namespaces are named as shortly */
	TRAFFIC_SINKS_MAX = 8,
	TRAFFIC_FLOWS_MAX = 1024,
};

enum traffic_shape {
	TRAFFIC_FLAT,	/* HIGH all the time */
	TRAFFIC_SINE,	/* LOW to HIGH and back in PERIOD, with ripples */
	TRAFFIC_BURST,	/* HIGH during a quarter of PERIOD, else LOW: backups */
	TRAFFIC_OFFICE, /* two humps with a pause between, then quiet */
};

struct traffic_flow {
	char netns[TRAFFIC_NAME_SIZE];
	char device[TRAFFIC_NAME_SIZE]; /* "": the routes choose */
	uint32_t address;		/* IPv4, host order */
	enum traffic_shape shape;
	double low_bps, high_bps, period_s, phase; /* phase 0..1 of the period */
};

struct traffic_plan {
	char sinks[TRAFFIC_SINKS_MAX][TRAFFIC_NAME_SIZE];
	size_t n_sinks;
	struct traffic_flow flows[TRAFFIC_FLOWS_MAX];
	size_t n_flows;
};

/*
 * Reads one line of the plan into it. Returns 0 (an empty line is fine), -EINVAL for a
 * line that is none of the above, -ENOSPC for one too many.
 */
int traffic_plan_line(struct traffic_plan *plan, const char *line);

/* Bits per second of a flow at now_s seconds after the start; within LOW..HIGH. */
double traffic_flow_rate(const struct traffic_flow *flow, double now_s);
