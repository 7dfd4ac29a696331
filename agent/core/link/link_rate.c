/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From 64-bit octet counters and monotonic sample times to rates. 64 bits do not wrap in
 * the life of a router (584 years at 8 Gbit/s), so a counter that went back was reset.
 */
#include "agent/core/link/link_rate.h"

#include <assert.h>
#include <stddef.h>

enum {
	SPAN_MIN_US = 1000,	 /* two samples closer than this say nothing about a rate */
	FIVE_MIN_US = 150000000, /* less of five minutes than half is no five-minute mean */
};

void link_rate_init(struct link_rate *rate, struct link_day *day)
{
	assert(day);
	link_rate_discontinuity(rate);
	rate->day = day;
	day_rates_reset(&day->in);
	day_rates_reset(&day->out);
}

void link_rate_discontinuity(struct link_rate *rate)
{
	rate->sampled = false;
	rate->minute = rate->five = (struct link_mark){0};
	rate->in_peak_bps = rate->out_peak_bps = 0;
}

uint64_t link_rate_bps(uint64_t octets, int64_t span_us)
{
	if (span_us <= 0)
		return 0;
	return (uint64_t)((double)octets * 8e6 / (double)span_us + 0.5);
}

static uint32_t utilisation(const struct mib_link *row, uint64_t bps)
{
	uint64_t kbps = row->capacity_kbps ? row->capacity_kbps : row->speed_kbps;
	uint64_t permille = kbps ? bps / kbps : 0;

	return permille > UINT32_MAX ? UINT32_MAX : (uint32_t)permille;
}

static struct link_mark last_sample(const struct link_rate *rate, const struct mib_link *row)
{
	if (!rate->sampled)
		return (struct link_mark){0};
	return (struct link_mark){row->sample_us, row->counters.in_octets,
				  row->counters.out_octets};
}

/* Any counter that is served: each of them is a discontinuity to whoever asks for it. */
static bool any_went_back(const struct link_counters *last, const struct link_counters *now)
{
	return now->in_octets < last->in_octets || now->out_octets < last->out_octets ||
	       now->in_packets < last->in_packets || now->out_packets < last->out_packets ||
	       now->in_errors < last->in_errors || now->out_errors < last->out_errors ||
	       now->in_discards < last->in_discards || now->out_discards < last->out_discards ||
	       now->in_multicast < last->in_multicast ||
	       now->in_unknown_protos < last->in_unknown_protos;
}

bool link_rate_sample(struct link_rate *rate, const struct link_counters *counters, int64_t now_us,
		      struct mib_link *row)
{
	struct link_mark now = {now_us, counters->in_octets, counters->out_octets};
	struct link_mark last = last_sample(rate, row);
	bool went_back = rate->sampled && any_went_back(&row->counters, counters);
	bool goes_on = rate->sampled && !went_back;
	uint64_t unicast = goes_on ? row->counters.in_packets - row->counters.in_multicast : 0;
	uint64_t most;

	assert(rate->day);
	if (went_back)
		link_rate_discontinuity(rate);
	if (!rate->sampled) {
		/* The first of this line of counters. */
		row->in_rate_bps = row->out_rate_bps = 0;
		row->in_util_permille = row->out_util_permille = 0;
		/* Marks begin here, unless an earlier agent's rows gave them and they fit. */
		if (!rate->minute.us || now.in < rate->minute.in || now.out < rate->minute.out)
			rate->minute = now;
		if (!rate->five.us || now.in < rate->five.in || now.out < rate->five.out)
			rate->five = now;
		rate->sampled = true;
	} else if (now_us - last.us >= SPAN_MIN_US) {
		int64_t span_us = now.us - last.us;

		row->in_rate_bps = link_rate_bps(now.in - last.in, span_us);
		row->out_rate_bps = link_rate_bps(now.out - last.out, span_us);
		row->in_util_permille = utilisation(row, row->in_rate_bps);
		row->out_util_permille = utilisation(row, row->out_rate_bps);
		if (row->in_rate_bps > rate->in_peak_bps)
			rate->in_peak_bps = row->in_rate_bps;
		if (row->out_rate_bps > rate->out_peak_bps)
			rate->out_peak_bps = row->out_rate_bps;
	}
	row->counters = *counters;
	/* Linux counts multicast within the packets, in counters that drivers do not update at one
	 * moment: what is left must neither be negative nor go back, so multicast waits for packets. */
	most = counters->in_packets > unicast ? counters->in_packets - unicast : 0;
	row->counters.in_multicast = counters->in_multicast < most ? counters->in_multicast : most;
	row->sample_us = now_us;
	return !went_back;
}

void link_rate_minute(struct link_rate *rate, struct mib_link *row)
{
	struct link_mark last = last_sample(rate, row);
	int64_t span_us = last.us - rate->minute.us;

	row->in_mean_bps = link_rate_bps(last.in - rate->minute.in, span_us);
	row->out_mean_bps = link_rate_bps(last.out - rate->minute.out, span_us);
	row->in_peak_bps = rate->in_peak_bps;
	row->out_peak_bps = rate->out_peak_bps;
	rate->minute = last;
	rate->in_peak_bps = rate->out_peak_bps = 0;
}

void link_rate_gap(struct link_rate *rate, const struct mib_link *row)
{
	rate->minute = rate->five = last_sample(rate, row);
	rate->in_peak_bps = rate->out_peak_bps = 0;
}

static void add_five(struct link_rate *rate, const struct link_mark *now)
{
	int64_t span_us = now->us - rate->five.us;

	if (rate->five.us && span_us >= FIVE_MIN_US) {
		day_rates_add(&rate->day->in, link_rate_bps(now->in - rate->five.in, span_us));
		day_rates_add(&rate->day->out, link_rate_bps(now->out - rate->five.out, span_us));
	}
	rate->five = *now;
}

void link_rate_recall_end(struct link_rate *rate, uint32_t last_minute, uint32_t now_minute)
{
	if (last_minute != now_minute)
		rate->minute = (struct link_mark){0};
	if (last_minute / 5 != now_minute / 5)
		rate->five = (struct link_mark){0};
}

void link_rate_recall(struct link_rate *rate, const struct mib_hist_row *row)
{
	struct link_mark mark = {row->sample_us, row->in_octets, row->out_octets};

	if (mark.us <= rate->minute.us || mark.in < rate->minute.in || mark.out < rate->minute.out)
		rate->five = (struct link_mark){0};
	rate->minute = mark;
	if (row->minute % 5 == 0 || !rate->five.us)
		add_five(rate, &mark);
}

void link_rate_five(struct link_rate *rate, struct mib_link *row)
{
	struct link_mark last = last_sample(rate, row);

	add_five(rate, &last);
	row->in_p95_bps = day_rates_p95(&rate->day->in);
	row->out_p95_bps = day_rates_p95(&rate->day->out);
}

void link_rate_day(struct link_rate *rate, struct mib_link *row)
{
	assert(rate->day);
	day_rates_reset(&rate->day->in);
	day_rates_reset(&rate->day->out);
	row->in_p95_bps = row->out_p95_bps = 0;
}
