/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the complete polling path costs: schedule, plan, engine, counter logic and a sink
 * that stores nothing, against a fleet_sim in another process. A poll is one GET of 29
 * bindings: sysUpTime and 4 interfaces x 7 columns.
 *
 *	bench_poller [-n DEVICES] [-i SECONDS] [-w SECONDS] [-r TIMES]
 *		     [cost|paced|faults|scale|one]...
 *
 *	cost    271 and 2,710 devices at once, and 271 with authPriv SHA/AES, in turn with
 *		the floor (bench_floor.h)
 *	paced   271 and 10,000 devices every 10 s: share of a core, lateness, memory; and
 *		10,000 whose answers take 1 to 30 ms, as on a wide network
 *	faults  one device in ten dead, 5 % of answers lost: what the living notice of it
 *	scale   100,000 devices every 60 s, six windows of 30 s one after the other, and what
 *		one poll costs at 271 and at 100,000, beside the floor over as much memory
 *		(7 minutes; not among those without arguments)
 *	one     -n devices at once, -r times, for peers.py: microseconds per poll, and no
 *		more
 *
 * -n, -i, -w and -r change the number of devices, the interval, the length of a window
 * and the number of windows (of polls, for one). CPU time is this process's. Medians of
 * the rounds.
 */
#include <err.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_fleet.h"
#include "bench_floor.h"
#include "bench_run.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum { ROUNDS = 4, AT_ONCE_MS = 60000, PAUSE_US = 12500000 };

/* What the command line says; 0: as the benchmark has it. */
struct options {
	unsigned int devices;
	int interval_s, window_s, times;
};

/* In a process of its own: what one leaves in memory is not the next one's. */
static void run_apart(void (*run)(const void *arg), const void *arg)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(arg);
		exit(0);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "unusable: see above");
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
		   line->v3 ? &BENCH_V3 : &BENCH_V2C);
	bench_discover_at_once(&line->bench);
}

static void measure_line(struct line *line, int round)
{
	line->codec_us[round] = bench_codec_us(&line->codec);
	line->mmsg_us[round] = bench_mmsg_us(&line->fleet, line->n);
	line->poll_us[round] = bench_poll_at_once(&line->bench, &line->ms[round]);
	bench_check_complete(&line->bench);
}

static void report_line(struct line *line)
{
	double codec_us = bench_median(line->codec_us, ROUNDS);
	double mmsg_us = bench_median(line->mmsg_us, ROUNDS);
	double poll_us = bench_median(line->poll_us, ROUNDS);

	printf("%-12s %9u %8.1f %8.1f %8.1f %8.1f %8.2f %10.1f\n", line->title, line->n, codec_us,
	       mmsg_us, codec_us + mmsg_us, poll_us, poll_us / (codec_us + mmsg_us),
	       bench_median(line->ms, ROUNDS));
	bench_close(&line->bench);
	bench_responder_stop(&line->fleet);
}

struct lines {
	struct line *line;
	size_t n;
};

/* The lines in turn; between two rounds passes what a rate needs to be exact. */
static void measure_lines(const void *arg)
{
	const struct lines *lines = arg;
	size_t n = lines->n;

	for (size_t i = 0; i < n; i++)
		open_line(&lines->line[i]);
	for (int round = 0; round < ROUNDS; round++) {
		usleep(PAUSE_US);
		for (size_t i = 0; i < n; i++)
			measure_line(&lines->line[i], round);
	}
	printf("\nat once        devices    codec     mmsg    floor     poll    ratio   "
	       "cycle, ms\n"
	       "                         us per device                         \n");
	for (size_t i = 0; i < n; i++)
		report_line(&lines->line[i]);
}

static void cost(const struct options *options)
{
	static struct line lines[] = {
		{.title = "v2c", .n = 271},
		{.title = "v2c", .n = 2710},
		{.title = "v3 authPriv", .n = 271, .v3 = true},
	};

	(void)options;
	run_apart(measure_lines, &(struct lines){lines, ARRAY_LEN(lines)});
}

/* ---- at their slots ---- */

/* The lateness that q of the cycles since bench_count_from_here() kept, in ms; INFINITY:
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

/* A fleet that is polled at its slots. */
struct pace {
	const char *title;
	unsigned int n, n_dead;
	int interval_s, window_s, windows;
	const char *behaviour; /* words of a device line for all; NULL: prompt */
};

static void print_paced_head(void)
{
	printf("\n%-20s devices every s    polls  core %%  us/poll  late 50%%    99%%  "
	       "99.9%%, ms  lost  unknown  KiB/interface\n",
	       "at their slots");
}

static void report_paced(const struct bench *b, const struct pace *pace)
{
	double seconds = (double)(loop_now_us() - b->seen.at_us) / 1e6;
	double cpu_us = bench_cpu_us() - b->seen.cpu_us;
	struct poller_stats now;
	uint64_t cycles;

	poller_get_stats(b->poller, &now);
	cycles = now.cycles - b->seen.poller.cycles;
	printf("%-20s %7u %7d %8llu %7.2f %8.1f  <= %5.1f %6.1f %10.1f %5llu %8llu "
	       "%14.3f\n",
	       pace->title, pace->n, pace->interval_s, (unsigned long long)cycles,
	       cpu_us / seconds / 1e4, cpu_us / (double)cycles, late_ms(b, &now, 0.5),
	       late_ms(b, &now, 0.99), late_ms(b, &now, 0.999),
	       (unsigned long long)b->seen.failed_living, (unsigned long long)b->seen.unknown,
	       bench_kib_per_interface(b));
	fflush(stdout);
}

static void set_options(struct pace *pace, const struct options *options)
{
	if (options->devices) {
		pace->n_dead = (unsigned int)((uint64_t)pace->n_dead * options->devices / pace->n);
		pace->n = options->devices;
	}
	if (options->interval_s)
		pace->interval_s = options->interval_s;
	if (options->window_s)
		pace->window_s = options->window_s;
	if (options->times)
		pace->windows = options->times;
}

static void start_fleet(const struct pace *pace, struct bench_responder *ret)
{
	char all[128], dead[96], range[64];
	const char *lines[] = {all, dead, NULL};

	snprintf(all, sizeof(all), "%s %s", bench_fleet_range(0, pace->n - 1, range, sizeof(range)),
		 pace->behaviour ? pace->behaviour : "loss=0");
	snprintf(dead, sizeof(dead), "%s state=dead",
		 bench_fleet_range(pace->n - pace->n_dead, pace->n - 1, range, sizeof(range)));
	lines[1] = pace->n_dead ? dead : NULL;
	bench_fleet_start(ret, pace->n, NULL, lines);
}

/* Polls through two intervals, so that every device has been discovered and has values to
 * count from; then the windows. */
static void run_paced(const void *arg)
{
	const struct pace *pace = arg;
	struct bench_responder fleet;
	struct bench b;

	start_fleet(pace, &fleet);
	bench_open(&b, &fleet, pace->n, pace->interval_s * INT64_C(1000), &BENCH_V2C);
	b.n_living = pace->n - pace->n_dead;
	bench_run_for(&b, pace->interval_s * 2 + 2);
	for (int i = 0; i < pace->windows; i++) {
		bench_count_from_here(&b);
		bench_run_for(&b, pace->window_s);
		report_paced(&b, pace);
	}
	bench_close(&b);
	bench_responder_stop(&fleet);
}

/* With -n, those that differ in their number only are one. */
static void run_all_paced(const struct pace *paces, size_t n, const struct options *options)
{
	print_paced_head();
	for (size_t i = 0; i < n; i++) {
		struct pace pace = paces[i];

		if (options->devices && i + 1 < n &&
		    strcmp(paces[i].title, paces[i + 1].title) == 0)
			continue;
		set_options(&pace, options);
		run_apart(run_paced, &pace);
	}
}

static void paced(const struct options *options)
{
	static const struct pace PACES[] = {
		{"prompt", 271, 0, 10, 20, 1, NULL},
		{"prompt", 10000, 0, 10, 20, 1, NULL},
		{"1-30 ms away", 10000, 0, 10, 20, 1, "delay=1 jitter=29"},
	};

	run_all_paced(PACES, ARRAY_LEN(PACES), options);
}

static void faults(const struct options *options)
{
	static const struct pace PACES[] = {
		{"10 % dead, 5 % loss", 271, 27, 10, 20, 1, "loss=5"},
		{"10 % dead, 5 % loss", 10000, 1000, 10, 20, 1, "loss=5"},
	};

	run_all_paced(PACES, ARRAY_LEN(PACES), options);
}

static void scale(const struct options *options)
{
	static const struct pace PACES[] = {
		{"prompt", 100000, 0, 60, 30, 6, NULL},
	};
	static struct line lines[] = {
		{.title = "v2c", .n = 271},
		{.title = "v2c", .n = 100000},
	};

	run_all_paced(PACES, ARRAY_LEN(PACES), options);
	run_apart(measure_lines, &(struct lines){lines, ARRAY_LEN(lines)});
}

static void run_one(const void *arg)
{
	const struct options *options = arg;
	unsigned int n = options->devices ? options->devices : 271;
	double us[64], ms;
	int times = options->times ? options->times : 1;
	struct bench_responder fleet;
	struct bench b;

	if (times > (int)ARRAY_LEN(us))
		errx(2, "-r: at most %zu", ARRAY_LEN(us));
	bench_fleet_start(&fleet, n, NULL, NULL);
	bench_open(&b, &fleet, n, AT_ONCE_MS, &BENCH_V2C);
	bench_discover_at_once(&b);
	for (int i = 0; i < times; i++) {
		usleep(PAUSE_US);
		us[i] = bench_poll_at_once(&b, &ms);
		bench_check_complete(&b);
	}
	printf("%.2f\n", bench_median(us, times));
	bench_close(&b);
	bench_responder_stop(&fleet);
}

static void one(const struct options *options)
{
	run_apart(run_one, options);
}

static const struct {
	const char *name;
	void (*run)(const struct options *options);
	bool always;
} BENCHES[] = {
	{"cost", cost, true},	 {"paced", paced, true}, {"faults", faults, true},
	{"scale", scale, false}, {"one", one, false},
};

static bool wanted(size_t i, int argc, char **argv)
{
	if (!argc)
		return BENCHES[i].always;
	for (int a = 0; a < argc; a++)
		if (!strcmp(argv[a], BENCHES[i].name))
			return true;
	return false;
}

static int number(char option, const char *text, int most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || value < 1 || value > most)
		errx(2, "-%c: 1 to %d", option, most);
	return (int)value;
}

static void read_options(int argc, char **argv, struct options *ret)
{
	int c;

	while ((c = getopt(argc, argv, "n:i:w:r:")) >= 0) {
		switch (c) {
		case 'n':
			ret->devices = (unsigned int)number('n', optarg, 200000);
			break;
		case 'i':
			ret->interval_s = number('i', optarg, 3600);
			break;
		case 'w':
			ret->window_s = number('w', optarg, 86400);
			break;
		case 'r':
			ret->times = number('r', optarg, 100000);
			break;
		default:
			errx(2, "usage: bench_poller [-n DEVICES] [-i SECONDS] [-w SECONDS] "
				"[-r TIMES] [cost|paced|faults|scale|one]...");
		}
	}
}

static void init_netsnmp(void)
{
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	setenv("MIBS", "", 1);
	init_snmp("bench_poller");
}

int main(int argc, char **argv)
{
	struct options options = {0};
	unsigned int ran = 0;

	read_options(argc, argv, &options);
	log_open("bench_poller", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	init_netsnmp();
	for (size_t i = 0; i < ARRAY_LEN(BENCHES); i++) {
		if (!wanted(i, argc - optind, argv + optind))
			continue;
		BENCHES[i].run(&options);
		ran++;
	}
	if (!ran)
		errx(2, "no such benchmark: %s", argv[optind]);
	return 0;
}
