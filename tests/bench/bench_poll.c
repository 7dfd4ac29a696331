/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole polling side against a fleet of simulated devices at consecutive addresses
 * (tests/sim/fleet_sim): what a poll costs, how punctual it is, and whether every rate is
 * right: all counters of the fleet run at constant, known rates. Prints key=value lines.
 *
 *	bench_poll -n 271 -a 10.64.0.1 -i 10000 -s 60 [-w 25] [-r 125000] [-P if-mib]
 *	bench_poll -n 271 -a 10.64.0.1 -A 20	all at once, 20 times
 *
 * -n devices, -a first address, -i interval in ms, -w seconds before measuring, -s seconds
 * that are measured, -r octets/s, -P profile, -p directory of profiles, -o outstanding,
 * -b longest back-off in ms, -V 3: SNMPv3.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collector/core/device.h"
#include "collector/core/inventory.h"
#include "collector/core/profile.h"
#include "collector/core/sample.h"
#include "collector/io/poller.h"
#include "collector/io/profile_file.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/loop.h"

#define WRONG 0.001 /* a rate further off than this is wrong */

struct options {
	const char *profiles, *profile, *address;
	unsigned int n, seconds, warm_up, at_once, outstanding;
	double rate;
	struct poller_conf conf;
	struct snmp_credential cred;
};

struct bench {
	struct options o;
	struct loop *loop;
	struct snmp_engine *engine;
	struct poller *poller;
	struct loop_timer *timer;
	struct profile_set profiles;
	struct inventory_entry *entries;
	struct device **devices;
	bool measuring;
	unsigned int pending, rounds;
	int64_t round_us, best_us, worst_us, sum_us;
	uint64_t values, unknown, wrong, exact_values, samples;
	double worst;
	struct poller_stats before;
	double cpu_before;
	int64_t wall_before;
};

static double cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void judge(struct bench *bench, const struct sample *sample, size_t d, double wanted)
{
	double off = wanted > 0 ? fabs(sample->value[d] - wanted) / wanted : fabs(sample->value[d]);

	bench->exact_values++;
	if (off > bench->worst)
		bench->worst = off;
	if (off <= WRONG)
		return;
	bench->wrong++;
	if (bench->wrong <= 200)
		printf("wrong device=%s object=%s group=%s ds=%s value=%.3f wanted=%.3f duration_ms=%" PRId64 "\n",
		       sample->series->device_id, sample->series->object, sample->series->group->name,
		       sample->series->group->ds[d].name, sample->value[d], wanted, sample->duration_ms);
}

/* The other counters of a device run at whole fractions of the first one's rate (sim/device.c). */
static double wanted_rate(const struct bench *bench, double value)
{
	static const double PARTS[] = { 1, 2, 8, 16 };
	double best = bench->o.rate;

	for (size_t i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
		if (fabs(value - bench->o.rate / PARTS[i]) < fabs(value - best))
			best = bench->o.rate / PARTS[i];
	return best;
}

static void check_value(struct bench *bench, const struct sample *sample, size_t d)
{
	bool uplink = !strcmp(sample->series->object, "eth0") || !strcmp(sample->series->object, "ether1");

	bench->values++;
	if (isnan(sample->value[d]))
		bench->unknown++;
	else if (uplink && d == 0)
		judge(bench, sample, d, bench->o.rate);
	else
		judge(bench, sample, d, wanted_rate(bench, sample->value[d]));
}

static void on_sample(void *data, const struct sample *sample)
{
	struct bench *bench = data;

	if (bench->measuring)
		bench->samples++;
	if (bench->o.rate <= 0 || strcmp(sample->series->group->name, "traffic"))
		return;
	for (size_t d = 0; d < sample->series->group->n_ds; d++)
		check_value(bench, sample, d);
}

/* --- all at once --- */

static void begin_round(struct bench *bench)
{
	bench->pending = bench->o.n;
	bench->round_us = loop_now_us();
	for (unsigned int i = 0; i < bench->o.n; i++)
		poller_poll_now(bench->poller, bench->devices[i]);
}

static void end_round(struct bench *bench)
{
	int64_t us = loop_now_us() - bench->round_us;

	bench->rounds++;
	if (!bench->best_us || us < bench->best_us)
		bench->best_us = us;
	if (us > bench->worst_us)
		bench->worst_us = us;
	bench->sum_us += us;
	if (bench->rounds >= bench->o.at_once)
		loop_stop(bench->loop);
	else
		loop_timer_arm(bench->timer, 200000);
}

static void on_result(void *data, struct device *device, enum snmp_outcome outcome, int64_t now_ms)
{
	struct bench *bench = data;

	(void)device;
	(void)outcome;
	(void)now_ms;
	if (bench->pending && --bench->pending == 0)
		end_round(bench);
}

/* --- measuring --- */

static void begin_measuring(struct bench *bench)
{
	bench->measuring = true;
	poller_get_stats(bench->poller, &bench->before);
	bench->cpu_before = cpu_us();
	bench->wall_before = loop_now_us();
}

static void on_timer(void *data)
{
	struct bench *bench = data;

	if (!bench->measuring) {
		begin_measuring(bench);
		if (!bench->o.at_once) {
			loop_timer_arm(bench->timer, (int64_t)bench->o.seconds * 1000000);
			return;
		}
	}
	if (bench->o.at_once)
		begin_round(bench);
	else
		loop_stop(bench->loop);
}

static long rss_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void print_stat(void *data, const struct stats_figure *figure)
{
	(void)data;
	if (figure->value > 0)
		printf("stat %s=%.6g\n", figure->name, figure->value);
}

static void report(struct bench *bench)
{
	struct poller_stats now;
	double cpu = cpu_us() - bench->cpu_before;
	double wall = (double)(loop_now_us() - bench->wall_before);
	uint64_t cycles, late;

	poller_get_stats(bench->poller, &now);
	cycles = now.cycles - bench->before.cycles;
	late = now.late_over_5ms - bench->before.late_over_5ms;
	poller_emit_stats(bench->poller, print_stat, NULL);
	printf("devices=%u seconds=%.1f cycles=%" PRIu64 " samples=%" PRIu64 "\n", bench->o.n, wall / 1e6,
	       cycles, bench->samples);
	printf("cpu_us_per_cycle=%.2f cpu_percent=%.2f rss_kib=%ld\n", cycles ? cpu / (double)cycles : 0,
	       100 * cpu / wall, rss_kib());
	printf("late_over_5ms_permille=%.3f late_max_ms=%.3f\n", cycles ? 1e3 * (double)late / (double)cycles : 0,
	       (double)now.late_max_us / 1e3);
	printf("values=%" PRIu64 " judged=%" PRIu64 " unknown=%" PRIu64 " wrong=%" PRIu64 " worst_permille=%.4f\n",
	       bench->values, bench->exact_values, bench->unknown, bench->wrong, 1e3 * bench->worst);
	if (bench->rounds)
		printf("rounds=%u best_ms=%.2f mean_ms=%.2f worst_ms=%.2f\n", bench->rounds,
		       (double)bench->best_us / 1e3, (double)bench->sum_us / bench->rounds / 1e3,
		       (double)bench->worst_us / 1e3);
}

/* --- set up --- */

static int add_devices(struct bench *bench)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(161) };
	uint32_t first;
	char id[32];
	int r = 0;

	if (inet_pton(AF_INET, bench->o.address, &addr.sin_addr) != 1)
		return -EINVAL;
	first = ntohl(addr.sin_addr.s_addr);
	bench->entries = calloc(bench->o.n, sizeof(*bench->entries));
	bench->devices = calloc(bench->o.n, sizeof(struct device *));
	for (unsigned int i = 0; i < bench->o.n && r >= 0; i++) {
		snprintf(id, sizeof(id), "dev-%06u", i);
		bench->entries[i].id = strdup(id);
		bench->entries[i].profile = (char *)bench->o.profile;
		bench->devices[i] = device_new(&bench->entries[i]);
		addr.sin_addr.s_addr = htonl(first + i);
		r = poller_add(bench->poller, bench->devices[i], &bench->o.cred, (struct sockaddr *)&addr,
			       sizeof(addr));
	}
	return r;
}

static int set_up(struct bench *bench)
{
	const struct snmp_engine_conf conf = { .max_outstanding = bench->o.outstanding, .sockets = 4 };
	const struct poller_hooks hooks = { .data = bench, .sample = on_sample, .result = on_result };
	struct conf_errors errors = { 0 };
	int r = profile_dir_load(bench->o.profiles, &bench->profiles, &errors);

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	if (r >= 0)
		r = loop_new(&bench->loop);
	if (r >= 0)
		r = snmp_engine_new(bench->loop, &conf, &bench->engine);
	if (r >= 0)
		r = poller_new(bench->loop, bench->engine, &bench->profiles, &bench->o.conf, &hooks,
			       &bench->poller);
	if (r >= 0)
		r = add_devices(bench);
	if (r >= 0)
		r = loop_timer_new(bench->loop, on_timer, bench, &bench->timer);
	return r;
}

static int parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "n:a:i:s:w:r:P:p:o:A:V:b:")) != -1) {
		switch (c) {
		case 'n': o->n = (unsigned int)atoi(optarg); break;
		case 'a': o->address = optarg; break;
		case 'i': o->conf.interval_ms = atoi(optarg); break;
		case 's': o->seconds = (unsigned int)atoi(optarg); break;
		case 'w': o->warm_up = (unsigned int)atoi(optarg); break;
		case 'r': o->rate = atof(optarg); break;
		case 'P': o->profile = optarg; break;
		case 'p': o->profiles = optarg; break;
		case 'o': o->outstanding = (unsigned int)atoi(optarg); break;
		case 'A': o->at_once = (unsigned int)atoi(optarg); break;
		case 'b': o->conf.backoff_max_ms = atoi(optarg); break;
		case 'V':
			o->cred = (struct snmp_credential){
				.version = SNMP_V3, .user = "opd", .level = SNMP_SEC_AUTH_PRIV,
				.auth = SNMP_AUTH_SHA256, .priv = SNMP_PRIV_AES128,
				.auth_pass = "authauth1", .priv_pass = "privpriv1" };
			break;
		default: return -1;
		}
	}
	return o->address && o->n ? 0 : -1;
}

int main(int argc, char **argv)
{
	static struct bench bench = { .o = { .profiles = "build/conf/profiles", .profile = "if-mib", .seconds = 30,
					     .warm_up = 15, .outstanding = 64,
					     .cred = { .version = SNMP_V2C, .community = "public" } } };
	int r;

	poller_conf_defaults(&bench.o.conf);
	bench.o.conf.interval_ms = 10000;
	log_open("bench_poll", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	if (parse(argc, argv, &bench.o) < 0) {
		fprintf(stderr, "usage: bench_poll -n DEVICES -a FIRST-ADDRESS ...\n");
		return 2;
	}
	r = set_up(&bench);
	if (r < 0) {
		fprintf(stderr, "bench_poll: %s\n", strerror(-r));
		return 1;
	}
	loop_timer_arm(bench.timer, (int64_t)bench.o.warm_up * 1000000);
	loop_run(bench.loop);
	report(&bench);
	poller_free(bench.poller);
	snmp_engine_free(bench.engine);
	loop_free(bench.loop);
	return bench.wrong != 0;
}
