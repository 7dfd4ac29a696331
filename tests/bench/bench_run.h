/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The complete polling path in a benchmark: schedule, plan, engine, counter logic and a
 * sink that stores nothing, against a fleet_sim (bench_fleet.h). What it saw is counted.
 */
#pragma once

#include "bench_responder.h"
#include "collector/core/device/profile.h"
#include "collector/io/snmp/poller.h"
#include "common/engine/snmp_engine.h"

struct device;
struct inventory_entry;

/* What the sink and the results saw since bench_count_from_here(). */
struct bench_seen {
	uint64_t results, answers, failed_living, samples, values, unknown;
	double cpu_us;
	int64_t at_us;
	struct poller_stats poller;
	struct snmp_engine_stats engine;
};

struct bench {
	struct loop *loop;
	struct loop_timer *timer;
	struct snmp_engine *engine;
	struct poller *poller;
	struct profile_set profiles;
	struct inventory_entry *entries;
	struct device **devices;
	unsigned int n, n_living; /* the dead are the last ones */
	uint64_t stop_at;	  /* results */
	struct bench_seen seen;
	long before_kib; /* resident, before there was anything */
};

extern const struct snmp_credential BENCH_V2C;

void bench_open(struct bench *b, const struct bench_responder *fleet, unsigned int n,
		int64_t interval_ms, const struct snmp_credential *cred);
void bench_close(struct bench *b);

void bench_count_from_here(struct bench *b);
void bench_run_for(struct bench *b, int seconds);
/* All devices as fast as it goes. Returns CPU per device; *ret_ms: of the wall clock. */
double bench_poll_at_once(struct bench *b, double *ret_ms);
/* The first polls: identity and interfaces, then the values that rates count from. */
void bench_discover_at_once(struct bench *b);
/* A poll that yields no rates would be too cheap: exits if there was one. */
void bench_check_complete(const struct bench *b);
/* KiB per interface that the poller has made resident so far. */
double bench_kib_per_interface(const struct bench *b);
