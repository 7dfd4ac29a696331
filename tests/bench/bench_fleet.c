/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See the header. fleet_sim is looked for beside this program in the build directory. */
#include "bench_fleet.h"

#include <arpa/inet.h>
#include <err.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

enum { LINES_MAX = 16 };

static void text_of(unsigned int i, char *buf, size_t size)
{
	const struct bench_responder none = {0};
	struct sockaddr_in addr = bench_device(&none, i);

	if (!inet_ntop(AF_INET, &addr.sin_addr, buf, (socklen_t)size))
		err(1, "inet_ntop");
}

const char *bench_fleet_range(unsigned int first, unsigned int last, char *buf,
			      size_t size)
{
	char a[INET_ADDRSTRLEN], b[INET_ADDRSTRLEN];

	text_of(first, a, sizeof(a));
	text_of(last, b, sizeof(b));
	snprintf(buf, size, "%s-%s", a, b);
	return buf;
}

static void program_path(char *buf, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		err(1, "/proc/self/exe");
	self[n] = '\0';
	snprintf(buf, size, "%s/../sim/fleet_sim", dirname(self));
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

_Noreturn static void become(int out, in_port_t port, const char *all,
			     const char *const *lines)
{
	char path[PATH_MAX + 32], listen[32];
	char *argv[LINES_MAX + 5] = {path, (char *)"--listen", listen, (char *)all};

	for (int i = 0; lines && lines[i] && i < LINES_MAX; i++)
		argv[4 + i] = (char *)lines[i];
	program_path(path, sizeof(path));
	snprintf(listen, sizeof(listen), "0.0.0.0:%u", (unsigned int)ntohs(port));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	execv(path, argv);
	err(1, "%s", path);
}

void bench_fleet_start(struct bench_responder *ret, unsigned int devices,
		       const char *const *lines)
{
	char all[256], range[64], word[64];
	int fds[2];
	ssize_t n;

	snprintf(all, sizeof(all), "%s community=public shape=flat user=%s:SHA:%s:AES:%s",
		 bench_fleet_range(0, devices - 1, range, sizeof(range)), BENCH_V3.user,
		 BENCH_V3.auth_pass, BENCH_V3.priv_pass);
	ret->port = free_port();
	if (pipe(fds) < 0)
		err(1, "pipe");
	ret->pid = fork();
	if (ret->pid < 0)
		err(1, "fork");
	if (ret->pid == 0)
		become(fds[1], ret->port, all, lines);
	close(fds[1]);
	n = read(fds[0], word, sizeof(word));
	close(fds[0]);
	if (n <= 0)
		errx(1, "the fleet did not start");
}
