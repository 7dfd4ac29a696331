/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. */
#include "bench_run.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_floor.h"
#include "collector/codec/profile/profile_text.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/value/sample.h"
#include "common/loop/loop.h"

enum { WINDOW = 64 };

static const char PROFILE[] = "profile bench {\n"
			      "column name { oid = {\"1.3.6.1.2.1.31.1.1.1.1\"} }\n"
			      "column speed { oid = {\"1.3.6.1.2.1.31.1.1.1.15 * 1000000\"} }\n"
			      "column in-octets { oid = {\"1.3.6.1.2.1.31.1.1.1.6\"} }\n"
			      "column out-octets { oid = {\"1.3.6.1.2.1.31.1.1.1.10\"} }\n"
			      "column in-packets { oid = {\"1.3.6.1.2.1.31.1.1.1.7\"} }\n"
			      "column out-packets { oid = {\"1.3.6.1.2.1.31.1.1.1.11\"} }\n"
			      "column in-errors { oid = {\"1.3.6.1.2.1.2.2.1.14\"} }\n"
			      "column out-errors { oid = {\"1.3.6.1.2.1.2.2.1.20\"} }\n"
			      "column in-discards { oid = {\"1.3.6.1.2.1.2.2.1.13\"} }\n"
			      "}\n";

const struct snmp_credential BENCH_V2C = {.version = SNMP_V2C, .community = "public"};

/* ---- what the poller calls ---- */

static void on_sample(void *data, const struct sample *sample)
{
	struct bench *b = data;

	b->seen.samples++;
	for (size_t i = 0; i < sample->series->group->n_ds; i++) {
		b->seen.values++;
		b->seen.unknown += isnan(sample->value[i]);
	}
}

static void on_result(void *data, struct device *device, enum snmp_outcome outcome, int64_t now_ms)
{
	struct bench *b = data;
	bool answered = outcome == SNMP_OUTCOME_ANSWER;

	(void)now_ms;
	b->seen.results++;
	b->seen.answers += answered;
	b->seen.failed_living +=
		!answered && (unsigned int)(device->entry - b->entries) < b->n_living;
	if (b->seen.results == b->stop_at)
		loop_stop(b->loop);
}

static void on_time(void *data)
{
	struct bench *b = data;

	loop_stop(b->loop);
}

/* ---- the poller under test ---- */

static void make_profiles(struct profile_set *ret)
{
	struct conf_errors errors = {0};
	const char *name, *problem;

	ret->n = 1;
	ret->profiles = calloc(1, sizeof(*ret->profiles));
	if (!ret->profiles ||
	    profile_text_parse("bench", (const uint8_t *)PROFILE, sizeof(PROFILE) - 1,
			       ret->profiles, &errors) < 0 ||
	    profile_set_finish(ret, &name, &problem) < 0)
		errx(1, "profile: %s", errors.n ? errors.lines[0] : "?");
}

static void add_device(struct bench *b, const struct bench_responder *fleet, unsigned int i,
		       const struct snmp_credential *cred)
{
	struct sockaddr_in addr = bench_device(fleet, i);
	char id[16];

	snprintf(id, sizeof(id), "d%06u", i);
	b->entries[i] = (struct inventory_entry){.id = strdup(id), .profile = (char *)"bench"};
	b->devices[i] = device_new(&b->entries[i]);
	if (!b->devices[i] ||
	    poller_add(b->poller, b->devices[i], cred, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		errx(1, "device %u", i);
}

void bench_open(struct bench *b, const struct bench_responder *fleet, unsigned int n,
		int64_t interval_ms, const struct snmp_credential *cred)
{
	const struct snmp_engine_conf engine = {.max_outstanding = WINDOW, .sockets = 1};
	const struct poll_hooks hooks = {.data = b, .sample = on_sample, .result = on_result};
	struct poller_conf conf;

	*b = (struct bench){.n = n, .n_living = n, .before_kib = bench_rss_kib()};
	poller_conf_defaults(&conf);
	conf.interval_ms = interval_ms;
	make_profiles(&b->profiles);
	if (loop_new(&b->loop) < 0 || loop_timer_new(b->loop, on_time, b, &b->timer) < 0 ||
	    snmp_engine_new(b->loop, &engine, &b->engine) < 0 ||
	    poller_new(b->loop, b->engine, &b->profiles, &conf, &hooks, &b->poller) < 0)
		errx(1, "poller");
	b->entries = calloc(n, sizeof(*b->entries));
	b->devices = calloc(n, sizeof(*b->devices));
	if (!b->entries || !b->devices)
		errx(1, "out of memory");
	for (unsigned int i = 0; i < n; i++)
		add_device(b, fleet, i, cred);
}

void bench_close(struct bench *b)
{
	poller_free(b->poller);
	snmp_engine_free(b->engine);
	for (unsigned int i = 0; i < b->n; i++) {
		device_free(b->devices[i]);
		free(b->entries[i].id);
	}
	free(b->devices);
	free(b->entries);
	profile_set_deinit(&b->profiles);
	loop_timer_free(b->timer);
	loop_free(b->loop);
}

void bench_count_from_here(struct bench *b)
{
	b->seen = (struct bench_seen){.cpu_us = bench_cpu_us(), .at_us = loop_now_us()};
	poller_get_stats(b->poller, &b->seen.poller);
	snmp_engine_get_stats(b->engine, &b->seen.engine);
}

void bench_run_for(struct bench *b, int seconds)
{
	b->stop_at = 0;
	(void)loop_timer_arm(b->timer, seconds * INT64_C(1000000));
	if (loop_run(b->loop) < 0)
		errx(1, "loop");
}

double bench_poll_at_once(struct bench *b, double *ret_ms)
{
	double cpu_us;
	int64_t start_us;

	bench_count_from_here(b);
	b->stop_at = b->n;
	start_us = loop_now_us();
	cpu_us = bench_cpu_us();
	for (unsigned int i = 0; i < b->n; i++)
		poller_poll_now(b->poller, b->devices[i]);
	if (loop_run(b->loop) < 0)
		errx(1, "loop");
	*ret_ms = (double)(loop_now_us() - start_us) / 1e3;
	return (bench_cpu_us() - cpu_us) / b->n;
}

void bench_discover_at_once(struct bench *b)
{
	double ms;

	(void)bench_poll_at_once(b, &ms);
	(void)bench_poll_at_once(b, &ms);
}

void bench_check_complete(const struct bench *b)
{
	if (b->seen.answers < b->n || b->seen.unknown ||
	    b->seen.samples < (uint64_t)b->n * BENCH_INTERFACES)
		errx(1, "%u devices: %llu answers, %llu samples, %llu unknown values", b->n,
		     (unsigned long long)b->seen.answers, (unsigned long long)b->seen.samples,
		     (unsigned long long)b->seen.unknown);
}

double bench_kib_per_interface(const struct bench *b)
{
	return (double)(bench_rss_kib() - b->before_kib) / b->n / BENCH_INTERFACES;
}
