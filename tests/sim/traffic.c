/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The demo city's traffic, one process for all namespaces: a socket is of the namespace
 * in which it was opened (network_namespaces(7)), so it enters each one only to open some.
 *
 *	traffic PLAN	(traffic_flow.h says what is in it)
 *
 * Datagrams go to the discard port (RFC 863). A sink's filter drops them all in the
 * kernel before they are queued. To send tens of Mbit/s from 51 sites for a few percent of
 * a CPU, a datagram is a train of 1472-octet segments (udp(7), UDP_SEGMENT) that passes
 * the interfaces as one buffer; their octet counters see every octet of payload.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"
#include "tests/sim/traffic_flow.h"

enum {
	PORT = 9,
	SEGMENT = 1472, /* with UDP's and IPv4's headers an Ethernet frame's 1500 octets */
	TRAIN_SEGMENTS = 40,
	TRAIN = SEGMENT * TRAIN_SEGMENTS,
	TICK_MS = 100,
	LATE_TICKS_MAX = 5, /* what is due longer than that is not sent any more */
};

struct sender {
	int fd;
	bool trains; /* whether the kernel cuts trains */
	struct sockaddr_in to;
	double due_octets;
};

struct traffic {
	struct traffic_plan plan;
	struct sender senders[TRAFFIC_FLOWS_MAX];
	uint8_t payload[TRAIN];
	uint64_t datagrams, refused;
};

static volatile sig_atomic_t stop_signal;

static void on_signal(int signo)
{
	stop_signal = signo;
}

static int load_plan(const char *path, struct traffic_plan *plan)
{
	char line[256];
	FILE *file = fopen(path, "re");
	int r = 0;

	if (!file) {
		fprintf(stderr, "traffic: %s: %s\n", path, strerror(errno));
		return -errno;
	}
	for (int number = 1; r == 0 && fgets(line, sizeof(line), file); number++) {
		r = traffic_plan_line(plan, line);
		if (r < 0)
			fprintf(stderr, "traffic: %s:%d: %s\n", path, number, strerror(-r));
	}
	fclose(file);
	return r;
}

static int enter_netns(const char *name)
{
	cleanup_close int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) {
		fprintf(stderr, "traffic: namespace %s: %s\n", name, strerror(errno));
		return -errno;
	}
	return 0;
}

/* The socket stays open until the process ends. */
static int open_sink(const char *netns)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	struct sock_filter drop_all = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog filter = {.len = 1, .filter = &drop_all};
	int fd, on = 1, r;

	r = enter_netns(netns);
	if (r < 0)
		return r;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		fprintf(stderr, "traffic: sink in %s: %s\n", netns, strerror(errno));
		return -errno;
	}
	/* Trains are then dropped whole. Costs more without, nothing else. */
	(void)setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
	return 0;
}

static int open_sender(const struct traffic_flow *flow, struct sender *sender)
{
	int segment = SEGMENT;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	sender->fd = fd;
	if (flow->device[0] && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, flow->device,
					  (socklen_t)strlen(flow->device)) < 0)
		return -errno;
	sender->trains = setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)) == 0;
	sender->to = (struct sockaddr_in){.sin_family = AF_INET,
					  .sin_port = htons(PORT),
					  .sin_addr.s_addr = htonl(flow->address)};
	return 0;
}

static int open_all(struct traffic *t)
{
	const char *in = "";
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->plan.n_sinks; i++)
		r = open_sink(t->plan.sinks[i]);
	for (size_t i = 0; r == 0 && i < t->plan.n_flows; i++) {
		const struct traffic_flow *flow = &t->plan.flows[i];

		if (strcmp(in, flow->netns) != 0)
			r = enter_netns(flow->netns);
		if (r < 0)
			return r;
		in = flow->netns;
		r = open_sender(flow, &t->senders[i]);
		if (r < 0)
			fprintf(stderr, "traffic: flow in %s by %s: %s\n", flow->netns,
				flow->device, strerror(-r));
	}
	return r;
}

/* Sends whole segments and keeps the rest for the next tick. A cut line refuses: then the
 * traffic is lost, as it is when a user's page does not load. */
static void send_due(struct traffic *t, struct sender *sender)
{
	int segments_max = sender->trains ? TRAIN_SEGMENTS : 1;

	while (sender->due_octets >= SEGMENT) {
		int n = (int)(sender->due_octets / SEGMENT);
		size_t len = (size_t)SEGMENT * (size_t)(n > segments_max ? segments_max : n);

		if (sendto(sender->fd, t->payload, len, 0, (struct sockaddr *)&sender->to,
			   sizeof(sender->to)) < 0)
			t->refused++;
		else
			t->datagrams++;
		sender->due_octets -= (double)len;
	}
}

static void tick(struct traffic *t, double now_s, double passed_s)
{
	for (size_t i = 0; i < t->plan.n_flows; i++) {
		t->senders[i].due_octets +=
			traffic_flow_rate(&t->plan.flows[i], now_s) / 8 * passed_s;
		send_due(t, &t->senders[i]);
	}
}

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void run(struct traffic *t)
{
	const struct timespec pause = {.tv_nsec = TICK_MS * 1000000L};
	const double longest_s = LATE_TICKS_MAX * TICK_MS / 1000.0;
	double start_s = now_s(), last_s = start_s;

	while (!stop_signal) {
		double time_s, passed_s;

		nanosleep(&pause, NULL);
		time_s = now_s();
		passed_s = time_s - last_s < longest_s ? time_s - last_s : longest_s;
		tick(t, time_s - start_s, passed_s);
		last_s = time_s;
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal};
	cleanup_free struct traffic *t = calloc(1, sizeof(*t));

	if (argc != 2 || !t) {
		fprintf(stderr, "usage: traffic PLAN\n");
		return 2;
	}
	if (load_plan(argv[1], &t->plan) < 0 || open_all(t) < 0)
		return 1;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	printf("ready: %zu flows\n", t->plan.n_flows);
	fflush(stdout);
	run(t);
	printf("datagrams=%llu refused=%llu\n", (unsigned long long)t->datagrams,
	       (unsigned long long)t->refused);
	return 0;
}
