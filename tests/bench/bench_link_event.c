/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the kernel's link message to the notification at the receiver's door. Sets the far
 * end of a link down and up; the clock starts when this program's own rtnetlink socket has
 * the message, and stops at the kernel's timestamp of the first datagram to port 162.
 *
 *	bench_link_event SITE_NS LINK FAR_NS FAR_LINK NOC_NS NOC_LINK COUNT TIMEOUT_MS [SAMPLES]
 *	bench_link_event summary SAMPLES
 *
 * SAMPLES: a file to which each change adds its time in ns, or 0 if no notification came;
 * the second form sums up what is in it. A time is negative where the agent was earlier: the
 * kernel holds some messages back for up to a second, and a dump of all links shows the
 * change meanwhile.
 *
 * Changes are 1.3 s apart: the kernel's link watch delays a second one within a second.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "agent/codec/netlink/rtnl_parse.h"

enum { COUNT_MAX = 1000, APART_US = 1300000, TRAP_PORT = 162 };

struct bench {
	int events, packets, control;
	const char *link, *far_link;
	int timeout_ms;
};

static void die(const char *what)
{
	fprintf(stderr, "bench_link_event: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket in a named namespace (ip-netns(8)); the process stays in the last one. */
static int socket_in(const char *ns, int family, int type, int protocol)
{
	char path[128];
	int fd, sock;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(path);
	close(fd);
	sock = socket(family, type | SOCK_CLOEXEC, protocol);
	if (sock < 0)
		die("socket");
	return sock;
}

static void open_events(struct bench *bench, const char *ns)
{
	struct sockaddr_nl addr = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};

	bench->events = socket_in(ns, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (bind(bench->events, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		die("bind");
}

static void open_packets(struct bench *bench, const char *ns, const char *link)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	int on = 1;

	bench->packets = socket_in(ns, AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	addr.sll_ifindex = (int)if_nametoindex(link);
	if (bind(bench->packets, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    setsockopt(bench->packets, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0)
		die("packet socket");
}

static void set_far(const struct bench *bench, bool up)
{
	struct ifreq req = {0};

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", bench->far_link);
	if (ioctl(bench->control, SIOCGIFFLAGS, &req) < 0)
		die("SIOCGIFFLAGS");
	req.ifr_flags = (short)(up ? req.ifr_flags | IFF_UP : req.ifr_flags & ~IFF_UP);
	if (ioctl(bench->control, SIOCSIFFLAGS, &req) < 0)
		die("SIOCSIFFLAGS");
}

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static bool wait_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, timeout_ms) > 0;
}

/* When the message of the change was read here; 0 if none came. */
static int64_t wait_event(struct bench *bench, bool up)
{
	static uint8_t buf[32768];
	static struct rtnl_msg msg;

	while (wait_readable(bench->events, 3000)) {
		ssize_t n = recv(bench->events, buf, sizeof(buf), 0);
		size_t len = n > 0 ? (size_t)n : 0;
		const uint8_t *at = buf;
		int64_t ns = now_ns();

		while (len) {
			if (rtnl_parse(&at, &len, &msg) == RTNL_LINK_NEW &&
			    !strcmp(msg.link.name, bench->link) &&
			    (msg.link.oper == LINK_OPER_UP) == up)
				return ns;
		}
	}
	return 0;
}

static int64_t stamp_of(struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct timespec ts;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(c), sizeof(ts));
		return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
	}
	return 0;
}

static bool is_notification(const uint8_t *packet, size_t len)
{
	size_t head = len ? (packet[0] & 15) * 4u : 0;

	return len >= head + sizeof(struct udphdr) && head >= sizeof(struct iphdr) &&
	       packet[9] == IPPROTO_UDP && (packet[head + 2] << 8 | packet[head + 3]) == TRAP_PORT;
}

/* The kernel's time of the next notification; 0 if none came in time. */
static int64_t wait_notification(struct bench *bench)
{
	uint8_t packet[2048], control[256];

	while (wait_readable(bench->packets, bench->timeout_ms)) {
		struct iovec iov = {packet, sizeof(packet)};
		struct msghdr msg = {.msg_iov = &iov,
				     .msg_iovlen = 1,
				     .msg_control = control,
				     .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(bench->packets, &msg, 0);

		if (n > 0 && is_notification(packet, (size_t)n))
			return stamp_of(&msg);
	}
	return 0;
}

static void drain(int fd)
{
	uint8_t buf[2048];

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

struct samples {
	int64_t took_ns[COUNT_MAX];
	int n, earlier, lost;
};

static void add_sample(struct samples *samples, int64_t took_ns)
{
	if (!took_ns || samples->n == COUNT_MAX) {
		samples->lost++;
		return;
	}
	samples->took_ns[samples->n++] = took_ns;
	samples->earlier += took_ns < 0;
}

static void print_samples(struct samples *samples)
{
	const int64_t *took_ns = samples->took_ns;
	int n = samples->n;

	if (!n) {
		printf("no notification came for %d changes\n", samples->lost);
		return;
	}
	qsort(samples->took_ns, (size_t)n, sizeof(took_ns[0]), by_value);
	printf("n %4d  median %8.3f ms  p95 %8.3f ms  worst %8.3f ms  earlier %d  none came %d\n",
	       n, (double)took_ns[n / 2] / 1e6, (double)took_ns[n * 95 / 100] / 1e6,
	       (double)took_ns[n - 1] / 1e6, samples->earlier, samples->lost);
}

static void run(struct bench *bench, int count, FILE *file)
{
	static struct samples samples;
	bool up = true;

	for (int i = 0; i < count; i++) {
		int64_t event_ns, seen_ns, took_ns;

		usleep(APART_US);
		drain(bench->events);
		drain(bench->packets);
		up = !up;
		set_far(bench, up);
		event_ns = wait_event(bench, up);
		seen_ns = event_ns ? wait_notification(bench) : 0;
		took_ns = seen_ns ? seen_ns - event_ns : 0;
		add_sample(&samples, took_ns);
		if (file)
			fprintf(file, "%lld\n", (long long)took_ns);
	}
	set_far(bench, true);
	print_samples(&samples);
}

static int summary(const char *path)
{
	static struct samples samples;
	FILE *file = fopen(path, "r");
	long long took_ns;

	if (!file)
		die(path);
	while (fscanf(file, "%lld", &took_ns) == 1)
		add_sample(&samples, took_ns);
	fclose(file);
	print_samples(&samples);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench bench;
	FILE *file = NULL;
	int count;

	if (argc == 3 && !strcmp(argv[1], "summary"))
		return summary(argv[2]);
	if (argc != 9 && argc != 10) {
		fprintf(stderr, "usage: bench_link_event SITE_NS LINK FAR_NS FAR_LINK NOC_NS "
				"NOC_LINK COUNT TIMEOUT_MS "
				"[SAMPLES]\n       bench_link_event summary SAMPLES\n");
		return 2;
	}
	if (argc == 10 && !(file = fopen(argv[9], "a")))
		die(argv[9]);
	bench = (struct bench){.link = argv[2], .far_link = argv[4], .timeout_ms = atoi(argv[8])};
	count = atoi(argv[7]);
	if (count < 1 || count > COUNT_MAX)
		return 2;
	open_events(&bench, argv[1]);
	open_packets(&bench, argv[5], argv[6]);
	bench.control = socket_in(argv[3], AF_INET, SOCK_DGRAM, 0);
	run(&bench, count, file);
	if (file)
		fclose(file);
	return 0;
}
