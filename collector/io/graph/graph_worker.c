/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantau-graph-worker: the process that starts workers, and the workers.
 *
 * The starter (starter.h) makes workers by fork(2): the collector, which may start no process
 * once it runs, needs none, and a new worker has its libraries loaded.
 *
 * A worker reads requests from its socket, draws (graph_draw.c) and answers on the same
 * socket. One request at a time; whatever goes wrong in it costs one picture. It ends when
 * the pool closes the socket, and after REQUESTS_MAX requests, so that what the drawing
 * libraries leak stays bounded.
 *
 *	pantau-graph-worker RRD-DIR RRDCACHED-ADDRESS|- TIMEZONE|- sandbox|-
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "collector/core/graph/graph_request.h"
#include "collector/io/graph/graph_draw.h"
#include "collector/io/graph/graph_proto.h"
#include "collector/io/starter/starter.h"
#include "common/base/cleanup.h"
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

struct job {
	struct graph_draw conf;
	bool sandbox;
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

static void work(void *data, uint32_t worker)
{
	const struct job *job = data;
	struct graph_request request;
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, cpu = {CPU_MAX_S, CPU_MAX_S},
			    core = {0, 0};

	(void)worker;
	if (LIMIT_MEMORY)
		setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
	if (job->sandbox && confine(&job->conf) < 0)
		return;
	for (int i = 0; i < REQUESTS_MAX; i++)
		if (read_all(&request, sizeof(request)) < 0 ||
		    graph_draw_serve(&job->conf, &request) < 0)
			break;
}

static const char *given(const char *arg)
{
	return strcmp(arg, "-") == 0 ? NULL : arg;
}

int main(int argc, char **argv)
{
	struct job job = {0};

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
	job.conf = (struct graph_draw){argv[1], given(argv[2])};
	job.sandbox = given(argv[4]);
	if (given(argv[3]))
		setenv("TZ", argv[3], 1);
	tzset();
	starter_serve(work, &job);
	return EXIT_SUCCESS;
}
