/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantau-graph-worker: the process that starts workers, and the workers.
 *
 * The starter takes orders from the collector on descriptor 0 (graph_starter.h) and makes
 * workers by fork(2): the collector, which may start no process once it runs, needs none,
 * and a new worker has its libraries loaded. The starter draws nothing and reads nothing
 * but orders.
 *
 * A worker reads requests from its socket, draws (graph_draw.c) and answers on the same
 * socket. One request at a time; whatever goes wrong in it costs one picture. It ends when
 * the pool closes the socket, and after REQUESTS_MAX requests, so that what the drawing
 * libraries leak stays bounded.
 *
 *	pantau-graph-worker RRD-DIR RRDCACHED-ADDRESS|- TIMEZONE|- sandbox|-
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/core/graph/graph_request.h"
#include "collector/io/graph/graph_draw.h"
#include "collector/io/graph/graph_proto.h"
#include "collector/io/graph/graph_starter.h"
#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"
#include "common/system/privilege.h"
#include "common/system/sandbox.h"

enum {
	REQUESTS_MAX = 2000,
	MEMORY_MAX = 1 << 30,
	CPU_MAX_S = 600,
};

/* An address sanitizer maps terabytes: the limit is for the real thing. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMIT_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMIT_MEMORY 0
#endif
#endif
#ifndef LIMIT_MEMORY
#define LIMIT_MEMORY 1
#endif

/* By the worker's number; 0: not running. Only what is not reaped yet is ever killed, so
 * no number can be somebody else's by then. */
struct starter {
	struct graph_draw conf;
	bool sandbox;
	pid_t workers[GRAPH_STARTER_WORKERS_MAX];
};

/* ---- a worker ---- */

static int read_all(void *buf, size_t len)
{
	for (size_t at = 0; at < len;) {
		const ssize_t n = read(0, (char *)buf + at, len - at);

		if (n == 0)
			return -EPIPE;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			at += (size_t)n;
	}
	return 0;
}

/* What librrd, cairo, pango and fontconfig ask of file systems besides. */
static const char *const FILE_SYSTEM[] = {
	"fstatfs",   "fstatfs64",    "statfs",		 "statfs64",
	"fadvise64", "fadvise64_64", "arm_fadvise64_64", NULL,
};

/*
 * A worker opens files for reading, and rrdcached's socket if there is one; threads are
 * pango's, which reads fonts in one. Nobody else's picture and no file can be changed by
 * whatever gets hold of it.
 */
static int confine(const struct graph_draw *conf)
{
	static const int rrdcached[] = {AF_UNIX, AF_INET, AF_INET6, 0};
	static const char *const *const alone[] = {FILE_SYSTEM, NULL};
	static const char *const *const asking[] = {FILE_SYSTEM, SANDBOX_NETWORK, NULL};
	const struct sandbox_rules rules = {
		.calls = conf->daemon ? asking : alone,
		.families = conf->daemon ? rrdcached : NULL,
		.threads = true,
		.read_only = true,
	};
	const int r = sandbox_enter(&rules);

	return r == -ENOSYS ? 0 : r;
}

/* In the child of fork(2); fd becomes descriptor 0. */
static void work(const struct starter *starter, int fd)
{
	struct graph_request request;
	sigset_t none;
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, cpu = {CPU_MAX_S, CPU_MAX_S},
			    core = {0, 0};

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(fd, 0) < 0)
		return;
	close_range(3, ~0U, 0);
	if (LIMIT_MEMORY)
		setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
	if (starter->sandbox && confine(&starter->conf) < 0)
		return;
	for (int i = 0; i < REQUESTS_MAX; i++)
		if (read_all(&request, sizeof(request)) < 0 ||
		    graph_draw_serve(&starter->conf, &request) < 0)
			break;
}

/* ---- the starter ---- */

static void reap(struct starter *starter)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < ARRAY_LEN(starter->workers); i++)
			if (starter->workers[i] == pid)
				starter->workers[i] = 0;
}

static void obey(struct starter *starter, const struct graph_starter_order *order, int fd)
{
	if (order->magic != GRAPH_PROTO_MAGIC || order->worker >= ARRAY_LEN(starter->workers))
		return;
	if (order->what == GRAPH_STARTER_START && fd >= 0) {
		uint32_t number = order->worker;
		const pid_t parent = getpid();
		pid_t pid;

		if (starter->workers[number]) /* the order to kill it did not arrive */
			kill(starter->workers[number], SIGKILL);
		pid = fork();
		if (pid == 0) {
			/* the starter may have died before this was asked for */
			if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
				work(starter, fd);
			_exit(EXIT_SUCCESS);
		}
		if (pid > 0)
			starter->workers[number] = pid;
	} else if (order->what == GRAPH_STARTER_KILL && starter->workers[order->worker]) {
		kill(starter->workers[order->worker], SIGKILL);
	}
}

/* Returns false when the collector is gone. */
static bool take_order(struct starter *starter)
{
	struct graph_starter_order order = {0};
	cleanup_close int fd = -1;
	int r = graph_starter_receive(0, &order, &fd);

	if (r == 0)
		obey(starter, &order, fd);
	return r == 0 || r == -EAGAIN || r == -EINTR;
}

/* The collector ends it by closing the socket; signals to the whole group are the
 * collector's. */
static int watch_children(void)
{
	sigset_t child;

	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void serve(struct starter *starter)
{
	struct signalfd_siginfo info;
	const int children = watch_children();
	struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = children, .events = POLLIN}};

	if (children < 0)
		return;
	for (;;) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return;
		if (read(children, &info, sizeof(info)) > 0)
			reap(starter);
		if (fds[0].revents && !take_order(starter))
			return;
	}
}

static const char *given(const char *arg)
{
	return strcmp(arg, "-") == 0 ? NULL : arg;
}

int main(int argc, char **argv)
{
	struct starter starter = {0};

	if (argc != 5) {
		fprintf(stderr,
			"usage: %s RRD-DIR RRDCACHED-ADDRESS|- TIMEZONE|- sandbox|-\n"
			"Started by pantau-collector; of no use by hand.\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(3, ~0U, 0);
	if (privilege_keep(NULL, 0) < 0)
		return EXIT_FAILURE;
	starter.conf = (struct graph_draw){argv[1], given(argv[2])};
	starter.sandbox = given(argv[4]);
	if (given(argv[3]))
		setenv("TZ", argv[3], 1);
	tzset();
	serve(&starter);
	return EXIT_SUCCESS;
}
