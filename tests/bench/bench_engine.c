/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the request engine costs per device poll of 29 bindings, against the floor measured
 * in the same run, in turn:
 *
 *	codec   net-snmp's codec alone: create + build + parse + free of one GET and answer
 *	mmsg    the same datagrams by raw sendmmsg/recvmmsg, window 64, nothing else
 *	engine  snmp_engine_ask to answer, names compared, 28 rates computed by counter logic,
 *		all devices at once; and spread as a collector does it, mostly asleep between
 *
 *	bench_engine [DEVICES [ROUNDS]]
 *
 * CPU time of this process; the answering process is not counted. Medians of the rounds.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench_floor.h"
#include "collector/core/value/counter.h"
#include "common/engine/snmp_engine.h"
#include "common/loop/loop.h"

enum { ROUNDS_MAX = 31, WINDOW = 64, SPREAD = 1000 };

/* ---- the engine ---- */

struct device {
	struct snmp_target *target;
	struct fleet *fleet;
	struct counter_reading last[BENCH_BINDINGS];
	int64_t last_us, asked_us;
	unsigned int number;
};

struct fleet {
	struct loop *loop;
	struct snmp_engine *engine;
	struct snmp_bindings *names;
	struct loop_timer *pace;
	struct device *devices;
	unsigned int n, n_cycle, asked, ended, failed;
	unsigned int per_tick;
	int64_t tick_us;
	double rates;
	unsigned int dead; /* of those that failed */
	double *delays_us; /* from asking to sending, where the first was answered */
	unsigned int n_delays;
	int64_t last_answer_us;
};

static void read_counters(struct device *d, const struct snmp_answer *answer)
{
	const struct snmp_varbind *names = bench_names();
	double rate;

	for (int i = 1; i < BENCH_BINDINGS; i++) {
		const struct snmp_varbind *v = &answer->varbinds[i];
		struct counter_reading now = {
			.value = v->v.u,
			.width = v->type == SNMP_TYPE_COUNTER64 ? COUNTER_64 : COUNTER_32,
		};

		if (v->name_len != names[i].name_len ||
		    memcmp(v->name, names[i].name, v->name_len * sizeof(*v->name)) != 0)
			errx(1, "binding %d is another's", i);
		if (counter_rate(&d->last[i], &now, answer->received_us - d->last_us, 125e6,
				 &rate) == COUNTER_OK)
			d->fleet->rates += rate;
		d->last[i] = now;
	}
	d->last_us = answer->received_us;
}

static void on_answer(void *data, const struct snmp_answer *answer)
{
	struct device *d = data;
	struct fleet *f = d->fleet;

	f->ended++;
	if (answer->outcome == SNMP_OUTCOME_ANSWER)
		f->last_answer_us = answer->received_us;
	if (answer->outcome == SNMP_OUTCOME_ANSWER && answer->n_varbinds == BENCH_BINDINGS)
		read_counters(d, answer);
	else if (bench_is_dead(d->number))
		f->dead++;
	else
		f->failed++;
	if (f->delays_us && answer->transmissions == 1 && answer->outcome == SNMP_OUTCOME_ANSWER)
		f->delays_us[f->n_delays++] = (double)(answer->sent_us - d->asked_us);
	if (f->ended == f->n_cycle)
		loop_stop(f->loop);
}

static void ask_device(struct fleet *f, struct device *d)
{
	struct snmp_ask ask = {
		.pdu = SNMP_PDU_GET,
		.bindings = f->names,
		.deadline_us = loop_now_us() + 10000000,
		.tries = 5,
	};

	d->asked_us = loop_now_us();
	if (snmp_engine_ask(d->target, &ask, on_answer, d, NULL) < 0)
		errx(1, "ask");
}

static void on_pace(void *data)
{
	struct fleet *f = data;

	for (unsigned int i = 0; i < f->per_tick && f->asked < f->n_cycle; i++)
		ask_device(f, &f->devices[f->asked++]);
	snmp_engine_flush(f->engine);
	if (f->asked < f->n_cycle)
		(void)loop_timer_arm(f->pace, f->tick_us);
}

static void fleet_init(struct fleet *f, const struct bench_responder *r, unsigned int n,
		       const struct snmp_credential *cred)
{
	struct snmp_engine_conf conf = {.max_outstanding = WINDOW, .sockets = 2};

	*f = (struct fleet){.n = n};
	if (loop_new(&f->loop) < 0 || snmp_engine_new(f->loop, &conf, &f->engine) < 0 ||
	    loop_timer_new(f->loop, on_pace, f, &f->pace) < 0 ||
	    snmp_bindings_new(bench_names(), BENCH_BINDINGS, &f->names) < 0)
		errx(1, "engine");
	f->devices = calloc(n, sizeof(*f->devices));
	for (unsigned int i = 0; i < n; i++) {
		struct sockaddr_in addr = bench_device(r, i);

		f->devices[i].fleet = f;
		f->devices[i].number = i;
		if (snmp_target_new(f->engine, (struct sockaddr *)&addr, sizeof(addr), cred,
				    &f->devices[i].target) < 0)
			errx(1, "target");
	}
}

static void fleet_deinit(struct fleet *f)
{
	snmp_engine_free(f->engine);
	loop_timer_free(f->pace);
	loop_free(f->loop);
	snmp_bindings_unref(f->names);
	free(f->devices);
}

/* One cycle over the first n devices; per_tick asked each tick_us. Returns CPU per
 * device; *ret_s: wall. */
static double measure_cycle(struct fleet *f, unsigned int n, unsigned int per_tick, int64_t tick_us,
			    double *ret_s)
{
	int64_t wall = loop_now_us();
	double start = bench_cpu_us();

	f->n_cycle = n;
	f->asked = f->ended = f->failed = f->dead = f->n_delays = 0;
	f->per_tick = per_tick;
	f->tick_us = tick_us;
	(void)loop_timer_arm(f->pace, 0);
	if (loop_run(f->loop) < 0)
		errx(1, "loop");
	if (f->failed)
		warnx("%u of %u polls failed", f->failed, n);
	*ret_s = (double)(loop_now_us() - wall) / 1e6;
	return (bench_cpu_us() - start) / n;
}

/* ---- the report ---- */

static void run(const char *title, const struct bench_responder *r, unsigned int devices,
		int rounds, const struct snmp_credential *cred, const struct usm_keys *keys)
{
	double codec[ROUNDS_MAX], mmsg[ROUNDS_MAX], engine[ROUNDS_MAX], wall[ROUNDS_MAX],
		paced[ROUNDS_MAX], s;
	struct bench_codec c;
	struct fleet f;
	long before_kib = bench_rss_kib();
	double floor_us, engine_us;

	bench_codec_init(&c, keys);
	fleet_init(&f, r, devices, cred);
	(void)measure_cycle(&f, devices, devices, 0, &s); /* discovery, first readings */
	for (int i = 0; i < rounds; i++) {
		codec[i] = bench_codec_us(&c);
		mmsg[i] = bench_mmsg_us(r, devices);
		engine[i] = measure_cycle(&f, devices, devices, 0, &wall[i]);
		paced[i] = measure_cycle(&f, devices < SPREAD ? devices : SPREAD, 5, 5000, &s);
	}
	floor_us = bench_median(codec, rounds) + bench_median(mmsg, rounds);
	engine_us = bench_median(engine, rounds);
	printf("%s, %u devices: codec %.1f + mmsg %.1f = floor %.1f us; engine %.1f us "
	       "per poll (ratio %.2f), "
	       "cycle %.1f ms; 1,000 polls/s in ticks of 5 ms: %.1f us per poll; %.2f "
	       "KiB per device\n",
	       title, devices, bench_median(codec, rounds), bench_median(mmsg, rounds), floor_us,
	       engine_us, engine_us / floor_us, bench_median(wall, rounds) * 1e3,
	       bench_median(paced, rounds), (double)(bench_rss_kib() - before_kib) / devices);
	fleet_deinit(&f);
}

/* One in ten dead, 5 % of the answers lost: what the living notice of it. */
static void run_faulty(unsigned int devices)
{
	static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};
	unsigned int spread = devices < 3 * SPREAD ? devices : 3 * SPREAD;
	struct bench_responder r;
	struct fleet f;
	int64_t start_us;
	double s;

	bench_responder_start(&r, true);
	fleet_init(&f, &r, devices, &V2C);
	start_us = loop_now_us();
	(void)measure_cycle(&f, devices, devices, 0, &s);
	printf("10 %% dead, 5 %% loss, %u devices: all at once, the last living one "
	       "after %.2f s, "
	       "%u without a value, %u dead; ",
	       devices, (double)(f.last_answer_us - start_us) / 1e6, f.failed, f.dead);
	f.delays_us = calloc(devices, sizeof(*f.delays_us));
	(void)measure_cycle(&f, spread, 5, 5000, &s);
	(void)bench_median(f.delays_us, (int)f.n_delays);
	printf("1,000 polls/s: sent after %.2f ms (median), %.2f ms (99 %%), %u without "
	       "a value\n",
	       f.delays_us[f.n_delays / 2] / 1e3, f.delays_us[f.n_delays * 99 / 100] / 1e3,
	       f.failed);
	free(f.delays_us);
	fleet_deinit(&f);
	bench_responder_stop(&r);
}

int main(int argc, char **argv)
{
	unsigned int devices = argc > 1 ? (unsigned int)atoi(argv[1]) : 2710;
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};
	struct bench_responder r;
	struct usm_keys keys;

	if (devices < 1 || devices > 200000 || rounds < 1 || rounds > ROUNDS_MAX)
		errx(2, "usage: bench_engine [DEVICES [ROUNDS]]");
	bench_responder_start(&r, false);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	setenv("MIBS", "", 1);
	init_snmp("bench_engine");
	bench_keys(&keys);
	run("v2c", &r, devices, rounds, &V2C, NULL);
	run("v3 authPriv SHA/AES", &r, devices, rounds, &BENCH_V3, &keys);
	bench_responder_stop(&r);
	run_faulty(devices);
	return 0;
}
