/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the complete polling path costs: schedule, plan, engine, counter logic and a sink
 * that stores nothing, against a fleet_sim in another process. A poll is one GET of 29
 * bindings: sysUpTime and 4 interfaces x 7 columns.
 *
 *	bench_poller [-n DEVICES] [cost|paced|faults|scale|one]...
 *
 *	cost    271 and 2,710 devices at once, and 271 with authPriv SHA/AES, in turn with
 *		the floor (bench_floor.h)
 *	paced   10,000 devices every 10 s: share of a core, lateness, memory
 *	faults  one device in ten dead, 5 % of answers lost: what the living notice of it
 *	scale   100,000 devices every 60 s (6 minutes; not among those without arguments)
 *	one     -n devices at once, for peers.py: microseconds per poll, and no more
 *
 * CPU time is this process's. Medians of the rounds.
 */
#include "bench_fleet.h"
#include "bench_floor.h"

#include "collector/core/device.h"
#include "collector/core/inventory.h"
#include "collector/core/profile.h"
#include "collector/core/sample.h"
#include "collector/io/poller.h"
#include "collector/io/profile_file.h"
#include "common/log.h"
#include "common/loop.h"

#include <err.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 4, WINDOW = 64, AT_ONCE_MS = 60000, PAUSE_US = 12500000 };

static const char PROFILE[] =
	"profile bench {\n"
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

static unsigned int devices_of_one = 271;

static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};

/* What the sink and the results saw since count_from_here(). */
struct seen {
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
	struct seen seen;
	long before_kib;
};

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

static void on_result(void *data, struct device *device, enum snmp_outcome outcome,
		      int64_t now_ms)
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
	    profile_parse("bench", (const uint8_t *)PROFILE, sizeof(PROFILE) - 1,
			  ret->profiles, &errors) < 0 ||
	    profile_set_finish(ret, &name, &problem) < 0)
		errx(1, "profile: %s", errors.n ? errors.lines[0] : "?");
}

static void add_device(struct bench *b, const struct bench_responder *fleet,
		       unsigned int i, const struct snmp_credential *cred)
{
	struct sockaddr_in addr = bench_device(fleet, i);
	char id[16];

	snprintf(id, sizeof(id), "d%06u", i);
	b->entries[i] =
		(struct inventory_entry){.id = strdup(id), .profile = (char *)"bench"};
	b->devices[i] = device_new(&b->entries[i]);
	if (!b->devices[i] || poller_add(b->poller, b->devices[i], cred,
					 (struct sockaddr *)&addr, sizeof(addr)) < 0)
		errx(1, "device %u", i);
}

static void bench_open(struct bench *b, const struct bench_responder *fleet,
		       unsigned int n, int64_t interval_ms,
		       const struct snmp_credential *cred)
{
	const struct snmp_engine_conf engine = {.max_outstanding = WINDOW, .sockets = 2};
	const struct poller_hooks hooks = {
		.data = b, .sample = on_sample, .result = on_result};
	struct poller_conf conf;

	*b = (struct bench){.n = n, .n_living = n, .before_kib = bench_rss_kib()};
	poller_conf_defaults(&conf);
	conf.interval_ms = interval_ms;
	make_profiles(&b->profiles);
	if (loop_new(&b->loop) < 0 ||
	    loop_timer_new(b->loop, on_time, b, &b->timer) < 0 ||
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

static void bench_close(struct bench *b)
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

static void count_from_here(struct bench *b)
{
	b->seen = (struct seen){.cpu_us = bench_cpu_us(), .at_us = loop_now_us()};
	poller_get_stats(b->poller, &b->seen.poller);
	snmp_engine_get_stats(b->engine, &b->seen.engine);
}

static void run_for(struct bench *b, int seconds)
{
	b->stop_at = 0;
	(void)loop_timer_arm(b->timer, seconds * INT64_C(1000000));
	if (loop_run(b->loop) < 0)
		errx(1, "loop");
}

/* All devices as fast as it goes. Returns CPU per device; *ret_ms: of the wall clock. */
static double poll_at_once(struct bench *b, double *ret_ms)
{
	double cpu_us;
	int64_t start_us;

	count_from_here(b);
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

/* The first polls: identity and interfaces, then the values that rates count from. */
static void discover_at_once(struct bench *b)
{
	double ms;

	(void)poll_at_once(b, &ms);
	(void)poll_at_once(b, &ms);
}

/* A poll that yields no rates would be too cheap. */
static void check_complete(const struct bench *b)
{
	if (b->seen.answers < b->n || b->seen.unknown ||
	    b->seen.samples < (uint64_t)b->n * BENCH_INTERFACES)
		errx(1, "%u devices: %llu answers, %llu samples, %llu unknown values",
		     b->n, (unsigned long long)b->seen.answers,
		     (unsigned long long)b->seen.samples,
		     (unsigned long long)b->seen.unknown);
}

/* ---- at once ---- */

struct line {
	const char *title;
	unsigned int n;
	bool v3;
	struct bench_responder fleet;
	struct bench bench;
	struct bench_codec codec;
	double codec_us[ROUNDS], mmsg_us[ROUNDS], poll_us[ROUNDS], ms[ROUNDS];
};

static void open_line(struct line *line)
{
	struct usm_keys keys;

	bench_keys(&keys);
	bench_codec_init(&line->codec, line->v3 ? &keys : NULL);
	bench_fleet_start(&line->fleet, line->n, NULL, NULL);
	bench_open(&line->bench, &line->fleet, line->n, AT_ONCE_MS,
		   line->v3 ? &BENCH_V3 : &V2C);
	discover_at_once(&line->bench);
}

static void measure_line(struct line *line, int round)
{
	line->codec_us[round] = bench_codec_us(&line->codec);
	line->mmsg_us[round] = bench_mmsg_us(&line->fleet, line->n);
	line->poll_us[round] = poll_at_once(&line->bench, &line->ms[round]);
	check_complete(&line->bench);
}

static void report_line(struct line *line)
{
	double codec_us = bench_median(line->codec_us, ROUNDS);
	double mmsg_us = bench_median(line->mmsg_us, ROUNDS);
	double poll_us = bench_median(line->poll_us, ROUNDS);

	printf("%-12s %9u %8.1f %8.1f %8.1f %8.1f %8.2f %10.1f\n", line->title, line->n,
	       codec_us, mmsg_us, codec_us + mmsg_us, poll_us,
	       poll_us / (codec_us + mmsg_us), bench_median(line->ms, ROUNDS));
	bench_close(&line->bench);
	bench_responder_stop(&line->fleet);
}

/* The lines in turn; between two rounds passes what a rate needs to be exact. */
static void measure_lines(struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		open_line(&lines[i]);
	for (int round = 0; round < ROUNDS; round++) {
		usleep(PAUSE_US);
		for (size_t i = 0; i < n; i++)
			measure_line(&lines[i], round);
	}
	printf("\nat once        devices    codec     mmsg    floor     poll    ratio   "
	       "cycle, ms\n"
	       "                         us per device                         \n");
	for (size_t i = 0; i < n; i++)
		report_line(&lines[i]);
}

static void cost(void)
{
	static struct line lines[] = {
		{.title = "v2c", .n = 271},
		{.title = "v2c", .n = 2710},
		{.title = "v3 authPriv", .n = 271, .v3 = true},
	};

	measure_lines(lines, ARRAY_LEN(lines));
}

/* ---- at their slots ---- */

/* The lateness that q of the cycles since count_from_here() kept, in ms; INFINITY:
 * unknown. */
static double late_ms(const struct bench *b, const struct poller_stats *now, double q)
{
	double n[POLLER_LATE_N], all = 0, up_to = 0;

	for (int i = 0; i < POLLER_LATE_N; i++)
		all += n[i] = (double)(now->late[i] - b->seen.poller.late[i]);
	for (int i = 0; i < POLLER_LATE_N - 1; i++)
		if ((up_to += n[i]) >= q * all)
			return (POLLER_LATE_LEAST_US << i) / 1e3;
	return INFINITY;
}

static void print_paced_head(const char *title)
{
	printf("\n%-24s every s    polls  core %%  us/poll  late 50%%    99%%  99.9%%, "
	       "ms  "
	       "lost  unknown  KiB/interface\n",
	       title);
}

static void report_paced(const struct bench *b, const char *title, int64_t interval_ms)
{
	double seconds = (double)(loop_now_us() - b->seen.at_us) / 1e6;
	double cpu_us = bench_cpu_us() - b->seen.cpu_us;
	struct poller_stats now;
	uint64_t cycles;

	poller_get_stats(b->poller, &now);
	cycles = now.cycles - b->seen.poller.cycles;
	printf("%-24s %7.0f %8llu %7.2f %8.1f  <= %5.1f %6.1f %6.1f %9llu %8llu %10.2f\n",
	       title, (double)interval_ms / 1e3, (unsigned long long)cycles,
	       cpu_us / seconds / 1e4, cpu_us / (double)cycles, late_ms(b, &now, 0.5),
	       late_ms(b, &now, 0.99), late_ms(b, &now, 0.999),
	       (unsigned long long)b->seen.failed_living,
	       (unsigned long long)b->seen.unknown,
	       (double)(bench_rss_kib() - b->before_kib) / b->n / BENCH_INTERFACES);
	fflush(stdout);
}

/* Polls for some seconds after a first interval, and reports rounds times. */
static void run_paced(const char *title, unsigned int n, unsigned int n_dead,
		      int64_t interval_ms, int seconds, int rounds)
{
	char all[96], dead[96], range[64];
	const char *lines[] = {all, dead, NULL};
	struct bench_responder fleet;
	struct bench b;

	snprintf(all, sizeof(all), "%s loss=%d",
		 bench_fleet_range(0, n - 1, range, sizeof(range)), n_dead ? 5 : 0);
	snprintf(dead, sizeof(dead), "%s state=dead",
		 bench_fleet_range(n - n_dead, n - 1, range, sizeof(range)));
	lines[1] = n_dead ? dead : NULL;
	bench_fleet_start(&fleet, n, NULL, lines);
	bench_open(&b, &fleet, n, interval_ms, &V2C);
	b.n_living = n - n_dead;
	run_for(&b, (int)(interval_ms / 1000 * 2 + 2));
	for (int i = 0; i < rounds; i++) {
		count_from_here(&b);
		run_for(&b, seconds);
		report_paced(&b, title, interval_ms);
	}
	bench_close(&b);
	bench_responder_stop(&fleet);
}

static void paced(void)
{
	print_paced_head("at their slots");
	run_paced("271 devices", 271, 0, 10000, 20, 1);
	run_paced("10,000 devices", 10000, 0, 10000, 20, 1);
}

static void faults(void)
{
	print_paced_head("10 % dead, 5 % loss");
	run_paced("271 devices", 271, 27, 10000, 20, 1);
	run_paced("10,000 devices", 10000, 1000, 10000, 20, 1);
}

static void scale(void)
{
	static struct line lines[] = {
		{.title = "v2c", .n = 271},
		{.title = "v2c", .n = 100000},
	};

	print_paced_head("many");
	run_paced("100,000 devices", 100000, 0, 60000, 60, 3);
	measure_lines(lines, ARRAY_LEN(lines));
}

static void one(void)
{
	struct bench_responder fleet;
	struct bench b;
	double us, ms;

	bench_fleet_start(&fleet, devices_of_one, NULL, NULL);
	bench_open(&b, &fleet, devices_of_one, AT_ONCE_MS, &V2C);
	discover_at_once(&b);
	usleep(PAUSE_US);
	us = poll_at_once(&b, &ms);
	check_complete(&b);
	printf("%.2f\n", us);
	bench_close(&b);
	bench_responder_stop(&fleet);
}

static const struct {
	const char *name;
	void (*run)(void);
	bool always;
} BENCHES[] = {
	{"cost", cost, true},	 {"paced", paced, true}, {"faults", faults, true},
	{"scale", scale, false}, {"one", one, false},
};

/* In a process of its own: what one leaves in memory is not the next one's. */
static void run_apart(void (*run)(void))
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run();
		exit(0);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "unusable: see above");
}

static bool wanted(size_t i, int argc, char **argv)
{
	if (argc < 2)
		return BENCHES[i].always;
	for (int a = 1; a < argc; a++)
		if (!strcmp(argv[a], BENCHES[i].name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	unsigned int ran = 0;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		devices_of_one = (unsigned int)atoi(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (devices_of_one < 1 || devices_of_one > 200000)
		errx(2, "-n: 1 to 200000");
	log_open("bench_poller", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS,
			       1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
			       1);
	setenv("MIBS", "", 1);
	init_snmp("bench_poller");
	for (size_t i = 0; i < ARRAY_LEN(BENCHES); i++) {
		if (!wanted(i, argc, argv))
			continue;
		run_apart(BENCHES[i].run);
		ran++;
	}
	if (!ran)
		errx(2, "usage: bench_poller [cost|paced|faults|scale]...");
	return 0;
}
