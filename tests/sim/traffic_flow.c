/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides how much each flow of the demo city sends at a time, so that the graphs have a
 * shape within minutes and no two sites the same. Not how it is sent: traffic.c.
 */
#include "tests/sim/traffic_flow.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const SHAPES[] = {
	[TRAFFIC_FLAT] = "flat",
	[TRAFFIC_SINE] = "sine",
	[TRAFFIC_BURST] = "burst",
	[TRAFFIC_OFFICE] = "office",
};

static const double TURN = 6.283185307179586;

static int parse_shape(const char *name, enum traffic_shape *ret)
{
	for (size_t i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++) {
		if (strcmp(name, SHAPES[i]) == 0) {
			*ret = (enum traffic_shape)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_address(const char *text, uint32_t *ret)
{
	unsigned int a, b, c, d;
	char rest;

	if (sscanf(text, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) != 4)
		return -EINVAL;
	if (a > 255 || b > 255 || c > 255 || d > 255)
		return -EINVAL;
	*ret = a << 24 | b << 16 | c << 8 | d;
	return 0;
}

static int parse_flow(const char *line, struct traffic_flow *ret)
{
	struct traffic_flow flow = {0};
	char address[TRAFFIC_NAME_SIZE], shape[TRAFFIC_NAME_SIZE], rest;
	double low_kbps, high_kbps, phase_permille;

	if (sscanf(line, "flow %15s %15s %15s %15s %lf %lf %lf %lf %c", flow.netns, flow.device,
		   address, shape, &low_kbps, &high_kbps, &flow.period_s, &phase_permille,
		   &rest) != 8)
		return -EINVAL;
	if (parse_address(address, &flow.address) < 0 || parse_shape(shape, &flow.shape) < 0)
		return -EINVAL;
	if (!(low_kbps >= 0 && low_kbps <= high_kbps && high_kbps <= 1e7 && flow.period_s >= 1))
		return -EINVAL;
	if (strcmp(flow.device, "-") == 0)
		flow.device[0] = '\0';
	flow.low_bps = low_kbps * 1000;
	flow.high_bps = high_kbps * 1000;
	flow.phase = phase_permille / 1000;
	*ret = flow;
	return 0;
}

int traffic_plan_line(struct traffic_plan *plan, const char *line)
{
	char name[TRAFFIC_NAME_SIZE], rest;
	int r;

	line += strspn(line, " \t");
	if (line[strspn(line, "\r\n")] == '\0' || line[0] == '#')
		return 0;
	if (sscanf(line, "sink %15s %c", name, &rest) == 1) {
		if (plan->n_sinks == TRAFFIC_SINKS_MAX)
			return -ENOSPC;
		memcpy(plan->sinks[plan->n_sinks++], name, sizeof(name));
		return 0;
	}
	if (plan->n_flows == TRAFFIC_FLOWS_MAX)
		return -ENOSPC;
	r = parse_flow(line, &plan->flows[plan->n_flows]);
	if (r < 0)
		return r;
	plan->n_flows++;
	return 0;
}

/* 0..1 at x turns of the period (0..1). */
static double level_at(enum traffic_shape shape, double x)
{
	switch (shape) {
	case TRAFFIC_FLAT:
		return 1;
	case TRAFFIC_SINE:
		return 0.5 - 0.42 * cos(TURN * x) + 0.08 * sin(TURN * 7 * x);
	case TRAFFIC_BURST:
		return x < 0.25 ? 1 : 0.05 + 0.05 * sin(TURN * 5 * x);
	case TRAFFIC_OFFICE:
		if (x > 0.8)
			return 0.04;
		return 0.1 + 0.9 * pow(sin(TURN * x / 0.8), 2) * (x < 0.4 ? 1 : 0.7);
	}
	return 0;
}

double traffic_flow_rate(const struct traffic_flow *flow, double now_s)
{
	double x = fmod(now_s / flow->period_s + flow->phase, 1);
	/* Small and quick, out of step with every period: lines are never quite smooth.
	 */
	double noise = flow->shape == TRAFFIC_FLAT
			       ? 0
			       : 0.06 * sin(now_s * 1.7 + flow->phase * 40) * sin(now_s * 0.31);
	double level = level_at(flow->shape, x) * (1 + noise);

	if (level > 1)
		level = 1;
	return flow->low_bps + level * (flow->high_bps - flow->low_bps);
}
