/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What pinging costs: the collector's pinger with five echoes a minute to each of 10,000
 * addresses of 127/8, and fping with one to each of them, a millisecond apart, in the same run.
 * Processor time of both, the kernel's included, which on loopback carries and answers the
 * echoes within the sender's calls. By tests/bench/bench_ping.sh, in a namespace.
 *
 *	bench_ping [SECONDS]	default 24: two echoes to each
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/io/ping/pinger.h"
#include "common/loop/loop.h"

enum {
	DEVICES = 10000,
	PER_BYTE = 100,
	INTERVAL_MS = 12000,
	STEP_MS = 60000,
	ID_MAX = 16,
	SECONDS = 24,
};

/* What is asked for: of a core, and of fping's cost of an echo. */
#define SHARE_MOST  0.015
#define FACTOR_MOST 0.5

static struct bench {
	struct loop *loop;
	uint64_t answered, lost, samples;
} bench;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double cpu_us(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void address_of(unsigned int i, char *buf, size_t size)
{
	snprintf(buf, size, "127.1.%u.%u", i / PER_BYTE, i % PER_BYTE + 1);
}

/* ---- ours ---- */

static void on_result(void *data, struct device *device, bool answered, int64_t sent_ms)
{
	(void)data;
	(void)device;
	(void)sent_ms;
	bench.answered += answered;
	bench.lost += !answered;
}

static void on_sample(void *data, const struct sample *sample)
{
	(void)data;
	(void)sample;
	bench.samples++;
}

static void on_end(void *data)
{
	loop_stop(data);
}

static void add_devices(struct pinger *pinger)
{
	struct inventory_entry *entries = calloc(DEVICES, sizeof(*entries));
	char *ids = calloc(DEVICES, ID_MAX), address[INET_ADDRSTRLEN];
	struct sockaddr_in at = {.sin_family = AF_INET};

	if (!entries || !ids)
		die("calloc");
	for (unsigned int i = 0; i < DEVICES; i++) {
		struct device *device;

		entries[i].id = ids + (size_t)i * ID_MAX;
		snprintf(entries[i].id, ID_MAX, "hs-%u", i);
		address_of(i, address, sizeof(address));
		inet_pton(AF_INET, address, &at.sin_addr);
		device = device_new(&entries[i]);
		if (!device || pinger_add(pinger, device, (struct sockaddr *)&at, sizeof(at)) < 0)
			die("pinger_add");
	}
}

/* CPU an echo in microseconds; *ret_share: of a core. */
static double run_ours(int seconds, double *ret_share)
{
	const struct pinger_conf conf = {.interval_ms = INTERVAL_MS, .step_ms = STEP_MS};
	const struct pinger_hooks hooks = {.sample = on_sample, .result = on_result};
	struct icmp_socket socks[PINGER_SOCKETS] = {[PINGER_V6] = {.fd = -1}};
	struct loop_timer *end = NULL;
	struct pinger *pinger = NULL;
	int64_t begin_us;
	double before_us, used_us;

	if (icmp_socket_open(false, &socks[PINGER_V4]) < 0)
		die("icmp socket");
	if (loop_new(&bench.loop) < 0 ||
	    pinger_new(bench.loop, &conf, socks, &hooks, &pinger) < 0 ||
	    loop_timer_new(bench.loop, on_end, bench.loop, &end) < 0)
		die("pinger_new");
	add_devices(pinger);
	begin_us = loop_now_us();
	before_us = cpu_us(RUSAGE_SELF);
	loop_timer_arm(end, seconds * INT64_C(1000000));
	loop_run(bench.loop);
	used_us = cpu_us(RUSAGE_SELF) - before_us;
	*ret_share = used_us / (double)(loop_now_us() - begin_us);
	printf("pinger: %s socket, %" PRIu64 " echoes in %d s, %" PRIu64 " answered, %" PRIu64
	       " lost, %" PRIu64 " samples\n",
	       socks[PINGER_V4].raw ? "raw" : "ping", pinger_get_stats(pinger)->sent, seconds,
	       bench.answered, bench.lost, bench.samples);
	return used_us / (double)pinger_get_stats(pinger)->sent;
}

/* ---- theirs ---- */

static void write_targets(char *path)
{
	char address[INET_ADDRSTRLEN];
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file)
		die(path);
	for (unsigned int i = 0; i < DEVICES; i++) {
		address_of(i, address, sizeof(address));
		fprintf(file, "%s\n", address);
	}
	fclose(file);
}

static double run_fping(void)
{
	char path[] = "/tmp/bench-ping-XXXXXX";
	double before_us;
	int status;
	pid_t pid;

	write_targets(path);
	before_us = cpu_us(RUSAGE_CHILDREN);
	pid = fork();
	if (pid == 0) {
		if (!freopen(path, "r", stdin) || !freopen("/dev/null", "w", stderr))
			_exit(126);
		execlp("fping", "fping", "-q", "-c1", "-i1", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0) {
		fprintf(stderr, "bench_ping: fping failed (package fping)\n");
		unlink(path);
		exit(77);
	}
	unlink(path);
	return (cpu_us(RUSAGE_CHILDREN) - before_us) / DEVICES;
}

int main(int argc, char **argv)
{
	const int seconds = argc > 1 ? atoi(argv[1]) : SECONDS;
	double share, ours_us = run_ours(seconds, &share), theirs_us = run_fping();
	const double factor = ours_us / theirs_us;
	const bool right =
		share <= SHARE_MOST && factor <= FACTOR_MOST && bench.lost * 1000 <= bench.answered;

	printf("fping -c1 -i1: %.2f us of CPU an echo\n", theirs_us);
	printf("pinger: %.2f us of CPU an echo, %.2f of fping's (at most %.2f); %.2f %% of a core "
	       "(at most %.2f %%)\n",
	       ours_us, factor, FACTOR_MOST, share * 100, SHARE_MOST * 100);
	printf("%s\n", right ? "within both" : "NOT within both");
	return right ? 0 : 1;
}
