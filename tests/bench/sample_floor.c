/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that one look a second at all links can cost on this machine: one wake-up and
 * one RTM_GETSTATS dump that is read and not even parsed. Runs until it is killed; who
 * measures reads its CPU time from /proc/PID/schedstat (tests/bench/agent.sh).
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int watch(int timer)
{
	struct epoll_event want = {.events = EPOLLIN};
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	return epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &want) < 0 ? -1 : epoll;
}

static int sleep_a_second(int timer, int epoll)
{
	struct itimerspec second = {.it_value = {1, 0}};
	struct epoll_event event;

	if (timerfd_settime(timer, 0, &second, NULL) < 0)
		return -1;
	/* Who was stopped and goes on has been interrupted. */
	return epoll_wait(epoll, &event, 1, -1) == 1 || errno == EINTR ? 0 : -1;
}

static int open_netlink(void)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), on = 1;

	if (sock < 0 || bind(sock, (struct sockaddr *)&self, sizeof(self)) < 0 ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) < 0)
		return -1;
	return sock;
}

static int ask(int sock)
{
	struct {
		struct nlmsghdr head;
		struct if_stats_msg stats;
	} request = {
		.head = {.nlmsg_len = sizeof(request),
			 .nlmsg_type = RTM_GETSTATS,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.stats = {.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64)},
	};

	return send(sock, &request, sizeof(request), 0) < 0 ? -1 : 0;
}

/* The end of a dump is the last message of a datagram. */
static int read_dump(int sock)
{
	static uint8_t buf[32768] __attribute__((aligned(8)));

	for (;;) {
		ssize_t len = recv(sock, buf, sizeof(buf), 0);
		struct nlmsghdr head;

		if (len < (ssize_t)sizeof(head))
			return -1;
		for (ssize_t at = 0; at + (ssize_t)sizeof(head) <= len;
		     at += NLMSG_ALIGN((ssize_t)head.nlmsg_len)) {
			memcpy(&head, buf + at, sizeof(head));
			if (head.nlmsg_type == NLMSG_DONE)
				return 0;
			if (head.nlmsg_type == NLMSG_ERROR || head.nlmsg_len < sizeof(head))
				return -1;
		}
	}
}

int main(void)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int epoll = watch(timer), sock = open_netlink();

	if (timer < 0 || epoll < 0 || sock < 0) {
		perror("sample_floor");
		return 1;
	}
	while (sleep_a_second(timer, epoll) == 0) {
		if (ask(sock) < 0 || read_dump(sock) < 0)
			break;
	}
	perror("sample_floor");
	return 1;
}
