/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantau-notify: the process that starts senders (collector/io/starter), and the senders: worker
 * 0 has the network (courier.h), worker 1 runs commands (commander.h). Neither has a capability, a
 * descriptor of the collector's but its line, or its environment.
 *
 *	pantau-notify sandbox|-
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/io/notify/commander.h"
#include "collector/io/notify/courier.h"
#include "collector/io/starter/starter.h"
#include "common/system/privilege.h"

/* The collector sees the end of the line; why it ended goes to its log, by descriptor 2. */
static void work(void *sandbox, uint32_t worker)
{
	const struct rlimit no_core = {0, 0};
	int r = privilege_hide_memory();

	/* Commands inherit this one; where a service manager forbids it, the memory is hidden still. */
	(void)setrlimit(RLIMIT_CORE, &no_core);
	if (r == 0)
		r = worker == 0 ? courier_run(*(const bool *)sandbox) : commander_run();
	if (r < 0 && r != -EPIPE)
		fprintf(stderr, "pantau-notify: worker %u: %s\n", worker, strerror(-r));
}

int main(int argc, char **argv)
{
	bool sandbox;

	if (argc != 2) {
		fprintf(stderr,
			"usage: %s sandbox|-\nStarted by pantau-collector; of no use by hand.\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	sandbox = strcmp(argv[1], "sandbox") == 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(3, ~0U, 0);
	if (privilege_keep(NULL, 0) < 0)
		return EXIT_FAILURE;
	starter_serve(work, &sandbox);
	return EXIT_SUCCESS;
}
