/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. fleet_sim is that of the build directory which this program is in. */
#include "bench_fleet.h"

#include <arpa/inet.h>
#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LINES_MAX = 64 };

static void text_of(unsigned int i, char *buf, size_t size)
{
	const struct bench_responder none = {0};
	struct sockaddr_in addr = bench_device(&none, i);

	if (!inet_ntop(AF_INET, &addr.sin_addr, buf, (socklen_t)size))
		err(1, "inet_ntop");
}

const char *bench_fleet_range(unsigned int first, unsigned int last, char *buf, size_t size)
{
	char a[INET_ADDRSTRLEN], b[INET_ADDRSTRLEN];

	text_of(first, a, sizeof(a));
	text_of(last, b, sizeof(b));
	snprintf(buf, size, "%s-%s", a, b);
	return buf;
}

static void program_path(char *buf, size_t size)
{
	static const char TESTS[] = "/tests/";
	char self[PATH_MAX], *tests = NULL, *p = self;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		err(1, "/proc/self/exe");
	self[n] = '\0';
	while ((p = strstr(p, TESTS)))
		tests = p++;
	if (!tests)
		errx(1, "%s: not in a build directory", self);
	*tests = '\0';
	snprintf(buf, size, "%s/tests/sim/fleet_sim", self);
}

/* A port that is free on all addresses now: the next moment it is fleet_sim's. */
static in_port_t free_port(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
		err(1, "port");
	close(fd);
	return addr.sin_port;
}

_Noreturn static void become(int out, char **argv)
{
	char path[PATH_MAX + 32];

	program_path(path, sizeof(path));
	argv[0] = path;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	execv(path, argv);
	err(1, "%s", path);
}

static void start(struct bench_responder *ret, char **argv)
{
	char word[64];
	int fds[2];
	ssize_t n;

	if (pipe(fds) < 0)
		err(1, "pipe");
	ret->pid = fork();
	if (ret->pid < 0)
		err(1, "fork");
	if (ret->pid == 0)
		become(fds[1], argv);
	close(fds[1]);
	n = read(fds[0], word, sizeof(word));
	close(fds[0]);
	if (n <= 0)
		errx(1, "the fleet did not start");
}

void bench_fleet_start(struct bench_responder *ret, unsigned int devices, const char *control,
		       const char *const *lines)
{
	char all[256], range[64], listen[32];
	char *argv[LINES_MAX + 7] = {NULL, (char *)"--listen", listen};
	size_t n = 3;

	snprintf(all, sizeof(all), "%s community=public shape=flat user=%s:SHA:%s:AES:%s",
		 bench_fleet_range(0, devices - 1, range, sizeof(range)), BENCH_V3.user,
		 BENCH_V3.auth_pass, BENCH_V3.priv_pass);
	ret->port = free_port();
	snprintf(listen, sizeof(listen), "0.0.0.0:%u", (unsigned int)ntohs(ret->port));
	if (control) {
		argv[n++] = (char *)"--control";
		argv[n++] = (char *)control;
	}
	argv[n++] = all;
	for (int i = 0; lines && lines[i] && i < LINES_MAX; i++)
		argv[n++] = (char *)lines[i];
	start(ret, argv);
}
